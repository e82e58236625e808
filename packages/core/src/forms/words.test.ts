import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import { splitLines } from "../text/lines.ts";
import { areTrueOfLines } from "./check.ts";
import { saidOfWords } from "./words.ts";

const lines = (count: number, line = "all is well"): string => `${line}\n`.repeat(count);
const said = (text: string): readonly string[] =>
  finish(saidOfWords(splitLines(text).text)).map((statement) => statement.text);

describe("words of trouble", () => {
  it("are counted by lines in each spelling; those that do not occur in any case are named", () => {
    const text = `${lines(30)}a FATAL ErrOr, and another ErrOr\nTimeouts, warnings\nerror: 3 errors\nerrors\n`;
    expect(said(text)).toEqual([
      "… lines of the original with these very letters, in longer words too: error ×2 (errors ×2, error: ×1 of them), ErrOr ×1, FATAL ×1, Timeouts ×1, warnings ×1; no other spellings",
      "… nowhere in the original, in capitals or not: fail, exception, traceback, critical, panic, abort, crash, segfault, out of memory, killed, denied, refused, timed out, retry, deprecated",
    ]);
  });

  it("are counted with the colon of a diagnostic and without", () => {
    const text = lines(20, "a.c:1:2: error: no such thing") + lines(2, "1 error generated");
    expect(said(text)[0]).toBe(
      "… lines of the original with these very letters, in longer words too: error ×22 (error: ×20 of them); no other spellings",
    );
  });

  it("have so many spellings that not all are counted", () => {
    const text = lines(20, "failed failure fails failover FAILED") + lines(1, "Failed");
    expect(said(text)[0]).toMatch(/too: (?:\w+ ×20, ){3}\w+ ×20; and other spellings of fail$/);
  });

  it("are not cut in two, however long the word is that begins with one", () => {
    const text = lines(20) + lines(1, "tests/test_ErrorsOfBilling.py timeoutsinseconds");
    expect(said(text)[0]).toContain("too: ErrorsOfBilling ×1, timeoutsinseconds ×1; no");
  });

  it("are found wherever they stand in a long text, and inside of longer words", () => {
    for (const word of ["deprecated", "isDEPRECATEDnow", "errordeprecated"]) {
      const text = `${lines(25)}${"x".repeat(70_000)}${word}${"x".repeat(70_000)}`;
      expect(said(text).at(-1)).not.toContain("deprecated");
    }
  });

  it("are not looked for in short texts", () => {
    expect(said(lines(19))).toEqual([]);
    expect(said(lines(20)).join()).toContain("fatal");
  });

  it("are not said of more or fewer lines, nor to be nowhere when they are somewhere", () => {
    const text = `${lines(30)}1 failed\nFAILED\n`;
    const [counted, nowhere] = finish(saidOfWords(splitLines(text).text));
    if (counted === undefined || nowhere === undefined) throw new Error("Nothing is said.");
    const isFalse = (statement: typeof counted, original = text): boolean =>
      !finish(areTrueOfLines([statement], splitLines(original).text));
    expect([isFalse(counted), isFalse(nowhere)]).toEqual([false, false]);
    expect(isFalse({ ...counted, text: counted.text.replace("×1", "×2") })).toBe(true);
    expect(isFalse(counted, text.replace("all is well", "has FAILED"))).toBe(true);
    expect(isFalse(nowhere, text.replace("all is well", "a Panic"))).toBe(true);
  });
});
