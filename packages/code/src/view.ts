/** The view of a program: its lines as they are, and one line for each run of those that are left out. */
import type { Steps, View } from "@headroom/core";
import { IMPORT, SHOWN } from "./outline.ts";
import type { Source } from "./source.ts";

type Statement = NonNullable<View["statements"]>[number];

/** The sequence of the text's lines that says which are imports. */
export const IMPORTS = "lines by what they are";
/** The sequence of the numbers that a viewer put before the lines. */
export const NUMBERS = "lines by their numbers";
/** What `IMPORTS` has for a line of imports, and for the empty ones between them. */
const AN_IMPORT = "imports";
/** Characters of lines that cost no more than the line that would stand for them. */
const FEW_CHARACTERS = 40;
/** Lines between two yields. */
const LINES_A_STEP = 4_096;

/** `undefined` where nothing is left out. */
export function* viewOf(
  source: Source,
  marks: Uint8Array,
  firstLine: number,
): Steps<View | undefined> {
  const { lines, code, numbers } = source;
  const out: string[] = [];
  const statements: Statement[] = [];
  let omitted = 0;
  let steps = 0;
  const gaps = gapsOf(code, marks);
  const isNumberedAlike = numbers?.every(
    (number, at) => number === undefined || number === at + firstLine,
  );
  let at = 0;
  for (const gap of [...gaps, undefined]) {
    const until = gap?.first ?? lines.length;
    for (; at < until; at++) {
      out.push(lines[at] ?? "");
      if (++steps % LINES_A_STEP === 0) yield;
    }
    if (!gap) break;
    const said = sayingsOf(gap, firstLine, isNumberedAlike ? undefined : numbers);
    statements.push(...said);
    out.push(`${indentOf(code[gap.first] ?? "")}${said.map(({ text }) => text).join(", ")}`);
    omitted += gap.end - gap.first;
    at = gap.end;
  }
  if (omitted === 0) return undefined;
  return {
    text: `${out.join("\n")}${source.isClosed ? "\n" : ""}`,
    omitted: [{ unit: "lines", count: omitted, total: lines.length }],
    statements,
  };
}

/** What the check of a view reads. */
export function valuesOf(
  { lines, code, numbers }: Source,
  marks: Uint8Array,
  of: string,
): readonly (string | undefined)[] | undefined {
  if (of === NUMBERS)
    return numbers?.map((number) => (number === undefined ? undefined : `${number}`));
  if (of !== IMPORTS) return undefined;
  return lines.map((_, at) =>
    marks[at] === IMPORT || code[at]?.trim() === "" ? AN_IMPORT : undefined,
  );
}

interface Gap {
  readonly first: number;
  /** Behind the last. */
  readonly end: number;
  readonly what: number;
}

/** Runs of lines that are left out, with the empty ones between them. Those that are hardly longer than what is said of them stay. */
function gapsOf(code: readonly string[], marks: Uint8Array): readonly Gap[] {
  const gaps: { first: number; end: number; what: number; characters: number }[] = [];
  for (let at = 0; at < code.length; at++) {
    const what = marks[at] ?? SHOWN;
    const text = code[at]?.trim() ?? "";
    if (what === SHOWN || text === "") continue;
    const last = gaps.at(-1);
    const isJoined = last?.what === what && isEmpty(code, last.end, at);
    if (last && isJoined) {
      last.end = at + 1;
      last.characters += text.length + 1;
    } else gaps.push({ first: at, end: at + 1, what, characters: text.length });
  }
  return gaps.filter(({ characters }) => characters > FEW_CHARACTERS);
}

function isEmpty(code: readonly string[], from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (code[at]?.trim() !== "") return false;
  return true;
}

/** `… lines 120-164`, and what more there is to say. */
function sayingsOf(
  { first, end, what }: Gap,
  firstLine: number,
  numbers: Source["numbers"],
): readonly Statement[] {
  const about = [[first, end]] as const;
  const [from, to] = [first + firstLine, end - 1 + firstLine];
  const text = from === to ? `… line ${from}` : `… lines ${from}-${to}`;
  const said: Statement[] = [{ text, of: "", about, facts: [] }];
  const numbered = numbers && sayingOfNumbers(numbers.slice(first, end));
  if (numbered) said.push({ ...numbered, of: NUMBERS, about });
  if (what === IMPORT)
    said.push({
      text: "all imports",
      of: IMPORTS,
      about,
      facts: [{ says: "all", value: AN_IMPORT }],
    });
  return said;
}

/** Where the viewer's numbers are not those of the lines: a file read from its middle. */
function sayingOfNumbers(
  numbers: readonly (number | undefined)[],
): Pick<Statement, "text" | "facts"> | undefined {
  const known = numbers.filter((number) => number !== undefined).map(String);
  const [least, most] = [known[0], known.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  if (known.length === 1)
    return {
      text: `numbered ${least}`,
      facts: [{ says: "list", values: numbers.map((n) => `${n ?? ""}`) }],
    };
  return { text: `numbered ${least}–${most}`, facts: [{ says: "range", least, most }] };
}

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}
