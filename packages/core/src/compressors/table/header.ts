/**
 * The header line of `columns.ts`: one item a column, each followed by the separator that follows its cells.
 *
 * `name`, `name="ms"` (constant), `name="v"*".tgz"` (shared start and end), `name="v"${version}` (made of another column); a note may follow the name. A name with special
 * signs stands in quotes.
 */
import { NotationError } from "../../notation/error.ts";
import { type Coding, isPrinted } from "./coding.ts";

export function printHeader(codings: readonly Coding[]): string {
  return codings
    .map((coding) => printItem(coding) + (isPrinted(coding) && !coding.word ? "|" : " "))
    .join("")
    .slice(0, -1);
}

const BARE_NAME = /^[^\s|={}*"@,;\\]+$/;

/** A name as headers and rows write it. */
export function quoteName(name: string): string {
  return BARE_NAME.test(name) ? name : JSON.stringify(name);
}

function printItem({ name, note, constant, from, start, end }: Coding): string {
  const head = quoteName(name) + note;
  if (constant !== undefined) return `${head}=${JSON.stringify(constant)}`;
  const quoted = (text: string): string => (text === "" ? "" : JSON.stringify(text));
  if (from !== undefined) return `${head}=${quoted(start)}\${${quoteName(from)}}${quoted(end)}`;
  if (start === "" && end === "") return head;
  return `${head}=${quoted(start)}*${quoted(end)}`;
}

/**
 * Reads what `printHeader` wrote.
 *
 * @throws NotationError - It is no header.
 */
export function readHeader(header: string): readonly Coding[] {
  const codings: Coding[] = [];
  for (let at = 0; at <= header.length; ) {
    const end = itemEnd(header, at);
    codings.push(readItem(header.slice(at, end), header[end] !== "|"));
    at = end + 1;
  }
  return codings;
}

/** The separator behind an item, outside quotes. */
function itemEnd(header: string, start: number): number {
  let at = start;
  while (at < header.length && header[at] !== " " && header[at] !== "|")
    at = header[at] === '"' ? quoteEnd(header, at) : at + 1;
  return at;
}

function readItem(text: string, word: boolean): Coding {
  const nameEnd = text[0] === '"' ? quoteEnd(text, 0) : text.search(/[=@]|$/);
  const equals = text.indexOf("=", nameEnd);
  const noteEnd = equals < 0 ? text.length : equals;
  const base = {
    name: text[0] === '"' ? unquote(text.slice(0, nameEnd)) : text.slice(0, nameEnd),
    note: text.slice(nameEnd, noteEnd),
    start: "",
    end: "",
    word,
  };
  if (equals < 0) return base;
  let at = equals + 1;
  let start = "";
  if (text[at] === '"') {
    const close = quoteEnd(text, at);
    start = unquote(text.slice(at, close));
    if (close === text.length) return { ...base, constant: start };
    at = close;
  }
  if (text.startsWith("${", at)) return { ...base, start, ...readSource(text, at + 2) };
  if (text[at] !== "*") throw new NotationError("a constant, or a * between shared ends");
  const end = at + 1 === text.length ? "" : unquote(text.slice(at + 1));
  return { ...base, start, end };
}

/** The column in `${name}`, and what stands behind it in quotes. */
function readSource(text: string, open: number): { from: string; end: string; word: false } {
  const isQuoted = text[open] === '"';
  const nameEnd = isQuoted ? quoteEnd(text, open) : text.indexOf("}", open);
  if (nameEnd < 0 || text[nameEnd] !== "}") throw new NotationError("a column in braces");
  const name = text.slice(open, nameEnd);
  const rest = text.slice(nameEnd + 1);
  return {
    from: isQuoted ? unquote(name) : name,
    end: rest === "" ? "" : unquote(rest),
    word: false,
  };
}

/** Behind the closing quote. */
function quoteEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  throw new NotationError("a closing quote");
}

function unquote(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "string") return value;
  } catch {
    // Reported below.
  }
  throw new NotationError("a text in quotes");
}
