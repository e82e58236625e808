import { describe, expect, it } from "vitest";
import { keepsErrorLines } from "./error-lines.ts";
import { finish } from "./steps.ts";

const original = [
  "2026-11-22T10:00:00.1234567Z collecting",
  "2026-11-22T10:00:01.1234567Z \u001b[31mERROR\u001b[0m cannot open a.txt",
  "2026-11-22T10:00:02.1234567Z ok",
  "  fatal: no such file  ",
].join("\n");

describe("keepsErrorLines", () => {
  it("asks for every line that speaks of an error", () => {
    expect(finish(keepsErrorLines(original, original))).toBe(true);
    expect(
      finish(keepsErrorLines(original, "ERROR cannot open a.txt\n… 1 line\nfatal: no such file")),
    ).toBe(true);
    expect(finish(keepsErrorLines(original, "ERROR cannot open a.txt\n… 2 lines"))).toBe(false);
    expect(finish(keepsErrorLines(original, "ERROR cannot open *\nfatal: no such file"))).toBe(
      false,
    );
  });

  it("finds a line inside a longer one", () => {
    expect(finish(keepsErrorLines("error: x", "12: error: x (twice)"))).toBe(true);
  });

  it("is linear where nothing is shown", () => {
    expect(
      finish(keepsErrorLines("error\n".repeat(200_000).replaceAll("error", "an error"), "nothing")),
    ).toBe(false);
  });

  const shows = (line: string, shortened: string): boolean =>
    finish(keepsErrorLines(line, shortened));

  it.each([
    "critical",
    "denied",
    "error",
    "exception",
    "fail",
    "failed",
    "failure",
    "fatal",
    "panic",
    "traceback",
    "unhandled",
  ])("takes %s for a word of an error, in any case and inside of a word", (word) => {
    expect(shows(`a ${word} b`, "nothing")).toBe(false);
    expect(shows(`A${word.toUpperCase()}S`, "nothing")).toBe(false);
  });

  it.each(["", "warning", "fai", "ok", "err", "fata", "note: unhandle"])(
    "does not ask for %j",
    (line) => {
      expect(shows(line, "nothing")).toBe(true);
    },
  );

  it("looks for 64 lines inside longer ones, and gives up at the next", () => {
    const numbered = (count: number): string =>
      Array.from({ length: count }, (_, n) => `error ${n} here`).join("\n");
    const longer = numbered(65).replaceAll("error", "1: error");
    expect(shows(numbered(64), longer)).toBe(true);
    expect(shows(numbered(65), longer)).toBe(false);
    expect(shows(numbered(65), numbered(65))).toBe(true);
  });

  it("does not compare a stamp of up to 40 characters, nor colours, nor white space", () => {
    const stamp = "2026-11-22T10:00:00";
    expect(shows(`${stamp.padEnd(40, "0")} error`, "error")).toBe(true);
    expect(shows(`${stamp.padEnd(41, "0")} error`, "error")).toBe(false);
    for (const other of [
      "2026/11-22T10:00:00",
      "2026-11/22T10:00:00",
      "2026-11-22 10:00:00",
      "2026-11-22T10.00.00",
    ])
      expect(shows(`${other} error x`, "error x"), other).toBe(false);
    expect(shows(`${stamp}error`, "error")).toBe(false);
    expect(shows("\u001b[31merr\u001b[1;4@or\u001b[0~", "error")).toBe(true);
    expect(shows("error\u001b[31", "error")).toBe(true);
    expect(shows("error\u001b[3?1m", "error")).toBe(true);
    expect(shows("\t error \r\nok", "error")).toBe(true);
    expect(shows("error", "\u001b[31merror\u001b[0m")).toBe(true);
  });

  it("asks for the last line too, with and without a line break", () => {
    for (const text of ["ok\nerror", "ok\nerror\n"]) {
      expect(shows(text, "ok")).toBe(false);
      expect(shows(text, "ok\nerror")).toBe(true);
    }
  });
});
