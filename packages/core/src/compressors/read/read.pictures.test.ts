import { describe } from "vitest";
import { numberedFile } from "../../../test/generated/numbered.ts";
import { describePictures } from "../../../test/pictures.ts";
import { readCompressor } from "./read.ts";

describe("pictures of numbered reads", () =>
  describePictures(readCompressor(), { home: new URL("./", import.meta.url), make: numberedFile }));
