import { describe, expect, it } from "vitest";
import { fromStampTail, stampTail, zoneStart } from "../shared/stamp-tail.ts";
import { stampEnd, startsWithStamp } from "./stamp.ts";
import { entryOf, idEnd, isDefinition, looksLikeRow, shapeId } from "./syntax.ts";

describe("stampEnd", () => {
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const days = "Mon Tue Wed Thu Fri Sat Sun".split(" ");
  it.each([
    "2024-01-02T03:04:05",
    "2024-01-02T03:04:05Z",
    "2024-01-02T03:04:05.123456789Z",
    "2024-01-02T03:04:05,123",
    "2024-01-02T03:04:05+02:00",
    "2024-01-02T03:04:05-0730",
    "2024-01-02T03:04:05.6+02",
    "2024-06-07 08:09:50",
    "1999/12/31 23:59:59",
    "2024.06.07_08:09:50",
    "03:04:05",
    "98:76:54.3",
    "[03:04:05]",
    "(03:04:05.123)",
    "[2024-01-02 03:04:05]",
    "[2024-01-02T03:04:05.123Z UTC main]",
    `[03:04:05${"x".repeat(23)}]`,
    ...months.map((month) => `${month}  2 15:04:05`),
    ...months.map((month) => `${month} 29 15:04:05.678`),
    ...days.map((day) => `${day} Jun 17 15:04:05`),
    "[Mon Jun  7 15:04:05]",
    "[    0.004000]",
    "[12345.678901]",
  ])("ends a stamp where it ends: %s", (stamp) => {
    expect(stampEnd(stamp)).toBe(stamp.length);
    expect(stampEnd(`${stamp} text`)).toBe(stamp.length);
    expect(stampEnd(`ab${stamp} text`, 2)).toBe(stamp.length + 2);
  });

  it.each([
    "",
    "text",
    "2024-01-02",
    "2024-01-02T",
    "2024-01-02x03:04:05",
    "2024-01/02T03:04:05",
    "2024:01:02T03:04:05",
    "204-01-02T03:04:05",
    "20240-01-02T03:04:05",
    "2024-1-02T03:04:05",
    "2024-01-2T03:04:05",
    "3:04:05",
    "03:4:05",
    "03:04:5",
    "003:04:05",
    "03:04",
    "03.04:05",
    "03:04.05",
    "03:04:056",
    "03:04:05x",
    "03:04:05;",
    "03:04:05}",
    "[03:04:05",
    "(03:04:05]",
    `[03:04:05${"x".repeat(24)}]`,
    "Foo  2 15:04:05",
    "Jan2 15:04:05",
    "Jan   2 15:04:05",
    "Jan 123 15:04:05",
    "Jan 12x15:04:05",
    "Jan 12 15:04",
    "Xyz Jan 12 15:04:05",
    "MonJan 12 15:04:05",
    "12:30:45.1234567890",
  ])("is no stamp: %s", (text) => {
    expect(stampEnd(text)).toBe(-1);
  });

  it.each([" ", "\t", ",", ":", "|", "]"])("allows %j behind a stamp", (sign) => {
    expect(stampEnd(`03:04:05${sign}x`)).toBe(8);
  });

  it.each(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])("reads the digit %s", (digit) => {
    expect(stampEnd(`${digit}${digit}:04:05`)).toBe(8);
  });

  it("leaves what stands behind a fraction without digits, and a zone of one digit", () => {
    expect(stampEnd("03:04:05. x")).toBe(-1);
    expect(stampEnd("03:04:05, x")).toBe(8);
    expect(stampEnd("03:04:05+2 x")).toBe(-1);
    expect(stampEnd("03:04:05+02:3 x")).toBe(11);
    expect(stampEnd("03:04:05+021 x")).toBe(-1);
  });
});

describe("startsWithStamp", () => {
  it.each([
    ["03:04:05", true],
    ["03:04:05 x", true],
    ["03:04:05: x", true],
    ["03:04:05:x", false],
    ["03:04:05:", false],
    ["x", false],
  ])("%s: %s", (line, expected) => expect(startsWithStamp(line)).toBe(expected));
});

