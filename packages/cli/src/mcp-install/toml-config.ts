/**
 * TOML. A parser says what stands where; the text is edited in place, by the entry's own tables.
 *
 * An entry of ours is a table `[mcp_servers.headroom]` at the end of the file. Where `mcp_servers` is written in a way that no table can
 * be added to (an inline table, dotted keys), the file is left alone.
 */
import { isDeepStrictEqual } from "node:util";
import { type AST, getStaticTOMLValue, ParseError, parseTOML } from "toml-eslint-parser";
import {
  applied,
  type ConfigFormat,
  ConfigProblem,
  type EntryPath,
  isObject,
  isRemote,
  lineEnd,
  lineOf,
  lineStart,
  type Members,
} from "./config-format.ts";

type TopLevel = AST.TOMLKeyValue | AST.TOMLTable;

export const tomlConfig: ConfigFormat = {
  read(text, path) {
    const program = parsed(text);
    ownTables(text, path, program);
    return dataOf(program);
  },
  span(text, path) {
    const [first, ...more] = ownTables(text, path);
    const last = more.at(-1) ?? first;
    return first && last && [first.range[0], last.range[1]];
  },
  add(text, path, members) {
    return [{ offset: text.length, length: 0, text: section(text, path, members) }];
  },
  change(text, path, members) {
    const tables = ownTables(text, path);
    const old = entryOf(dataOf(parsed(text)), path);
    if (!isObject(old) || isRemote(old))
      return replaced(text, tables, ownSection(text, path, members));
    if (!tables.some(({ resolvedKey }) => resolvedKey.length === 2))
      return applied(text, tomlConfig.add(text, path, members));
    return Object.entries(members).reduce(
      (now, [key, value]) => setMember(now, path, key, value),
      text,
    );
  },
  putBack(text, path, first) {
    const old = ownTables(first, path).map(({ range: [start, end] }) => first.slice(start, end));
    return replaced(text, ownTables(text, path), old.join(lineEnd(text).repeat(2)));
  },
  remove(text, path) {
    const edits = ownTables(text, path).map((table) => cutLines(text, table));
    return applied(text, edits);
  },
  isBare(text) {
    return text.trim() === "";
  },
};

function parsed(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: "1.1" });
  } catch (error) {
    if (error instanceof ParseError)
      throw new ConfigProblem(
        `not valid TOML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`,
        error.lineNumber,
      );
    if (error instanceof RangeError) throw new ConfigProblem("it is nested too deeply");
    throw error;
  }
}

function dataOf(program: AST.TOMLProgram): Members {
  const value: unknown = getStaticTOMLValue(program);
  return isObject(value) ? value : {};
}

function entryOf(data: Members, { container, name }: EntryPath): unknown {
  const servers = data[container];
  return isObject(servers) ? servers[name] : undefined;
}

/**
 * The entry's own table and those below it.
 *
 * @throws ConfigProblem where the container has another shape than tables of its own
 */
function ownTables(
  text: string,
  { container, name }: EntryPath,
  program = parsed(text),
): readonly AST.TOMLTable[] {
  const own: AST.TOMLTable[] = [];
  const refuse = (what: string, node: TopLevel): never => {
    throw new ConfigProblem(
      `${what}, which cannot be changed without touching other entries; write [${container}.${name}] as a table`,
      lineOf(text, node.range[0]),
    );
  };
  for (const node of program.body[0].body) {
    if (node.type === "TOMLKeyValue") {
      if (keysOf(node)[0] === container)
        refuse(`${container} is written as an inline table or with dotted keys`, node);
      continue;
    }
    const [first, second] = node.resolvedKey;
    if (first !== container) continue;
    if (typeof second === "number") refuse(`${container} is an array of tables`, node);
    if (node.resolvedKey.length === 1)
      for (const pair of node.body)
        if (keysOf(pair)[0] === name)
          refuse(`${name} is written as an inline table or with dotted keys`, pair);
    if (second !== name) continue;
    if (typeof node.resolvedKey[2] === "number")
      refuse(`${container}.${name} is an array of tables`, node);
    own.push(node);
  }
  return own;
}

function keysOf(pair: AST.TOMLKeyValue): readonly string[] {
  return pair.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
}

/** Another text in the place of the first of these tables, and none in that of the others. */
function replaced(text: string, tables: readonly AST.TOMLTable[], own: string): string {
  const [place, ...others] = tables;
  if (!place) return text;
  return applied(text, [
    { ...extent(place.range), text: own },
    ...others.map((table) => cutLines(text, table)),
  ]);
}

function ownSection(text: string, { container, name }: EntryPath, members: Members): string {
  const lines = Object.entries(members).map(([key, value]) => `${key} = ${written(value)}`);
  return [`[${container}.${name}]`, ...lines].join(lineEnd(text));
}

/** What comes to the end of the file. It ends with a line end if the file does. */
function section(text: string, path: EntryPath, members: Members): string {
  const eol = lineEnd(text);
  const own = ownSection(text, path, members);
  if (text === "") return own + eol;
  if (!text.endsWith("\n")) return eol + eol + own;
  return `${/\n[ \t]*\r?\n$/.test(text) ? "" : eol}${own}${eol}`;
}

function setMember(text: string, path: EntryPath, key: string, value: unknown): string {
  const table = ownTables(text, path).find(({ resolvedKey }) => resolvedKey.length === 2);
  if (!table) return text;
  const pair = table.body.find((candidate) => keysOf(candidate)[0] === key);
  if (pair) {
    if (isDeepStrictEqual(getStaticTOMLValue(pair.value), value)) return text;
    return applied(text, [{ ...extent(pair.value.range), text: written(value) }]);
  }
  const last = table.body.at(-1);
  const line = `${key} = ${written(value)}`;
  const eol = lineEnd(text);
  const end = endOfLine(text, last ? last.range[1] : table.key.range[1]);
  return applied(text, [{ offset: end, length: 0, text: eol + line }]);
}

/** A table's lines, comments behind its members included, and one empty line before it. */
function cutLines(
  text: string,
  table: AST.TOMLTable,
): { offset: number; length: number; text: string } {
  const start = lineStart(text, table.range[0]);
  const end = endOfLine(text, table.range[1]);
  const isLast = text.slice(end).trim() === "";
  const before = /\r?\n[ \t]*\r?\n$/.exec(text.slice(Math.max(0, start - 200), start));
  if (before) {
    // The line end before the empty line stays where lines follow, or the file ends with one.
    const offset = start - before[0].length;
    return { offset, length: end - offset, text: "" };
  }
  if (start === 0 || !isLast) {
    const eol = /^\r?\n/.exec(text.slice(end, end + 2))?.[0] ?? "";
    return { offset: start, length: end + eol.length - start, text: "" };
  }
  const eol = text[start - 2] === "\r" ? 2 : 1;
  return { offset: start - eol, length: end - (start - eol), text: "" };
}

/** Before the line end, behind a comment that may stand there. */
function endOfLine(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  if (at < 0) return text.length;
  return text[at - 1] === "\r" ? at - 1 : at;
}

function extent([start, end]: readonly [number, number]): { offset: number; length: number } {
  return { offset: start, length: end - start };
}

/** Strings and arrays of them: JSON's form is TOML's, but for one character. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  return JSON.stringify(value).replaceAll("\u007f", "\\u007F");
}
