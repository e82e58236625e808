import { describe } from "vitest";
import { lines } from "../../../test/generated/lines.ts";
import { describePictures } from "../../../test/pictures.ts";
import { linesCompressor } from "./lines.ts";

describe("pictures of lines", () =>
  describePictures(linesCompressor(), { home: new URL("./", import.meta.url), make: lines }));
