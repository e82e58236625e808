import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refOf, refScope, refToHex } from "./ref.ts";
import { readRetrieveRequest, refIn } from "./request.ts";

const ref = refOf("x", refScope("default"));

describe("readRetrieveRequest", () => {
  it("takes what is clearly meant", () => {
    for (const [given, meant] of [
      [{ lines: 3 }, { lines: "3" }],
      [{ rows: [0, "5-7"] }, { rows: "0,5-7" }],
      [{ path: ["data", "items", 3] }, { path: "data.items.3" }],
      [{ query: ["disk", "full"] }, { query: "disk full" }],
      [{ query: 5 }, { query: "5" }],
      [
        { offset: "10", limit: " 5 " },
        { offset: 10, limit: 5 },
      ],
      [
        { offset: 0, limit: 1e308 },
        { offset: 0, limit: 1e308 },
      ],
      [{ query: null, lines: null, rows: null, path: null, offset: null, limit: null }, {}],
      [{ query: "", lines: " ", rows: [], path: undefined, offset: "" }, {}],
      [{ query: " kept as it is " }, { query: " kept as it is " }],
      [
        { level: "error", count: true },
        { level: "error", count: true },
      ],
      [{ level: null, count: "True" }, { count: true }],
      [{ level: " ", count: false }, {}],
      [{ count: "no" }, {}],
    ] as const)
      expect(readRetrieveRequest({ hash: ref, ...given })).toEqual({ hash: ref, ...meant });
  });

  it("makes words of what has no meaning", () => {
    expect(readRetrieveRequest({ lines: { from: 1 }, rows: true, offset: "x", limit: {} })).toEqual(
      { hash: "", lines: '{"from":1}', rows: "true", offset: Number.NaN, limit: Number.NaN },
    );
  });

  it("reads JSON text, and a bare hash", () => {
    expect(readRetrieveRequest(`{"hash":"${ref}","lines":3}`)).toEqual({ hash: ref, lines: "3" });
    expect(readRetrieveRequest(ref)).toEqual({ hash: ref });
    expect(readRetrieveRequest('["a"]').hash).toBe("");
  });

  it("never throws", () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const throwing = { toJSON: () => { throw new Error("x"); }, toString: () => { throw new Error("x"); } }; // biome-ignore format: one idea
    for (const odd of [cyclic, throwing, Symbol("x"), 10n, () => 1, [cyclic], [[1], throwing]])
      for (const name of [
        "hash",
        "query",
        "lines",
        "rows",
        "path",
        "level",
        "count",
        "offset",
        "limit",
      ])
        expect(typeof readRetrieveRequest({ [name]: odd }).hash).toBe("string");
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (whole, part) => {
        readRetrieveRequest(whole);
        readRetrieveRequest({ hash: part, lines: part, offset: part, query: part });
      }),
    );
  });
});

describe("refIn", () => {
  it("finds the ref in whatever was copied with it", () => {
    const marker = `[[hr:${ref} json, omitted: 5 of 9 rows (aaaa); get them with headroom_retrieve]]`;
    for (const hash of [ref, marker, `hr:${ref}`, `"${ref.toUpperCase()}"`, refToHex(ref), `#${refToHex(ref)}.`])
      expect(refIn(hash), hash).toBe(ref); // biome-ignore format: one idea
    for (const hash of ["", "nonsense", ref.slice(1), `${ref}1`, `a${ref}`])
      expect(refIn(hash), hash).toBeUndefined();
  });
});
