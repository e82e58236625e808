/** A view: the tables of the json kind, with the lines of the text instead of the numbers of rows. */
import type { JsonDocument } from "../../json/document.ts";
import type { JsonNode } from "../../json/node.ts";
import type { Omission, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import { renderPlan, type Selection, viewOf } from "../json/for-others.ts";
import type { StructuredDocument } from "./document.ts";
import { type Aside, type LineRange, type Reading, TITLES } from "./node.ts";
import { containersOf, unitsIn, whereStatement } from "./places.ts";

/** Comments that take this share of the cap, or less, are shown. */
const COMMENT_SHARE = 0.1;
/** Lines above the first value that are shown; fewer than so many are all shown. */
const SHOWN_ABOVE = 3;
const MIN_LEFT_OUT = 6;
/** The name of the comments, for the check of what is said about them. */
export const COMMENTS = "#comments";
const JSON_TAG = "[json]";
const OMITTED = " omitted";

/** `undefined` where nothing is left out. @param text the text that was read */
export function* viewOfText(
  text: string,
  reading: Reading,
  { json, sources }: StructuredDocument,
  context: ShortenContext,
): Steps<View | undefined> {
  const { counter, budgetTokens, firstLine = 1 } = context;
  const shift = firstLine - 1;
  // What a program says above its values is no licence.
  const above = aboveOf(
    json.before,
    reading.format === "values" ? Number.POSITIVE_INFINITY : MIN_LEFT_OUT,
    shift,
  );
  const shown: JsonDocument = { ...json, before: above.text };
  const comments = asidesOf(reading.asides, shift, counter.count, budgetTokens * COMMENT_SHARE);
  const place = sources.get(json.root);
  // What stands in one line is asked for by its words.
  const isOneLine = place === undefined || place.firstLine === place.lastLine;
  const adapt = (selection: Selection): Selection =>
    isOneLine ? selection : withLines(selection, sources, shift);
  const view = (yield* viewOf(shown, context, { adapt })) ?? (yield* whole(text, shown, context));
  const sentence = isOneLine || !view.text.includes("\nL") ? "" : " L9: it begins on line 9.";
  const legend = `[${reading.format}] ${TITLES[reading.format]}${sentence}`;
  const omitted = [...view.omitted, ...above.omitted, ...comments.omitted];
  if (omitted.length === 0) return undefined;
  return {
    text: `${legend}${view.text.slice(JSON_TAG.length)}${comments.text}`,
    omitted,
    statements: [...above.statements, ...(view.statements ?? []), ...comments.statements],
  };
}

/** All values, where there is no lossless form because the layout of the text keeps to no rule: the layout is what is left out. */
function* whole(text: string, json: JsonDocument, { counter }: ShortenContext): Steps<View> {
  const shown = yield* renderPlan(
    json,
    { kept: new Map(), notes: new Map(), cut: new Map() },
    counter,
  );
  const blanks = text.length - text.replaceAll(/^[ \t]+|[ \t\r]+$|^\n/gm, "").length;
  const layout: Omission = {
    unit: "characters",
    count: blanks,
    total: text.length,
    what: "layout",
  };
  return { text: shown, omitted: blanks > 0 ? [layout] : [], statements: [] };
}

/** The lines of the text instead of the numbers of rows, and where what is left out stands. */
function withLines(
  selection: Selection,
  lines: ReadonlyMap<JsonNode, LineRange>,
  shift: number,
): Selection {
  const said = [...selection.said];
  const notes = new Map(selection.plan.notes);
  const numbers = new Map(containersOf(lines).map((node, number) => [node, number]));
  /** Where each note stands among those said; several may read alike. */
  const places = new Map<string, number[]>();
  for (const [at, { text }] of said.entries()) {
    const known = places.get(text);
    if (known) known.push(at);
    else places.set(text, [at]);
  }
  for (const [node, kept] of selection.plan.kept) {
    const note = notes.get(node);
    const number = numbers.get(node);
    // Behind the number of what is left out. JSON that a string holds has no lines.
    const at = note === undefined ? -1 : note.indexOf(OMITTED);
    const own = places.get(note ?? "")?.shift();
    if (note === undefined || number === undefined || at < 0 || own === undefined) continue;
    const units = unitsIn(node, lines);
    const stays = new Set(kept);
    const gone = [...units.keys()].filter((index) => !stays.has(index));
    const where = whereStatement(number, units, gone, shift);
    if (where === undefined) continue;
    const end = at + OMITTED.length;
    const text = `${note.slice(0, end)}, ${where.text}${note.slice(end)}`;
    notes.set(node, text);
    const [count, ...rest] = said[own]?.statements ?? [];
    said[own] = { text, statements: count ? [count, where, ...rest] : [where] };
  }
  const labels = (node: JsonNode): string | undefined => {
    const range = lines.get(node);
    return range && `L${range.firstLine + shift}`;
  };
  return { ...selection, said, plan: { ...selection.plan, notes, labels } };
}

/** What stands above the first value: a licence says little, and its beginning says that it is one. */
function aboveOf(text: string, least: number, shift: number): Comments {
  const lines = text.split("\n");
  const count = lines.length - 1 - SHOWN_ABOVE;
  if (count < least) return { text, omitted: [], statements: [] };
  const from = SHOWN_ABOVE + 1 + shift;
  const to = SHOWN_ABOVE + count + shift;
  const sentence: Statement = {
    text: `${count} lines left out, lines ${from}–${to}`,
    of: "",
    about: [[SHOWN_ABOVE, SHOWN_ABOVE + count]],
    facts: [{ says: "count", count }],
  };
  const last = lines.at(-1) ?? "";
  return {
    text: `${lines.slice(0, SHOWN_ABOVE).join("\n")}\n… ${sentence.text}\n${last}`,
    omitted: [{ unit: "lines", count, total: count + SHOWN_ABOVE, what: "above the first value" }],
    statements: [sentence],
  };
}

interface Comments {
  readonly text: string;
  readonly omitted: readonly Omission[];
  readonly statements: readonly Statement[];
}

/** Comments in full where they are few, else how many there are and where. */
function asidesOf(
  asides: readonly Aside[],
  shift: number,
  count: (text: string) => number,
  mostTokens: number,
): Comments {
  if (asides.length === 0) return { text: "", omitted: [], statements: [] };
  const shown = asides.map(({ line, text }) => `\nL${line + shift} ${text}`).join("");
  if (count(shown) <= mostTokens) return { text: shown, omitted: [], statements: [] };
  const total = asides.length;
  const comments = `${total} comment${total === 1 ? "" : "s"}`;
  const units = asides.map(({ line }) => ({ firstLine: line, lastLine: line }));
  const where = whereStatement(COMMENTS, units, [...units.keys()], shift);
  const said: Statement = {
    text: comments,
    of: COMMENTS,
    about: [[0, total]],
    facts: [{ says: "count", count: total }],
  };
  return {
    text: `\n… ${comments} left out${where ? `, ${where.text}` : ""}`,
    omitted: [{ unit: "comments", count: total, total }],
    statements: where ? [said, where] : [said],
  };
}
