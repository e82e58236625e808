import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { type View, viewOf, withoutEscapes } from "./view.ts";

it("takes away colours, links and cursor moves", () => {
  expect(
    withoutEscapes(
      "\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u001b\\ \u001b7x^[[1mb",
    ),
  ).toBe("red link xb");
});

it("leaves the character behind a broken sequence whole", () => {
  expect(withoutEscapes("a\u001b[👩b\u001b👩c\u001b[3👩d\u001b[")).toBe("a👩b👩c👩d");
});

/** The shown lines and what was taken off. */
function seen(lines: readonly string[]): View {
  return finish(viewOf(lines));
}

describe("escapes", () => {
  it.each([
    ["a\u001b[31mb", "ab"],
    ["a\u001b[1;31;0mb", "ab"],
    ["a\u001b[?25lb", "ab"],
    ["a\u001b[ qb", "ab"],
    ["a\u001b[~b", "ab"],
    ["a\u001b[@b", "ab"],
    ["a\u001b[\u007fb", "a\u007fb"],
    ["a\u001b]0;title\u0007b", "ab"],
    ["a\u001b]0;title\u001b\\b", "ab"],
    ["a\u001b]0;title", "a0;title"],
    [`a\u001b]${"x".repeat(497)}\u0007b`, "ab"],
    [`a\u001b]${"x".repeat(498)}\u0007b`, `a${"x".repeat(498)}\u0007b`],
    ["a\u001b(b", "ab"],
    ["a\u001b b", "ab"],
    ["a\u001b\u001fb", "a\u001fb"],
    ["a\u001b", "a"],
    ["a^[[31mb^[[0m", "ab"],
    ["a^[b", "a^[b"],
    ["plain", "plain"],
  ])("%j is shown as %j", (line, shown) => expect(withoutEscapes(line)).toBe(shown));
});

describe("lines that were written over", () => {
  it.each([
    ["10 %\r50 %\r100 %", "100 %"],
    ["100 %\r", "100 %"],
    ["100 %\r\r", "100 %"],
    ["50 %\r100 %\r", "100 %"],
    ["\r", ""],
    ["x  ", "x"],
  ])("%j is shown as %j", (line, shown) => expect(seen([line]).lines).toEqual([shown]));

  it.each([
    ["texts that begin with other words", "unpacking a.tgz 10 %\rchecking 50 %\rdone", 0],
    ["what speaks of an error", "fetch a 10 %\rfetch a failed: 404\rfetch a 30 %", 1],
    ["a warning under an OK", "[WARN] retrying upload\r[ OK ] uploaded", 0],
  ])("%s are shown", (_, line, cut) => {
    const { lines, overwritten } = seen([line]);
    for (const text of ["unpacking", "failed: 404", "[WARN] retrying", "checking"])
      if (line.includes(text)) expect(lines[0]).toContain(text);
    expect(lines[0]).toContain(line.slice(line.lastIndexOf("\r") + 1));
    expect(overwritten).toEqual({ cut, total: line.split("\r").length });
  });

  it("eight texts of one line at most", () => {
    const line = Array.from(
      { length: 30 },
      (_, at) => `${"abcdefghijklmnopqrstuvwxyzabcd"[at]}x${"y".repeat(at)}`,
    );
    expect(seen([line.join("\r")]).lines[0]?.split("\r")).toHaveLength(8);
  });

  it("counts the lines that lost colours, and the texts that were cut, not the spaces at the ends", () => {
    expect(seen(["a", "\u001b[1mb", "c  ", "10 %\r20 %\r30 %\r"])).toMatchObject({
      cleaned: 1,
      overwritten: { cut: 2, total: 3 },
    });
  });
});

describe("collectors' stamps", () => {
  const stamp = (second: number): string => `2026-04-22T16:09:0${second}.3317193Z`;

  it("are cut, and the first and the last are told", () => {
    const lines = [`\ufeff${stamp(1)} a`, `${stamp(2)}  b`, stamp(3), "d"];
    expect(seen(lines)).toEqual({
      lines: ["a", " b", "", "d"],
      stamps: [stamp(1), stamp(2), stamp(3), undefined],
      origins: [],
      cleaned: 0,
      overwritten: { cut: 0, total: 0 },
    });
  });

  const stampsOf = (lines: readonly string[]): number =>
    seen(lines).stamps.filter((stamp) => stamp !== undefined).length;

  it("stay where only half of the lines have one", () => {
    expect(stampsOf([`${stamp(1)} a`, "b"])).toBe(0);
    expect(stampsOf([`${stamp(1)} a`, "b", "", `${stamp(2)} c`])).toBe(2);
  });

  it("are cut behind job and step, which are kept aside", () => {
    const lines = ["build\ttest", "build\ttest", "build\tlint"].map(
      (origin, at) => `${origin}\t${stamp(at)} x`,
    );
    expect(seen(lines)).toMatchObject({
      lines: ["x", "x", "x"],
      origins: ["build\ttest\t", "build\ttest\t", "build\tlint\t"],
    });
  });

  it.each([
    ["", true],
    [`${"j".repeat(200)}\tstep\t`, true],
    [`${"j".repeat(201)}\tstep\t`, false],
    [`job\t${"s".repeat(396)}\t`, true],
    [`job\t${"s".repeat(397)}\t`, false],
    ["job\tstep\t\ufeff", true],
    ["job\t", false],
    ["job ", false],
  ])("are found behind %s: %s", (origin, found) => {
    expect(stampsOf([`${origin}${stamp(1)} x`])).toBe(found ? 1 : 0);
  });

  it.each([
    ["2026-04-22T16:09:01.123456Z x", true],
    ["2026-04-22T16:09:01.123456789012Z x", true],
    ["2026-04-22T16:09:01.123456Z", true],
    ["2026-04-22T16:09:01.123456Z\tx", true],
    ["2026-04-22T16:09:01.12345Z x", false],
    ["2026-04-22T16:09:01.123456 x", false],
    ["2026-04-22T16:09:01.123456Zx", false],
    ["2026-04-22 16:09:01.123456Z x", false],
    ["2026/04/22T16:09:01.123456Z x", false],
    ["2026-04-22T16:09:01,123456Z x", false],
    ["x026-04-22T16:09:01.123456Z x", false],
  ])("%s: %s", (line, found) => expect(stampsOf([line])).toBe(found ? 1 : 0));

  it("are looked for in two hundred lines from all over the log", () => {
    const lines = Array.from({ length: 1_000 }, (_, at) => (at % 5 === 0 ? `${stamp(1)} x` : "y"));
    expect(stampsOf(lines)).toBe(200);
    expect(stampsOf(lines.slice(1))).toBe(0);
  });
});
