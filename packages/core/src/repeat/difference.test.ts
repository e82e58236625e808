import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applied, differenceOf } from "./difference.ts";
import { documentOf } from "./document.ts";

const lines = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `the line with number ${at}`);
const numbered = (contents: readonly string[], from: number): string =>
  contents.map((content, at) => `${String(from + at).padStart(6)}→${content}`).join("\n");

describe("a difference", () => {
  it("says what went and what came, by the numbers of the lines", () => {
    const before = lines(20);
    const after = [
      ...before.slice(0, 3),
      "new",
      ...before.slice(3, 10),
      "other",
      ...before.slice(12),
    ];
    const text = differenceOf(documentOf(before.join("\n")), documentOf(after.join("\n")))?.text;
    expect(text).toBe(
      "@@ -3,0 +4 @@\n+new\n@@ -11,2 +12 @@\n-the line with number 10\n-the line with number 11\n+other",
    );
    const inFile = differenceOf(
      documentOf(numbered(before, 101)),
      documentOf(numbered(after, 101)),
    )?.text;
    expect(inFile).toMatch(/^@@ -103,0 \+104 @@\n\+new\n@@ -111,2 \+112 @@/);
  });

  it("is not made where it is not clearly shorter, or lines are not counted alike", () => {
    const [before, after] = [lines(20), lines(20).map((line, at) => (at % 2 ? line : `${line}!`))];
    expect(
      differenceOf(documentOf(before.join("\n")), documentOf(after.join("\n"))),
    ).toBeUndefined();
    expect(
      differenceOf(documentOf(numbered(before, 1)), documentOf(before.join("\n"))),
    ).toBeUndefined();
    const gap = `${numbered(before.slice(0, 5), 1)}\n${numbered(before.slice(5), 9)}`;
    expect(differenceOf(documentOf(gap), documentOf(numbered(before, 1)))).toBeUndefined();
  });

  it("gives the text back, and the lines that stand in it", () => {
    const edit = fc.record({
      at: fc.nat({ max: 40 }),
      cut: fc.nat({ max: 4 }),
      add: fc.array(fc.constantFrom("a", "", "-", "+x", "@@ -1 +1 @@", "12→"), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 5 }), fc.boolean(), (edits, isNumbered) => {
        const old = lines(60);
        const now = [...old];
        for (const { at, cut, add } of edits) now.splice(at, cut, ...add);
        const text = (contents: readonly string[]): string =>
          isNumbered ? numbered(contents, 7) : contents.join("\n");
        const [before, after] = [documentOf(text(old)), documentOf(text(now))];
        const difference = differenceOf(before, after);
        if (!difference) return;
        const back = applied(difference.text, before);
        expect(back?.text).toBe(text(now));
        expect(back?.visible).toEqual(difference.visible);
      }),
    );
  });

  it.each(["+a\nb", "@@ -1 +1 @@\n-x", "@@ -99 +1 @@", "@@ -3 +3 @@\n@@ -1 +1 @@"])(
    "that does not fit makes nothing: %j",
    (diff) => expect(applied(diff, documentOf("a\nb\nc"))).toBeUndefined(),
  );
});
