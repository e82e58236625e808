/** A view: the tables of the json kind, with the lines of the text instead of the numbers of rows. */
import type { JsonArray, JsonNode, JsonObject } from "../../json/node.ts";
import type { Omission, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import { renderPlan, selectJson } from "../json/for-others.ts";
import type { StructuredDocument } from "./document.ts";
import { type Aside, type LineRange, type Reading, TITLES } from "./node.ts";

/** Comments that take this share of the cap, or less, are shown. */
const COMMENT_SHARE = 0.1;

export function* viewOf(
  reading: Reading,
  document: StructuredDocument,
  context: ShortenContext,
): Steps<View | undefined> {
  const { json, sources: lines } = document;
  const { counter, budgetTokens, query, firstLine = 1 } = context;
  const selection = yield* selectJson(json.source, json.root, {
    budgetTokens,
    counter,
    ...(query === undefined ? {} : { query }),
  });
  if (selection === undefined || selection.omitted.length === 0) return undefined;
  const shift = firstLine - 1;
  const statements: Statement[] = [];
  let { plan } = selection;
  const whole = lines.get(json.root);
  // What stands in one line is asked for by its words.
  if (whole !== undefined && whole.lastLine > whole.firstLine) {
    const notes = new Map(plan.notes);
    for (const [node, kept] of plan.kept) {
      const where = whereOmitted(node, kept, lines, shift);
      if (where === undefined) continue;
      const note = notes.get(node);
      notes.set(node, note === undefined ? where.text : `${where.text}: ${note}`);
      statements.push(where);
    }
    const labels = (node: JsonNode): string | undefined => {
      const range = lines.get(node);
      return range && `L${range.firstLine + shift}`;
    };
    plan = { ...plan, notes, labels };
  }
  const shown = yield* renderPlan(json, plan, counter);
  const comments = asidesOf(reading.asides, shift, counter.count, budgetTokens * COMMENT_SHARE);
  const sentences = shown.includes("\nL") ? " L9: it begins on line 9." : "";
  const body = shown.replace("[json]", `[${reading.format}] ${TITLES[reading.format]}${sentences}`);
  return {
    text: `${body}${comments.text}`,
    omitted: [...selection.omitted, ...comments.omitted],
    ...((false as boolean) ? { statements: [...statements, ...comments.statements] } : {}),
  };
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
        of: "comments",
        about: [[0, total]],
        facts: [{ says: "count", count: total }],
      },
      where,
    ],
  };
}
