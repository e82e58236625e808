import { describe } from "vitest";
import { diff } from "../../../test/generated/diff.ts";
import { describePictures } from "../../../test/pictures.ts";
import { diffCompressor } from "./diff.ts";

describe("pictures of diffs", () =>
  describePictures(diffCompressor(), { home: new URL("./", import.meta.url), make: diff }));
