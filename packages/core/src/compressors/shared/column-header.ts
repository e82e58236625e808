/**
 * The header line of `columns.ts`: one item a column, each followed by the separator that follows its cells.
 *
 * `name`, `name=*"."` (shared end), `name="ms"` (usual value), `name=other#` (copy), `name{a="…"}` (letters); a note may follow the name.
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
  if (coding.copy !== undefined) return `${head}=${quoteName(names[coding.copy] ?? "")}#`;
  if (coding.usual !== undefined) return `${head}=${JSON.stringify(coding.usual)}`;
  if (coding.aliases.size > 0) {
    const list = [...coding.aliases].map(([letter, value]) => `${letter}=${JSON.stringify(value)}`);
    return `${head}{${list.join(" ")}}`;
  }
  if (coding.start === "" && coding.end === "") return head;
  const start = coding.start === "" ? "" : JSON.stringify(coding.start);
  return `${head}=${start}*${coding.end === "" ? "" : JSON.stringify(coding.end)}`;
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
  const base = {
    name,
    note: text.slice(noteStart, at),
    start: "",
    end: "",
    aliases: new Map<string, string>(),
    word,
  };
  const rest = text.slice(at);
  if (rest === "") return base;
  if (rest[0] === "{") {
    for (let from = 1; from < rest.length - 1; ) {
      const letter = rest[from] ?? "";
      const end = closingQuote(rest, from + 2);
      const value = end === -1 ? undefined : unquote(rest.slice(from + 2, end + 1));
      if (value === undefined) return undefined;
      base.aliases.set(letter, value);
      from = end + 2;
    }
    return base;
  }
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
