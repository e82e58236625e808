/**
 * The header line of `columns.ts`: one item a column, each followed by the separator that follows its cells.
 *
 * `name`, `name=*"."` (shared end), `name="ms"` (usual value), `name=other#` (copy), `name{a="…"}` (names for values and
 * phrases), `name="ms"{a="s"}` and `name=*":amd64"{b=*}` (letters behind a row: another value, or a cell without the shared end); a note
 * may follow the name.
 */
import { type Coding, isSilent } from "./column-coding.ts";

export function writeHeader(codings: readonly Coding[]): string {
  const names = codings.map(({ name }) => name);
  return codings
    .map((coding) => writeItem(coding, names) + (isSilent(coding) || coding.word ? " " : "|"))
    .join("")
    .slice(0, -1);
}

const BARE_NAME = /^[^\s|={}*"@,\\]+$/;

/** A name as headers and rows write it. */
export function quoteName(name: string): string {
  return BARE_NAME.test(name) ? name : JSON.stringify(name);
}

/** Where the `=` after a name stands. */
export function nameEnd(part: string): number {
  if (part[0] !== '"') return Math.max(0, part.indexOf("="));
  return closingQuote(part, 0) + 1;
}

function writeItem(coding: Coding, names: readonly string[]): string {
  const head = quoteName(coding.name) + coding.note;
  const list = [...coding.marks, ...coding.aliases].map(
    ([letter, value]) => `${letter}=${value === undefined ? "*" : JSON.stringify(value)}`,
  );
  const named = list.length === 0 ? "" : `{${list.join(" ")}}`;
  if (coding.copy !== undefined) return `${head}=${quoteName(names[coding.copy] ?? "")}#${named}`;
  if (coding.usual !== undefined) return `${head}=${JSON.stringify(coding.usual)}${named}`;
  if (coding.start === "" && coding.end === "") return head + named;
  const start = coding.start === "" ? "" : JSON.stringify(coding.start);
  return `${head}=${start}*${coding.end === "" ? "" : JSON.stringify(coding.end)}${named}`;
}

/** The items of a header, each up to the separator outside quotes and braces. */
export function readHeader(header: string): Coding[] | undefined {
  const items: { text: string; word: boolean }[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at <= header.length; at++) {
    const char = header[at];
    if (char === '"') {
      const end = closingQuote(header, at);
      if (end === -1) return undefined;
      at = end;
    } else if (char === "{") depth++;
    else if (char === "}") depth--;
    else if (depth === 0 && (char === " " || char === "|" || char === undefined)) {
      items.push({ text: header.slice(start, at), word: char !== "|" });
      start = at + 1;
    }
  }
  if (depth !== 0) return undefined;
  const names = items.map(({ text }) => itemName(text));
  const codings: Coding[] = [];
  for (const [at, { text, word }] of items.entries()) {
    const coding = readItem(text, word, names[at] ?? "", names);
    if (!coding) return undefined;
    codings.push(coding);
  }
  return codings;
}

function itemName(text: string): string {
  if (text[0] === '"') return text.slice(0, closingQuote(text, 0) + 1);
  let at = 0;
  while (at < text.length && !"={@".includes(text[at] ?? "")) at++;
  return text.slice(0, at);
}

function readItem(
  text: string,
  word: boolean,
  quoted: string,
  names: readonly string[],
): Coding | undefined {
  let at = quoted.length;
  const noteStart = at;
  while (at < text.length && text[at] !== "=" && text[at] !== "{") at++;
  const name = quoted[0] === '"' ? unquote(quoted) : quoted;
  if (name === undefined) return undefined;
  const braces = bracesOf(text, at);
  const rest = text.slice(at, braces);
  const star = rest[1] === '"' ? closingQuote(rest, 1) + 1 : 1;
  const silent = rest !== "" && rest[star] !== "*";
  const aliases = new Map<string, string>();
  const marks = new Map<string, string | undefined>();
  for (let from = braces + 1; from < text.length - 1; ) {
    const equals = text.indexOf("=", from);
    const key = text.slice(from, equals);
    if (equals === -1 || key === "") return undefined;
    if (text[equals + 1] === "*") {
      marks.set(key, undefined);
      from = equals + 3;
      continue;
    }
    const end = text[equals + 1] === '"' ? closingQuote(text, equals + 1) : -1;
    const value = end === -1 ? undefined : unquote(text.slice(equals + 1, end + 1));
    if (value === undefined) return undefined;
    (silent ? marks : aliases).set(key, value);
    from = end + 2;
  }
  const base = { name, note: text.slice(noteStart, at), start: "", end: "", aliases, marks, word };
  if (rest === "") return base;
  if (rest.endsWith("#")) {
    const copy = names.indexOf(rest.slice(1, -1));
    return copy === -1 ? undefined : { ...base, copy };
  }
  let from = 1;
  let start = "";
  if (rest[from] === '"') {
    const end = closingQuote(rest, from);
    const value = end === -1 ? undefined : unquote(rest.slice(from, end + 1));
    if (value === undefined) return undefined;
    if (end === rest.length - 1) return { ...base, usual: value };
    start = value;
    from = end + 1;
  }
  if (rest[from] !== "*") return undefined;
  const end = from + 1 === rest.length ? "" : unquote(rest.slice(from + 1));
  return end === undefined ? undefined : { ...base, start, end };
}

/** Where the list in braces starts; the length of the text where there is none. */
function bracesOf(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") return at;
    if (text[at] === '"') {
      at = closingQuote(text, at);
      if (at === -1) break;
    }
  }
  return text.length;
}

function unquote(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}
