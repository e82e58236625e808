import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, parseRef, refOf, refScope } from "./ref.ts";

const scope = refScope("default");
const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }));

describe("refOf", () => {
  it("never changes: refs written yesterday are redeemed tomorrow", () => {
    expect(refOf("", scope)).toMatchInlineSnapshot(`"btpflbxxlbszgdcafdknkq"`);
    expect(refOf("headroom", scope)).toMatchInlineSnapshot(`"btadsecwaacladglxfpryn"`);
    expect(refOf("headroom", refScope("tenant-a", "s3cret"))).toMatchInlineSnapshot(
      `"cnwrcyigkuhflovnqeicce"`,
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

describe("parseRef", () => {
  it("rejects every single mistyped letter", () => {
    const ref = refOf("mistyped", scope);
    for (let i = 0; i < ref.length; i++) {
      const wrong = ref[i] === "x" ? "y" : "x";
      expect(parseRef(ref.slice(0, i) + wrong + ref.slice(i + 1))).toBeUndefined();
    }
  });

  it("rejects other lengths and characters", () => {
    const ref = refOf("length", scope);
    for (const bad of ["", ref.slice(1), `${ref}a`, `${ref.slice(0, 21)}1`, "é".repeat(22)])
      expect(parseRef(bad)).toBeUndefined();
  });
});
