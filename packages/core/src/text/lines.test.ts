import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinLines, splitLines } from "./lines.ts";

const soup = fc
  .array(fc.constantFrom("a", "\r", "\n", "\r\n", "é", "😀", " ", "\u2028"), { maxLength: 40 })
  .map((parts) => parts.join(""));

describe("splitLines", () => {
  it("gives the text back byte for byte, whatever the terminators", () => {
    fc.assert(fc.property(soup, (text) => joinLines(splitLines(text)) === text));
  });

  it("keeps CRLF apart from LF and a missing last terminator", () => {
    expect(splitLines("a\r\nb\nc")).toEqual({ text: ["a", "b", "c"], end: ["\r\n", "\n", ""] });
  });

  it("has no line for the empty text and no extra line after a final terminator", () => {
    expect(splitLines("").text).toEqual([]);
    expect(splitLines("a\n").text).toEqual(["a"]);
    expect(splitLines("\n\n").text).toEqual(["", ""]);
  });

  it("does not break lines at a lone carriage return", () => {
    expect(splitLines("10%\r20%\r100%\n").text).toEqual(["10%\r20%\r100%"]);
  });
});
