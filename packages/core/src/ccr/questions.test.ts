/** Questions, levels and counts, about all of an original or about a part of it, as a model reads the answers. */
import { describe, expect, it } from "vitest";
import { memoryStore } from "./memory-store.ts";
import type { RetrieveResult } from "./page.ts";
import { refOf, refScope } from "./ref.ts";
import type { RetrieveRequest } from "./request.ts";
import { retrieve } from "./retrieve.ts";

const lines = Array.from({ length: 300 }, (_, i) => `line ${i + 1} of the log`).join("\n");
const rows = Array.from({ length: 50 }, (_, id) => ({
  id,
  name: `user-${id}`,
  city: id === 31 ? "Reykjavík" : "Oslo",
}));
const json = JSON.stringify({ total: 50, data: { items: rows } }, null, 2);

async function ask(text: string, request: Omit<RetrieveRequest, "hash">): Promise<RetrieveResult> {
  const store = memoryStore();
  const hash = refOf(text, refScope("default"));
  await store.put({ ref: hash, text });
  return retrieve(store, { hash, ...request });
}
const served = (result: RetrieveResult): string => result.slices.map(({ text }) => text).join("");

describe("a question", () => {
  const log = Array.from({ length: 400 }, (_, n) => {
    const level = n === 399 ? "FATAL" : n % 50 === 7 ? "ERROR" : n % 40 === 5 ? "WARN" : "INFO";
    return `10:00:${n} ${level} worker-${n % 7} finished item ${n}`;
  }).join("\n");

  it("says how many matches it shows of how many, and where the next are", async () => {
    const first = await ask(log, { query: "worker-3" });
    expect(first.text).toMatch(/\n\[20 of 57 matches; for more call again with offset \d+\]$/);
    expect(first.text).toMatch(/^line 4: 10:00:3 INFO worker-3 finished item 3\nline 11: /);
    const second = await ask(log, { query: "worker-3", offset: first.nextOffset ?? 0 });
    expect(second.text).toMatch(/\n\[matches 21-40 of 57; for more call again with offset \d+\]$/);
    const third = await ask(log, { query: "worker-3", offset: second.nextOffset ?? 0 });
    expect(third.text).toMatch(/\n\[matches 41-57 of 57\]$/);
    expect(third.nextOffset).toBeUndefined();
    expect((await ask(log, { query: "item 41", limit: 3 })).text).toMatch(/\[1 of 1 match\]$/);
    expect((await ask(log, { query: "FATAL" })).text).toMatch(/\[1 of 1 match\]$/);
  });

  it("comes to weaker matches by the offset that is named with them", async () => {
    const first = await ask(log, { query: "item 4" });
    const [, offset] = /\[1 of 1 match; 10 more have it inside a longer word: call again with offset (\d+)\]$/.exec(first.text) ?? []; // biome-ignore format: one idea
    expect(first.nextOffset).toBeUndefined();
    const more = await ask(log, { query: "item 4", offset: Number(offset) });
    expect(more.text).toContain("finished item 40\n");
    expect(more.text).toMatch(/\[matches 2-11 of 11\]$/);
  });

  it("is about the part that lines, rows or a path select", async () => {
    expect((await ask(log, { query: "worker-3", lines: "1-20", count: true })).text).toBe(
      "3 matches",
    );
    expect(served(await ask(json, { query: "oslo", rows: "30-32", limit: 1 }))).toContain(
      "user-30",
    );
    expect((await ask(json, { query: "oslo", rows: "30-32" })).text).toMatch(/\[2 of 2 matches\]$/);
    expect((await ask(json, { query: "Oslo", path: "data.items[31]" })).note).toMatch(/^Nothing/);
    expect((await ask(json, { query: "Oslo", path: "data.nothing" })).note).toMatch(/^There is no/);
  });

  it("of a level is about lines and records of that level", async () => {
    const errors = await ask(log, { level: "error" });
    expect(errors.text).toMatch(
      /\[9 of 9 matches\]\nLevels: info ×\d+, warn ×\d+, error ×8, fatal ×1\.$/,
    );
    expect((await ask(log, { level: "fatal", count: true })).text).toBe("1 match");
    expect((await ask(log, { level: "error", query: "worker-3", count: true })).text).toBe(
      "1 match",
    );
    expect((await ask(log, { level: "debug" })).note).toMatch(
      /^Nothing is of level debug\. Levels: /,
    );
    expect((await ask(log, { level: "loud" })).note).toBe(
      'Cannot read level "loud": write error, warn, info or debug.',
    );
    expect(served(await ask(log, { level: "loud", lines: "1" }))).toContain("item 0");
    const records = [{ level: 30, msg: "no error" }, { level: 50, msg: "gone" }, { level: 60 }];
    const found = await ask(records.map((each) => JSON.stringify(each)).join("\n"), { level: "error" }); // biome-ignore format: one idea
    expect(found.slices.map(({ label }) => label)).toEqual(["row 1", "row 2"]);
  });
});

describe("count", () => {
  it.each<[text: string, request: Omit<RetrieveRequest, "hash">, number: string]>([
    [lines, {}, "300 lines"],
    [lines, { lines: "5-9,299-" }, "7 lines"],
    [lines, { query: "line 15" }, "1 match; 10 more have it inside a longer word"],
    [lines, { query: "LOG" }, "300 matches"],
    [json, {}, "50 rows, 257 lines"],
    [json, { path: "data.items" }, "50 rows"],
    [json, { path: "data" }, "1 key"],
    [json, { path: "data.items[city=Oslo].id" }, "49 values"],
    [json, { path: "total" }, "1 value"],
    [json, { rows: "3-" }, "47 rows"],
    [json, { path: "data.items", rows: "3-5" }, "3 rows"],
  ])("of %.20j with %j is %s", async (text, request, number) => {
    const result = await ask(text, { ...request, count: true });
    expect(result).toMatchObject({ text: number, note: number, slices: [], shown: 0 });
  });

  it("of nothing is 0, and says why", async () => {
    expect((await ask(lines, { query: "zzqq", count: true })).text).toBe(
      '0: Nothing matches "zzqq". The original has 300 lines.',
    );
    expect((await ask(lines, { query: "line of zebras", count: true })).text).toMatch(
      /^300 matches\. Nothing has "line of zebras" as it stands; /,
    );
  });
});

describe("texts inside strings", () => {
  const text = JSON.stringify({ code: 0, stdout: `${lines}\n`, note: "one line" }, null, 2);

  it("are served as what they say, by lines of their own", async () => {
    expect(served(await ask(text, { path: "stdout", lines: "3-4" }))).toBe(
      "line 3 of the log\nline 4 of the log\n",
    );
    expect((await ask(text, { path: "stdout", lines: "3" })).slices[0]?.label).toBe(
      "lines 3 of 300 of stdout",
    );
    expect((await ask(text, { path: "stdout" })).slices[0]?.label).toBe(
      "the text at stdout (300 lines)",
    );
    expect((await ask(text, { path: "stdout", lines: "301" })).note).toBe(
      "No such lines: the text at stdout has lines 1-300.",
    );
  });

  it("are counted by lines of the original where the path names no text", async () => {
    expect(served(await ask(text, { path: "code", lines: "2" }))).toBe('  "code": 0,\n');
  });
});

it("rows of a text without JSON are its lines", async () => {
  const result = await ask(lines, { rows: "3-4" });
  expect(served(result)).toBe("line 3 of the log\nline 4 of the log\n");
  expect(result.note).toBe("The original is not JSON: the numbers are those of its lines, from 1.");
});
