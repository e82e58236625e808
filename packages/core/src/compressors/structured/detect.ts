/** Which syntax the head of a text is written in. Strict: source code, prose, logs and help texts look like YAML here and there. */
import { finish } from "../../steps.ts";
import { sectionOf, settingOf } from "./ini-line.ts";
import { LineIndex } from "./line-index.ts";
import { LiteralScanner } from "./literal-scanner.ts";
import type { Format } from "./node.ts";
import { isOpening, startsOf } from "./read-literal.ts";
import { endOfProlog } from "./xml-prolog.ts";

export interface Detected {
  readonly format: Format;
  /** 0 to 1. */
  readonly score: number;
}

/** What has to be read to be believed: surer than a log with a few lines of it, less sure than JSON. */
const SURE = 0.95;
/** What looks like JSON as far as it is seen: asked where JSON has nothing to offer. */
const UNSURE = 0.2;
/** Share of lines that may be something else. */
const ODD_SHARE = 0.04;
/** Characters of a value that has to be seen where the sample ends inside of it. */
const MIN_SEEN = 60;

/** `undefined` where it is none. The sample may end anywhere. */
export function detectFormat(sample: string): Detected | undefined {
  const first = sample.search(/\S/);
  if (first < 0) return undefined;
  const code = sample.charCodeAt(first);
  if (code === 60) return isXml(sample, first) ? { format: "xml", score: SURE } : undefined;
  const values = valuesScore(sample);
  if (values > 0) return { format: "values", score: values };
  const lines = sample.split("\n");
  if (isIni(lines)) return { format: "ini", score: SURE };
  return isYaml(lines) ? { format: "yaml", score: SURE } : undefined;
}

const TAG = /<([A-Za-z_][\w.:-]*)[\s/>]/y;
const HTML = new Set(
  "a article body br button div footer form h1 h2 h3 head header html img input li link main meta nav ol p pre script section span style table tbody td th thead tr ul".split(
    " ",
  ),
);

function isXml(sample: string, first: number): boolean {
  const isDeclared = sample.startsWith("<?xml ", first);
  const at = endOfProlog(sample);
  if (at >= sample.length) return isDeclared;
  TAG.lastIndex = at;
  const name = TAG.exec(sample)?.[1];
  if (name === undefined || name === "html") return false;
  if (!isDeclared && HTML.has(name.toLowerCase())) return false;
  const closings = sample.match(/<\/[A-Za-z]/g)?.length ?? 0;
  return isDeclared || sample.includes(`</${name}>`) || closings > 2;
}

function valuesScore(sample: string): number {
  let least = 0;
  for (const start of startsOf(sample)) {
    const scanner = new LiteralScanner(sample, new LineIndex(""));
    const scan = finish(scanner.scan(start));
    const isLoose = [...scanner.seen].some((way) => way !== "comment");
    if (scan.node === undefined) {
      // JSON so far; what follows may be something looser.
      if (scan.isCut && scan.at - start > MIN_SEEN && scanner.seen.size === 0) least = UNSURE;
      if (scan.isCut && scan.at - start > MIN_SEEN && isLoose) return SURE;
      // A value that breaks off may be a scalar cut in two; what stands before it tells.
      if (scan.at > sample.length - 200 && scan.at - start > sample.length / 2 && isLoose)
        return SURE;
      continue;
    }
    const { node, end } = scan;
    if (node.type === "text" || node.type === "literal" || scanner.seen.size === 0) continue;
    const size =
      node.type === "list" ? node.items.length : node.type === "map" ? node.entries.length : 0;
    const rest = sample.slice(end).trimStart();
    const goesOn = isOpening(rest, 0);
    if (size > 1 && (goesOn || (end - start) * 2 > sample.length)) return SURE;
  }
  return least;
}

