import { describe, expect, it } from "vitest";
import { STEP_CHARACTERS } from "../../steps.ts";
import type { Answer, Steps } from "../../types/compressor.ts";
import { tableCompressor } from "./table.ts";

const LENGTH = 400_000;
const counter = { name: "quarters", count: (text: string): number => Math.ceil(text.length / 4) };

function tableOf(head: readonly string[], row: (at: number) => string): string {
  const lines = [...head];
  for (let at = 0, size = 0; size < LENGTH; at++) {
    const next = row(at);
    lines.push(next);
    size += next.length + 1;
  }
  return `${lines.join("\n")}\n`;
}

const hash = (at: number): string => ((at * 2_654_435_761) >>> 0).toString(16).padStart(8, "0");
const state = (at: number): string => (at % 97 === 0 ? "failed" : "ok");

/** Tables of about 400 kB, one for each layout. */
const texts: Readonly<Record<string, string>> = {
  csv: tableOf(
    ["id,commit,state,size"],
    (at) => `${at},${hash(at)},${state(at)},${(at * 7_919) % 9_999}`,
  ),
  "words and a tab": tableOf([], (at) => `100644 blob ${hash(at)}\tsrc/part-${at % 40}/${at}.ts`),
  bars: tableOf(
    ["| id | commit | state |", "| --- | --- | --- |"],
    (at) => `| ${at} | ${hash(at)} | ${state(at)} |`,
  ),
  "fixed width": tableOf(
    ["NAME          COMMIT        STATE"],
    (at) => `${`pod-${at}`.padEnd(14)}${hash(at).padEnd(14)}${state(at)}`,
  ),
  pairs: tableOf([], (at) => `stat_${hash(at)}:calls=${at},usec=${at % 901},failed=${at % 2}`),
};

/** Drives work step by step. */
function drive<Value>(answer: Answer<Value> | undefined): {
  readonly steps: number;
  readonly value: Value;
} {
  const steps = answer as Steps<Value>;
  for (let count = 1; ; count++) {
    const step = steps.next();
    if (step.done) return { steps: count, value: step.value };
  }
}

describe("400 kB of a table is worked on in steps", () => {
  const table = tableCompressor();
  for (const [name, text] of Object.entries(texts)) {
    it(`${name}: encoded, proven and shortened`, () => {
      const passes = text.length / STEP_CHARACTERS;
      const encoded = drive(table.encode(text, { counter }));
      // Splitting, reading, checking and printing at least.
      expect(encoded.steps).toBeGreaterThan(4 * passes);
      const form = encoded.value as string;
      const proof = drive(table.prove?.(text, form));
      expect(proof).toMatchObject({ value: true });
      // Splitting and reading.
      expect(proof.steps).toBeGreaterThan((2 * form.length) / STEP_CHARACTERS);
      expect(table.decode(form)).toBe(text);
      expect(drive(table.prove?.(`${text}\n`, form)).value).toBe(false);
      for (const query of [undefined, "which pod failed?"]) {
        const context = { counter, budgetTokens: 2_000, ...(query === undefined ? {} : { query }) };
        expect(drive(table.shorten?.(text, context)).steps).toBeGreaterThan(3 * passes);
      }
    });
  }
});

/** Texts that make readers try much, by their number of lines. */
const hostile: Readonly<Record<string, (at: number) => string>> = {
  "quotes that nothing closes": (at) => `${at},"open ${at}`,
  "a heading every sixth line": (at) => (at % 6 === 5 ? "Heading only:" : `${at},x,y,${at * 7}`),
  "blocks of four lines": (at) => (at % 5 === 4 ? "" : `${at} x y ${at * 7}`),
  "one word a line": (at) => `word${at % 977}`,
  "two layouts in turn": (at) => (at % 2 ? `${at},x,y` : `a b c d ${at}`),
  rules: () => "---+---",
};

describe("work grows with the text", () => {
  const table = tableCompressor();
  it.each(Object.entries(hostile))("%s", (_, row) => {
    const stepsOf = (lines: number): number => {
      const text = Array.from({ length: lines }, (_, at) => row(at)).join("\n");
      const { steps, value } = drive(table.encode(text, { counter }));
      for (const form of [value ?? []].flat()) expect(table.decode(form)).toBe(text);
      return steps;
    };
    // Four times the lines: four times the work, not sixteen times.
    expect(stepsOf(16_000)).toBeLessThan(6 * stepsOf(4_000));
  });

  it("a million columns are no table", () => {
    const line = `${"a,".repeat(1_000_000)}b\n`;
    expect(table.detect(line.repeat(4))).toBe(0);
    expect(drive(table.encode(line.repeat(4), { counter })).value).toBeUndefined();
  });
});
