/** Which syntax the head of a text is written in. Strict: source code, prose, logs and help texts look like YAML here and there. */
import { finish } from "../../steps.ts";
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

const TAG = /<([A-Za-z_][\w.:-]*)(?=[\s/>])/y;
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

const SECTION = /^\[\[?[^\][]{1,120}(?:\[[^\][]*\])?\]?\]\s*(?:[#;].*)?$/;
const SETTING = /^\s*[^\s=:[\]{}()<>]{1,80}(?: [^\s=:[\]{}()<>]{1,40}){0,3}\s*=.*$/;

function isIni(lines: readonly string[]): boolean {
  let sections = 0;
  let settings = 0;
  let others = 0;
  let open = false;
  let aligned = 0;
  for (const line of lines.slice(0, -1)) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    if (SECTION.test(line) && !open) sections++;
    else if (SETTING.test(line)) {
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
/** A key: quoted, or words without the signs of code. */
const KEY =
  /^(?:"[^"\n]{1,160}"|'[^'\n]{1,160}'|[^\s"'`#{}[\](),;=|>%@!&-][^\s"'`{}()[\],;=]{0,120}(?: [^\s"'`{}()[\],;=:]{1,40}){0,3}|-[^\s-][^\s:]{0,60}|<<|@[\w./-]{1,80}) *:(?= |$)/;
const OPEN_VALUE = /^(?:[|>][+\d-]{0,2}|[[{].*[^\]}]|[[{])(?: +#.*)?$/;

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
    let rest = line.slice(indent).trimEnd();
    let isItem = false;
    while (rest.startsWith("- ") || rest === "-") {
      isItem = true;
      const skipped = /^-\s*/.exec(rest)?.[0].length ?? 1;
      indent += skipped;
      rest = rest.slice(skipped);
    }
    if (isItem) items++;
    const key = KEY.exec(rest)?.[0];
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
    else inside = { indent, isQuiet: OPEN_VALUE.test(text) || /^["']/.test(text) };
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
