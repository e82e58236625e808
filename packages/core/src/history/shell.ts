/**
 * What command lines and patches do with files, as far as a look at their words tells: reads by `cat`, `head`, `nl` and `sed -n`,
 * changes by `sed -i`, `tee`, redirections and `apply_patch`. Everything else does nothing that is known here.
 */
import { type FileUse, type Lines, tidyPath } from "./file-use.ts";

/** Commands are short; what comes after is the text of a file. */
const MAX_COMMAND = 4_096;

/** @param folder where the command ran; paths are told from there */
export function shellFiles(command: string, folder: string): readonly FileUse[] {
  if (command.includes("*** Begin Patch")) return patchedFiles(command, folder);
  const head = command.slice(0, MAX_COMMAND);
  const [line = ""] = head.split("\n", 1);
  const uses: FileUse[] = [];
  let base = folder;
  for (const step of stepsOf(line)) {
    const [program, ...rest] = step[0] ?? [];
    if (program === "cd" && step.length === 1 && rest[0] !== undefined)
      base = joined(base, rest[0]);
    else uses.push(...usesOf(step, base));
  }
  return uses;
}

/** Whether a command line prints files and nothing else: `cd src && cat a.ts`. */
export function printsFilesOnly(command: string): boolean {
  if (command.length > MAX_COMMAND || command.trimEnd().includes("\n")) return false;
  return stepsOf(command).every(
    (step) => step[0]?.[0] === "cd" || usesOf(step, "").some(({ action }) => action === "read"),
  );
}

/** Files that a patch names: in the notation of Codex, or of a unified difference. */
export function patchedFiles(patch: string, folder = ""): readonly FileUse[] {
  const paths = new Set<string>();
  for (const line of patch.split("\n")) {
    const marked = PATCH_LINES.find((start) => line.startsWith(start));
    if (marked === undefined) continue;
    const path = line.slice(marked.length).trim();
    if (path !== "" && path !== "/dev/null") paths.add(joined(folder, path));
  }
  return [...paths].map((path) => ({ action: "edit", path }));
}

const PATCH_LINES = [
  "*** Add File: ",
  "*** Delete File: ",
  "*** Move to: ",
  "*** Update File: ",
  "+++ b/",
  "--- a/",
];

/** A pipeline: commands with their words. */
type Step = readonly (readonly string[])[];

/** Commands that run one after the other (`&&`, `;`), each as a pipeline of words. */
function stepsOf(line: string): readonly Step[] {
  const steps: string[][][] = [[[]]];
  const words = wordsOf(line);
  for (const word of words) {
    const pipeline = steps.at(-1);
    if (word === "&&" || word === ";" || word === "||") steps.push([[]]);
    else if (word === "|") pipeline?.push([]);
    else pipeline?.at(-1)?.push(word);
  }
  return steps;
}

/** Words of a command line without their quotes; operators are words of their own. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  const end = (): void => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (quote !== "") {
      if (char === quote) quote = "";
      else word += char;
    } else if (char === "'" || char === '"') quote = char;
    else if (char === " " || char === "\t") end();
    else if (char === ";" || char === "|" || char === "&" || char === ">" || char === "<") {
      if (char === "&" && (line[at + 1] !== "&" || word !== "")) {
        word += char;
        continue;
      }
      end();
      let operator = char;
      while (line[at + 1] === char) operator += line[++at];
      words.push(operator);
    } else word += char;
  }
  end();
  return words;
}

function usesOf(pipeline: Step, folder: string): readonly FileUse[] {
  const uses: FileUse[] = [];
  for (const words of pipeline) {
    const target = words.findIndex((word) => word === ">" || word === ">>");
    const path = target < 0 ? undefined : words[target + 1];
    if (path !== undefined && !path.startsWith("&") && path !== "/dev/null")
      uses.push({ action: "edit", path: joined(folder, path) });
    const [program, ...rest] = words;
    if (program === "tee" || (program === "sed" && rest.some((word) => word.startsWith("-i"))))
      uses.push(
        ...namesIn(rest)
          .slice(-1)
          .map((name) => edit(joined(folder, name))),
      );
  }
  if (uses.length > 0) return uses;
  const read = readOf(pipeline, folder);
  return read ? [read] : [];
}

function edit(path: string): FileUse {
  return { action: "edit", path };
}

/** The file that a pipeline shows: `cat FILE`, `sed -n 1,20p FILE`, `nl -ba FILE | sed -n 1,20p`. */
function readOf([first = [], second, third]: Step, folder: string): FileUse | undefined {
  if (third !== undefined) return undefined;
  const [program, ...rest] = first;
  const names = namesIn(rest);
  const range = second === undefined ? undefined : rangeOf(second);
  if (second !== undefined && range === undefined) return undefined;
  if (program === "cat" || program === "nl") {
    const [path] = names;
    return names.length === 1 && path !== undefined ? use(folder, path, range) : undefined;
  }
  if (second !== undefined) return undefined;
  const own = rangeOf(first);
  const path = names.at(-1);
  return own && path !== undefined && names.length === (program === "sed" ? 2 : 1)
    ? use(folder, path, own)
    : undefined;
}

function use(folder: string, path: string, lines: Lines | undefined): FileUse {
  return { action: "read", path: joined(folder, path), ...(lines ? { lines } : {}) };
}

/** Lines that `sed -n 1,20p` or `head -n 20` show. */
function rangeOf(words: readonly string[]): Lines | undefined {
  const [program, ...rest] = words;
  if (program === "sed" && rest[0] === "-n") {
    const match = /^(\d{1,9})(?:,(\d{1,9}|\$))?p$/.exec(rest[1] ?? "");
    if (!match) return undefined;
    const [, from, to = from] = match;
    return { from: Number(from), to: to === "$" ? Number.POSITIVE_INFINITY : Number(to) };
  }
  if (program !== "head") return undefined;
  const count = rest.map((word) => /^-?n?(\d{1,9})$/.exec(word)?.[1]).find((digits) => digits);
  return { from: 1, to: count === undefined ? 10 : Number(count) };
}

function namesIn(words: readonly string[]): readonly string[] {
  const stop = words.findIndex((word) => word === "<<" || word === "<" || word === "<<<");
  return (stop < 0 ? words : words.slice(0, stop)).filter(
    (word) => !word.startsWith("-") && !/^\d+$/.test(word),
  );
}

function joined(folder: string, path: string): string {
  const tidy = tidyPath(path);
  if (folder === "" || tidy.startsWith("/") || tidy.startsWith("~")) return tidy;
  return `${folder.endsWith("/") ? folder.slice(0, -1) : folder}/${tidy}`;
}
