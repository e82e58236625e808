/** What the installer needs of a file format. Texts in, texts out: nothing here reads a file. */

/** Put `text` where `length` characters stand. */
export interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** Where an entry is: a member of the file's root, and the entry's own name in it. */
export interface EntryPath {
  readonly container: string;
  readonly name: string;
}

export type Members = Readonly<Record<string, unknown>>;

export interface ConfigFormat {
  /**
   * All that the text says, as data.
   *
   * @throws ConfigProblem for what does not parse, or has a shape in which the entry has no place
   */
  read(text: string, path: EntryPath): Members;
  /** Where the entry stands, from its first character to behind its last. */
  span(text: string, path: EntryPath): readonly [start: number, end: number] | undefined;
  /** Edits that add an entry that is not there. */
  add(text: string, path: EntryPath, members: Members): readonly Edit[];
  /** The text with these members in the entry that is there; its others stay. */
  change(text: string, path: EntryPath, members: Members): string;
  /** The text with another entry's text in place of the entry: what it was before. */
  putBack(text: string, path: EntryPath, first: string): string;
  /** The text without the entry, and where asked without the container if that leaves it empty. */
  remove(text: string, path: EntryPath, dropEmptyContainer: boolean): string;
  /** Whether the text says nothing but an empty container. */
  isBare(text: string, path: EntryPath): boolean;
}

/** Why a file is left alone. */
export class ConfigProblem extends Error {
  override readonly name = "ConfigProblem";
  /** Counted from 1. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** Edits in the order of their offsets; those at one offset in the order given. */
export function applied(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset)) {
    pieces.push(text.slice(at, edit.offset), edit.text);
    at = edit.offset + edit.length;
  }
  return pieces.join("") + text.slice(at);
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The line end the text uses first. */
export function lineEnd(text: string): string {
  const at = text.indexOf("\n");
  return at > 0 && text[at - 1] === "\r" ? "\r\n" : "\n";
}

/** Start of the line that `offset` is on. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** White space at the start of the line that `offset` is on. */
export function indentOf(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** A server elsewhere: nothing of such an entry belongs to one that is started here. */
export function isRemote(entry: object): boolean {
  return ["url", "serverUrl", "httpUrl"].some((key) => Object.hasOwn(entry, key));
}

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
