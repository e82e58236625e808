import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import { linesMentioning } from "./mention.ts";

describe("linesMentioning", () => {
  const lines = ["libLLVM-15.so", "libpython3.11.so.1.0", "libssl.so.3", "LibPython2.so"];

  it("finds a word inside a longer one, in any case", () => {
    expect(finish(linesMentioning("Which libpython is installed?", lines))).toEqual([1, 3]);
  });

  it("ignores words that many lines contain, short words and stop words", () => {
    expect(finish(linesMentioning("which ssl", lines))).toEqual([]);
    expect(finish(linesMentioning("libpython", lines, 1))).toEqual([]);
    expect(finish(linesMentioning("", lines))).toEqual([]);
  });
});
