/**
 * A request in parts: each message apart, and what stands around them.
 *
 * A conversation sends with every turn what it sent before. A message whose text stood at its place in an earlier request is not
 * parsed again: its value is the same object, which everything behind it that remembers by object profits from, and what it was
 * changed into is not written again. The bytes are those that `spliceJson` makes of the whole.
 */
import { skipSpace } from "../json/lexer.ts";
import { isRecord } from "../kit/json.ts";
import { Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import { type Json, parseJson } from "./json.ts";
import { areSameRows } from "./same-rows.ts";
import { isEdited, type Patch, patched, patchesFor, spliceJson } from "./splice.ts";

/** A message in the text. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  /** What it was changed into, as a value and as a text. */
  made?: { readonly value: unknown; readonly text: string };
}

/** A request that was read. */
export interface Parts {
  readonly text: string;
  readonly body: Json;
  /** Where the list of messages stands in the text, brackets included. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly Part[];
  readonly around: Around;
  /** Each message with the one at its place in the request before it; empty for the first of a conversation. */
  readonly earlier: ReadonlyMap<unknown, unknown>;
}

/** What stands around the messages: the same with every turn, as a rule. */
interface Around {
  /** With an empty list in place of the messages. */
  readonly text: string;
  readonly value: Json;
  /** What it was changed into, and where. */
  made?: { readonly value: Json; readonly patches: readonly Patch[] };
}

/** Requests read before, the last one of each conversation. It changes nothing but time. */
export interface Memory {
  find(text: string, firstAt: number): Parts | undefined;
  /** `earlier` is the request of the same conversation that it takes the place of. */
  keep(parts: Parts, earlier: Parts | undefined): void;
}

const MAX_CONVERSATIONS = 16;
/** Characters of all texts that are kept. */
const MAX_KEPT = 8_388_608;
/** Cache points stand on the last messages and move: these tell no conversation apart. */
const MOVING = 4;

export function memory(): Memory {
  /** Those used last come first. */
  let kept: readonly Parts[] = [];
  return {
    find(text, firstAt) {
      const same = kept.filter((one) => standsAt(one, 0, text, firstAt));
      return same.find((one) => standsAt(one, one.items.length - MOVING, text, firstAt)) ?? same[0];
    },
    keep(parts, earlier) {
      let left = MAX_KEPT;
      kept = [parts, ...kept.filter((one) => one !== earlier)]
        .slice(0, MAX_CONVERSATIONS)
        .filter(({ text }) => {
          left -= text.length;
          return left >= 0;
        });
    },
  };
}

/** Whether a message of an earlier request is there where it would be if nothing before it had changed. */
function standsAt({ items, text }: Parts, index: number, other: string, firstAt: number): boolean {
  const [first, item] = [items[0], items[Math.max(0, index)]];
  if (!first || !item) return false;
  const at = firstAt + item.start - first.start;
  return other.slice(at, at + item.end - item.start) === text.slice(item.start, item.end);
}

/**
 * Reads a request whose messages are a list.
 *
 * @param rest lets others have their turn in a long one
 * @returns undefined for every other text, JSON or not
 */
export async function readParts(
  text: string,
  list: string,
  memory: Memory,
  rest: () => Promise<void> | undefined,
): Promise<Parts | undefined> {
  const place = placeOf(text, list);
  if (place === undefined) return undefined;
  const { start, firstAt } = place;
  const earlier = memory.find(text, firstAt);
  const items: Part[] = [];
  let at = firstAt;
  let end = text.charCodeAt(at) === CLOSE_ARRAY ? at + 1 : -1;
  for (let unread = 0; end < 0; ) {
    const item = sameItem(earlier, items.length, text, at) ?? newItem(text, at);
    if (item === undefined) return undefined;
    unread += item.value === earlier?.items[items.length]?.value ? 0 : item.end - item.start;
    items.push(item);
    at = skipSpace(text, item.end);
    const next = text.charCodeAt(at);
    if (next === CLOSE_ARRAY) end = at + 1;
    else if (next === COMMA) at = skipSpace(text, at + 1);
    else return undefined;
    if (unread < RESTS_AFTER) continue;
    unread = 0;
    const resting = rest();
    if (resting !== undefined) await resting;
  }
  // Of a member that stands there twice the last one counts, and that may be another list.
  if (membersFrom(text, end, list) === undefined) return undefined;
  const around = aroundOf(text.slice(0, start) + EMPTY_LIST + text.slice(end), list, earlier);
  if (around === undefined) return undefined;
  const body = { ...around.value, [list]: items.map(({ value }) => value) };
  const before = (earlier?.items ?? []).slice(0, items.length);
  const pairs = before.map(({ value }, at) => [items[at]?.value, value] as const);
  const parts = { text, body, start, end, items, around, earlier: new Map(pairs) };
  memory.keep(parts, earlier);
  return parts;
}

/** Characters that are read in one piece. */
const RESTS_AFTER = 262_144;

/**
 * What changes the text into one of `after`, in its order.
 *
 * @returns undefined where messages came, went or were made anew, and where a change cannot be done in places
 */
export function* writeParts(
  parts: Parts,
  after: Json,
  list: string,
): Steps<readonly Patch[] | undefined> {
  const { text, start, end, items, around } = parts;
  const made = after[list];
  if (!Array.isArray(made) || made.length !== items.length) return undefined;
  const outer = changedAround(around, { ...after, [list]: around.value[list] }, start);
  if (outer === undefined) return undefined;
  const inner: Patch[] = [];
  const meter = new Meter();
  for (const [index, item] of items.entries()) {
    const value: unknown = made[index];
    if (Object.is(value, item.value)) continue;
    const changed = changedItem(text, item, value);
    if (changed === undefined) return undefined;
    inner.push({ start: item.start, end: item.end, text: changed });
    if (meter.isDue(item.end - item.start)) yield;
  }
  const before = outer.filter((patch) => patch.end <= start);
  // Around the messages, an empty list stands in their place.
  const further = end - start - EMPTY_LIST.length;
  const behind = outer
    .slice(before.length)
    .map((patch) => ({ ...patch, start: patch.start + further, end: patch.end + further }));
  return [...before, ...inner, ...behind];
}