function isIni(lines: readonly string[]): boolean {
  let sections = 0;
  let settings = 0;
  let others = 0;
  let open = false;
  let aligned = 0;
  for (const line of lines.slice(0, -1)) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    if (sectionOf(line) !== undefined && !open) sections++;
    else if (settingOf(line, "=") !== undefined) {
      settings++;
      if (/\S {2,}=/.test(line)) aligned++;
      const value = trimmed.slice(trimmed.indexOf("=") + 1).trim();
      open = /^(?:[[{]|"""|''')/.test(value) && !/(?:[\]}]|.{3}(?:"""|'''))$/.test(value);
    } else if (open) open = !/^(?:[\]}]|.*(?:"""|'''))/.test(trimmed);
    else if (!/^\s/.test(line)) others++;
  }
  // Columns are a table.
  if (aligned > settings * 0.3) return false;
  return sections > 0 && settings > 1 && others <= (sections + settings) * ODD_SHARE;
}

const INDENT = /^ */;
/** Characters and words of a key. */
const MAX_KEY = 160;
const MAX_KEY_WORDS = 4;

/** The key that a line begins with, and its colon; `undefined` where it begins with none. By hand: such a pattern backtracks. */
function keyOf(line: string): string | undefined {
  const quote = line.charAt(0);
  if (quote === '"' || quote === "'") {
    const end = line.indexOf(quote, 1);
    return end > 0 && end < MAX_KEY && isColon(line, end + 1) ? line.slice(0, end + 2) : undefined;
  }
  for (let at = 0; at < line.length && at < MAX_KEY; at++) {
    if (isColon(line, at)) {
      const key = line.slice(0, at).trimEnd();
      const isName = key !== "" && key.split(" ").length <= MAX_KEY_WORDS;
      return isName ? line.slice(0, at + 1) : undefined;
    }
    // The signs of code, and those with a meaning of their own.
    if (
      "\"'`{}()[],;=".includes(line.charAt(at)) ||
      (at === 0 && "#|>%!&-".includes(line.charAt(at)))
    )
      return undefined;
  }
  return undefined;
}

/** A colon in front of a blank or the end of the line. */
function isColon(line: string, at: number): boolean {
  if (line.charCodeAt(at) !== 58) return false;
  return at + 1 === line.length || line.charCodeAt(at + 1) === 32;
}

/** Whether a value goes on in the lines below it, whatever they look like. */
function isOpenValue(text: string): boolean {
  if (text.startsWith("|") || text.startsWith(">")) return true;
  return (
    (text.startsWith("[") && !text.endsWith("]")) || (text.startsWith("{") && !text.endsWith("}"))
  );
}

function isYaml(all: readonly string[]): boolean {
  const lines = all.length > 1 ? all.slice(0, -1) : all;
  let keyed = 0;
  let items = 0;
  let nested = 0;
  let aligned = 0;
  let others = 0;
  let continued = 0;
  /** Lines deeper than this belong to the value of the last key. */
  let inside: { indent: number; isQuiet: boolean } | undefined;
  let parent = -1;
  for (const line of lines) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    if (
      trimmed === "---" ||
      trimmed === "..." ||
      trimmed.startsWith("--- ") ||
      /^%(?:YAML|TAG) /.test(line)
    ) {
      inside = undefined;
      parent = -1;
      continue;
    }
    let indent = INDENT.exec(line)?.[0].length ?? 0;
    if (inside !== undefined && indent > inside.indent) {
      if (!inside.isQuiet) continued++;
      continue;
    }
    inside = undefined;
    if (line.charCodeAt(indent) === 9) return false;
    // A piece of something else: of a comment in code, of a help text.
    if (keyed + items + others === 0 && indent > 0) return false;
    let rest = line.slice(indent).trimEnd();
    let isItem = false;
    while (rest.startsWith("- ") || rest === "-") {
      isItem = true;
      const skipped = /^-\s*/.exec(rest)?.[0].length ?? 1;
      indent += skipped;
      rest = rest.slice(skipped);
    }
    if (isItem) items++;
    const key = keyOf(rest);
    if (key === undefined) {
      if (!isItem && !/^[\]}]/.test(rest)) others++;
      else if (isItem) inside = { indent: indent - 1, isQuiet: /^[|>[{"']/.test(rest) };
      continue;
    }
    keyed++;
    if (isItem || (indent > 0 && parent >= 0 && indent > parent)) nested++;
    const value = rest.slice(key.length);
    if (/^ {2,}\S/.test(value)) aligned++;
    const text = value.trim();
    if (text === "" || text.startsWith("#") || /^[&!]\S+$/.test(text))
      parent = parent < 0 ? indent : Math.min(parent, indent);
    else inside = { indent, isQuiet: isOpenValue(text) || /^["']/.test(text) };
  }
  const counted = keyed + items + others + continued;
  return (
    keyed >= 4 &&
    nested >= 3 &&
    nested * 4 >= keyed &&
    others <= counted * ODD_SHARE &&
    continued <= counted * 0.25 &&
    aligned <= keyed * 0.3 &&
    keyed * 4 >= counted
  );
}
