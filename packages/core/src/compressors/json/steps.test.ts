import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInSteps } from "../../json/document.ts";
import { compareInSteps } from "../../json/equal.ts";
import { minifyText } from "../../json/lexer.ts";
import type { JsonArray, JsonString } from "../../json/node.ts";
import { parseQuery } from "../../query/query.ts";
import { finish, STEP_CHARACTERS } from "../../steps.ts";
import type { Answer, Steps } from "../../types/compressor.ts";
import { arrange } from "./arrange.ts";
import { encodeDocument, minifyDocument } from "./encode.ts";
import { findEscapeStyle, unescapeText } from "./escape.ts";
import { readForm } from "./form.ts";
import { jsonCompressor } from "./json.ts";
import { layOut } from "./layout.ts";
import { Printer } from "./print.ts";
import { Reader } from "./reader.ts";
import { findRecordTypes, type RecordType } from "./record.ts";
import { nameRepeats } from "./repeats.ts";
import { planRows, type RowPlan } from "./rule.ts";
import { readColumns } from "./select/columns.ts";
import { measure } from "./select/cost.ts";
import { planCut } from "./select/cut.ts";
import { sortInSteps } from "./select/numbers.ts";
import { findSignals } from "./select/signals.ts";
import { buildTable } from "./table.ts";
import { readValues } from "./value.ts";

const LENGTH = 240_000;
const counter = { name: "quarters", count: (text: string): number => Math.ceil(text.length / 4) };

function row(index: number): Record<string, unknown> {
  return {
    id: `doc_${index}`,
    url: `https://docs.example.com/articles/${index % 31}/${index}`,
    text: `Part ${(index * 7_919) % 10_007} of the queue is given back when the buffer of shard ${index % 13} is full.`,
    size: (index * 104_729) % 65_537,
    by: { login: `user-${index % 40}`, admin: false },
    tags: [index % 3 === 0 ? "red" : "blue", "large"],
    state: index % 97 === 0 ? "error" : "ok",
  };
}
const rows = Array.from({ length: 1_000 }, (_, index) => row(index));

