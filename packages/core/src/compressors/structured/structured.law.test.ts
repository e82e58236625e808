/** Laws 4 and 9 for structured texts: what is lossless comes back, and what a view says is so. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { structuredText } from "../../../test/generated/structured.ts";
import { readingOf } from "../../../test/structured.ts";
import { falseSentence } from "../../forms/check.ts";
import { settle } from "../../forms/pace.ts";
import { finish } from "../../steps.ts";
import type { View } from "../../types/compressor.ts";
import type { Fact, Statement } from "../../types/statement.ts";
import { printFact } from "../../view/fact.ts";
import { detectFormat } from "./detect.ts";
import { documentOf } from "./document.ts";
import type { Format } from "./node.ts";
import { structuredCompressor } from "./structured.ts";

const RUNS = Number(process.env.HEADROOM_LAW_RUNS ?? 80);
const TIMEOUT_MS = 60_000 + RUNS * 200;
const structured = structuredCompressor();
const counter = { name: "thirds", count: (text: string): number => Math.ceil(text.length / 3) };
const questions = [undefined, "What failed?", "Which is the largest size?", "item 117 of cart"];

describe("structured texts", () => {
  it(
    "come back from their lossless form, byte for byte",
    async () => {
      let forms = 0;
      await fc.assert(
        fc.asyncProperty(structuredText, async (text) => {
          const form = await settle(structured.encode(text, { counter }));
          if (form === undefined) return;
          forms++;
          expect(structured.decode(`${form}`)).toBe(text);
          expect(await settle(structured.prove?.(text, `${form}`))).toBe(true);
          expect(await settle(structured.prove?.(`${text} `, `${form}`))).toBe(false);
        }),
        { numRuns: RUNS },
      );
      expect(forms).toBeGreaterThan(RUNS / 4);
    },
    TIMEOUT_MS,
  );

  it(
    "are read whole or not at all, however they are damaged",
    () => {
      const damage = fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(40),
        fc.constantFrom(
          "",
          "x",
          "\n",
          "  ",
          '"',
          "'",
          ":",
          "- ",
          "]",
          "}",
          "<b>",
          ">",
          "#",
          "...",
          "\nlost words\n",
          "\n... [lost words]\n",
          "\n--- lost\n",
          " lost: words",
          ", lost",
          "\n]\n",
        ),
      );
      let read = 0;
      fc.assert(
        fc.property(structuredText, fc.array(damage, { maxLength: 3 }), (whole, places) => {
          let text = whole;
          for (const [share, count, put] of places) {
            // At the end of a line as often as anywhere.
            const place = Math.floor(share * text.length);
            const at = count % 2 === 0 ? place : Math.max(text.indexOf("\n", place), 0);
            text = text.slice(0, at) + put + text.slice(put === "" ? at + count : at);
          }
          const format = detectFormat(text)?.format;
          for (const each of new Set([format, format === "ini" ? "toml" : format])) {
            if (each === undefined) continue;
            read++;
            expect(lostWords(each, text)).toEqual([]);
          }
        }),
        { numRuns: RUNS * 2 },
      );
      expect(read).toBeGreaterThan(RUNS / 4);
    },
    TIMEOUT_MS,
  );

  it(
    "are shown by views that say what is so, and a liar is found out",
    async () => {
      let views = 0;
      let lies = 0;
      await fc.assert(
        fc.asyncProperty(
          structuredText,
          fc.integer({ min: 20, max: 700 }),
          fc.constantFrom(...questions),
          fc.nat(9_999),
          fc.constantFrom(1, 40),
          async (text, budgetTokens, query, pick, firstLine) => {
            const context = { counter, budgetTokens, firstLine, ...(query ? { query } : {}) };
            const view = await settle(structured.shorten?.(text, context));
            if (view === undefined) return;
            views++;
            const original = await settle(structured.original?.(text));
            const check = (shown: View): string | undefined =>
              finish(falseSentence(text, shown, original, firstLine));
            expect(check(view)).toBeUndefined();
            for (const lie of liesAbout(view, pick)) {
              lies++;
              expect(check(lie), lie.text).toBeDefined();
            }
          },
        ),
        { numRuns: RUNS },
      );
      expect(views).toBeGreaterThan(RUNS / 2);
      expect(lies).toBeGreaterThan(RUNS);
    },
    TIMEOUT_MS,
  );
});

/** Words that a format writes otherwise, or that are its own. */
const OWN = new Set([
  "true",
  "false",
  "none",
  "null",
  "amp",
  "quot",
  "apos",
  "xml",
  "cdata",
  "doctype",
]);

