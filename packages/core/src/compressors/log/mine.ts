/**
 * Template mining: which lines say the same thing with other values.
 *
 * For kinds that fold runs of like lines. Follows Drain (He et al., 2017) in spirit, a line is words, and words that vary
 * become a wildcard, but runs on the whole text at once: words that look like values are masked first, then templates
 * that differ in one word only are merged where that word takes many values. Keeps the words of a sentence apart
 * (`session opened` is not `session closed`), because a template seen once or twice is what a reader must not miss.
 *
 * Trap: masking too much hides rare events, masking too little makes every line rare. Numbers, paths and identifiers are
 * values; plain words are not, until at least `MERGE_AT` of them stand in the same place.
 */

import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";

/** One template: what is common to its lines. */
export interface Template {
  /** Words, `*` where they vary. */
  readonly words: readonly string[];
  /** How many lines have it. */
  readonly count: number;
  /** Index of its first and last line. */
  readonly first: number;
  readonly last: number;
  /** Numbers alone vary in its lines: each `0` in its words stands for one. */
  readonly strict: boolean;
}

export interface Templates {
  /** For each line its index in `templates`, -1 for blank lines and lines that were not asked about. */
  readonly ids: Int32Array;
  readonly templates: readonly Template[];
}

export interface TemplateOptions {
  /** Lines that may only be grouped with lines equal but for their numbers. @default none */
  readonly strict?: (line: number) => boolean;
}

/** So many values in one place make the place a variable. */
const MERGE_AT = 12;
/** Merging looks at this many words of a line at most; longer lines differ in their masked key only. */
const MERGE_WORDS = 24;
const MERGE_ROUNDS = 3;
/** Templates with many lines of their own are merged only where a word takes really many values. */
const MERGE_FREQUENT_AT = 24;
/** Strict lines are hardly ever merged: each says something of its own. */
const MERGE_STRICT_AT = 200;
const FREQUENT = 8;
/** Lines that begin alike but go on with any number of words: so many of them make a template. */
const PREFIX_AT = 24;
/** To compare templates by one word takes as long as reading about so many characters. */
const WORD_WORK = 64;
/** A word of so many letters from a to f is a hash without a digit. */
const HEX_WORD = 6;
/** Masking reads this much of a line. */
const MAX_KEY = 400;

interface Draft {
  words: string[];
  count: number;
  first: number;
  last: number;
  strict: boolean;
  /** Index of the draft this one became part of. */
  parent: number;
}

/** Groups lines. Linear in the text; deterministic. */
export function* mineTemplates(
  lines: readonly string[],
  options: TemplateOptions = {},
): Steps<Templates> {
  const meter = new Meter();
  const { strict } = options;
  const ids = new Int32Array(lines.length).fill(-1);
  const byKey = new Map<string, number>();
  const drafts: Draft[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (meter.isDue(Math.min(line.length, MAX_KEY) + LINE_WORK)) yield;
    const isStrict = strict?.(i) === true;
    const words = isStrict ? maskDigits(line) : maskWords(line);
    if (words.length === 0) continue;
    const key = `${isStrict ? "!" : ""}${words.join(" ")}`;
    let id = byKey.get(key);
    if (id === undefined) {
      id = drafts.length;
      byKey.set(key, id);
      drafts.push({ words, count: 0, first: i, last: i, strict: isStrict, parent: id });
    }
    const draft = drafts[id] as Draft;
    draft.count++;
    draft.last = i;
    ids[i] = id;
  }
  for (let round = 0; round < MERGE_ROUNDS; round++) if (!(yield* mergeByOneWord(drafts))) break;
  yield* mergeByPrefix(drafts);
  return yield* settle(ids, drafts);
}

/** Of a place at which templates are not merged. */
const NO_KEY = -1;

