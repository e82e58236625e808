/**
 * The lossless form of a diff, and the way back.
 *
 * One line for each file header, hunk headers without what follows from the lines below them, repeated runs by label, lock
 * file lines shortened. Lines of everything else stand as they were, signs and indentation included. It cannot be applied:
 * `@@ 12` is no hunk header to git or patch.
 *
 * Trap: after a hunk, a line of a commit message can begin like a line of the hunk. Such a line gets a `|`.
 */
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import {
  buildHeader,
  type FileHeader,
  type Prefixes,
  parseHeader,
  prefixesOf,
  readHeader,
  USUAL_PREFIXES,
  writeHeader,
} from "./header.ts";
import { isNpmLock, lockLineReader, shortenLockLines } from "./lock-lines.ts";
import { type DiffPart, type HunkRange, readHunkHeader } from "./parse.ts";
import { readRunMark, shareRuns } from "./repeated-runs.ts";

const LEGEND = '# diff without repetition: "@@ new line"; "|" any other line';
const RUNS_LEGEND = '; "«a» ×9": the 9 lines below «a»';

const PREFIXES = "prefixes ";
/** The same section as in the hunk before. */
export const SAME = ' "';

export function* encodeDiff(
  lines: readonly string[],
  parts: readonly DiffPart[],
  closed: boolean,
): Steps<string> {
  const meter = new Meter();
  const prefixes = choosePrefixes(lines, parts);
  const bodies = printBodies(lines, parts, prefixes);
  yield;
  const isShared = [...bodies.values()].some((body) =>
    body.some((line) => readRunMark(line)?.count),
  );
  const legend = LEGEND + (isShared ? RUNS_LEGEND : "");
  const out: string[] = [legend];
  if (prefixes !== USUAL_PREFIXES) out.push(`${PREFIXES}${prefixes.old} ${prefixes.fresh}`);
  let inHunk = false;
  let lock = false;
  let lastIndex: string | undefined;
  let lastSection = "";
  let delta = 0;
  const raw = (line: string): void => {
    if (startsFile(line)) {
      delta = 0;
      lock = false;
      lastIndex = undefined;
      lastSection = "";
    }
    const marked = isSpecial(line) || (inHunk && (line === "" || " +-\\".includes(line[0] ?? "")));
    out.push(marked ? `|${line}` : line);
    inHunk = false;
  };
  for (const [index, part] of parts.entries()) {
    if (meter.isDue(linesOf(part) * LINE_WORK)) yield;
    if (part.kind === "other") raw(lines[part.line] ?? "");
    else if (part.kind === "file") {
      const source = lines.slice(part.from, part.to);
      const header = readHeader(source, prefixes);
      const line = header && exactHeader(header, source, prefixes, lastIndex);
      if (header === undefined || line === undefined) for (const each of source) raw(each);
      else {
        out.push(line);
        inHunk = false;
        delta = 0;
        lock = isNpmLock(header.path);
        lastIndex = header.index;
        lastSection = "";
      }
    } else {
      const line = lines[part.at] ?? "";
      const { range, section } = part;
      const short =
        part.complete && range !== undefined && isDerivable(range, section, delta, line);
      const body = lines.slice(part.at + 1, part.to);
      if (short) {
        out.push(
          `@@ ${range.newStart}${section !== "" && section === lastSection ? SAME : section}`,
        );
        lastSection = section;
      } else out.push(`|${line}`);
      inHunk = true;
      if (range) delta += range.newCount - range.oldCount;
      const printed = short && lock ? shortenLockLines(body) : (bodies.get(index) ?? body);
      for (const each of printed) out.push(each);
    }
  }
  return (yield* joinInSteps(out, "\n")) + (closed ? "\n" : "");
}

/** How many lines a part has. */
function linesOf(part: DiffPart): number {
  if (part.kind === "other") return 1;
  return part.kind === "file" ? part.to - part.from : part.to - part.at;
}

/** Where hunk numbers start to count anew, in a header that stands as it was. */
function startsFile(line: string): boolean {
  return line.startsWith("diff --") || line.startsWith("--- ");
}

/** Lines the decoder reads as something else than text. */
function isSpecial(line: string): boolean {
  return (
    line.startsWith("|") ||
    line.startsWith("@@") ||
    // A header alone can be a whole patch: a new empty file, another mode.
    line.startsWith("diff --") ||
    line.startsWith("=== ") ||
    line.startsWith("«") ||
    line.startsWith(PREFIXES)
  );
}

export function choosePrefixes(lines: readonly string[], parts: readonly DiffPart[]): Prefixes {
  for (const part of parts) {
    if (part.kind !== "file") continue;
    const found = prefixesOf(lines[part.from] ?? "");
    if (found === undefined) continue;
    const usual = found.old === USUAL_PREFIXES.old && found.fresh === USUAL_PREFIXES.fresh;
    return usual ? USUAL_PREFIXES : found;
  }
  return USUAL_PREFIXES;
}

/** Hunk bodies with repeated runs shared; lock files have their own form. */
function printBodies(
  lines: readonly string[],
  parts: readonly DiffPart[],
  prefixes: Prefixes,
): ReadonlyMap<number, readonly string[]> {
  const indexes: number[] = [];
  const shared: (readonly string[])[] = [];
  let lock = false;
  for (const [index, part] of parts.entries()) {
    if (part.kind === "file") {
      const header = readHeader(lines.slice(part.from, part.to), prefixes);
      lock = header !== undefined && isNpmLock(header.path);
    } else if (part.kind === "hunk" && !lock) {
      indexes.push(index);
      shared.push(lines.slice(part.at + 1, part.to));
    }
  }
  return new Map(shareRuns(shared).map((printed, at) => [indexes[at] ?? -1, printed]));
}

