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
});
