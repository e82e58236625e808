/** Law 9: what a view says of lines that it does not show is so. */
import { describe } from "vitest";
import { diff } from "../../../test/generated/diff.ts";
import { fixtureLines, mixture } from "../../../test/generated/mixture.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { diffCompressor } from "./diff.ts";

const fixtures = fixtureLines(new URL("./fixtures/", import.meta.url));

describe("a view of a diff", () => {
  itIsTrue("made diffs", diffCompressor(), diff);
  itIsTrue("parts of real ones", diffCompressor(), (random) => mixture(fixtures, random));
});
