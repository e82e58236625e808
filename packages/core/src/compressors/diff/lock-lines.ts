/**
 * Lines of an npm lock file diff, shortened without loss.
 *
 * Indentation follows from the brackets, and the `resolved` URL of the npm registry from name and version, so both go where
 * they do. A `version` line takes its `resolved` and `integrity` lines in: `+"version": "1.2.0", npm sha512-…==`.
 *
 * Trap: a hunk shows two files at once. Removed and added lines each have their own depth, name and version.
 */

/** The depth, package and version that the next line of one side is in. */
interface Side {
  depth: number;
  name: string | undefined;
}

const INDENT = 2;
const RESOLVED = '"resolved": "https://registry.npmjs.org/';
const INTEGRITY = '"integrity": "';
const VERSION = '"version": "';

/** By name: other lock files have other shapes. */
export function isNpmLock(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name === "package-lock.json" || name === "npm-shrinkwrap.json";
}

export function shortenLockLines(lines: readonly string[]): readonly string[] {
  const sides = newSides();
  const out: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const side = sideOf(sides, line);
    if (side === undefined) {
      out.push(line);
      continue;
    }
    const { sign, depth, text } = split(line);
    const expected = expectedDepth(side, text);
    const usual =
      depth === expected && text !== "" && !"| ".includes(text[0] ?? "") && !hasMark(text);
    let short = usual ? sign + text : `${sign}|${line.slice(1)}`;
    note(sides, sign, depth, text);
    if (usual && text.startsWith(VERSION) && text.endsWith('",')) {
      const start = `${sign}${" ".repeat(depth)}`;
      const resolved = resolvedLine(side.name, text);
      if (resolved !== undefined && lines[at + 1] === start + resolved) {
        short += " npm";
        at++;
        const next = lines[at + 1] ?? "";
        const hash = next.startsWith(`${start}${INTEGRITY}`)
          ? next.slice(start.length + INTEGRITY.length)
          : "";
        if (hash.endsWith('",') && !hash.includes(" ")) {
          short += ` ${hash.slice(0, -2)}`;
          at++;
        }
      }
    }
    out.push(short);
  }
  return out;
}

/** The inverse, line by line: feed it the lines of one hunk in order. */
export function lockLineReader(): (short: string) => readonly string[] {
  const sides = newSides();
  return (short) => {
    const side = sideOf(sides, short);
    if (side === undefined) return [short];
    const sign = short[0] ?? "";
    if (short[1] === "|") {
      const line = sign + short.slice(2);
      const { depth, text } = split(line);
      note(sides, sign, depth, text);
      return [line];
    }
    let text = short.slice(1);
    const depth = expectedDepth(side, text);
    const start = sign + " ".repeat(depth);
    const extra: string[] = [];
    const cut = text.startsWith(VERSION) ? text.indexOf('", npm') : -1;
    if (cut !== -1) {
      const rest = text.slice(cut + '", npm'.length);
      text = text.slice(0, cut + 2);
      extra.push(start + (resolvedLine(side.name, text) ?? ""));
      if (rest !== "") extra.push(`${start}${INTEGRITY}${rest.slice(1)}",`);
    }
    note(sides, sign, depth, text);
    return [start + text, ...extra];
  };
}

/** A version line that already reads as if it had taken lines in. */
function hasMark(text: string): boolean {
  return text.startsWith(VERSION) && text.includes('", npm');
}

interface Sides {
  readonly old: Side;
  readonly fresh: Side;
}

function newSides(): Sides {
  return { old: { depth: -1, name: undefined }, fresh: { depth: -1, name: undefined } };
}

/** The side whose state decides: the new one for unchanged lines. */
function sideOf(sides: Sides, line: string): Side | undefined {
  if (line[0] === "-") return sides.old;
  return line[0] === "+" || line[0] === " " ? sides.fresh : undefined;
}

function split(line: string): {
  readonly sign: string;
  readonly depth: number;
  readonly text: string;
} {
  let at = 1;
  while (line.charCodeAt(at) === 32) at++;
  return { sign: line[0] ?? "", depth: at - 1, text: line.slice(at) };
}

function expectedDepth(side: Side, text: string): number {
  if (side.depth < 0) return firstDepth(text);
  const closes = text[0] === "}" || text[0] === "]";
  return Math.max(0, closes ? side.depth - INDENT : side.depth);
}

/** Where a hunk begins nothing is known; this is where such lines stand in formats 2 and 3. */
function firstDepth(text: string): number {
  return text === "}," || text.startsWith('"node_modules/') ? 2 * INDENT : 3 * INDENT;
}

/** What this line means for those after it. */
function note(sides: Sides, sign: string, depth: number, text: string): void {
  const last = text[text.length - 1];
  const opens = last === "{" || last === "[";
  const name = opens && text[0] === '"' ? packageName(text) : undefined;
  for (const side of sign === " "
    ? [sides.old, sides.fresh]
    : [sign === "-" ? sides.old : sides.fresh]) {
    side.depth = opens ? depth + INDENT : depth;
    if (name !== undefined) side.name = name;
  }
}

/** `"node_modules/a/node_modules/@b/c": {` is `@b/c`; `"c": {` is `c` (version 1 of the format). */
function packageName(text: string): string {
  const key = text.slice(1, text.indexOf('"', 1));
  const at = key.lastIndexOf("node_modules/");
  return at === -1 ? key : key.slice(at + "node_modules/".length);
}

/** The `resolved` line of a package of the npm registry. */
function resolvedLine(name: string | undefined, versionLine: string): string | undefined {
  if (name === undefined) return undefined;
  const version = versionLine.slice(VERSION.length, versionLine.indexOf('"', VERSION.length));
  return `${RESOLVED}${name}/-/${name.slice(name.lastIndexOf("/") + 1)}-${version}.tgz",`;
}
