/** Law 9: what a view says of hits that it does not show is so. */
import { describe } from "vitest";
import { hits } from "../../../test/generated/numbered.ts";
import { pick, times, whole } from "../../../test/generated/random.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { searchCompressor } from "./search.ts";

describe("a view of search results", () => {
  itIsTrue("what search tools print", searchCompressor(), hits);
  itIsTrue("counts", searchCompressor(), (random) =>
    times(
      5 + whole(60, random),
      (at) => `src/${pick(["a", "b/c", "v2"], random)}/f${at}.ts:${whole(30, random)}`,
    ).join("\n"),
  );
  itIsTrue("long lines", searchCompressor(), (random) =>
    times(
      5 + whole(40, random),
      (at) => `lib/x${at % 7}.min.js:${at + 1}:${"var a=1,b=2;".repeat(whole(60, random))}`,
    ).join("\n"),
  );
});
