import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import type { ShortenContext } from "../../types/compressor.ts";
import { jsonCompressor } from "../json/json.ts";
import { unitsOfRecords, viewOfRecords } from "./records.ts";

const context: ShortenContext = {
  budgetTokens: 400,
  counter: { name: "quarter", count: (text) => Math.ceil(text.length / 4) },
};

function viewOf(text: string): string | undefined {
  return finish(viewOfRecords(text, context))?.text;
}

async function viewOfJson(text: string): Promise<string | undefined> {
  const view = await jsonCompressor().shorten?.(text, context);
  return view && Symbol.iterator in view ? finish(view)?.text : view?.text;
}

function numbered(lines: readonly string[], from = 1, separator = "→"): string {
  return lines.map((line, at) => `${String(from + at).padStart(6)}${separator}${line}`).join("\n");
}

function records(count: number): string[] {
  return Array.from({ length: count }, (_, id) =>
    JSON.stringify({ id, service: `svc-${id % 7}`, state: id === 77 ? "failed" : "running" }),
  );
}

describe("a numbered read of records", () => {
  it("is shown as its lines are without their numbers, and what stands below it whole", async () => {
    const below = "\n\n<system-reminder>\nMind the files.\n</system-reminder>\n";
    for (const separator of ["→", "\t", ": ", "|"])
      for (const from of [1, 95]) {
        const view = viewOf(numbered(records(120), from, separator) + below);
        expect(view).toBe(await viewOfJson(records(120).join("\n") + below));
        expect(view).toContain("state=failed");
        expect(view).toContain(below);
      }
  });

  it("is read again as its records", () => {
    const units = finish(unitsOfRecords(numbered(records(120))));
    expect(units.values("$", "service")?.[77]).toBe("svc-0");
    expect(finish(unitsOfRecords("no records")).values("$", "service")).toBeUndefined();
  });

  it("has no view where lines are no records, or their numbers are not those of one file", () => {
    const lines = records(120);
    const pretty = JSON.stringify(
      lines.map((line) => JSON.parse(line)),
      null,
      2,
    ).split("\n");
    const broken = lines.with(60, `${lines[60]?.slice(0, 30)} … [line cut]`);
    const none = {
      "a document over several lines": numbered(pretty),
      "a broken line": numbered(broken),
      "a line of text": numbered(lines.with(60, "# services")),
      "text above": `File: services.jsonl\n${numbered(lines)}`,
      "two files": `${numbered(lines)}\n${numbered(lines)}`,
      "a gap": `${numbered(lines.slice(0, 60))}\n${numbered(lines.slice(60), 90)}`,
      "five records": numbered(lines.slice(0, 5)),
      "no numbers": lines.join("\n"),
    };
    for (const [name, text] of Object.entries(none))
      expect([name, viewOf(text)]).toEqual([name, undefined]);
  });

  it("is shown as its lines are, whatever the records", async () => {
    const record = fc.dictionary(
      fc.constantFrom("id", "name", "note", "tags", "state"),
      fc.oneof(fc.integer(), fc.string(), fc.constantFrom("ok", "failed"), fc.array(fc.integer())),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 40, maxLength: 90 }), async (rows) => {
        const lines = rows.map((row) => JSON.stringify(row));
        expect(viewOf(numbered(lines))).toBe(await viewOfJson(lines.join("\n")));
      }),
      { numRuns: Math.min(200, Number(process.env.HEADROOM_LAW_RUNS ?? 20)) },
    );
  });
});
