import { describe } from "vitest";
import { listing } from "../../../test/generated/listing.ts";
import { describePictures } from "../../../test/pictures.ts";
import { treeCompressor } from "./tree.ts";

describe("pictures of lists of files", () =>
  describePictures(treeCompressor(), { home: new URL("./", import.meta.url), make: listing }));
