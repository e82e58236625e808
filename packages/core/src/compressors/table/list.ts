/**
 * Lists of names and values: `fs.nr_open = 1048576` (sysctl), `core.bare=false` (git config -l), `attrs==26.1.0` (pip freeze),
 * `Type: notify`, `pkg - what it does` (apt-cache search).
 *
 * Trap: prose has colons and dashes, and records repeat their names. In a list nearly each line has its own name, of few words.
 */
import { isLetter } from "../../text/chars.ts";
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { MAX_WIDTH, type Table } from "./layout.ts";
import { MIN_ROWS, settle } from "./settle.ts";

/** What stands between a name and its value, the longer spelling of two first. */
const SEPARATORS = [" = ", "==", "=", " => ", " -> ", ": ", ":\t", " : ", " - ", ":"] as const;
/** Lines that are looked at to choose one. */
const LOOKED = 400;
const MAX_NAME = 80;
/** So many lines have the separator, and so many names are different. */
const MOST = 0.9;

/** A name and a value on nearly each line. */
export function* parseList(lines: readonly string[]): Steps<Table | undefined> {
  const looked = lines.filter((line) => line !== "" && !isComment(line)).slice(0, LOOKED);
  if (looked.length < MIN_ROWS) return undefined;
  const separator = SEPARATORS.find((each) => isList(looked, each));
  if (separator === undefined) return undefined;
  const rows = yield* mapTexts(lines, (line) => split(line, separator));
  return yield* settle(lines, {
    layout: `list ${JSON.stringify(separator)}`,
    names: ["name", "value"],
    notes: ["", ""],
    headerLine: undefined,
    rows,
  });
}

/** A comment, or the heading of a section. */
function isComment(line: string): boolean {
  return line[0] === "#" || line[0] === ";" || (line[0] === "[" && line.endsWith("]"));
}

function isList(lines: readonly string[], separator: string): boolean {
  const names = new Set<string>();
  let count = 0;
  for (const line of lines) {
    const [name, value] = split(line, separator) ?? [];
    // Padding in front of the values makes columns of them, which say more.
    if (name === undefined || value?.[0] === " ") continue;
    // `a:b:c` is a row of three cells.
    if (separator === ":" && value?.includes(":")) continue;
    names.add(name);
    count++;
  }
  return count >= lines.length * MOST && names.size >= count * MOST;
}

/** Name and value; `undefined` where what stands before the separator is no name. */
function split(line: string, separator: string): readonly [string, string] | undefined {
  const at = line.indexOf(separator);
  if (at < 1 || at > MAX_NAME || line.length > MAX_WIDTH) return undefined;
  const name = line.slice(0, at);
  // `12:30` is no name with a value.
  if (separator === ":" && !isLetter(name.charCodeAt(0))) return undefined;
  return isName(name, separator.includes("=") || separator === ":" ? 0 : 2)
    ? [name, line.slice(at + separator.length)]
    : undefined;
}

/** A few words without punctuation of sentences or code. */
function isName(text: string, maxSpaces: number): boolean {
  let spaces = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === " " && (++spaces > maxSpaces || at === 0 || at === text.length - 1)) return false;
    if (SIGNS.has(char)) return false;
  }
  return true;
}

const SIGNS: ReadonlySet<string> = new Set(",;!\"'`{}<>|\\\t=");