/** Merges templates that differ in one word, where that word takes many values. */
function* mergeByOneWord(drafts: Draft[]): Steps<boolean> {
  const meter = new Meter();
  // Hashes of the words of one template.
  const ones = new Int32Array(MERGE_WORDS);
  const twos = new Int32Array(MERGE_WORDS);
  const intern = new Map<string, number>();
  const groups = new Map<number, number[]>();
  const keysOf = new Map<number, number[]>();
  for (let id = 0; id < drafts.length; id++) {
    const draft = drafts[id] as Draft;
    const { words } = draft;
    if (draft.parent !== id || words.length > MERGE_WORDS) continue;
    if (meter.isDue(words.length * WORD_WORK)) yield;
    let h1 = words.length + (draft.strict ? 1_000_003 : 0);
    let h2 = words.length * 31;
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? "";
      let code = intern.get(word);
      if (code === undefined) {
        code = intern.size + 1;
        intern.set(word, code);
      }
      const a = Math.imul(code + at * 7919, 0x9e3779b1) ^ (at * 0x85ebca6b);
      const b = Math.imul(code ^ (at * 104729), 0xc2b2ae35) + at * 0x27d4eb2f;
      ones[at] = a;
      twos[at] = b;
      h1 = (h1 + a) | 0;
      h2 = (h2 + b) | 0;
    }
    const keys: number[] = [];
    for (let at = 0; at < words.length; at++) {
      if (words[at] === "*" || isKey(words, at)) {
        keys.push(NO_KEY);
        continue;
      }
      // 53 bits of what the other words are, and of the place.
      const one = (h1 - (ones[at] ?? 0)) ^ Math.imul(at + 1, 0x85ebca6b);
      const two = (h2 - (twos[at] ?? 0)) ^ Math.imul(at + 1, 0xc2b2ae35);
      const key = (one >>> 0) * 0x200000 + (two >>> 11);
      keys.push(key);
      const group = groups.get(key);
      if (group) group.push(id);
      else groups.set(key, [id]);
    }
    keysOf.set(id, keys);
  }
  let merged = false;
  for (const [id, keys] of keysOf) {
    const draft = drafts[id] as Draft;
    if (draft.parent !== id) continue;
    if (meter.isDue(keys.length * WORD_WORK)) yield;
    let best = NO_KEY;
    let size = 0;
    let at = 0;
    for (const [place, key] of keys.entries()) {
      const group = key === NO_KEY ? undefined : groups.get(key);
      const live = group?.length ?? 0;
      if (live > size) {
        best = key;
        size = live;
        at = place;
      }
    }
    // A line of one or two words has little else in common.
    const words = draft.words.length;
    const constant = draft.words.filter((word) => word !== "*").length - 1;
    const least = draft.strict
      ? MERGE_STRICT_AT
      : draft.count > FREQUENT
        ? MERGE_FREQUENT_AT
        : MERGE_AT;
    if (size < (constant === 0 || words <= 2 ? least * 2 : least)) continue;
    for (const other of groups.get(best) ?? []) {
      const from = drafts[other] as Draft;
      if (meter.isDue(WORD_WORK)) yield;
      if (other === id || from.parent !== other) continue;
      // `status installed` 600 times is a kind of its own, however many other states there are.
      if (size < MERGE_FREQUENT_AT && from.count > FREQUENT) continue;
      absorb(draft, from, id);
      merged = true;
    }
    draft.words = draft.words.map((word, place) => (place === at ? "*" : word));
  }
  return merged;
}

/** The name in `name = value`, `name: value`, `name=value`: it says what the value is, and is never a value itself. */
function isKey(words: readonly string[], at: number): boolean {
  const word = words[at] ?? "";
  const next = words[at + 1];
  // Terraform says this of every attribute it does not know yet; the names add nothing.
  if (words.at(-1) === "apply)") return false;
  return (
    next === "=" ||
    next === ":" ||
    next === "=>" ||
    (next !== undefined && word.endsWith(":")) ||
    word.endsWith("=*")
  );
}

/** Merges rare templates that begin alike and then go on with any number of words. */
function* mergeByPrefix(drafts: Draft[]): Steps<void> {
  const meter = new Meter();
  const groups = new Map<string, number[]>();
  for (let id = 0; id < drafts.length; id++) {
    const draft = drafts[id] as Draft;
    if (draft.parent !== id || draft.strict || draft.words.length < 3) continue;
    if (meter.isDue(WORD_WORK)) yield;
    // Stamps at the start say nothing about the kind of line.
    const from = afterStamp(draft.words);
    const one = draft.words[from] ?? "";
    const two = draft.words[from + 1] ?? "";
    if (two === "" || (isWord(one) && isWord(two))) continue;
    const key = `${from} ${one} ${two}`;
    const group = groups.get(key);
    if (group) group.push(id);
    else groups.set(key, [id]);
  }
  for (const group of groups.values()) {
    const rare = group.filter((id) => (drafts[id] as Draft).count < 3);
    if (rare.length < PREFIX_AT) continue;
    const [id = 0] = rare;
    const head = drafts[id] as Draft;
    for (const other of rare.slice(1)) absorb(head, drafts[other] as Draft, id);
    const from = afterStamp(head.words);
    head.words = [...head.words.slice(0, from + 2), "*"];
  }
}

/** Behind the values and brackets that a line begins with. */
export function afterStamp(words: readonly string[]): number {
  let at = 0;
  while (at < words.length && (words[at] === "*" || OPENING.has(words[at] ?? ""))) at++;
  return at;
}

/** `[    0.004000]` is two words. */
const OPENING: ReadonlySet<string> = new Set(["[", "(", "*]", "*)", "[*]", "(*)"]);

function absorb(into: Draft, from: Draft, id: number): void {
  into.count += from.count;
  into.first = Math.min(into.first, from.first);
  into.last = Math.max(into.last, from.last);
  from.parent = id;
}

function* settle(ids: Int32Array, drafts: readonly Draft[]): Steps<Templates> {
  const meter = new Meter();
  const final = new Int32Array(drafts.length).fill(-1);
  const templates: Template[] = [];
  const root = (id: number): number => {
    let at = id;
    for (let next = (drafts[at] as Draft).parent; next !== at; next = (drafts[at] as Draft).parent)
      at = next;
    return at;
  };
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? -1;
    if (id < 0) continue;
    if (meter.isDue(1)) yield;
    const top = root(id);
    if ((final[top] ?? -1) < 0) {
      const { words, count, first, last, strict } = drafts[top] as Draft;
      final[top] = templates.length;
      templates.push({ words, count, first, last, strict });
    }
    ids[i] = final[top] ?? -1;
  }
  return { ids, templates };
}

