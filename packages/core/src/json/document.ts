/**
 * A whole tool answer that is JSON: one value, several values one after another (NDJSON, `jq` output), or either of
 * them between prose lines ("Found 3 results:\n[...]").
 *
 * Prose is kept byte for byte; white space that only separates JSON values is not content. One trap: text that merely
 * starts with `{` or `[` (a log stamp such as `[12:01:33] GET /`) is no document unless a value really ends.
 */
import { finish, Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import { readCutContainer } from "./cut-container.ts";
import { scanInSteps, scanValue, skipSpace } from "./lexer.ts";
import type { JsonArray, JsonNode } from "./node.ts";
import { readTornLines } from "./torn-lines.ts";

export interface JsonDocument {
  readonly source: string;
  /** For several values: an array made of them, which spans from the first to the last. */
  readonly root: JsonNode;
  /** True when `root` is not in the source: its items stand on lines of their own. */
  readonly lines: boolean;
  /** Prose above and below, byte for byte; empty when there is none. */
  readonly before: string;
  readonly after: string;
  /** How many arrays and objects are still open at the end of `root`: the text breaks off behind it. */
  readonly open: number;
  /** Items of `root` that are broken lines, not JSON. */
  readonly raw: readonly number[];
}

/** How many places are tried as the start of the JSON: each try may cost one pass over the text. */
const maxStarts = 4;
/** Prose longer than this is not an introduction to JSON any more. */
const maxProse = 2000;

/** Reads a text as a JSON document; `undefined` when it is none, is nested too deep or is not well-formed Unicode. */
export function readDocument(source: string): JsonDocument | undefined {
  return finish(readInSteps(source));
}

/** `readDocument`. */
export function* readInSteps(source: string): Steps<JsonDocument | undefined> {
  if (!source.isWellFormed()) return undefined;
  for (const start of starts(source)) {
    const first = yield* scanInSteps(source, start);
    if (first.node === undefined) {
      const isMost = first.at - start >= MIN_WHOLE_SHARE * (source.length - start);
      const document = isMost ? yield* cut(source, start, first.at) : undefined;
      if (document !== undefined) return document;
      continue;
    }
    if (isText(source, first.node)) {
      if (skipSpace(source, first.node.end) < source.length) continue;
    } else if (first.node.type !== "object" && first.node.type !== "array") continue;
    const document = yield* complete(source, start, first.node);
    return document.after === "" ? document : ((yield* torn(source)) ?? document);
  }
  return yield* torn(source);
}

/** JSON lines of which some are broken. */
function* torn(source: string): Steps<JsonDocument | undefined> {
  const head = skipSpace(source, 0);
  const code = source.charCodeAt(head);
  if (code !== 123 && code !== 91) return undefined;
  const root = yield* readTornLines(source);
  if (root === undefined) return undefined;
  const { start, end, items } = root;
  const raw: number[] = [];
  for (const [at, item] of items.entries())
    if (item.type === "string" && item.isRaw === true) raw.push(at);
  return { source, root, lines: true, ...proseAround(source, start, end), open: 0, raw };
}

/** What breaks off, breaks off behind this share of the text: what is cut is the end. */
const MIN_WHOLE_SHARE = 0.5;

/** An array that breaks off, with what stands behind its last whole element as prose. */
function* cut(source: string, start: number, at: number): Steps<JsonDocument | undefined> {
  const found = yield* readCutContainer(source, start, at);
  if (found === undefined) return undefined;
  const { root, open } = found;
  // A string may have gone on for most of what was read.
  if (root.end - start < MIN_WHOLE_SHARE * (source.length - start)) return undefined;
  return { source, root, lines: false, ...proseAround(source, start, root.end), open, raw: [] };
}

/** The text above and below, where there is more than white space. */
function proseAround(
  source: string,
  start: number,
  end: number,
): { readonly before: string; readonly after: string } {
  return {
    before: skipSpace(source, 0) === start ? "" : source.slice(0, start),
    after: skipSpace(source, end) >= source.length ? "" : source.slice(end),
  };
}

/** How sure the head of a text is JSON, 0 to 1: every character of it has to fit, the cut at its end aside. */
export function detectDocument(sample: string): number {
  for (const start of starts(sample)) {
    const confidence = start === skipSpace(sample, 0) ? 1 : 0.9;
    const first = scanValue(sample, start);
    if (first.node === undefined) {
      // Cut inside the first value: enough of it must have been seen to tell it from a stamp or a Markdown link.
      if (first.truncated && looksLikeContent(sample, start)) return confidence;
      const share = (first.at - start) / sample.length;
      if (share >= MIN_WHOLE_SHARE && looksLikeContent(sample, start)) return BROKEN;
      continue;
    }
    if (first.node.type !== "object" && first.node.type !== "array") {
      if (isText(sample, first.node) && skipSpace(sample, first.node.end) >= sample.length)
        return 1;
      continue;
    }
    if (!looksLikeContent(sample, start)) continue;
    const rest = skipSpace(sample, first.node.end);
    if (rest >= sample.length || sample.charCodeAt(rest) === sample.charCodeAt(start)) {
      return confidence;
    }
    // Other text follows: ours only when the JSON is most of what there is.
    const share = (first.node.end - start) / sample.length;
    return share >= 0.5 ? 0.85 : 0;
  }
  return 0;
}

/** How sure it is that a text is an array that breaks off before its end. */
const BROKEN = 0.85;

/** `{"`, `{}`, `[{`, `["`, `[[`, `[1,` …: what a value of some size starts with, and a log stamp does not. */
function looksLikeContent(sample: string, start: number): boolean {
  if (sample.charCodeAt(start) === 34) return isJsonText(sample, start);
  const next = sample.charCodeAt(skipSpace(sample, start + 1));
  if (sample.charCodeAt(start) === 123) return next === 34 || next === 125;
  if (next === 123 || next === 34 || next === 91 || next === 93) return true;
  // Scalars: several of them, as `[404]` and `[12` stand in prose and logs.
  const comma = sample.indexOf(",", start);
  return comma !== -1 && comma - start < 400;
}

/** Offsets where the JSON may start: the first character, else openings of lines near the head, else after a colon. */
function starts(source: string): readonly number[] {
  const head = skipSpace(source, 0);
  const code = source.charCodeAt(head);
  if (code === 34) return isJsonText(source, head) ? [head] : [];
  if (code === 123 || code === 91) {
    // `[INFO] …` and `[12:01]` open with a bracket too; what follows them may still be JSON.
    return [head, ...lineStarts(source, head + 1).slice(0, maxStarts - 1)];
  }
  return lineStarts(source, head);
}

/** A string whose text is JSON, as a tool gives it that prints its JSON twice: `"{\"a\":1}"`. */
function isText(source: string, node: JsonNode): boolean {
  return node.type === "string" && isJsonText(source, node.start);
}

function isJsonText(source: string, start: number): boolean {
  const opening = source.slice(start, start + 4);
  return ['"{\\"', '"[\\"', '"[{\\', '"[[', '"{\\n', '"[\\n'].some((sign) =>
    opening.startsWith(sign),
  );
}

function lineStarts(source: string, from: number): number[] {
  const found: number[] = [];
  const limit = Math.min(source.length, from + maxProse);
  for (let i = from; i < limit && found.length < maxStarts; i++) {
    const code = source.charCodeAt(i);
    const opens = code === 10 || (code === 58 && source.charCodeAt(i + 1) === 32);
    if (!opens) continue;
    const at = skipSpace(source, i + 1);
    const next = source.charCodeAt(at);
    if ((next === 123 || next === 91) && found[found.length - 1] !== at) found.push(at);
  }
  return found;
}

/** Takes the values that follow the first on lines of their own, and splits off the prose around them. */
function* complete(source: string, start: number, first: JsonNode): Steps<JsonDocument> {
  const items: JsonNode[] = [first];
  const meter = new Meter();
  let end = first.end;
  for (;;) {
    const at = skipSpace(source, end);
    const code = source.charCodeAt(at);
    if (code !== 123 && code !== 91) break;
    if (source.slice(end, at).indexOf("\n") === -1) break;
    const scan = yield* scanInSteps(source, at);
    if (scan.node === undefined) break;
    items.push(scan.node);
    end = scan.node.end;
    if (meter.isDue(end - at)) yield;
  }
  const lines = items.length > 1;
  const root: JsonNode = lines ? ({ type: "array", start, end, items } satisfies JsonArray) : first;
  return { source, root, lines, ...proseAround(source, start, end), open: 0, raw: [] };
}