/** Words of a text that are neither in its values nor in what is shown beside them. */
function lostWords(format: Format, text: string): readonly string[] {
  const reading = readingOf(format, text);
  const document = reading && finish(documentOf(text, reading));
  if (reading === undefined || document === undefined) return [];
  const { before, after, source } = document.json;
  const shown = [before, after, source, ...reading.asides.map((aside) => aside.text)].join("\n");
  const known = new Set(wordsOf(shown.replaceAll(/\\[nrtbf"]/g, " ")));
  return wordsOf(text.replaceAll(/\\[nrtbf"']/g, " ")).filter((word) => !known.has(word));
}

function wordsOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? []).filter((word) => !OWN.has(word));
}

/** The view with one of its sentences made false, each in another way. */
function liesAbout(view: View, pick: number): readonly View[] {
  const statements = view.statements ?? [];
  if (statements.length === 0) return [{ ...view, text: `${view.text}\n… 12345 rows omitted` }];
  const at = pick % statements.length;
  const said = statements[at] as Statement;
  const place = view.text.indexOf(said.text);
  const saying = (text: string, facts: readonly Fact[] = said.facts): View => ({
    ...view,
    text: `${view.text.slice(0, place)}${text}${view.text.slice(place + said.text.length)}`,
    statements: statements.map((each, index) => (index === at ? { ...said, text, facts } : each)),
  });
  const lies: View[] = [{ ...view, text: `${view.text}\n… 12345 rows omitted` }];
  const isAlone = statements.filter(({ text }) => text === said.text).length === 1;
  // What the original does not have as often as it is said.
  lies.push({ ...view, statements: [...statements, { ...said, text: `${said.text} ×98765` }] });
  if (!isAlone) return lies;
  const number = /\d+/.exec(said.text);
  // A number that a fact, a name or a total accounts for is another one then.
  if (number && said.facts.length > 0 && said.facts.some((fact) => fact.says === "count"))
    lies.push(saying(said.text.replace(number[0], `${Number(number[0]) + 54_321}`)));
  for (const [index, fact] of said.facts.entries()) {
    const wrong = falsified(fact);
    if (wrong === undefined || printFact(fact) === "") continue;
    const facts = said.facts.map((each, other) => (other === index ? wrong : each));
    lies.push(saying(said.text.replace(printFact(fact), printFact(wrong)), facts));
  }
  return lies;
}

/** The fact as it is not. */
function falsified(fact: Fact): Fact | undefined {
  switch (fact.says) {
    case "count":
    case "distinct":
    case "absent":
      return { ...fact, count: fact.count + 1 };
    case "all":
      return { ...fact, value: `no ${fact.value}` };
    case "counts": {
      const [first, ...rest] = fact.counts;
      return first && { ...fact, counts: [[first[0], first[1] + 1], ...rest] };
    }
    case "range":
      return { ...fact, most: `${fact.most}9` };
    case "sum":
      return { ...fact, sum: `9${fact.sum}` };
    case "like":
      return { ...fact, pattern: `never ${fact.pattern}` };
    case "list":
      return { ...fact, values: [...fact.values, "never"] };
    default:
      return undefined;
  }
}
