/**
 * What is there is never denied: whatever an original is made of, each value's text, each row and each piece of it is served when it
 * is asked for.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore } from "./memory-store.ts";
import { refOf, refScope } from "./ref.ts";
import type { RetrieveRequest } from "./request.ts";
import { retrieve } from "./retrieve.ts";

const RUNS = Math.max(60, Math.floor(Number(process.env.HEADROOM_LAW_RUNS ?? 0) / 10));

const word = fc.constantFrom("disk", "full", "web-1", "Reykjavík", "a b", 'say "hi"', "C:\\new\\x", "one\ntwo", "日本", "😀", "item 25", "item 250", "x"); // biome-ignore format: one idea
const leaf = fc.oneof(
  word,
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const record = fc.dictionary(fc.constantFrom("id", "name", "state", "a.b", "x y", "note"), leaf, {
  minKeys: 1,
});
const rows = fc.array(record, { minLength: 1, maxLength: 40 });
/** Wide enough to be taken apart. */
const padded = fc
  .tuple(record, fc.nat(9_000))
  .map(([own, pad]) => ({ ...own, pad: "p".repeat(pad) }));
const json = fc.oneof(
  rows,
  fc.record({ total: fc.nat(), items: rows }),
  fc.array(padded, { minLength: 1, maxLength: 3 }),
  rows.map((all) => ({ content: [{ type: "text", text: JSON.stringify(all) }] })),
  rows.map((all) => ({ body: JSON.stringify({ text: JSON.stringify(all) }) })),
  fc.array(word, { minLength: 200, maxLength: 400 }).map((all) => ({ stdout: all.join("\n") })),
);
const written = fc
  .tuple(json, fc.constantFrom(undefined, 1, 2, "ndjson", "ascii"))
  .map(([value, style]) => {
    if (style === "ndjson" && Array.isArray(value))
      return value.map((item) => JSON.stringify(item)).join("\n");
    if (style === "ascii")
      return JSON.stringify(value).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`); // biome-ignore format: one idea
    return JSON.stringify(value, null, typeof style === "number" ? style : undefined);
  });
const prose = fc.oneof(
  fc.constantFrom("", "Result:", "$ cat app.log", "[12:01:33] GET /", "{ no json", "[1] done"),
  word,
);
const original = fc
  .tuple(
    fc.array(fc.oneof(written, prose), { minLength: 1, maxLength: 6 }),
    fc.nat(30),
    fc.boolean(),
  )
  .map(([parts, cut, isCut]) => {
    const text = `${parts.join("\n")}\n.`;
    return isCut ? text.slice(0, Math.max(1, text.length - cut)) : text;
  });

async function everything(text: string, request: Omit<RetrieveRequest, "hash">): Promise<string[]> {
  const store = memoryStore();
  const hash = refOf(text, refScope("default"));
  await store.put({ ref: hash, text });
  const served: string[] = [];
  let offset: number | undefined = 0;
  for (let pages = 0; offset !== undefined && pages < 50; pages++) {
    const page = await retrieve(store, { hash, ...request, offset });
    served.push(...page.slices.map((slice) => slice.text));
    offset = page.nextOffset;
  }
  return served;
}

/** A text as it stands, or as JSON's escapes stand for it, however often. */
function says(slice: string, wanted: string): boolean {
  let read = slice;
  for (let times = 0; times < 4; times++) {
    if (read.toLowerCase().includes(wanted.toLowerCase())) return true;
    read = read.replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (_, hex, sign) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : sign === "n" ? "\n" : sign,
    );
  }
  return false;
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, own]) => [key, ...leavesOf(own)]);
}

describe("what is there is never denied", () => {
  it("each key and value, asked by query", async () => {
    await fc.assert(
      fc.asyncProperty(written, prose, prose, fc.nat(), async (value, above, below, seed) => {
        const text = `${above}\n${value}\n${below}`;
        const leaves = value.split("\n").flatMap((line) => {
          try {
            return leavesOf(JSON.parse(line));
          } catch {
            return [];
          }
        });
        const wanted = leaves[seed % leaves.length]?.trim() ?? "";
        if (wanted === "" || wanted.length > 3_000) return;
        const served = await everything(text, { query: wanted });
        expect(
          served.some((slice) => says(slice, wanted)),
          wanted,
        ).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it("each piece of the original, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(
        original,
        fc.nat(),
        fc.integer({ min: 1, max: 60 }),
        async (text, at, size) => {
          const start = at % text.length;
          const query = text.slice(start, start + size);
          if (query.trim() === "") return;
          expect((await everything(text, { query })).join(""), query).not.toBe("");
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("each row, of an array that stands alone, among text, in a string or before a cut", async () => {
    const framed = fc.constantFrom<(all: string) => string>(
      (all) => all,
      (all) => `Found:\n${all}\n3 warnings`,
      (all) => JSON.stringify({ content: [{ type: "text", text: all }], isError: false }),
      (all) => `2026-11-28 10:00 INFO start\n${all}\n2026-11-28 10:01 INFO end`,
      (all) => `${all.slice(0, -1)},\n{"id": "cut of`,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 12, maxLength: 60 }),
        framed,
        fc.constantFrom(undefined, 2),
        fc.nat(),
        async (all, frame, indent, at) => {
          const text = frame(JSON.stringify(all, null, indent));
          const row = at % all.length;
          const [slice = "", ...more] = await everything(text, { rows: String(row) });
          expect(more).toEqual([]);
          expect(JSON.parse(slice)).toEqual(JSON.parse(JSON.stringify(all[row])));
          const total = await everything(text, { rows: "0-" });
          expect(total.join("")).toContain(slice);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("each line that a view numbers", async () => {
    await fc.assert(
      fc.asyncProperty(original, fc.nat(), async (text, at) => {
        const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
        const line = at % lines.length;
        expect((await everything(text, { lines: String(line + 1) })).join("")).toBe(lines[line]);
      }),
      { numRuns: RUNS },
    );
  });
});
