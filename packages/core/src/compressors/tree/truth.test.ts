/** Law 9: what a view says of names that it does not show is so. */
import { describe } from "vitest";
import { listing } from "../../../test/generated/listing.ts";
import { pick, times, whole, word } from "../../../test/generated/random.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { treeCompressor } from "./tree.ts";

describe("a view of a listing", () => {
  itIsTrue("lists, drawings, blocks and states of files", treeCompressor(), listing);
  itIsTrue("names of few shapes", treeCompressor(), (random) => {
    const shapes = times(3, () => `${word(random)}-N.${pick(["js", "ts", "so.1", "d"], random)}`);
    return times(50 + whole(200, random), (at) => {
      const name = pick(shapes, random).replace("N", `${at}`);
      return `dist/v${whole(3, random)}/${name}`;
    }).join("\n");
  });
});