/** Texts of about 240 kB, each large in another way. */
const texts: Readonly<Record<string, string>> = {
  rows: JSON.stringify(rows),
  "indented rows": JSON.stringify({ items: rows, total: rows.length }, null, 2),
  lines: rows.map((each) => JSON.stringify(each)).join("\n"),
  "a map": JSON.stringify(Object.fromEntries(rows.map((each) => [each.id, each]))),
  "rows in rows": JSON.stringify(
    Array.from({ length: 6 }, (_, page) => ({
      data: rows.slice(page * 160, (page + 1) * 160),
      next: { page: page + 1 },
    })),
  ),
  "lists in lists": JSON.stringify(
    Array.from({ length: 14_400 }, (_, index) => [index, (index * 7_919) % 10_007, [index % 7]]),
  ),
  numbers: JSON.stringify(Array.from({ length: 48_000 }, (_, index) => (index * 7_919) % 10_007)),
  "JSON in a string": JSON.stringify({
    content: [{ type: "text", text: JSON.stringify(rows) }, { isError: false }],
  }),
  "escaped slashes": JSON.stringify(rows).replaceAll("/", "\\/"),
  "a long string": JSON.stringify({ text: "one word and others. ".repeat(LENGTH / 21), n: 1 }),
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

describe("240 kB of JSON is worked on in steps", () => {
  const json = jsonCompressor();
  for (const [name, text] of Object.entries(texts)) {
    it(`${name}: encoded, proven and shortened`, () => {
      const passes = Math.floor(text.length / STEP_CHARACTERS);
      expect(text.length).toBeGreaterThan(0.8 * LENGTH);
      const encoded = drive(stepsOf(json.encode(text, { counter })));
      expect(encoded.steps).toBeGreaterThan(passes);
      const counts = [encoded.steps];
      const [form, minified] = encoded.value as readonly string[];
      for (const each of [form, minified]) {
        const proof = drive(stepsOf(json.prove?.(text, each as string)));
        expect(proof.value).toBe(true);
        expect(proof.steps).toBeGreaterThan(passes);
        counts.push(proof.steps);
        const wrong = drive(stepsOf(json.prove?.(`${text} `.replace("1", "2"), each as string)));
        expect(wrong.value).toBe(false);
      }
      // What decodes in one go is what is proven in steps.
      expect(json.same?.(text, json.decode(form as string) as string)).toBe(true);
      for (const query of [undefined, "which shard of user-7 failed, and the 3 largest?"]) {
        const context = { counter, budgetTokens: 2_000, ...(query === undefined ? {} : { query }) };
        const view = drive(stepsOf(json.shorten?.(text, context)));
        expect(view.steps).toBeGreaterThan(passes);
        counts.push(view.steps);
      }
      expect([name, counts]).toEqual([name, restsOf[name]]);
    });
  }
});

/** How often each pass rests: work is counted, so that this is the same everywhere. */
const rests: Readonly<Record<string, number>> = {
  read: 8,
  "read lines": 8,
  "share values": 8,
  print: 9,
  minify: 9,
  "find escapes": 9,
  unescape: 5,
  "lay out": 16,
  decode: 12,
  "read the notation": 4,
  compare: 15,
  measure: 7,
  "file under columns": 12,
  "bound the tokens": 44,
  "find signals": 87,
  "cut a string": 71,
};

/** How often encoding rests, the proof of the form, that of minified JSON, the view, and the view with a question. */
const restsOf: Readonly<Record<string, readonly number[]>> = {
  rows: [91, 26, 22, 196, 218],
  "indented rows": [105, 33, 28, 203, 234],
  lines: [90, 26, 22, 196, 218],
  "a map": [94, 26, 22, 202, 249],
  "rows in rows": [115, 29, 19, 876, 1547],
  "lists in lists": [117, 35, 22, 233, 245],
  numbers: [64, 33, 22, 239, 249],
  "JSON in a string": [113, 24, 11, 201, 297],
  "escaped slashes": [110, 35, 22, 196, 218],
  "a long string": [20, 11, 10, 60, 139],
};

describe("every pass over 240 kB yields all along", () => {
  const text = texts.rows as string;
  const escaped = texts["escaped slashes"] as string;
  const long = texts["a long string"] as string;
  const document = finish(readInSteps(text));
  if (document === undefined) throw new Error("rows are a document");
  const { root } = document;
  const values = finish(readValues(text, root));
  const types = finish(findRecordTypes(values));
  const plans = new Map<RecordType, RowPlan>();
  for (const type of types.all) plans.set(type, finish(planRows(finish(buildTable(type, types)))));
  const arrangement = finish(arrange(values.root, types, plans));
  const form = finish(encodeDocument(document, counter));
  const table = finish(readColumns(text, (root as JsonArray).items));
  const style = { slash: true, beyondAscii: false, upperCase: false };
  const string = finish(readInSteps(long))?.root;
  const longest = (string?.type === "object" ? string.members[0]?.value : undefined) as JsonString;
  const strings = rows.map((each) => `"${each.text}"`);

  const passes: Readonly<Record<string, () => Steps<unknown>>> = {
    read: () => readInSteps(text),
    "read lines": () => readInSteps(texts.lines as string),
    "share values": () => readValues(text, root),
    print: () => new Printer(arrangement, new Map(), new Set()).body(),
    minify: () => minifyDocument(document),
    "find escapes": () => findEscapeStyle(escaped, 0, escaped.length),
    unescape: () => unescapeText(escaped, style),
    "lay out": () => layOut(minifyText(text, 0, text.length), "json2"),
    decode: () => readForm(form),
    "read the notation": () => new Reader(form.slice(form.indexOf("\n\n") + 2), 1).value(),
    compare: () => compareInSteps(text, text),
    measure: () => measure(text, root),
    "file under columns": () => readColumns(text, (root as JsonArray).items),
    "bound the tokens": () => stepsOf(jsonCompressor().leastTokens?.(text, { counter })),
    "find signals": () => findSignals(table, 1_000),
    "cut a string": () => planCut(long, longest, 500, parseQuery("which words?")),
  };
  for (const [name, pass] of Object.entries(passes)) {
    it(name, () => {
      const { steps } = drive(pass());
      expect(steps).toBeGreaterThan(Math.floor(text.length / STEP_CHARACTERS / 2));
      expect([name, steps]).toEqual([name, rests[name]]);
    });
  }

  it("sort numbers", () => {
    const random = fc.sample(
      fc.float64Array({ minLength: 99_990, maxLength: 100_000, noNaN: true }),
      {
        numRuns: 1,
        seed: 7,
      },
    )[0] as Float64Array;
    const { steps, value } = drive(sortInSteps(random.slice()));
    expect(value).toEqual(random.toSorted());
    expect(steps).toBe(17);
  });

  it("name what repeats", () => {
    const steps = drive(nameRepeats(strings, () => "@1", counter)).steps;
    expect(steps).toBeGreaterThan((3 * strings.join("").length) / STEP_CHARACTERS);
    expect(steps).toBe(15);
  });
});
