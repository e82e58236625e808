import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import { absentWords } from "./absent.ts";

const lines = (count: number, line = "all is well"): string => `${line}\n`.repeat(count);

describe("words of trouble", () => {
  it("that do not occur are named, and those that occur in any case are not", () => {
    const said = finish(absentWords(`${lines(30)}a FATAL ErrOr\nTimeouts, warnings\n`));
    expect(said).toBe(
      "… nowhere in the original, in capitals or not: fail, exception, panic, denied, refused, killed, deprecated",
    );
  });

  it("are found wherever they stand in a long text", () => {
    for (let before = 65_500; before < 65_540; before++) {
      const text = `${lines(25)}${"x".repeat(before - 25 * 12)}deprecated${"x".repeat(70_000)}`;
      expect(finish(absentWords(text))).not.toContain("deprecated");
    }
  });

  it("are not looked for in short texts, and nothing is said where all occur", () => {
    expect(finish(absentWords(lines(19)))).toBeUndefined();
    expect(finish(absentWords(lines(20)))).toContain("fatal");
    const all = "error fail exception fatal panic denied refused timeout killed warn deprecated";
    expect(finish(absentWords(lines(20, all)))).toBeUndefined();
  });
});
