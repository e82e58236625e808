import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../json/document.ts";
import { finish } from "../../steps.ts";
import { encodeDocument, minifyDocument } from "./encode.ts";
import { decodeForm } from "./form.ts";

const RUNS = Number(process.env.HEADROOM_LAW_RUNS ?? 150);
const counter = { name: "letters", count: (text: string) => Math.ceil(text.length / 3) };

function formOf(value: unknown): string {
  const document = readDocument(JSON.stringify(value));
  if (document === undefined) throw new Error("not a document");
  const form = finish(encodeDocument(document, counter));
  expect(decodeForm(form)).toBe(finish(minifyDocument(document)));
  return form;
}

const person = (n: number): object => ({
  login: `user-${n * 7919}`,
  mail: `m${n * 31}@example.org`,
});
const ports = (count: number, change: (row: number) => object = () => ({})): object[] =>
  Array.from({ length: count }, (_, row) => ({
    host: `node-${row * 53}.example.net`,
    owner: person(row),
    all: [{ host: `node-${row * 53}.example.net`, owner: person(row), main: true }],
    ...change(row),
  }));

describe("lists and records made of fields beside them", () => {
  it("stand in the header, with references to those fields", () => {
    const form = formOf(ports(12));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation looks like this
    expect(form).toContain("all=[All(${host},${owner})]");
    expect(form.split("user-7919,").length).toBe(2);
    expect(form).not.toContain("@1");
  });

  it("are said by the rows that have other ones", () => {
    const other = { host: "other.example.net", owner: person(99), main: true };
    const form = formOf(ports(12, (row) => (row === 5 ? { all: [other, other] } : {})));
    expect(form).toMatch(/^node-265\.example\.net,.*;all=/m);
  });

  it("are whole fields, too: an author who is the owner", () => {
    const rows = ports(9).map((row, at) => ({ ...row, author: person(at) }));
    expect(formOf(rows)).toMatch(/(author|owner)=\$\{(author|owner)\}/);
  });

  it("are given back where fields are missing, null, renamed, or the same by chance", () => {
    const cell = fc.constantFrom<unknown>(
      null,
      "a",
      "b c",
      1,
      [],
      { login: "a", mail: "b c" },
      { login: "b c", mail: "b c" },
      { mail: "a" },
      ["a", "b c"],
      [{ login: "a", mail: "b c" }],
      [{ login: "b c", mail: "b c" }, "a"],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: looks like a reference
      ["${x}", "a"],
      { x: "a", nested: { login: "a", mail: "b c" } },
    );
    const row = fc.record({ x: cell, y: cell, "odd key": cell, z: cell }, { requiredKeys: ["x"] });
    const isSame = fc.constantFrom("x", "y", "z", "none");
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 12 }), isSame, isSame, (rows, a, b) => {
        formOf(
          rows.map((one) => ({ ...one, [a]: one.y, [b]: [one.x, { login: one.x, mail: one.y }] })),
        );
      }),
      { numRuns: RUNS },
    );
  });
});

describe("names", () => {
  it("are not given to a value of each row that stands there twice", () => {
    const rows = Array.from({ length: 20 }, (_, row) => ({
      id: row,
      from: { street: `Lane ${row * 37}`, city: `C${row * 11}` },
      steps: [
        row * 17,
        { street: `Lane ${row * 37}`, city: `C${row * 11}` },
        `s${row * 7}`,
        row % 3,
      ],
    }));
    expect(formOf(rows)).not.toMatch(/^@\d+=/m);
  });
});

describe("numbers of keys", () => {
  const wide = (width: number, from = 0): object =>
    Object.fromEntries(
      Array.from({ length: width }, (_, at) => [`key_${at}`, `v${from + at * 13}`]),
    );

  it("stand behind the header of wide rows, as the most where some have fewer", () => {
    expect(formOf([wide(12), wide(12, 1), wide(12, 5)])).toMatch(/^Row\(.*\) 12 keys$/m);
    expect(formOf([wide(12), wide(12, 1), wide(10, 5)])).toMatch(/^Row\(.*\) up to 12 keys$/m);
    expect(formOf([wide(5), wide(5, 1), wide(5, 9)])).not.toContain("keys");
  });

  it("stand in large objects", () => {
    expect(formOf({ ...wide(14), inner: wide(11) })).toMatch(/^\{15 keys$/m);
  });
});
