/**
 * The lossless form of search output, and the way back: each path once, its hits under it as they stood.
 *
 * It looks like `rg --heading`, with two shortenings: the start that all paths share stands once at the top, and a path in
 * the folder of the path above is its name after a space. The files with most hits keep their whole path, and files with
 * several are never just a name: there it costs little and can be copied.
 *
 * Trap: the first character of a line says what it is, so a path that begins like a hit needs the `>` in front, and a
 * line that is no hit the `|`.
 */
import type { Entry, ParsedSearch } from "./entry.ts";
import { folderOf } from "./path.ts";

const LEGEND =
  '# search hits: PATH, then LINE:match or LINE-context; " NAME": same folder as the path above; "in": start of the paths; "|": other line';

const IN = "in ";
const HEADINGS = "as headings";
const COUNTS = "as counts";
/** From this many hits in a row on, the path is written whole. */
const WHOLE_FROM = 4;
const WHOLE_FILES = 3;
/** A shared start below this length is repeated instead. */
const MIN_SHARED = 16;
const MIN_SHARING = 4;

/** How paths are written in one output. */
export interface PathStyle {
  readonly shared: string;
}

export function pathStyleOf(paths: Iterable<string>): PathStyle {
  let shared: string | undefined;
  let count = 0;
  for (const path of paths) {
    count++;
    const folder = folderOf(path);
    if (shared === undefined) shared = folder;
    else if (!path.startsWith(shared)) shared = commonFolder(shared, folder);
    if (shared === "") break;
  }
  if (shared === undefined || shared.includes("\n")) return { shared: "" };
  const worthIt = shared.endsWith(":") ? count > 1 : shared.length >= MIN_SHARED;
  return { shared: worthIt && count >= MIN_SHARING ? shared : "" };
}

/** The longest start of both that ends in a folder or revision. */
function commonFolder(a: string, b: string): string {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const start = a.slice(0, at);
  const cut = Math.max(start.lastIndexOf("/"), start.lastIndexOf("\\"), revisionEnd(start));
  return start.slice(0, cut + 1);
}

function revisionEnd(start: string): number {
  const colon = start.indexOf(":");
  return colon > 1 ? colon : -1;
}

export function encodeGrouped(parsed: ParsedSearch, closed: boolean): string {
  const { entries, style } = parsed;
  const hits = new Map<string, number>();
  for (const { path } of entries) if (path !== "") hits.set(path, (hits.get(path) ?? 0) + 1);
  const { shared } = pathStyleOf(hits.keys());
  const whole = shared.endsWith(":") ? new Set<string>() : busiest(hits);
  const out: string[] = [LEGEND];
  const words = style === "headings" ? wordsOf(entries) : NO_WORDS;
  const isWorded = words !== undefined && words.join("") !== "";
  if (style === "headings") out.push(isWorded ? `${HEADINGS} ${JSON.stringify(words)}` : HEADINGS);
  const [, , hitWord = ""] = words ?? [];
  if (style === "counts") out.push(COUNTS);
  if (shared !== "") out.push(IN + shared);
  let path = "";
  let folder = "";
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] as Entry;
    if (entry.kind === "gap") out.push("--");
    else if (entry.kind === "other") {
      // The blank line before a heading is understood.
      if (style === "headings" && entry.rest === "" && entries[at + 1]?.kind === "heading")
        continue;
      out.push(`|${entry.rest}`);
    } else if (entry.kind === "heading" && at > 0 && entries[at - 1]?.rest !== "") {
      // Without the blank line above it stands as it was; the hits below need no path.
      out.push(`|${entry.rest}`);
      path = entry.path;
      folder = "";
    } else {
      const changes = entry.path !== path || entry.kind === "heading" || entry.kind === "count";
      if (changes) {
        const here = folderOf(entry.path);
        const short = here === folder && here !== "" && runLength(entries, at) < WHOLE_FROM;
        const name = short
          ? ` ${entry.path.slice(here.length)}`
          : headerOf(entry.path, whole.has(entry.path) ? "" : shared, shared);
        path = entry.path;
        folder = here;
        if (style === "counts") {
          out.push(name + entry.rest);
          continue;
        }
        out.push(name);
      }
      if (entry.kind === "heading") continue;
      // A hit of a numberless search that would read as a separator goes as a whole line.
      if (style === "plain" && entry.rest.startsWith("--")) out.push(`|${entry.path}${entry.rest}`);
      else out.push(entry.rest.slice(hitWord.length));
    }
  }
  return out.join("\n") + (closed ? "\n" : "");
}

/** Words around the paths of headings, and in front of line numbers: `File: `, ``, `  Line `. */
type Words = readonly [before: string, after: string, hit: string];

