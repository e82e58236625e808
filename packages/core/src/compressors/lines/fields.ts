/** What the values of settings and fields are, in lines that are left out: `Priority: optional ×200, required ×12`. */
import { Meter } from "../../steps.ts";
import { LINE_WORK, splitInSteps } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import type { OriginalUnits, Statement } from "../../types/statement.ts";
import { sayFacts } from "../../view/describe.ts";
import { factsOf } from "./facts.ts";
import { rangesOf } from "./gaps.ts";
import { keyEnd, keyOf } from "./key.ts";
import { LINES_OF, RECORDS, type Records, recordsOf } from "./records.ts";

/** A field of fewer lines is not worth a sentence. */
const LEAST = 4;
const MAX_FIELDS = 16;
/** Different keys that are told apart; a text with more of them has no fields to speak of. */
const MAX_KEYS = 2_000;
/** Characters. Longer sentences say too little for what they cost. */
const MAX_SENTENCE = 300;

/** Sentences about the fields of some lines, those of most lines first. */
export function* fieldSentences(
  lines: readonly string[],
  hidden: readonly number[],
): Steps<readonly Statement[]> {
  const meter = new Meter();
  const fields = new Map<string, number[]>();
  for (const at of hidden) {
    const line = lines[at] ?? "";
    if (meter.isDue(Math.min(line.length, 100) + LINE_WORK)) yield;
    const key = keyOf(line);
    if (key === undefined) continue;
    const known = fields.get(key);
    if (known) known.push(at);
    else if (fields.size < MAX_KEYS) fields.set(key, [at]);
  }
  const frequent = [...fields].filter(([, at]) => at.length >= LEAST);
  frequent.sort((a, b) => b[1].length - a[1].length);
  const statements: Statement[] = [];
  for (const [field, at] of frequent.slice(0, MAX_FIELDS)) {
    const values = at.map((line) => fieldValue(lines[line] ?? ""));
    const facts = yield* factsOf(values, field);
    if (facts.length === 0) continue;
    const text = `${field}: ${sayFacts(facts)}`;
    if (text.length > MAX_SENTENCE) continue;
    statements.push({ text, of: "", about: rangesOf(at), field, facts });
  }
  return statements;
}

/** The lines of a text with the values of their keys, and its records with those of their fields. */
export function* unitsOf(text: string): Steps<OriginalUnits> {
  const { text: lines } = yield* splitInSteps(text);
  const records = yield* recordsOf(lines);
  return {
    values: (of, field) => {
      if (of === RECORDS) return records && recordValues(records, field);
      if (of !== "") return undefined;
      if (field === undefined) return lines;
      return lines.map((line) => (keyOf(line) === field ? fieldValue(line) : undefined));
    },
  };
}

function recordValues(
  { starts, fields }: Records,
  field: string | undefined,
): readonly (string | undefined)[] | undefined {
  if (field === undefined) return starts.map((start) => `${start}`);
  const own = fields.find(({ name }) => name === field);
  if (own !== undefined) return own.values;
  return fields.find(({ name }) => name + LINES_OF === field)?.heights.map((height) => `${height}`);
}

function fieldValue(line: string): string {
  return line.slice(keyEnd(line)).trimEnd();
}
