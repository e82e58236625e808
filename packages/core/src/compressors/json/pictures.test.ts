/**
 * Committed pictures of what becomes of JSON: how the lossless form and the views look, and how many tokens they take.
 *
 * They say what is, not what has to be: a change that makes a form larger or a view emptier shows here, and is judged by
 * reading. What has to hold stands in the tests beside them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import { frames, type GeneratedJson, generatedJson } from "../../../test/generated-json.ts";
import { pictureOfSelection } from "../../../test/picture-of-selection.ts";
import { smallJson } from "../../../test/small-json.ts";
import { smallViews } from "../../../test/small-views.ts";
import { readDocument } from "../../json/document.ts";
import { finish } from "../../steps.ts";
import { loadBpe } from "../../tokens/bpe.ts";
import type { TokenCounter } from "../../types/tokens.ts";
import { encodeDocument, minifyDocument } from "./encode.ts";
import { estimateTokens } from "./estimate.ts";
import { decodeForm } from "./form.ts";
import { jsonCompressor } from "./json.ts";
import { selectJson } from "./select/select.ts";

const counter = await loadBpe("o200k_base");
const json = jsonCompressor();

const QUESTIONS = [
  "Which errors are there?",
  "What are the 3 largest by bytes or ms?",
  "Which was the newest one by ada?",
  "What about shard and quota of user grace?",
  "Which have a score over 0.9, and what is issue 4011?",
  "What is the oldest version of the gateway?",
];

function losslessOf(text: string, counts: TokenCounter = counter): string {
  const document = readDocument(text);
  if (document === undefined) throw new Error("not a document");
  const form = finish(encodeDocument(document, counts));
  expect(decodeForm(form)).toBe(finish(minifyDocument(document)));
  return form;
}

/** What is asked of a text: a budget in tokens, and a question. */
type Request = readonly [budgetTokens: number, query?: string | undefined];

function titleOf([budgetTokens, query]: Request): string {
  return `${budgetTokens} tokens${query === undefined ? "" : `, ${query}`}`;
}

function contextOf([budgetTokens, query]: Request): {
  readonly counter: typeof counter;
  readonly budgetTokens: number;
  readonly query?: string;
} {
  return { counter, budgetTokens, ...(query === undefined ? {} : { query }) };
}

function viewOf(text: string, request: Request): string {
  const view = viewWith(json, text, contextOf(request));
  if (view === undefined) return `=== view for ${titleOf(request)}: leaves nothing out\n`;
  const omitted = view.omitted.map(({ unit, count, total, what }) =>
    `--- ${count} of ${total} ${unit} ${what ?? ""}`.trimEnd(),
  );
  return [
    `=== view for ${titleOf(request)}: ${view.tokens} tokens`,
    view.text,
    ...omitted,
    "",
  ].join("\n");
}

function selectionOf(text: string, request: Request): string {
  const document = readDocument(text);
  if (document === undefined) throw new Error("not a document");
  const selection = finish(selectJson(document.source, document.root, contextOf(request)));
  return `--- for ${titleOf(request)}\n${pictureOfSelection(document, selection)}`;
}

function ofFrame(frame: string, first: number, count: number, rows: number): GeneratedJson[] {
  return Array.from({ length: count }, (_, at) => generatedJson(first + at, frame, rows));
}

describe("pictures of fixtures", () => {
  const folder = new URL("./fixtures/", import.meta.url);
  it.each(readdirSync(folder))("%s", async (name) => {
    const text = readFileSync(new URL(`${name}/input.json`, folder), "utf8");
    const third = Math.ceil(counter.count(text) / 3);
    const views = [viewOf(text, [third]), viewOf(text, [50, "Which user, and what is it about?"])];
    await expect(views.join("\n")).toMatchFileSnapshot(`./fixtures/${name}/views.txt`);
  });
});

it("pictures of small texts, one for each choice", async () => {
  const estimate = { name: "estimate", count: estimateTokens };
  const pictures = Object.entries(smallJson).map(([name, value]) => {
    const form = losslessOf(JSON.stringify(value), estimate);
    return `=== ${name}\n${form}\n`;
  });
  await expect(pictures.join("\n")).toMatchFileSnapshot("./pictures/choices of the encoder.txt");
});

it("pictures of small views, one for each choice", async () => {
  const pictures = Object.entries(smallViews).map(([name, { value, budgets, query }]) => {
    const text = JSON.stringify(value);
    const selections = budgets.map((budget) =>
      selectionOf(text, query === undefined ? [budget] : [budget, query]),
    );
    return `=== ${name}\n${selections.join("")}`;
  });
  await expect(pictures.join("\n")).toMatchFileSnapshot("./pictures/choices of views.txt");
});

describe("pictures of documents made of a seed", () => {
  it.each(frames)("lossless forms: %s", async (frame) => {
    const pictures = ofFrame(frame, 1, 4, 10).map(({ text, seed }) => {
      const form = losslessOf(text);
      return `=== seed ${seed}: ${counter.count(text)} tokens, ${counter.count(form)} here\n${form}\n`;
    });
    await expect(pictures.join("\n")).toMatchFileSnapshot(`./pictures/lossless/${frame}.txt`);
  });

  it.each(frames)("views: %s", async (frame) => {
    const { text } = generatedJson(51, frame, 60);
    const views = [viewOf(text, [120]), viewOf(text, [120, QUESTIONS[1] ?? ""])];
    await expect(views.join("\n")).toMatchFileSnapshot(`./pictures/views/${frame}.txt`);
  });

  it.each(frames)("what views choose: %s", async (frame) => {
    const pictures = ofFrame(frame, 101, 6, 160).map(({ text, seed }) => {
      const question = QUESTIONS[seed % QUESTIONS.length] ?? "";
      const requests: readonly Request[] = [[150], [150, question], [700], [700, question]];
      const selections = requests.map((request) => selectionOf(text, request));
      return `=== seed ${seed}: ${counter.count(text)} tokens\n${selections.join("")}`;
    });
    await expect(pictures.join("\n")).toMatchFileSnapshot(`./pictures/choices/${frame}.txt`);
  });
});
