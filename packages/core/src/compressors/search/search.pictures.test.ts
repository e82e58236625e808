import { describe } from "vitest";
import { hits } from "../../../test/generated/numbered.ts";
import { describePictures } from "../../../test/pictures.ts";
import { searchCompressor } from "./search.ts";

describe("pictures of search results", () =>
  describePictures(searchCompressor(), { home: new URL("./", import.meta.url), make: hits }));