const NO_WORDS: Words = ["", "", ""];

/** Those that all headings and hits have; `undefined` where they differ. */
function wordsOf(entries: readonly Entry[]): Words | undefined {
  let words: Words | undefined;
  let hit: string | undefined;
  for (const { kind, path, rest } of entries) {
    if (kind === "heading") {
      const at = rest.indexOf(path);
      const own: Words = [rest.slice(0, at), rest.slice(at + path.length), ""];
      words ??= own;
      if (own[0] !== words[0] || own[1] !== words[1]) return undefined;
    } else if (kind === "match" || kind === "context") {
      const digit = rest.search(/\d/);
      hit ??= rest.slice(0, digit);
      if (rest.slice(0, digit) !== hit) return undefined;
    }
  }
  return words && [words[0], words[1], hit ?? ""];
}

/** How many hits follow under this path before another path comes, as far as it matters. */
function runLength(entries: readonly Entry[], from: number): number {
  const path = entries[from]?.path;
  let count = 0;
  for (let at = from; at < entries.length && count < WHOLE_FROM; at++) {
    const entry = entries[at] as Entry;
    if (entry.kind === "gap" || entry.kind === "other") continue;
    if (entry.path !== path) break;
    if (entry.kind !== "heading") count++;
  }
  return count;
}

/** The files with most hits: what is asked for most stands whole, also under a shared start. */
function busiest(hits: ReadonlyMap<string, number>): ReadonlySet<string> {
  const order = [...hits].filter(([, count]) => count >= WHOLE_FROM);
  order.sort((a, b) => b[1] - a[1]);
  return new Set(order.slice(0, WHOLE_FILES).map(([path]) => path));
}

function headerOf(path: string, cut: string, shared: string): string {
  const name = path.slice(cut.length);
  const isClear = isPlainHeader(name) && (cut === "" || !name.startsWith(shared));
  return isClear ? name : `>${path}`;
}

/** Whether a header line cannot be taken for anything else. */
function isPlainHeader(name: string): boolean {
  const first = name.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  return name !== "" && !digit && !":-= >|".includes(name[0] ?? "") && !name.startsWith(IN);
}

/** What follows `as headings`. */
function readWords(text: string): Words | undefined {
  if (text === "") return NO_WORDS;
  try {
    const words: unknown = JSON.parse(text);
    const isWords = Array.isArray(words) && words.length === 3;
    return isWords && words.every((word) => typeof word === "string")
      ? (words as unknown as Words)
      : undefined;
  } catch {
    return undefined;
  }
}

export function decodeGrouped(text: string): string | undefined {
  if (!text.startsWith(`${LEGEND}\n`)) return undefined;
  const closed = text.endsWith("\n");
  const lines = text.slice(LEGEND.length + 1, closed ? -1 : undefined).split("\n");
  let at = 0;
  const headings = lines[at]?.startsWith(HEADINGS) === true;
  const words = headings ? readWords((lines[at] ?? "").slice(HEADINGS.length)) : NO_WORDS;
  if (words === undefined) return undefined;
  const [before, after, hitWord] = words;
  const counts = lines[at] === COUNTS;
  if (headings || counts) at++;
  let shared = "";
  if (lines[at]?.startsWith(IN)) shared = (lines[at++] ?? "").slice(IN.length);
  const out: string[] = [];
  let path = "";
  let known = "";
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const first = line.charCodeAt(0);
    if (line === "--") out.push(line);
    else if (first === 124) out.push(line.slice(1));
    else if (!counts && first >= 48 && first <= 57) {
      if (headings) {
        out.push(hitWord + line);
        continue;
      }
      let end = 0;
      while (line.charCodeAt(end) >= 48 && line.charCodeAt(end) <= 57) end++;
      out.push(path + (line[end] ?? "") + line);
    } else if (!counts && (first === 58 || first === 45 || first === 61)) out.push(path + line);
    else {
      let name = line;
      let rest = "";
      if (counts) {
        const colon = line.lastIndexOf(":");
        if (colon < 0) return undefined;
        name = line.slice(0, colon);
        rest = line.slice(colon);
      }
      if (name.startsWith(">")) path = name.slice(1);
      else if (name.startsWith(" ")) path = folderOf(known) + name.slice(1);
      else path = shared !== "" && name.startsWith(shared) ? name : shared + name;
      known = path;
      if (counts) out.push(path + rest);
      else if (headings) {
        if (out.length > 0) out.push("");
        out.push(before + path + after);
      }
    }
  }
  return out.join("\n") + (closed ? "\n" : "");
}
