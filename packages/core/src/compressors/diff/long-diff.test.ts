import { describe, expect, it } from "vitest";
import { expectTruth } from "../../../test/liar.ts";
import { diffCompressor } from "./diff.ts";

const counter = { name: "characters", count: (text: string): number => text.length };
const compressor = diffCompressor();

function added(path: string, lines: readonly string[]): readonly string[] {
  return [
    `diff --git a/${path} b/${path}`,
    "new file mode 100644",
    "--- /dev/null",
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
  ];
}

const body = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, at) =>
    at % 12 === 0
      ? `export function ${name}${at}(parcel) {`
      : `  const part${at} = weigh(parcel, ${at * 31});`,
  );

/** A diff far over its cap: a long new file, one of many entries, a short change. */
const long = body(300, "sort");
const text = [
  ...added("src/sort.js", long),
  ...added("CHANGELOG.md", [
    "## 4.0.0",
    ...Array.from({ length: 80 }, (_, at) => `* entry ${at} of the release`),
  ]),
  "diff --git a/src/send.js b/src/send.js",
  "--- a/src/send.js",
  "+++ b/src/send.js",
  "@@ -4,3 +4,3 @@ export function send() {",
  "   const by = rail;",
  "-  const late = 3;",
  "+  const late = 5;",
  "   return by;",
].join("\n");

function viewOf(budgetTokens: number): readonly string[] {
  const view = expectTruth(compressor, text, { counter, budgetTokens, firstLine: 1 });
  return (view?.text ?? "").split("\n");
}

describe("a diff far over its cap", () => {
  it("names all files with what they change above, and shows every changed line", () => {
    const shown = viewOf(1_500);
    expect(shown).toContain("src/sort.js (+300), CHANGELOG.md (+81), src/send.js (+1 -1)");
    for (const line of ["-  const late = 3;", ...long.map((each) => `+${each}`)])
      expect(shown).toContain(line);
  });
});
