/**
 * The line all forms of this kind share: `src/util/: a.ts b.ts c.ts`.
 *
 * What stands before `/: ` is copied onto each name, so a line in front of the folder (`\tmodified:   src/: a.ts b.ts`)
 * comes along by itself. A folder with one entry is written as the path it is.
 *
 * Trap: names may hold anything but a slash. One that could be misread is written as a JSON string.
 */

/** Entries of one folder; `folder` ends with `/`, or is empty at the top. */
export interface FolderLine {
  readonly folder: string;
  readonly names: readonly string[];
}

/** Heading of entries that stand in no folder. */
export const TOP = "(top)";
/** Marks a line that is copied as it is. */
const VERBATIM = "\\ ";
/** Starts the line that names the folder all others are in. */
export const UNDER = "under ";
/** After a name: here the entries of that folder follow, which is not itself listed. */
export const INSERT = "/*";

/** Where the name of a path starts; a slash at its very end belongs to the name. */
export function nameStart(path: string): number {
  return path.length < 2 ? 0 : path.lastIndexOf("/", path.length - 2) + 1;
}

/** Whether a folder can stand before `/: ` and be found again. */
export function isPlainFolder(folder: string): boolean {
  return !folder.includes("/: ") && !folder.startsWith(VERBATIM) && !folder.includes(`${TOP}: `);
}

export function writeFolderLine({ folder, names }: FolderLine): string {
  const only = names.length === 1 ? names[0] : undefined;
  if (only !== undefined && isPlainPath(folder + only)) return folder + only;
  return `${folder === "" ? TOP : folder}: ${names.map(writeName).join(" ")}`;
}

/** Reads what `writeFolderLine` wrote; `undefined` for anything it cannot have written. */
export function readFolderLine(line: string): FolderLine | undefined {
  const slash = line.indexOf("/: ");
  const top = line.startsWith(`${TOP}: `);
  if (!top && slash === -1) {
    const at = nameStart(line);
    return { folder: line.slice(0, at), names: [line.slice(at)] };
  }
  const names = readNames(line, top ? TOP.length + 2 : slash + 3);
  return names && { folder: top ? "" : line.slice(0, slash + 1), names };
}

/** A line without meaning in this form, e.g. a header; escaped where it could be misread, or always. */
export function writeVerbatim(line: string, always: boolean): string {
  const misread = line.startsWith(VERBATIM) || line.includes("/: ") || line.startsWith(`${TOP}: `);
  return always || misread ? VERBATIM + line : line;
}

/** The line behind `writeVerbatim`'s escape; `undefined` where there is none. */
export function readVerbatim(line: string): string | undefined {
  return line.startsWith(VERBATIM) ? line.slice(VERBATIM.length) : undefined;
}

/** Whether a line holds nothing but one path that needs no escape. */
function isPlainPath(path: string): boolean {
  return !path.includes(": ") && !path.startsWith(VERBATIM) && !path.endsWith(INSERT);
}

function writeName(name: string): string {
  return isBareName(name) ? name : JSON.stringify(name);
}

/** Names without white space, not starting like a quoted one. */
export function isBareName(name: string): boolean {
  if (name === "" || name.charCodeAt(0) === 34) return false;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code <= 32 || code === 127 || code === 0xa0 || code === 0x2028 || code === 0x2029) {
      return false;
    }
  }
  return true;
}

function readNames(line: string, from: number): string[] | undefined {
  const names: string[] = [];
  let at = from;
  while (at < line.length) {
    if (line[at] !== '"') {
      const space = line.indexOf(" ", at);
      const end = space === -1 ? line.length : space;
      names.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    const end = closingQuote(line, at);
    if (end === -1) return undefined;
    try {
      names.push(JSON.parse(line.slice(at, end + 1)) as string);
    } catch {
      return undefined;
    }
    at = end + 2;
  }
  return names;
}

function closingQuote(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line[at] === '"') return at;
  }
  return -1;
}
