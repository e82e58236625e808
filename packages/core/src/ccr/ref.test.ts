import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, isInScope, parseRef, refOf, refScope, refToHex } from "./ref.ts";

const scope = refScope("default");
const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }));

describe("refOf", () => {
  it("never changes: refs written yesterday are redeemed tomorrow", () => {
    expect(refOf("", scope)).toMatchInlineSnapshot(`"cvidwtoeazgojogxbotygp"`);
    expect(refOf("headroom", scope)).toMatchInlineSnapshot(`"czadrrroqpupvtjjrsehum"`);
    expect(refOf("headroom", refScope("tenant-a", "s3cret"))).toMatchInlineSnapshot(
      `"ciklrpovjcqztmhalrwiiz"`,
    );
  });

  it("is 22 letters that parseRef accepts, whatever the text", () => {
    fc.assert(
      fc.property(text, (value) => {
        const ref = refOf(value, scope);
        expect(ref).toMatch(/^[a-z]{22}$/);
        expect(parseRef(` ${ref.toUpperCase()}\n`)).toBe(ref);
      }),
    );
  });

  it("differs between namespaces and between secrets", () => {
    const refs = [scope, refScope("other"), refScope("default", "k"), refScope("", "default")].map(
      (s) => refOf("same", s),
    );
    expect(new Set(refs).size).toBe(4);
  });

  it("tells texts apart that encode to the same UTF-8", () => {
    expect(refOf("\ud800", scope)).not.toBe(refOf("\ufffd", scope));
    expect(digestOf("\ud800")).not.toEqual(digestOf("\udbff"));
  });
});

describe("refScope", () => {
  it("refuses what is no well-formed string: lone surrogates would share their refs", () => {
    for (const odd of ["a\ud800", "\udc00", "\ud801b", 5, null]) {
      expect(() => refScope(odd as string), String(odd)).toThrow(/"namespace".*well-formed/);
      expect(() => refScope("a", odd as string), String(odd)).toThrow(/"secret".*well-formed/);
    }
    expect(() => refScope("tenant", "s3cret\ud800")).not.toThrow(/s3cret/);
    const names = ["", "__proto__", "constructor", "\0", "é", "e\u0301", "😀"];
    expect(new Set(names.map((name) => refOf("x", refScope(name)))).size).toBe(names.length);
  });
});

describe("isInScope", () => {
  it("knows every ref of its own scope by the ref alone, and next to none of another", () => {
    const other = refScope("default", "k");
    let passed = 0;
    for (let i = 0; i < 500; i++) {
      expect(isInScope(refOf(`text ${i}`, scope), scope)).toBe(true);
      if (isInScope(refOf(`text ${i}`, other), scope)) passed++;
    }
    expect(passed).toBeLessThan(2);
  });
});

describe("parseRef", () => {
  it("reads the second spelling, 24 hexadecimal digits of the same bits", () => {
    fc.assert(
      fc.property(text, (value) => {
        const ref = refOf(value, scope);
        const hex = refToHex(ref);
        expect(hex).toMatch(/^[0-9a-f]{24}$/);
        expect(parseRef(` ${hex.toUpperCase()} `)).toBe(ref);
      }),
    );
    expect(parseRef("0".repeat(24))).toBe("a".repeat(21) + parseRef("0".repeat(24))?.at(-1));
    expect(parseRef("f".repeat(24))).toMatch(/^d[a-z]{21}$/);
  });

  it("rejects letters for more than 96 bits, so that each ref has one spelling of each kind", () => {
    const most = parseRef("f".repeat(24)) ?? "";
    for (let i = 0; i < 26; i++)
      expect(parseRef(`z${most.slice(1, 21)}${String.fromCharCode(97 + i)}`)).toBeUndefined();
  });

  it("rejects every single mistyped letter", () => {
    const ref = refOf("mistyped", scope);
    for (let i = 0; i < ref.length; i++) {
      const wrong = ref[i] === "x" ? "y" : "x";
      expect(parseRef(ref.slice(0, i) + wrong + ref.slice(i + 1))).toBeUndefined();
    }
  });

  it("rejects what is no letter at every place, whatever the check letter", () => {
    const letters = refOf("text", refScope("default")).slice(0, -1);
    const checks = Array.from({ length: 26 }, (_, n) => String.fromCharCode(97 + n));
    for (let at = 0; at < letters.length; at++)
      for (const odd of ["`", "{", "1", "é"]) {
        const other = `${letters.slice(0, at)}${odd}${letters.slice(at + 1)}`;
        for (const check of checks) expect(parseRef(other + check)).toBeUndefined();
      }
  });

  it("rejects other lengths and characters", () => {
    const ref = refOf("length", scope);
    for (const bad of [
      "",
      ref.slice(1),
      `${ref}a`,
      `${ref.slice(0, 21)}1`,
      "é".repeat(22),
      "g".repeat(24),
      "0".repeat(23),
    ])
      expect(parseRef(bad)).toBeUndefined();
  });
});
