/**
 * The header of one file in one line, and back: `=== src/a.ts (9639ded2..e315e92a)`.
 *
 * `diff --git`, `index`, `---` and `+++` say the same path four times. Rebuilding is exact or not done: a header that would
 * come back with another byte stays as it is.
 *
 * A path that git quotes keeps its quotes. Trap: git adds a tab to `---` and `+++` lines when the path has a space.
 */

export interface FileHeader {
  readonly path: string;
  /** Old path of a rename or copy. */
  readonly from?: string;
  readonly verb?: "renamed" | "copied";
  readonly similarity?: string;
  readonly oldMode?: string;
  readonly newMode?: string;
  readonly created?: string;
  readonly deleted?: string;
  /** `9639ded2..e315e92a`. */
  readonly index?: string;
  readonly indexMode?: string;
  readonly hasPaths: boolean;
  readonly binary: boolean;
  readonly format: "git" | "cc" | "combined" | "plain";
}

/** Stays the same over one output. */
export interface Prefixes {
  readonly old: string;
  readonly fresh: string;
}

export const USUAL_PREFIXES: Prefixes = { old: "a/", fresh: "b/" };
const USUAL_MODE = "100644";
const START = "=== ";

/** Prefixes of the first header that shows them. */
export function prefixesOf(line: string): Prefixes | undefined {
  if (!line.startsWith("diff --git ")) return undefined;
  const [old, fresh] = halves(line.slice("diff --git ".length));
  if (old === undefined || fresh === undefined) return undefined;
  if (old === fresh) return { old: "", fresh: "" };
  const a = old.indexOf("/") + 1;
  const b = fresh.indexOf("/") + 1;
  if (a === 0 || a > 8 || b > 8 || old.slice(a) !== fresh.slice(b)) return undefined;
  return { old: old.slice(0, a), fresh: fresh.slice(0, b) };
}

/** `a/x y b/x y`: both halves are equally long unless the file was renamed. */
function halves(text: string): readonly [string?, string?] {
  if (text.length % 2 === 0) return [];
  const middle = (text.length - 1) / 2;
  return text[middle] === " " ? [text.slice(0, middle), text.slice(middle + 1)] : [];
}

/** What the header lines say; `undefined` when they could not be rebuilt from it. */
export function readHeader(lines: readonly string[], prefixes: Prefixes): FileHeader | undefined {
  const header = gather(lines, prefixes);
  if (header === undefined) return undefined;
  const built = buildHeader(header, prefixes);
  return built.length === lines.length && built.every((line, at) => line === lines[at])
    ? header
    : undefined;
}

function gather(lines: readonly string[], prefixes: Prefixes): FileHeader | undefined {
  const found: Record<string, string> = {};
  let binary = false;
  for (const line of lines.slice(1)) {
    if (line.startsWith("Binary files ")) binary = true;
    for (const word of WORDS) if (line.startsWith(word)) found[word] = line.slice(word.length);
  }
  const first = lines[0] ?? "";
  if (first.startsWith("--- ")) {
    const path = first.slice(4 + prefixes.old.length);
    return { path, hasPaths: true, binary: false, format: "plain" };
  }
  const format = first.startsWith("diff --cc ")
    ? "cc"
    : first.startsWith("diff --combined ")
      ? "combined"
      : "git";
  const renamed = found["rename to "];
  const copied = found["copy to "];
  const path =
    renamed ??
    copied ??
    (format === "git"
      ? withoutPrefix(halves(first.slice("diff --git ".length))[1], prefixes.fresh)
      : first.slice(`diff --${format} `.length));
  if (path === undefined || path === "" || path.includes(" => ")) return undefined;
  const from = found["rename from "] ?? found["copy from "];
  if (from?.includes(" => ")) return undefined;
  const [index, indexMode] = (found["index "] ?? "").split(" ");
  return {
    path,
    ...(from !== undefined && { from, verb: renamed === undefined ? "copied" : "renamed" }),
    ...pick(found, {
      similarity: "similarity index ",
      oldMode: "old mode ",
      newMode: "new mode ",
      created: "new file mode ",
      deleted: "deleted file mode ",
    }),
    ...(index !== undefined && index !== "" && { index }),
    ...(indexMode !== undefined && { indexMode }),
    hasPaths: found["+++ "] !== undefined,
    binary,
    format,
  };
}

const WORDS: readonly string[] = [
  "rename from ",
  "rename to ",
  "copy from ",
  "copy to ",
  "similarity index ",
  "old mode ",
  "new mode ",
  "new file mode ",
  "deleted file mode ",
  "index ",
  "+++ ",
];