describe("stamps by their end", () => {
  it.each([
    ["10:05:03", "10:05:43", "43"],
    ["10:05:03", "10:05:04", "04"],
    ["10:05:03", "10:06:03", "06:03"],
    ["10:05:03", "20:05:03", "20:05:03"],
    ["10:05:03", "10:05:03", ""],
    ["10:05:03.123", "10:05:03.124", "124"],
    ["10:05:03.1234", "10:05:03.1235", "5"],
    ["10:05:03.1234", "10:05:03.1245", "1245"],
    ["10:05:03Z", "10:05:43Z", "43"],
    ["[10:05:03]", "[10:05:43]", "43"],
    ["(10:05:03)", "(10:05:43)", "43"],
    ["10:05:03+02:00", "10:05:43+02:00", "43"],
    ["[10:05:03+0200]", "[10:05:43+0200]", "43"],
    ["Jan  2 10:05:03", "Jan  2 10:05:04", "04"],
    ["2024-05-01 10:05:03", "2024-05-01 11:05:03", "11:05:03"],
  ])("%s, %s: %j", (above, stamp, tail) => {
    expect(stampTail(above, stamp)).toBe(tail);
    expect(fromStampTail(above, tail)).toBe(stamp);
  });

  it.each([
    ["10:05:03", "10:05:03.1"],
    ["10:05:03+02:00", "10:05:03+03:00"],
    ["10:05:03Z", "10:05:03 "],
    ["2024-05-01 10:05:03", "2024-05-02 10:05:03"],
    ["Jan  2 10:05:03", "Jan  3 10:05:03"],
  ])("%s, %s: cannot be given so", (above, stamp) => {
    expect(stampTail(above, stamp)).toBeUndefined();
  });

  it("takes no tail that is longer than the stamp without its zone", () => {
    expect(fromStampTail("10:05:03Z", "20:06:04")).toBe("20:06:04Z");
    expect(fromStampTail("10:05:03Z", "x20:06:04")).toBeUndefined();
  });

  it.each([
    ["10:05:03", 8],
    ["10:05:03Z", 8],
    ["[10:05:03]", 9],
    ["[10:05:03Z]", 9],
    ["10:05:03+0000", 8],
    ["10:05:03+00:00", 8],
    ["(10:05:03+00:00)", 9],
    ["10:05:03-0000", 13],
    ["10:05:03+000", 12],
  ])("the zone of %s is at %i", (stamp, at) => expect(zoneStart(stamp)).toBe(at));
});

describe("what a line is", () => {
  it.each([
    ["10:05:03 text", { content: "text", stamp: "10:05:03", bare: false }],
    ["10:05:03  text", { content: " text", stamp: "10:05:03", bare: false }],
    ["10:05:03", { content: "", stamp: "10:05:03", bare: true }],
    ["10:05:03 ", { content: "", stamp: "10:05:03", bare: false }],
    ["[10:05:03] text", { content: "text", stamp: "[10:05:03]", bare: false }],
    ["(10:05:03) text", { content: "text", stamp: "(10:05:03)", bare: false }],
    ["Aug  2 10:05:03 text", { content: "text", stamp: "Aug  2 10:05:03", bare: false }],
    ["Wed Sep  2 10:05:03 x", { content: "x", stamp: "Wed Sep  2 10:05:03", bare: false }],
    ["99:05:03 text", { content: "text", stamp: "99:05:03", bare: false }],
    ["10:05:03, text", { content: "10:05:03, text", stamp: undefined, bare: false }],
    ["text", { content: "text", stamp: undefined, bare: false }],
    ["", { content: "", stamp: undefined, bare: false }],
  ])("%s", (line, entry) => expect(entryOf(line)).toEqual(entry));

  it.each([
    [0, "#a"],
    [1, "#b"],
    [25, "#z"],
    [26, "#aa"],
    [51, "#az"],
    [52, "#ba"],
    [701, "#zz"],
    [702, "#aaa"],
  ])("shape %i is %s", (index, id) => {
    expect(shapeId(index)).toBe(id);
    expect(idEnd(`${id} x`)).toBe(id.length);
  });

  it.each([
    ["#a", true, false],
    ["#az x", true, false],
    ["#z[3]=x", true, true],
    ["#", false, false],
    ["# x", false, false],
    ["#A x", false, false],
    ["#a1", false, false],
    ["#a{", false, false],
    ["#`[", false, false],
    ["#{ x", false, false],
    ["a x", false, false],
    ["", false, false],
  ])("%s: a row %s, a definition %s", (line, row, definition) => {
    expect([looksLikeRow(line), isDefinition(line)]).toEqual([row, definition]);
  });
});
