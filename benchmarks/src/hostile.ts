/** Input made to hurt: it must not throw, must stay linear, and come back untouched or exact. */
import { stripMarker } from "@headroom/core";
import { type Given, isMadeOf, watched } from "../../test/laws/forms.ts";
import { roundTrip, timed } from "./measure.ts";
import { median, ms, progress, type Report } from "./report.ts";
import type { Bench, Subject } from "./subject.ts";

type Make = (units: number) => string;

const INPUTS: readonly (readonly [string, Make])[] = [
  ["JSON nested as deep as it is long", (n) => "[".repeat(n) + "]".repeat(n)],
  ["nested objects that never close", (n) => '{"a":'.repeat(n)],
  [
    "__proto__ and constructor keys",
    (n) => `[${'{"__proto__":{"x":1},"constructor":2},'.repeat(n / 20)}0]`,
  ],
  [
    "1e400, 10^400 and -0",
    (n) => `[${`{"a":1e400,"b":1${"0".repeat(400)},"c":-0.0},`.repeat(n / 400)}0]`,
  ],
  ["duplicate and integer-like keys", (n) => `[${'{"2":1,"1":2,"1":3},'.repeat(n / 20)}0]`],
  [
    "lone surrogates",
    (n) =>
      `${JSON.stringify(Array.from({ length: n / 20 }, (_, i) => ({ id: i, v: "\ud800" })))}\udc00`,
  ],
  ["NUL bytes", (n) => "\0 line with nul \0\n".repeat(n / 10)],
  ["ANSI colours", (n) => "\u001b[31mERROR\u001b[0m it \u001b[1mfailed\u001b[0m\n".repeat(n / 20)],
  ["CRLF log", (n) => "2026-11-22T10:00:00Z INFO request served\r\n".repeat(n / 20)],
  ["carriage-return progress", (n) => "downloading 12%\rdownloading 13%\r".repeat(n / 20)],
  ["a run of letters", (n) => "a".repeat(n * 2)],
  ["a run of spaces", (n) => " ".repeat(n * 2)],
  ["a run of Chinese", (n) => "中".repeat(n)],
  ["a run of emoji", (n) => "😀".repeat(n / 2)],
  ["a run of punctuation", (n) => "/\n".repeat(n)],
  ["one line without end", (n) => "word 12 ".repeat(n)],
  ["open fences", (n) => "```json\n".repeat(n / 10)],
  [
    "our own markers, forged",
    (n) => "[[hr:aaaaaaaaaaaaaaaaaaaaaa json, omitted: 9 of 9 rows]]\n".repeat(n / 50),
  ],
  ["grep hits with colons", (n) => "a:1:b:2:c:3:d:4:\n".repeat(n / 10)],
  ["diff headers without a body", (n) => "diff --git a/x b/x\n@@ -1 +1 @@\n".repeat(n / 20)],
  ["stack traces that never end", (n) => "    at f (file.js:1:1)\n".repeat(n / 10)],
  [
    "escaped JSON in JSON in JSON",
    (n) => JSON.stringify(JSON.stringify(JSON.stringify({ a: '"'.repeat(n / 20) }))),
  ],
];

export async function hostile({ subject, size, report }: Bench): Promise<Report> {
  const out = report("hostile", "Hostile input");
  const rows: string[][] = [];
  const counts = { calls: 0, thrown: 0, results: 0, exact: 0 };
  let worst: { readonly name: string; readonly factor: number } | undefined;
  for (const [name, make] of INPUTS) {
    progress(name);
    const small = await run(make(size.hostileUnits), subject, size.enoughMs);
    const large = await run(make(2 * size.hostileUnits), subject, size.enoughMs);
    const factor = large.milliseconds / small.milliseconds;
    for (const { calls, thrown, exact } of [small, large]) {
      counts.calls += calls;
      counts.thrown += thrown;
      counts.results += calls - thrown;
      counts.exact += exact;
    }
    if (worst === undefined || !(factor <= worst.factor)) worst = { name, factor };
    rows.push([
      name,
      large.size,
      ms(small.milliseconds),
      ms(large.milliseconds),
      factor.toFixed(2),
      large.outcome,
    ]);
  }
  progress("");
  out.table(["input", "size", "time(n)", "time(2n)", "factor", "outcome"], rows);
  out.judge("hostile thrown", { met: counts.calls - counts.thrown, of: counts.calls });
  out.judge("hostile exact", { met: counts.exact, of: counts.results });
  out.judge("hostile growth", worst?.factor, { note: worst?.name ?? "" });
  out.save();
  return out;
}

const RUNS = 5;

async function run(text: string, subject: Subject, enoughMs: number) {
  const size = `${(text.length / 1e6).toFixed(2)} MB`;
  let [thrown, exact] = [0, 0];
  let outcome = "";
  const perRun: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    // What takes next to nothing is done often: below a few milliseconds a factor measures the clock.
    let [spent, times] = [0, 0];
    while (times === 0 || (spent < enoughMs / RUNS && times < 200)) {
      times++;
      const store = subject.store();
      const given: Given[] = [];
      try {
        const compressors = watched(given, subject.compressors());
        const { value, threadMs } = await timed(() =>
          subject.make({ store, compressors }).compressText(text),
        );
        spent += threadMs;
        const { block, ref } = value;
        outcome = `${block.outcome}: ${block.kind ?? block.reason}`.slice(0, 80);
        if (times > 1) continue;
        const kept = await roundTrip(text, value, store);
        const decodes = !block.lossless || isMadeOf(text, stripMarker(value.text), given);
        if (value.text === text || (kept === "exact" && ref !== undefined && decodes)) exact++;
      } catch (error) {
        thrown++;
        outcome = `threw ${String(error).slice(0, 60)}`;
        break;
      }
    }
    perRun.push(spent / times);
  }
  // The first call of each run is looked at; the others are there for the time they take.
  return { size, milliseconds: median(perRun), outcome, calls: RUNS, thrown, exact };
}
