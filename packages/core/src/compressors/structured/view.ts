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
const BETWEEN = "; ";

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
  const lines = text.split("\n").slice(0, -1);
  // A blank line is one character.
  const blanks = lines.reduce(
    (sum, line) => sum + (line.length - line.trim().length || Number(line === "")),
    0,
  );
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
  /** Where each note stands among those said, by its beginning; several may read alike. */
  const places = new Map<string, number[]>();
  for (const [at, { text }] of said.entries()) {
    const head = headOf(text, 0);
    const known = places.get(head);
    if (known) known.push(at);
    else places.set(head, [at]);
  }
  for (const [node, kept] of selection.plan.kept) {
    const note = notes.get(node);
    const number = numbers.get(node);
    // JSON that a string holds has no lines.
    if (note === undefined || number === undefined || !note.includes(OMITTED)) continue;
    // What is left out of all rows may be said before.
    const start = note.lastIndexOf(BETWEEN, note.indexOf(OMITTED)) + BETWEEN.length;
    const head = headOf(note, start < BETWEEN.length ? 0 : start);
    const own = places.get(head)?.shift();
    const before = own === undefined ? undefined : said[own];
    if (own === undefined || before === undefined) continue;
    const units = unitsIn(node, lines);
    const stays = new Set(kept);
    const gone = [...units.keys()].filter((index) => !stays.has(index));
    const where = whereStatement(number, units, gone, shift);
    if (where === undefined) continue;
    const withWhere = (text: string): string => text.replace(head, () => `${head}, ${where.text}`);
    notes.set(node, withWhere(note));
    const [count, ...rest] = before.statements;
    said[own] = {
      text: withWhere(before.text),
      statements: count ? [count, where, ...rest] : [where],
    };
  }
  const labels = (node: JsonNode): string | undefined => {
    const range = lines.get(node);
    return range && `L${range.firstLine + shift}`;
  };
  return { ...selection, said, plan: { ...selection.plan, notes, labels } };
}

/** `20 of 24 rows omitted`, as it stands from an offset on; the text from there where it says no such thing. */
function headOf(text: string, start: number): string {
  const at = text.indexOf(OMITTED, start);
  return at < 0 ? text.slice(start) : text.slice(start, at + OMITTED.length);
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