function exactHeader(
  header: FileHeader,
  source: readonly string[],
  prefixes: Prefixes,
  lastIndex: string | undefined,
): string | undefined {
  const line = writeHeader(header, lastIndex);
  const back = parseHeader(line, lastIndex);
  const built = back && buildHeader(back, prefixes);
  return built?.length === source.length && built.every((each, at) => each === source[at])
    ? line
    : undefined;
}

/** Whether all but new start and section follow from the lines of the hunk and the hunks before it. */
function isDerivable(range: HunkRange, section: string, delta: number, line: string): boolean {
  const { newStart, oldCount, newCount } = range;
  return section !== SAME && writeRange(newStart, oldCount, newCount, delta) + section === line;
}

/** A full hunk header from its new start, its counts, and how many lines hunks before it have added. */
function writeRange(newStart: number, oldCount: number, newCount: number, delta: number): string {
  const shift = oldCount === 0 ? -1 : newCount === 0 ? 1 : 0;
  const oldStart = newStart - delta + shift;
  return `@@ -${oldStart}${comma(oldCount)} +${newStart}${comma(newCount)} @@`;
}

function comma(count: number): string {
  return count === 1 ? "" : `,${count}`;
}

interface OpenHunk {
  /** Where the header goes in the output; `undefined` when it stands there already. */
  readonly at: number;
  readonly newStart: number;
  readonly section: string;
  readonly explicit: boolean;
  readonly read: ((line: string) => readonly string[]) | undefined;
  old: number;
  fresh: number;
}

export function decodeDiff(text: string): string | undefined {
  const legend = [LEGEND, LEGEND + RUNS_LEGEND].find((each) => text.startsWith(`${each}\n`));
  if (legend === undefined) return undefined;
  const closed = text.endsWith("\n");
  const lines = text.slice(legend.length + 1, closed ? -1 : undefined).split("\n");
  const out: string[] = [];
  const labels = new Map<string, number>();
  let prefixes = USUAL_PREFIXES;
  let hunk: OpenHunk | undefined;
  let lock = false;
  let delta = 0;
  let lastIndex: string | undefined;
  let lastSection = "";
  const restart = (index: string | undefined, path: string): void => {
    delta = 0;
    lastIndex = index;
    lock = isNpmLock(path);
    lastSection = "";
  };
  const raw = (line: string): void => {
    if (startsFile(line)) restart(undefined, "");
    out.push(line);
  };
  const close = (): void => {
    if (hunk === undefined) return;
    if (!hunk.explicit) {
      out[hunk.at] = writeRange(hunk.newStart, hunk.old, hunk.fresh, delta) + hunk.section;
      delta += hunk.fresh - hunk.old;
    }
    hunk = undefined;
  };
  const body = (line: string): void => {
    out.push(line);
    if (hunk === undefined || line[0] === "\\") return;
    if (line[0] !== "+") hunk.old++;
    if (line[0] !== "-") hunk.fresh++;
  };
  for (const [at, line] of lines.entries()) {
    if (at === 0 && line.startsWith(PREFIXES)) {
      const [old = "", fresh = ""] = line.slice(PREFIXES.length).split(" ");
      prefixes = { old, fresh };
    } else if (line.startsWith("=== ")) {
      close();
      const header = parseHeader(line, lastIndex);
      if (header === undefined) return undefined;
      for (const each of buildHeader(header, prefixes)) out.push(each);
      restart(header.index, header.path);
    } else if (line.startsWith("@@ ")) {
      close();
      const space = line.indexOf(" ", 3);
      const start = space === -1 ? line.slice(3) : line.slice(3, space);
      const said = space === -1 ? "" : line.slice(space);
      const section = said === SAME ? lastSection : said;
      lastSection = section;
      const read = lock ? lockLineReader() : undefined;
      hunk = {
        at: out.length,
        newStart: Number(start),
        section,
        explicit: false,
        read,
        old: 0,
        fresh: 0,
      };
      out.push("");
    } else if (line.startsWith("|@@")) {
      close();
      const full = line.slice(1);
      out.push(full);
      // Its counts, not its lines, move the hunks after it: the lines may be cut.
      const range = readHunkHeader(full)?.range;
      if (range !== undefined) delta += range.newCount - range.oldCount;
      hunk = { at: 0, newStart: 0, section: "", explicit: true, read: undefined, old: 0, fresh: 0 };
    } else if (line.startsWith("«")) {
      const mark = readRunMark(line);
      if (mark === undefined) return undefined;
      if (mark.count === undefined) labels.set(mark.label, out.length);
      else {
        const from = labels.get(mark.label);
        if (from === undefined || from + mark.count > out.length) return undefined;
        for (let index = from; index < from + mark.count; index++) body(out[index] ?? "");
      }
    } else if (line.startsWith("|")) {
      close();
      raw(line.slice(1));
    } else if (hunk !== undefined && (line === "" || " +-\\\r".includes(line[0] ?? ""))) {
      if (hunk.read === undefined) body(line);
      else for (const each of hunk.read(line)) body(each);
    } else {
      close();
      raw(line);
    }
  }
  close();
  return out.join("\n") + (closed ? "\n" : "");
}