function pick<Name extends string>(
  found: Readonly<Record<string, string>>,
  names: Readonly<Record<Name, string>>,
): Partial<Record<Name, string>> {
  const result: Partial<Record<Name, string>> = {};
  for (const name of Object.keys(names) as Name[]) {
    const value = found[names[name]];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** The header lines as git writes them. */
export function buildHeader(header: FileHeader, prefixes: Prefixes): readonly string[] {
  const { path, from = path, format } = header;
  const old = withPrefix(from, prefixes.old);
  const fresh = withPrefix(path, prefixes.fresh);
  if (format === "plain") return [`--- ${old}`, `+++ ${fresh}`];
  const lines = [format === "git" ? `diff --git ${old} ${fresh}` : `diff --${format} ${path}`];
  if (header.oldMode !== undefined) lines.push(`old mode ${header.oldMode}`);
  if (header.newMode !== undefined) lines.push(`new mode ${header.newMode}`);
  if (header.deleted !== undefined) lines.push(`deleted file mode ${header.deleted}`);
  if (header.created !== undefined) lines.push(`new file mode ${header.created}`);
  if (header.similarity !== undefined) lines.push(`similarity index ${header.similarity}`);
  if (header.verb !== undefined) {
    const verb = header.verb === "renamed" ? "rename" : "copy";
    lines.push(`${verb} from ${from}`, `${verb} to ${path}`);
  }
  if (header.index !== undefined) {
    lines.push(
      `index ${header.index}${header.indexMode === undefined ? "" : ` ${header.indexMode}`}`,
    );
  }
  const left = header.created === undefined ? old : "/dev/null";
  const right = header.deleted === undefined ? fresh : "/dev/null";
  if (header.hasPaths) lines.push(`--- ${tabbed(left)}`, `+++ ${tabbed(right)}`);
  if (header.binary) lines.push(`Binary files ${left} and ${right} differ`);
  return lines;
}

/** Git quotes a path with other than plain letters, its prefix included. */
function withPrefix(path: string, prefix: string): string {
  return path.startsWith('"') ? `"${prefix}${path.slice(1)}` : prefix + path;
}

function withoutPrefix(path: string | undefined, prefix: string): string | undefined {
  return path?.startsWith('"') ? `"${path.slice(1 + prefix.length)}` : path?.slice(prefix.length);
}

function tabbed(path: string): string {
  return path.includes(" ") ? `${path}\t` : path;
}

/** One line. `lastIndex` is the index text of the file before, which is then not said again. */
export function writeHeader(header: FileHeader, lastIndex: string | undefined): string {
  const notes: string[] = [];
  if (header.format !== "git") notes.push(header.format);
  if (header.created !== undefined) notes.push(moded("new", header.created));
  if (header.deleted !== undefined) notes.push(moded("deleted", header.deleted));
  if (header.oldMode !== undefined || header.newMode !== undefined) {
    notes.push(`mode ${header.oldMode ?? ""} to ${header.newMode ?? ""}`);
  }
  if (header.verb !== undefined) notes.push(`${header.verb} ${header.similarity ?? ""}`);
  if (header.index === undefined) {
    if (lastIndex !== undefined && header.format !== "plain") notes.push("no index");
  } else {
    if (header.index !== lastIndex) notes.push(header.index);
    if (header.indexMode !== expectedMode(header)) notes.push(`at ${header.indexMode ?? "none"}`);
  }
  if (header.binary) notes.push("binary");
  if (header.hasPaths === header.binary) notes.push(header.hasPaths ? "with paths" : "no lines");
  const start = header.from === undefined ? START : `${START}${header.from} => `;
  const parens = notes.length > 0 || header.path.endsWith(")");
  return `${start}${header.path}${parens ? ` (${notes.join(", ")})` : ""}`;
}

function moded(word: string, mode: string): string {
  return mode === USUAL_MODE ? word : `${word} ${mode}`;
}

/** The mode at the end of an index line, where it says nothing new. */
function expectedMode(header: FileHeader): string | undefined {
  const said =
    header.created ??
    header.deleted ??
    header.oldMode ??
    (header.format === "git" ? undefined : "");
  return said === undefined ? USUAL_MODE : undefined;
}

/** The inverse of `writeHeader`. */
export function parseHeader(line: string, lastIndex: string | undefined): FileHeader | undefined {
  if (!line.startsWith(START)) return undefined;
  let name = line.slice(START.length);
  let notes: readonly string[] = [];
  if (name.endsWith(")")) {
    const open = name.lastIndexOf(" (");
    const inside = name.slice(open + 2, -1);
    notes = inside === "" ? [] : inside.split(", ");
    name = name.slice(0, open);
  }
  const arrow = name.indexOf(" => ");
  const path = arrow === -1 ? name : name.slice(arrow + 4);
  const header: { -readonly [Key in keyof FileHeader]: FileHeader[Key] } = {
    path,
    hasPaths: true,
    binary: false,
    format: "git",
  };
  if (arrow !== -1) header.from = name.slice(0, arrow);
  let indexed = true;
  let mode: string | undefined;
  for (const note of notes) {
    const [word = "", value = "", , last = ""] = note.split(" ");
    if (note === "cc" || note === "combined" || note === "plain") header.format = note;
    else if (word === "new") header.created = value || USUAL_MODE;
    else if (word === "deleted") header.deleted = value || USUAL_MODE;
    else if (word === "mode") {
      if (value !== "to" && value !== "") header.oldMode = value;
      if (last !== "") header.newMode = last;
    } else if (word === "renamed" || word === "copied") {
      header.verb = word;
      if (value !== "") header.similarity = value;
    } else if (note === "no index") indexed = false;
    else if (word === "at") mode = value;
    else if (note === "binary") {
      header.binary = true;
      header.hasPaths = false;
    } else if (note === "with paths") header.hasPaths = true;
    else if (note === "no lines") header.hasPaths = false;
    else header.index = note;
  }
  if (
    indexed &&
    header.index === undefined &&
    lastIndex !== undefined &&
    header.format !== "plain"
  ) {
    header.index = lastIndex;
  }
  if (header.index !== undefined) {
    const said = mode ?? expectedMode(header);
    if (said !== undefined && said !== "none") header.indexMode = said;
  }
  return header;
}
