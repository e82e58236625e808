import { describe, expect, it } from "vitest";
import { clip, clipPlace, MAX_PLACE, quoted } from "./clip.ts";

describe("clip", () => {
  it("cuts what is longer, to that length with the sign of the cut", () => {
    expect(clip("abcdef", 6)).toBe("abcdef");
    expect(clip("abcdef", 5)).toBe("abcd…");
    expect(clip("", 5)).toBe("");
  });

  it("cuts between characters, not through one", () => {
    expect(clip("ab😀cd", 4)).toBe("ab…");
    expect(clip("ab😀cd", 5)).toBe("ab😀…");
  });
});

describe("clipPlace", () => {
  it("keeps where a place begins and what is asked for", () => {
    const place = `${"a".repeat(60)}${"b".repeat(MAX_PLACE - 60)}`;
    expect(clipPlace(place)).toBe(place);
    expect(clipPlace(`${place}c`)).toBe(`${"a".repeat(49)}…${"b".repeat(40).padStart(48, "a")}c`);
  });

  it("cuts between characters, at both ends of the gap", () => {
    expect(clipPlace(`${"a".repeat(48)}😀${"b".repeat(80)}`)).toBe(
      `${"a".repeat(48)}…${"b".repeat(49)}`,
    );
    expect(clipPlace(`${"a".repeat(80)}😀${"b".repeat(48)}`)).toBe(
      `${"a".repeat(49)}…${"b".repeat(48)}`,
    );
  });
});

it("quoted makes one line of any text, of 80 characters at most", () => {
  expect(quoted('a "b"\n')).toBe('"a \\"b\\"\\n"');
  expect(quoted("x".repeat(80))).toBe(`"${"x".repeat(80)}"`);
  expect(quoted("x".repeat(81))).toBe(`"${"x".repeat(79)}…"`);
});
