import { describe, expect, it } from "vitest";
import { digitsEnd, firstFolder, isNotice } from "./entry.ts";
import { folderOf, isClockAt, pathLikeness } from "./path.ts";

describe("pathLikeness", () => {
  it.each([
    [2, "src/a.ts"],
    [2, "src/Makefile"],
    [2, "a.ts"],
    [2, ".gitignore"],
    [2, "x.tar.gz"],
    [2, "a.abcdefghij"],
    [2, "a.b_1"],
    [2, "a.7z"],
    [2, "C:\\work\\a.c"],
    [2, "main:src/a.ts"],
    [2, "app/(shop)/[id].tsx"],
    [2, "ü/ä"],
    [2, "a.ü"],
    [2, `a/${"x".repeat(1022)}`],
    [1, "Makefile"],
    [1, "LICENSE-2.0"],
    [1, "a_b"],
    [1, "docs/how to.md"],
    [1, "how to.md"],
    [1, "a.abcdefghijk"],
    [1, "a."],
    [1, "a.123"],
    [0, ""],
    [0, "how to"],
    [0, " a.ts"],
    [0, "a.ts "],
    [0, "1/2"],
    [0, "10.5"],
    [0, "1a"],
    [0, "a+b"],
    [1, "a.b-c"],
    [0, "https://a.example/b"],
    [0, "see: a/b"],
    [0, `a/${"x".repeat(1023)}`],
    ...[...'"<>|*?\t`{}'].map((sign): [number, string] => [0, `a/b${sign}c.ts`]),
  ] as const)("%i: %s", (likeness, text) => expect(pathLikeness(text)).toBe(likeness));

  it("allows two slashes behind anything but a colon", () => {
    expect(pathLikeness("a//b")).toBe(2);
    expect(pathLikeness("/a")).toBe(2);
    expect(pathLikeness("a:/b")).toBe(2);
  });
});

describe("isClockAt", () => {
  it.each([
    ["09:15:02", 2, true],
    ["9:15:02", 1, true],
    ["[09:15:02", 3, true],
    ["x 09:15:02", 4, true],
    ["2024-01-15T10:00:01", 13, true],
    ["2024-01-15t10:00:01", 13, true],
    ["xT10:00:01", 4, false],
    ["17/May/2015:10:05:03", 14, true],
    ["17/May/2015:10", 11, true],
    ["17/5/2015:10:05", 9, false],
    ["17/Ma1/2015:10", 11, false],
    ["17-May/2015:10", 11, false],
    ["17/May-2015:10", 11, false],
    ["17/May/20x5:10", 11, false],
    ["17/May/x015:10", 11, false],
    ["a09:15:02", 3, false],
    ["109:15:02", 3, false],
    ["a.09:15:02", 4, false],
    ["a/09:15:02", 4, false],
    ["a_09:15:02", 4, false],
    ["a-09:15:02", 4, true],
    ["ab:15:02", 2, false],
    ["09:1:02", 2, false],
    ["09:15-02", 2, false],
    ["09:15:2", 2, false],
    ["09:15:x2", 2, false],
    ["09:x5:02", 2, false],
  ])("%s at %i: %s", (line, colon, expected) => expect(isClockAt(line, colon)).toBe(expected));
});

describe("parts of paths and lines", () => {
  it.each([
    ["src/a/b.ts", "src/a/", "src"],
    ["C:\\work\\b.ts", "C:\\work\\", "C:"],
    ["main:b.ts", "main:", ""],
    ["main:src/b.ts", "main:src/", "main:src"],
    ["C:b", "", ""],
    ["ab:c", "ab:", ""],
    ["b.ts", "", ""],
    ["/b.ts", "/", ""],
    ["/a/b", "/a/", "/a"],
    ["", "", ""],
  ])("%s is in %j, below %j", (path, folder, first) => {
    expect([folderOf(path), firstFolder(path)]).toEqual([folder, first]);
  });

  it.each([
    ["12:", 0, 2],
    ["x12:", 1, 3],
    ["x", 0, 0],
    ["123456789x", 0, 9],
    ["1234567890x", 0, 0],
    ["0/9:", 0, 1],
    ["09", 0, 2],
  ])("%s from %i: digits end at %i", (line, from, end) => expect(digitsEnd(line, from)).toBe(end));

  it.each([
    ["grep: a: Permission denied", true],
    ["rg: a", true],
    ["Binary file a matches", true],
    ["Binary file a matched", false],
    ["Found 3 files", true],
    ["Found no files", false],
    ["ag: a", false],
  ])("%s is said by a tool: %s", (line, expected) => expect(isNotice(line)).toBe(expected));
});
