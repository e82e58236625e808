import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import { isDigit, isJsonSpace } from "./chars.ts";
import { linesOf, splitAtBreaks, splitLines } from "./lines.ts";

const TEXTS = ["", "a", "a\n", "\n", "\n\n", "a\nb", "a\n\nb\n", "\r\n", "a\r\nb", "é\n😀"];

describe("line breaks", () => {
  it.each(TEXTS)("split a text as String.split does: %j", (text) => {
    expect(finish(splitAtBreaks(text))).toEqual(text.split("\n"));
  });

  it.each(TEXTS)("close the last line, or leave it open: %j", (text) => {
    const closed = text.endsWith("\n");
    const lines = text.split("\n");
    expect(finish(linesOf(text))).toEqual({ lines: closed ? lines.slice(0, -1) : lines, closed });
  });

  it("with a carriage return belong to their line, also where it is empty", () => {
    expect(splitLines("\r\n\r\na\r")).toEqual({
      text: ["", "", "a\r"],
      end: ["\r\n", "\r\n", ""],
    });
  });

  it.each([splitAtBreaks, linesOf])("rest while a long text is split", (split) => {
    let rests = 0;
    const steps = split("x".repeat(999).concat("\n").repeat(200));
    while (!steps.next().done) rests++;
    expect(rests).toBe(6);
  });
});

it("characters are told by their code", () => {
  const all = Array.from({ length: 256 }, (_, code) => code);
  const are = (is: (code: number) => boolean): string => String.fromCharCode(...all.filter(is));
  expect(are(isDigit)).toBe("0123456789");
  expect(are(isJsonSpace)).toBe("\t\n\r ");
});
