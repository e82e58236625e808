import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMarkers, hasMarker, printMarker, stripMarker } from "./marker.ts";
import { refOf, refScope } from "./ref.ts";

const ref = refOf("x", refScope("default"));

describe("printMarker", () => {
  it("prints one grammar", () => {
    expect(printMarker({ kind: "json" })).toBe("[[hr json]]");
    expect(printMarker({ ref, kind: "json+log" })).toBe(`[[hr:${ref} json+log]]`);
    expect(
      printMarker({
        ref,
        kind: "json",
        omitted: [{ count: 1385, total: 1400, unit: "rows", what: "items" }],
      }),
    ).toBe(
      `[[hr:${ref} json, omitted: 1385 of 1400 rows (items); get them with headroom_retrieve]]`,
    );
  });

  it("is found again whatever a compressor says was omitted", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (what) => {
        const line = printMarker({
          ref,
          kind: "log",
          omitted: [{ count: 1, total: 2, unit: "lines", what }],
        });
        expect(findMarkers(`${line}\nbody`)).toEqual([{ ref, start: 0, end: line.length }]);
        expect(stripMarker(`${line}\nbody`)).toBe("body");
      }),
    );
  });
});

describe("findMarkers", () => {
  it("finds markers anywhere in a text", () => {
    const marker = printMarker({ ref, kind: "log" });
    const text = `a ${marker} b\n[[hr json]]`;
    expect(findMarkers(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      marker,
      "[[hr json]]",
    ]);
  });

  it("takes nothing else for a marker", () => {
    const wrong = `${ref.slice(0, 21)}${ref[21] === "a" ? "b" : "a"}`;
    for (const text of [
      "[[hr]]",
      "[[hr ]]",
      "[[hr:]]",
      "[[hr json",
      "[[hr json\n]]",
      `[[hr:${wrong} json]]`,
      `[[hr:${ref}]]`,
      "[[hrx json]]",
    ])
      expect(hasMarker(text), text).toBe(false);
  });

  it("is linear on openings that never close", () => {
    expect(hasMarker("[[hr ".repeat(200_000))).toBe(false);
  });
});