/** The words of a line; values in them are `*`: `key=value` is `key=*`, `sshd[19939]:` is `sshd[*]:`. */
function maskWords(line: string): string[] {
  const out: string[] = [];
  const text = line.slice(0, MAX_KEY);
  let at = 0;
  while (at < text.length) {
    while (at < text.length && text.charCodeAt(at) <= 32) at++;
    if (at >= text.length) break;
    const start = at;
    let plain = true;
    let hex = true;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code <= 32) break;
      if (plain && !isLetter(code)) plain = false;
      if (hex && !(code >= 97 && code <= 102)) hex = false;
    }
    if (plain && hex && at - start >= HEX_WORD) out.push("*");
    else if (plain || isStatusCode(text, start, at)) out.push(text.slice(start, at));
    else out.push(maskWord(text.slice(start, at)));
  }
  return out;
}

/** One word with its values masked, run by run between brackets, quotes and commas. */
function maskWord(word: string): string {
  let out = "";
  let at = 0;
  while (at < word.length) {
    if (SEPARATORS.has(word[at] ?? "")) {
      out += word[at];
      if (word[at] === "=" && at > 0 && at + 1 < word.length) return `${out}*`;
      at++;
      continue;
    }
    // The colon behind a key in quotes belongs to the key.
    if (word[at] === ":" && word[at - 1] === '"') {
      out += ":";
      at++;
    }
    const start = at;
    let value = false;
    let colons = 0;
    for (; at < word.length && !SEPARATORS.has(word[at] ?? ""); at++) {
      const code = word.charCodeAt(at);
      if ((code >= 48 && code <= 57) || code === 47 || code === 92 || code === 64) value = true;
      else if (code === 58 && at + 1 < word.length && word.charCodeAt(at + 1) !== 58) colons++;
      else if (
        code === 46 &&
        isLetter(word.charCodeAt(at - 1)) &&
        isLetter(word.charCodeAt(at + 1))
      )
        value = true;
    }
    if (value || colons > 1) {
      if (!out.endsWith("*")) out += "*";
      if (word[at - 1] === ":") out += ":";
    } else out += word.slice(start, at);
  }
  return out;
}

const SEPARATORS: ReadonlySet<string> = new Set("[](){}<>\"'`,;|=");

/** Three digits after a quoted request: an HTTP status is a kind, not a value. */
function isStatusCode(text: string, start: number, end: number): boolean {
  if (end - start !== 3 || start < 2) return false;
  const first = text.charCodeAt(start);
  return first >= 49 && first <= 53 && text.charCodeAt(start - 2) === 34;
}

/** The words of a line with their digits and ids masked: `test_3.py` and `test_4.py` are alike, `a.py` and `b.py` are not. */
function maskDigits(line: string): string[] {
  const text = line.slice(0, MAX_KEY);
  const words: string[] = [];
  for (const word of text.split(" ")) if (word !== "") words.push(maskDigitsOfWord(word));
  return words;
}

function maskDigitsOfWord(word: string): string {
  let out = "";
  let start = 0;
  for (let at = 0; at <= word.length; at++) {
    if (at < word.length && !JOINTS.has(word[at] ?? "")) continue;
    const part = word.slice(start, at);
    out += (isId(part) ? "*" : withoutDigits(part)) + (word[at] ?? "");
    start = at + 1;
  }
  return out;
}

/** Where the parts of a word meet, each of which may be an id. */
const JOINTS: ReadonlySet<string> = new Set("=:,;\"'`()[]{}<>|/@#?&");

/** Each number becomes a 0. */
function withoutDigits(text: string): string {
  let out = "";
  let start = 0;
  let inNumber = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = code >= 48 && code <= 57;
    if (digit && !inNumber) {
      out += `${text.slice(start, at)}0`;
      inNumber = true;
    } else if (!digit && inNumber) {
      start = at;
      inNumber = false;
    }
  }
  return inNumber ? out : out + text.slice(start);
}

/** A hash, an address, a UUID: hexadecimal with a digit in it; or letters and digits that change places often. */
function isId(text: string): boolean {
  if (text.length < 6) return false;
  let isHex = true;
  let digits = 0;
  let letters = 0;
  let changes = 0;
  let wasDigit = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isDigit = code >= 48 && code <= 57;
    if (isDigit) digits++;
    else if (code === 45) continue;
    else if (isLetter(code) && code !== 95) letters++;
    else return false;
    if (!isDigit && !((code >= 97 && code <= 102) || (code >= 65 && code <= 70)))
      isHex &&= code === 120 && at === 1;
    if (isDigit !== wasDigit) changes++;
    wasDigit = isDigit;
  }
  if (digits === 0) return false;
  return isHex || (letters > 0 && text.length >= 10 && changes >= 5 && !text.includes("-"));
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

/** A word of a sentence: letters only. */
function isWord(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isLetter(text.charCodeAt(at))) return false;
  return text.length > 0;
}
