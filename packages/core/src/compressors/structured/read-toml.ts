/**
 * Reads TOML: tables, lists of tables, dotted keys, and values of every type.
 *
 * By hand, because the readers at hand do not say on which line a value stands.
 */
import type { Steps } from "../../types/compressor.ts";
import { LineIndex } from "./line-index.ts";
import { LiteralScanner } from "./literal-scanner.ts";
import { MAX_DEPTH, type Reading, type SourceNode } from "./node.ts";

/** A table while it is read. */
interface Table {
  readonly values: Map<string, Table | TableList | SourceNode>;
  firstLine: number;
  lastLine: number;
}

interface TableList {
  readonly tables: Table[];
}

const KEY =
  /(?:[A-Za-z0-9_-]+|"[^"\\\n]*"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[A-Za-z0-9_-]+|"[^"\\\n]*"|'[^'\n]*'))*/y;
const PART = /[A-Za-z0-9_-]+|"[^"\\\n]*"|'[^'\n]*'/g;

/** `undefined` where a line is no TOML. */
export function* readToml(text: string): Steps<Reading | undefined> {
  const lines = new LineIndex(text);
  const scanner = new LiteralScanner(text, lines, true);
  const root = tableAt(1);
  let current = root;
  let headers = 0;
  const start = scanner.skipSpace(text.charCodeAt(0) === 0xfeff ? 1 : 0);
  let at = start;
  while (at < text.length) {
    const line = lines.lineAt(at);
    const isHeader = text.charCodeAt(at) === 91;
    const isList = isHeader && text.charCodeAt(at + 1) === 91;
    const from = skipBlanks(text, at + (isList ? 2 : isHeader ? 1 : 0));
    KEY.lastIndex = from;
    const key = KEY.exec(text)?.[0];
    if (key === undefined) return undefined;
    const path = (key.match(PART) ?? []).map((part) =>
      /^["']/.test(part) ? part.slice(1, -1) : part,
    );
    if (path.length > MAX_DEPTH / 4) return undefined;
    let end = skipBlanks(text, from + key.length);
    if (isHeader) {
      const closing = isList ? "]]" : "]";
      if (!text.startsWith(closing, end)) return undefined;
      end += closing.length;
      const opened = openTable(root, path, isList, line);
      if (opened === undefined) return undefined;
      current = opened;
      headers++;
    } else {
      if (text.charCodeAt(end) !== 61) return undefined;
      const scan = yield* scanner.scan(skipBlanks(text, end + 1));
      if (scan.node === undefined) return undefined;
      end = scan.end;
      const last = path.pop() ?? "";
      const table = path.length === 0 ? current : openTable(current, path, false, line);
      if (table === undefined || table.values.has(last)) return undefined;
      table.values.set(last, scan.node);
      current.lastLine = scan.node.lastLine;
    }
    const behind = skipBlanks(text, end);
    const next = text.charCodeAt(behind);
    if (behind < text.length && next !== 10 && next !== 13 && next !== 35) return undefined;
    at = scanner.skipSpace(end);
  }
  // Keys alone are a list of settings; a table or two make a document.
  if (headers === 0) return undefined;
  const tree = nodeOf(root, 0);
  if (tree === undefined) return undefined;
  // What stands above the first key is shown as it is.
  const firstLine = lines.lineAt(start);
  const asides = scanner.asides.filter(({ line }) => line >= firstLine);
  return { format: "toml", root: tree, asides, span: [start, text.length] };
}

function tableAt(line: number): Table {
  return { values: new Map(), firstLine: line, lastLine: line };
}

/** The table at a path, made where it is not there yet; `undefined` where a value stands in the way. */
function openTable(
  from: Table,
  path: readonly string[],
  isList: boolean,
  line: number,
): Table | undefined {
  let table = from;
  for (const [depth, name] of path.entries()) {
    const isLast = depth === path.length - 1;
    let found = table.values.get(name);
    if (found === undefined) {
      found = isLast && isList ? { tables: [] } : tableAt(line);
      table.values.set(name, found);
    }
    if ("type" in found) return undefined;
    if ("tables" in found) {
      if (isLast && isList) found.tables.push(tableAt(line));
      const last = found.tables.at(-1);
      if (last === undefined || (isLast && !isList)) return undefined;
      table = last;
    } else {
      if (isLast && isList) return undefined;
      table = found;
    }
  }
  return table;
}

function nodeOf(item: Table | TableList | SourceNode, depth: number): SourceNode | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if ("type" in item) return item;
  if ("tables" in item) {
    const items = item.tables.map((table) => nodeOf(table, depth + 1));
    if (items.includes(undefined)) return undefined;
    const known = items as readonly SourceNode[];
    const firstLine = known[0]?.firstLine ?? 1;
    return { type: "list", items: known, firstLine, lastLine: known.at(-1)?.lastLine ?? firstLine };
  }
  let { lastLine } = item;
  const entries = [];
  for (const [key, value] of item.values) {
    const node = nodeOf(value, depth + 1);
    if (node === undefined) return undefined;
    lastLine = Math.max(lastLine, node.lastLine);
    entries.push({ key, value: node });
  }
  return { type: "map", entries, firstLine: item.firstLine, lastLine };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
  return at;
}
