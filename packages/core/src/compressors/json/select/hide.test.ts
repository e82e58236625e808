import { describe, expect, it } from "vitest";
import { viewWith } from "../../../../test/compress-with.ts";
import { jsonCompressor } from "../json.ts";

const counter = { name: "thirds", count: (text: string): number => Math.ceil(text.length / 3) };
const json = jsonCompressor();
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const nameOf = (at: number): string =>
  [at, Math.floor(at / 26), at * 7, at * 11].map((each) => LETTERS[each % 26]).join("");
const hashOf = (at: number): string =>
  Array.from({ length: 64 }, (_, digit) =>
    (Math.imul(at * 64 + digit + 1, 0x9e3779b1) >>> 28).toString(16),
  ).join("");

type Row = Record<string, unknown>;

function packages(count: number, odd: Record<number, Row> = {}): Row[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `@scope/${nameOf(at)}`,
    version: `${at % 9}.${at % 4}.1`,
    license: at % 5 === 0 ? "ISC" : "MIT",
    resolved: `https://registry.example.com/${nameOf(at)}/-/${nameOf(at)}-${at % 9}.tgz`,
    integrity: `sha256-${hashOf(at)}`,
    signatures: [{ keyid: `SHA256:${hashOf(at + 1)}`, sig: hashOf(at + 2) }],
    embedding: Array.from({ length: 24 }, (_, place) => Math.sin(at * 24 + place)),
    description: `What ${nameOf(at)} does in a few words. `.repeat(4),
    ...odd[at],
  }));
}

function viewOf(value: unknown, budgetTokens: number, query?: string): string {
  const context = { counter, budgetTokens, ...(query === undefined ? {} : { query }) };
  const view = viewWith(json, JSON.stringify(value), context);
  if (view === undefined) throw new Error("no view");
  return view.text;
}

describe("a list of things with names, over its cap", () => {
  const rows = packages(120);
  const view = viewOf(rows, 2_600);

  it("shows all of them, with what is short", () => {
    for (const { name, version } of rows) expect(view).toContain(`"${name}",${version}`);
  });

  it("says which fields are left out, and of how many", () => {
    expect(view).toMatch(/… .*integrity.* left out in 120 rows/);
    expect(view).toMatch(/… .*signatures.* left out in 120 rows/);
    expect(view).toMatch(/… .*embedding.* left out in 120 rows/);
    expect(view).not.toContain(hashOf(7));
  });

  it("keeps the beginnings of long texts before it leaves them out", () => {
    const roomy = viewOf(rows, 4_000);
    expect(roomy).toContain(`What ${nameOf(7)} does in a few words.`);
    expect(roomy).toMatch(/description cut short in 1\d\d rows/);
    expect(view).toMatch(/description.* left out in 1\d\d rows/);
  });

  it("leaves nothing out that fits", () => {
    expect(viewOf(rows, 9_000)).toContain("https://registry.example.com/");
  });
});

it("keeps all fields of a row that failed, as far as there is room", () => {
  const failed = { status: "ERROR: checksum mismatch" };
  const view = viewOf(packages(120, { 77: failed }), 2_600);
  expect(view).toContain("ERROR: checksum mismatch");
  expect(view).toContain(hashOf(77));
  expect(view).not.toContain(hashOf(70));
});

it("leaves a field that the question names out last", () => {
  const view = viewOf(packages(40), 2_600, "What is the integrity of each?");
  for (const at of [3, 20, 39]) expect(view).toContain(hashOf(at));
});

it("shows all keys of a map before the values in full", () => {
  const map = Object.fromEntries(
    packages(120).map(({ name, ...row }) => [`node_modules/${name}`, row]),
  );
  const view = viewOf(map, 3_400);
  for (const key of Object.keys(map)) expect(view).toContain(key);
  expect(view).toMatch(/integrity.* left out in 120 rows/);
});

it("shows rows by example that are only numbered", () => {
  const rows = packages(400).map((row, at) => ({ ...row, name: `job_${at}`, description: "" }));
  const view = viewOf(rows, 2_600);
  expect(view).toMatch(/… \d+ of 400 rows omitted/);
});

it("leaves out nothing that follows from other fields and so takes no room", () => {
  const rows = Array.from({ length: 40 }, (_, at) => ({
    login: nameOf(at),
    node: `N_${nameOf(at * 3)}${nameOf(at)}`,
    ...Object.fromEntries(
      ["", "/stars", "/groups", "/events", "/keys", "/repos", "/lists", "/hooks", "/files"].map(
        (part) => [`url${part}`, `https://api.example.org/v1/users/of/${nameOf(at)}${part}`],
      ),
    ),
  }));
  const view = viewWith(json, JSON.stringify(rows), { counter, budgetTokens: 3_000 });
  expect(view?.text ?? "", "no view, or one with").not.toContain("left out");
});

describe("what goes first of columns that are about as long", () => {
  const rows = Array.from({ length: 150 }, (_, at) => ({
    name: nameOf(at),
    released: new Date(Date.UTC(2026, 0, at)).toISOString().slice(0, 10),
    size: 10_000_000 + at * 7_919,
    codename: `${nameOf(at + 3)}-${nameOf(at + 5)}`,
  }));
  const view = viewOf(rows, 1_700);
  const leftOut = (field: string): number =>
    Number(new RegExp(`${field} left out in (\\d+) rows`).exec(view)?.[1] ?? 0);

  it("is what neither measures nor dates", () => {
    for (const { name, size } of rows) expect(view).toMatch(new RegExp(`${name},[-\\d…]+,${size}`));
    expect(leftOut("size")).toBe(0);
    expect(leftOut("released")).toBeLessThan(leftOut("codename"));
  });

  it("is told above the rows where `…` stands for it, and is no default of the header", () => {
    expect(view.split("\n")[0]).toMatch(/…: left out\.$/);
    expect(view).toContain(",…,");
    for (const text of [view, viewOf(packages(120), 2_600)]) expect(text).not.toContain("=…");
  });
});

it("says in which string the rows stand that it leaves something out of", () => {
  const text = JSON.stringify(packages(120));
  const view = viewOf({ content: [{ type: "text", text }] }, 2_600);
  expect(view).toMatch(/… in content\[0\]\.text: /);
});
