/** Input made to hurt: it must not throw, must stay linear, and come back untouched or exact. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { roundTrip, timed } from "./measure.ts";
import { median, ms, progress, type Report, report } from "./report.ts";

type Make = (units: number) => string;

const N = 250_000;

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

export async function hostile(): Promise<Report> {
  const out = report("hostile", "Hostile input");
  const rows: string[][] = [];
  let thrown = 0;
  let wrong = 0;
  let worst = { name: "", factor: 0 };
  for (const [name, make] of INPUTS) {
    progress(name);
    const small = await run(make(N));
    const large = await run(make(2 * N));
    // Below this a factor measures the clock and the compiler.
    const factor = large.milliseconds < 25 ? Number.NaN : large.milliseconds / small.milliseconds;
    if (small.thrown || large.thrown) thrown++;
    if (small.wrong || large.wrong) wrong++;
    if (factor > worst.factor) worst = { name, factor };
    rows.push([
      name,
      large.size,
      ms(small.milliseconds),
      ms(large.milliseconds),
      Number.isNaN(factor) ? "–" : factor.toFixed(2),
      large.outcome,
    ]);
  }
  progress("");
  out.table(["input", "size", "time(n)", "time(2n)", "factor", "outcome"], rows);
  out.target({
    figure: "hostile input: thrown",
    target: "0",
    value: String(thrown),
    reached: thrown === 0,
  });
  out.target({
    figure: "hostile input: neither untouched nor exact",
    target: "0",
    value: String(wrong),
    reached: wrong === 0,
  });
  out.target({
    figure: "hostile input: worst time(2n) / time(n)",
    target: "≤ 2.5",
    value: `${worst.factor.toFixed(2)} (${worst.name})`,
    reached: worst.factor <= 2.5,
  });
  out.save();
  return out;
}

async function run(text: string) {
  const size = `${(text.length / 1e6).toFixed(2)} MB`;
  const times: number[] = [];
  let outcome = "";
  let wrong = false;
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      const store = memoryStore({ maxBytes: 1024 ** 3 });
      const { value, threadMs } = await timed(() => createHeadroom({ store }).compressText(text));
      times.push(threadMs);
      outcome = `${value.block.outcome}: ${value.block.kind ?? value.block.reason}`.slice(0, 80);
      wrong = value.text !== text && (await roundTrip(text, value, store)) !== "exact";
    }
    return { size, milliseconds: median(times), outcome, wrong, thrown: false };
  } catch (error) {
    return {
      size,
      milliseconds: 0,
      outcome: `threw ${String(error).slice(0, 60)}`,
      wrong,
      thrown: true,
    };
  }
}
