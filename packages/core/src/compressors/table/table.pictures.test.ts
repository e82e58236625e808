import { describe } from "vitest";
import { table } from "../../../test/generated/table.ts";
import { describePictures } from "../../../test/pictures.ts";
import { tableCompressor } from "./table.ts";

describe("pictures of tables", () =>
  describePictures(tableCompressor(), { home: new URL("./", import.meta.url), make: table }));
