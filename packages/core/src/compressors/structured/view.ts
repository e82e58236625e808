/** A view: the tables of the json kind, with the lines of the text instead of the numbers of rows. */
import type { JsonDocument } from "../../json/document.ts";
import type { JsonArray, JsonNode, JsonObject } from "../../json/node.ts";
import type { Omission, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import { renderPlan, type Selection, viewOf } from "../json/for-others.ts";
import type { StructuredDocument } from "./document.ts";
import { type Aside, type LineRange, type Reading, TITLES } from "./node.ts";

/** Comments that take this share of the cap, or less, are shown. */
const COMMENT_SHARE = 0.1;
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
  const comments = asidesOf(reading.asides, shift, counter.count, budgetTokens * COMMENT_SHARE);
  const place = sources.get(json.root);
  // What stands in one line is asked for by its words.
  const isOneLine = place === undefined || place.firstLine === place.lastLine;
  const adapt = (selection: Selection): Selection =>
    isOneLine ? selection : withLines(selection, sources, shift);
  const view = (yield* viewOf(json, context, { adapt })) ?? (yield* whole(text, json, context));
  const sentence = isOneLine || !view.text.includes("\nL") ? "" : " L9: it begins on line 9.";
  const legend = `[${reading.format}] ${TITLES[reading.format]}${sentence}`;
  const omitted = [...view.omitted, ...comments.omitted];
  if (omitted.length === 0) return undefined;
  return {
    text: `${legend}${view.text.slice(JSON_TAG.length)}${comments.text}`,
    omitted,
    statements: [...(view.statements ?? []), ...comments.statements],
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
  const statements = [...selection.statements];
  const notes = new Map(selection.plan.notes);
  for (const [node, kept] of selection.plan.kept) {
    const note = notes.get(node);
    const where = note === undefined ? undefined : whereOmitted(node, kept, lines, shift);
    if (note === undefined || where === undefined) continue;
    // Behind the number of what is left out.
    const at = note.indexOf(OMITTED) + OMITTED.length;
    notes.set(
      node,
      at < OMITTED.length ? note : `${note.slice(0, at)}, ${where.text}${note.slice(at)}`,
    );
    if (at >= OMITTED.length) statements.push(where);
  }
  const labels = (node: JsonNode): string | undefined => {
    const range = lines.get(node);
    return range && `L${range.firstLine + shift}`;
  };
  return { ...selection, statements, plan: { ...selection.plan, notes, labels } };
}

/** Between which lines what a plan leaves out of a container stands. */
function whereOmitted(
  node: JsonArray | JsonObject,
  kept: readonly number[],
  lines: ReadonlyMap<JsonNode, LineRange>,
  shift: number,
): Statement | undefined {
  const children = node.type === "array" ? node.items : node.members.map(({ value }) => value);
  const stays = new Set(kept);
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const [at, child] of children.entries()) {
    const range = stays.has(at) ? undefined : lines.get(child);
    if (range === undefined) continue;
    from = Math.min(from, range.firstLine);
    to = Math.max(to, range.lastLine);
  }
  return to === 0 ? undefined : linesBetween(from, to, shift);
}

/** A sentence that says no more than where. */
function linesBetween(from: number, to: number, shift: number): Statement {
  const text = from === to ? `line ${from + shift}` : `lines ${from + shift}–${to + shift}`;
  return { text, of: "", about: [[from - 1, to]], facts: [] };
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
  const [first] = asides;
  const last = asides.at(-1);
  if (first === undefined || last === undefined) return { text: "", omitted: [], statements: [] };
  const shown = asides.map(({ line, text }) => `\nL${line + shift} ${text}`).join("");
  if (count(shown) <= mostTokens) return { text: shown, omitted: [], statements: [] };
  const total = asides.length;
  const comments = `${total} comments`;
  const where = linesBetween(first.line, last.line, shift);
  return {
    text: `\n… ${comments} left out, ${where.text}`,
    omitted: [{ unit: "comments", count: total, total }],
    statements: [
      {
        text: comments,
        of: COMMENTS,
        about: [[0, total]],
        facts: [{ says: "count", count: total }],
      },
      where,
    ],
  };
}
