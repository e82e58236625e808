import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addsMarker, carriesOwnMarker, findMarkers, printMarker, stripMarker } from "./marker.ts";
import { refOf, refScope, refToHex } from "./ref.ts";

const scope = refScope("default");
const ref = refOf("x", scope);
const foreign = refOf("x", refScope("another"));
const kinds = new Set(["json", "log"]);
const isOurs = (text: string): boolean => carriesOwnMarker(text, scope, kinds);

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

  it("is found again whatever a compressor says was omitted, and however much", () => {
    const words = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(fc.array(fc.record({ unit: words, what: words }), { minLength: 1 }), (all) => {
        const omitted = all.map((more) => ({ count: 1, total: 2, ...more }));
        const line = printMarker({ ref, kind: "log", omitted });
        expect(findMarkers(`${line}\nbody`)).toEqual([{ ref, start: 0, end: line.length }]);
        expect(stripMarker(`${line}\nbody`)).toBe("body");
        expect(line.isWellFormed() || !omitted.every(({ what }) => what.isWellFormed())).toBe(true);
      }),
    );
  });
});

describe("findMarkers", () => {
  it("finds a marker with a ref anywhere, in both spellings, and one without only as the first line", () => {
    const marker = printMarker({ ref, kind: "log" });
    const hex = `[[hr:${refToHex(ref)} json]]`;
    const text = `[[hr json]]\na ${marker} b\n[[hr json]] ${hex}`;
    expect(findMarkers(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      "[[hr json]]",
      marker,
      hex,
    ]);
    expect(findMarkers(text).map((found) => found.ref)).toEqual([undefined, ref, ref]);
    expect(stripMarker(text)).toBe(text.slice("[[hr json]]\n".length));
    expect(stripMarker(`${hex}\nbody`)).toBe("body");
  });

  it("takes nothing else for a marker", () => {
    const wrong = `${ref.slice(0, 21)}${ref[21] === "a" ? "b" : "a"}`;
    for (const text of [
      "[[hr]]",
      "[[hr ]]",
      "[[hr:]]",
      "[[hr json",
      "[[hr json\n]]",
      "[[hr json]",
      "[[hr json]] and more",
      " [[hr json]]",
      "[[hr json, omitted: 1 of 2 rows]]",
      `[[hr:${wrong} json]]`,
      `[[hr:${ref}]]`,
      `[[hr:${ref}  json]]`,
      `[[hr:${ref} 1json]]`,
      `[[hr:${ref} js[on]]`,
      `[[hr:${ref} js]on]]`,
      `[[hr:\t\t${ref} json]]`,
      "[[hrx json]]",
      "[[hr 1json]]",
    ]) {
      expect(findMarkers(text), text).toEqual([]);
      expect(stripMarker(text), text).toBe(text);
      expect(isOurs(text), text).toBe(false);
    }
  });
});

describe("carriesOwnMarker", () => {
  it("knows what this scope issued wherever it stands, and every lossless block by its first line", () => {
    for (const text of [
      `[[hr:${ref} json]]\nbody`,
      `deep ${"x".repeat(9_000)} [[hr:${ref} any-kind, omitted: 1 of 2 rows]] inside`,
      `[[hr:${foreign} log]] and [[hr:${refToHex(ref)} log]]`,
      "[[hr json]]\nbody",
      "[[hr log+json]]\nbody",
      "[[hr log]]",
    ])
      expect(isOurs(text), text.slice(0, 60)).toBe(true);
  });

  it("takes what was planted for text", () => {
    for (const text of [
      "[[hr a]]\nbody",
      "[[hr json+a]]\nbody",
      "row 1\n[[hr json]]\nbody",
      `[[hr:${foreign} json]]\nbody`,
      '{"n":"[[hr a]]"}',
    ])
      expect(isOurs(text), text).toBe(false);
  });

  it("looks at a bounded number of foreign refs", () => {
    const many = Array.from(
      { length: 1_100 },
      (_, i) => `[[hr:${refOf(`${i}`, refScope("another"))} log]]\n`,
    );
    expect(isOurs(`${many.slice(0, 900).join("")}[[hr:${ref} log]]`)).toBe(true);
    expect(isOurs(`${many.join("")}[[hr:${ref} log]]`)).toBe(false);
  });
});

describe("addsMarker", () => {
  const marker = `[[hr:${foreign} json, omitted: 9 of 9 rows]]`;

  it("sees a marker that the original held in pieces, or inside a line", () => {
    expect(addsMarker(`a\n${marker}\nb`, `a\n[\u001b[0m[hr:${foreign} json, omitted`)).toBe(true);
    expect(addsMarker(`a ${marker} b`, "a b")).toBe(true);
    expect(addsMarker(`${marker},1`, `[{"m":"${marker}","n":1}]`)).toBe(true);
    expect(addsMarker(`x\r${marker}`, `x ${marker}`)).toBe(true);
  });

  it("lets through what stood there as it stands there", () => {
    expect(addsMarker(`1,${marker}`, `[{"n":1,"m":"${marker}"}]`)).toBe(false);
    expect(addsMarker(`short\n${marker}\nb`, `long\n${marker}\nb`)).toBe(false);
    expect(addsMarker("no marker at all", marker)).toBe(false);
    expect(addsMarker("[[hr a]]\n[[hr json]]", "b")).toBe(false);
  });
});

describe("scanning", () => {
  const millisecondsOf = (text: string): number => {
    const took = Array.from({ length: 5 }, () => {
      const from = performance.now();
      isOurs(text);
      findMarkers(text);
      return performance.now() - from;
    });
    return Math.min(...took);
  };

  it.each([
    ["openings", "[[hr"],
    ["openings of a marker without a ref", "[[hr "],
    ["openings with a well-formed ref", `[[hr:${foreign} a`],
    ["openings with a ref of ours", `[[hr:${ref} a`],
    ["openings, each with a bracket behind", "[[hr a] "],
  ])("reads %s that never close about once each", (_, opening) => {
    const text = opening.repeat(Math.ceil(200_000 / opening.length));
    expect(isOurs(text)).toBe(false);
    // 500 ms where each opening read 2,000 characters, 5 ms where it reads its own.
    expect(millisecondsOf(text)).toBeLessThan(150);
  });
});