const EMPTY_LIST = "[]";

function aroundOf(text: string, list: string, earlier: Parts | undefined): Around | undefined {
  if (earlier?.around.text === text) return earlier.around;
  const value = parseJson(text);
  const none = value?.[list];
  return value && Array.isArray(none) && none.length === 0 ? { text, value } : undefined;
}

/** What changes the text around the messages. @param start of the messages */
function changedAround(around: Around, value: Json, start: number): readonly Patch[] | undefined {
  if (around.made && isSame(around.made.value, value)) return around.made.patches;
  const patches = patchesFor(around.text, around.value, value);
  if (patches === undefined) return undefined;
  const end = start + EMPTY_LIST.length;
  let at = 0;
  for (const patch of patches) {
    if (patch.start < at || patch.end < patch.start) return undefined;
    // Nothing reaches into the list or over it.
    if (patch.end > start && patch.start < end) return undefined;
    at = patch.end;
  }
  if (patches.length > 0 && !hasMembers(patched(around.text, patches), value)) return undefined;
  around.made = { value, patches };
  return patches;
}

/** A message changed in its text. What came of it is read back: a broken request would cost the turn. */
function changedItem(text: string, item: Part, value: unknown): string | undefined {
  if (item.made && isSame(item.made.value, value)) return item.made.text;
  const source = text.slice(item.start, item.end);
  const changed = spliceJson(source, item.value, value);
  if (changed === undefined || !isEdited(item.value, value)) return undefined;
  const back = parsed(changed);
  if (back === undefined || !areSameRows([value], [back.value])) return undefined;
  item.made = { value, text: changed };
  return changed;
}

/** Whether two values say the same. It goes no deeper than the first one. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one))
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => isSame(item, other[at]))
    );
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}

function hasMembers(text: string, after: Json): boolean {
  const back = parseJson(text);
  return (
    back !== undefined &&
    Object.keys(after).every((name) => after[name] === undefined || Object.hasOwn(back, name))
  );
}

function sameItem(
  earlier: Parts | undefined,
  index: number,
  text: string,
  at: number,
): Part | undefined {
  const known = earlier?.items[index];
  if (!earlier || !known) return undefined;
  const end = at + known.end - known.start;
  if (text.slice(at, end) !== earlier.text.slice(known.start, known.end)) return undefined;
  // A number goes on where it went on.
  const next = text.charCodeAt(skipSpace(text, end));
  if (next !== COMMA && next !== CLOSE_ARRAY) return undefined;
  const { value, made } = known;
  return made ? { start: at, end, value, made } : { start: at, end, value };
}

function newItem(text: string, at: number): Part | undefined {
  const end = endOfValue(text, at);
  const read = end === undefined ? undefined : parsed(text.slice(at, end));
  return end === undefined || read === undefined ? undefined : { start: at, end, ...read };
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

interface Place {
  /** Of the bracket that opens the list. */
  readonly start: number;
  /** Of its first item, or of the bracket that closes it. */
  readonly firstAt: number;
}

/** Where the list stands. What stands before it is skipped and not checked: the text around the list is parsed anyway. */
function placeOf(text: string, list: string): Place | undefined {
  const open = skipSpace(text, 0);
  if (text.charCodeAt(open) !== OPEN_OBJECT) return undefined;
  const start = membersFrom(text, open, list);
  if (start === undefined || text.charCodeAt(start) !== OPEN_ARRAY) return undefined;
  return { start, firstAt: skipSpace(text, start + 1) };
}

/**
 * Where the value of the next member of this name begins, from a member's end or the opening brace on; the length of the text where
 * there is none.
 *
 * @returns undefined for what is no members, for names with escapes, and, behind a value, where there is another one of this name
 */
function membersFrom(text: string, from: number, list: string): number | undefined {
  const isFirst = text.charCodeAt(from) === OPEN_OBJECT;
  let at = isFirst ? from : skipSpace(text, from);
  while (text.charCodeAt(at) === (at === from && isFirst ? OPEN_OBJECT : COMMA)) {
    at = skipSpace(text, at + 1);
    const end = text.charCodeAt(at) === QUOTE ? endOfString(text, at) : undefined;
    if (end === undefined) return undefined;
    const name = text.slice(at + 1, end - 1);
    if (name.includes("\\")) return undefined;
    at = skipSpace(text, end);
    if (text.charCodeAt(at) !== COLON) return undefined;
    at = skipSpace(text, at + 1);
    if (name === list) return isFirst ? at : undefined;
    const after = endOfValue(text, at);
    if (after === undefined) return undefined;
    at = skipSpace(text, after);
  }
  return text.charCodeAt(at) === CLOSE_OBJECT ? text.length : undefined;
}

/** The offset behind a value, if it is one: nothing of it is checked. */
function endOfValue(text: string, from: number): number | undefined {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return endOfString(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      depth--;
      if (depth < 0) return at;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (code === COMMA || code <= 32)) return at;
  }
  return undefined;
}

/** The offset behind a string whose quote stands at `from`: a quote ends it that an even number of backslashes stands before. */
function endOfString(text: string, from: number): number | undefined {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at + 1;
  }
  return undefined;
}
