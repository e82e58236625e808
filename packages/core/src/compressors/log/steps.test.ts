import { describe, expect, it } from "vitest";
import { finish, STEP_CHARACTERS } from "../../steps.ts";
import { splitAtBreaks, splitInSteps } from "../../text/lines.ts";
import type { Answer, Steps } from "../../types/compressor.ts";
import { Draft } from "../shared/draft.ts";
import { countCandidates } from "../shared/name-candidates.ts";
import { fill } from "./fill.ts";
import { closeSmallGaps, fold } from "./fold.ts";
import { groupLines } from "./grouping.ts";
import { findWays } from "./headings.ts";
import { buildShape } from "./line-template.ts";
import { logCompressor } from "./log.ts";
import { proveLog } from "./lossless-decode.ts";
import { mineTemplates } from "./mine.ts";
import { originalLog } from "./original.ts";
import { planView } from "./plan.ts";
import { splitRows } from "./split.ts";
import { countLines, summarize } from "./summary.ts";
import { viewOf } from "./view.ts";

const LENGTH = 400_000;
const counter = { name: "quarters", count: (text: string): number => Math.ceil(text.length / 4) };

function logOf(line: (at: number) => string, end = "\n"): string {
  const lines: string[] = [];
  for (let at = 0, size = 0; size < LENGTH; at++) {
    const next = line(at);
    lines.push(next);
    size += next.length + end.length;
  }
  return lines.join(end) + end;
}

const words = "queue shard buffer worker token cache retry node".split(" ");
const word = (at: number): string => `${words[at % 8]}${(at * 7_919) % 10_007}`;
const clock = (at: number): string => `10:${10 + (Math.floor(at / 50) % 50)}:${10 + (at % 50)}`;

/** Texts of about 400 kB, each large in another way. */
const texts: Readonly<Record<string, string>> = {
  "one shape": logOf(
    (at) =>
      `${clock(at)} ${at % 97 === 0 ? "ERROR" : "INFO"} worker-${at % 7} job ${at * 7_919} took ${at % 901} ms`,
  ),
  "many shapes": logOf((at) => `${clock(at)} INFO ${word(at % 300)} took ${at % 901} ms`),
  "names in every line": logOf(
    (at) =>
      `GET https://registry.example.org/packages/scope-${at % 40}/${word(at)} ${at % 9}ms (cache hit)`,
  ),
  failures: logOf((at) => `ERROR ${word(at)} ${word(at * 3)} failed`),
  "lines of a word or two": logOf((at) => `a ${at % 50}`),
  "long lines": logOf(
    (at) => `${clock(at)} INFO ${Array.from({ length: 99 }, (_, n) => word(at + n)).join(" ")}`,
  ),
  "a stack of frames": logOf((at) => `    at f${at} (/app/src/file${at % 99}.js:${at % 901}:9)`),
  "Windows line ends": logOf((at) => `${clock(at)} INFO step ${at} done`, "\r\n"),
};

/** Drives work step by step. */
function drive<Value>(steps: Steps<Value>): { readonly steps: number; readonly value: Value } {
  for (let count = 1; ; count++) {
    const step = steps.next();
    if (step.done) return { steps: count, value: step.value };
  }
}

function stepsOf<Value>(answer: Answer<Value> | undefined): Steps<Value> {
  return answer as Steps<Value>;
}

describe("400 kB of a log is worked on in steps", () => {
  const log = logCompressor();
  for (const [name, text] of Object.entries(texts)) {
    it(`${name}: encoded, proven and shortened`, () => {
      const passes = Math.floor(text.length / STEP_CHARACTERS);
      const encoded = drive(stepsOf(log.encode(text, { counter })));
      // Splitting, reading and printing at least.
      expect(encoded.steps).toBeGreaterThan(3 * passes);
      const form = encoded.value as string | undefined;
      if (form !== undefined) {
        const proof = drive(proveLog(text, form));
        expect(proof).toMatchObject({ value: true });
        // Splitting and reading.
        expect(proof.steps).toBeGreaterThan((2 * form.length) / STEP_CHARACTERS);
        expect(log.decode(form)).toBe(text);
        expect(drive(proveLog(`${text}\n`, form)).value).toBe(false);
        expect(drive(proveLog(text, text)).value).toBe(false);
      }
      for (const query of [undefined, "which worker of shard 7 failed?"]) {
        const context = { counter, budgetTokens: 2_000, ...(query === undefined ? {} : { query }) };
        expect(drive(stepsOf(log.shorten?.(text, context))).steps).toBeGreaterThan(3 * passes);
      }
    });
  }
});

describe("every pass over 400 kB yields all along", () => {
  const text = texts["one shape"] as string;
  const failures = finish(splitAtBreaks(texts.failures as string));
  const lines = finish(splitAtBreaks(text));
  const rows = lines.map((line) => line.split(" "));
  const columns = (rows[0] ?? []).length;
  const values = rows.filter((row) => row.length === columns);
  const { units, templates, severity } = finish(planView(lines, lines, undefined));
  const { shown } = finish(fill(lines, units, 6_000, 9_000));
  const selected = { lines, shown, templates, severity, firstLine: 1 };

  const passes: Readonly<Record<string, () => Steps<unknown>>> = {
    "split at breaks": () => splitAtBreaks(text),
    "split at line ends": () => splitInSteps(text),
    "clean lines": () => viewOf(lines),
    "mine templates": () => mineTemplates(lines),
    "mine templates of failures": () => mineTemplates(failures, { strict: () => true }),
    "find headings": () => findWays(lines),
    "plan a view": () => planView(lines, lines, undefined),
    "close small gaps": () => closeSmallGaps(lines, shown),
    "print what is shown": () => fold(lines, new Uint8Array(lines.length).fill(1), { templates }),
    "fold what is hidden": () => fold(lines, shown, { templates }),
    "sum up": () => summarize(selected, { levels: [], others: [] }, 2_000),
    "count lines": () => countLines(lines),
    "read again": () => originalLog(text),
    "group lines": () => groupLines(lines, () => false),
    "split rows": () => splitRows(values, 12),
    "build a shape": () => buildShape(Array(columns + 1).fill(" "), values),
    "count candidates": () => countCandidates(lines, () => true),
  };
  for (const [name, make] of Object.entries(passes)) {
    it(name, () => {
      // Rows are counted, not characters: a row is worth a few of them.
      expect(drive(make()).steps).toBeGreaterThan(text.length / STEP_CHARACTERS / 8);
    });
  }

  it("print, with a name in every piece", () => {
    const draft = new Draft();
    for (const line of lines) draft.text(`/opt/build/agents/workspace/packages/core ${line}`);
    const { definitions, body } = drive(draft.print(text)).value;
    const counted = drive(countCandidates(lines, () => true)).steps;
    // Writing names into the pieces and printing them.
    expect(definitions.length).toBeGreaterThan(0);
    expect(drive(draft.print(text)).steps - counted).toBeGreaterThan(
      (2 * body.length) / STEP_CHARACTERS,
    );
  });
});
