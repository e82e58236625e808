import { describe, expect, it } from "vitest";
import { braceLists, looksBraced, unbraceLists } from "./braces.ts";

/** A list of `count` items that begin alike, as long as `item` makes it. */
function list(count: number, separator: string, item: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => item(at)).join(separator);
}

describe("braceLists", () => {
  it.each([", ", ";", " ", ",", ":"])("lists items between %j", (separator) => {
    const joint = separator === ":" ? "-" : ":";
    const line = list(40, separator, (at) => `packages/core${joint}case_${at}`);
    const braced = braceLists(line) ?? "";
    expect(braced.startsWith(`{${separator}}packages/core${joint}case_{0${separator}1`)).toBe(true);
    expect(unbraceLists(braced)).toBe(line);
  });

  it.each(["/", ":", ".", "-", "=", "_", "\\", "@"])("cuts items behind %s", (joint) => {
    const line = list(60, ", ", (at) => `packages${joint}x${at}`);
    expect(braceLists(line)?.slice(0, 20)).toBe(`{, }packages${joint}{x0, x1`);
  });

  it("nests what several items share", () => {
    const line = list(
      48,
      ", ",
      (at) => `tests/${at < 24 ? "unit" : "laws"}/case_number_${at % 24}`,
    );
    expect(braceLists(line)).toMatchInlineSnapshot(
      `"{, }tests/{unit/case_number_{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}, laws/case_number_{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}}"`,
    );
  });

  it.each([
    ["599 characters", `${list(50, ", ", () => "lib/abcdef")}x`.slice(0, 599)],
    ["a brace of its own", `${list(80, ", ", (at) => `lib/abcdef${at}`)}{`],
    ["another brace of its own", `${list(80, ", ", (at) => `lib/abcdef${at}`)}}`],
    ["nothing in common", list(80, ", ", (at) => `${at}/${at}abcdefghij`)],
    ["words of a sentence", list(200, " ", (at) => `${at}bcd`)],
  ])("leaves a line with %s", (_, line) => expect(braceLists(line)).toBeUndefined());

  it.each([
    [8, 600, false],
    [9, 600, true],
  ])("needs nine items: %i", (count, length, expected) => {
    const line = list(count, ", ", (at) => `lib/${"a".repeat(70)}/${at}`).padEnd(length, "x");
    expect(line.length).toBeGreaterThanOrEqual(600);
    expect(braceLists(line) !== undefined).toBe(expected);
  });
});

describe("unbraceLists", () => {
  it.each([
    ["{, }a/{b, c}", "a/b, a/c"],
    ["{, }a/{b, c}, d", "a/b, a/c, d"],
    ["{;}a/{b{1;2};c};d", "a/b1;a/b2;a/c;d"],
    ["{ }a{b c} d", "ab ac d"],
    ["{:}x{y:z}", "xy:xz"],
    ["{,}", ""],
  ])("%s is %s", (braced, line) => {
    expect(looksBraced(braced)).toBe(true);
    expect(unbraceLists(braced)).toBe(line);
  });

  it.each(["a{b, c}", "{, }a{b", "{, }a}b", "{, }a{b}}", "{.}a", `{, }${"a{".repeat(20)}`])(
    "%s is nothing",
    (text) => expect(unbraceLists(text)).toBeUndefined(),
  );

  it("opens thirteen braces at most", () => {
    const nested = (depth: number): string => `{, }${"a{".repeat(depth)}b${"}".repeat(depth)}`;
    expect(unbraceLists(nested(13))).toBe(`${"a".repeat(13)}b`);
    expect(unbraceLists(nested(14))).toBeUndefined();
  });
});
