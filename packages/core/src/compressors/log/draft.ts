/**
 * What the encoder prints, in order: notation, which stays as it is, and content, in which names may stand.
 */
import { type Definition, freeNames, printDefinition, settleNames } from "../../notation/names.ts";
import { chooseNames, nameWriter } from "../shared/choose-names.ts";
import { FAILURE, severityOf, WARN } from "./severity.ts";
import { entryOf } from "./syntax.ts";

/** Content within a line. */
const TEXT = 0;
/** A line from its start, which must not read like a stamped line once it holds names. */
const LINE = 1;
/** A value of a row: a space, and quotes around what has spaces. */
const VALUE = 2;

export class Draft {
  /** Content, and the notation that stands before each piece of it. */
  readonly #pieces: string[] = [];
  readonly #before: string[] = [];
  readonly #kinds: number[] = [];
  /** Notation behind the last piece. */
  #notation = "";

  /** Notation, or content that is printed as it stands. */
  verbatim(text: string): void {
    this.#notation += text;
  }

  text(text: string): void {
    if (text !== "") this.#add(text, TEXT);
  }

  line(text: string): void {
    this.#add(text, LINE);
  }

  value(text: string): void {
    this.#add(text, VALUE);
  }

  #add(text: string, kind: number): void {
    this.#pieces.push(text);
    this.#before.push(this.#notation);
    this.#kinds.push(kind);
    this.#notation = "";
  }

  /** The text with names, and their definitions. `original` says which spellings of names are taken. */
  print(original: string): { readonly definitions: readonly string[]; readonly body: string } {
    const free = freeNames(original);
    const names = chooseNames(this.#pieces, mayName).map(
      (text): Definition => ({ name: free(), text }),
    );
    const written = this.#written(names);
    const settled = settleNames(names, [...written.values()], freeNames(original));
    let changed = 0;
    for (const piece of written.keys()) written.set(piece, settled.texts[changed++] ?? "");
    const out: string[] = [];
    for (let at = 0; at < this.#pieces.length; at++) {
      const text = written.get(at) ?? this.#pieces[at] ?? "";
      out.push(this.#before[at] ?? "", this.#kinds[at] === VALUE ? printValue(text) : text);
    }
    out.push(this.#notation);
    return { definitions: settled.definitions.map(printDefinition), body: out.join("") };
  }

  /** The pieces in which names stand, by their index. */
  #written(names: readonly Definition[]): Map<number, string> {
    const write = nameWriter(names);
    const written = new Map<number, string>();
    for (let at = 0; at < this.#pieces.length; at++) {
      const piece = this.#pieces[at] ?? "";
      const text = write(piece);
      if (text === piece) continue;
      if (this.#kinds[at] === LINE && entryOf(text).stamp !== undefined) continue;
      written.set(at, text);
    }
    return written;
  }
}

/** What a reader looks for by its words has no name: a failure or a warning. */
function mayName(text: string): boolean {
  const severity = severityOf(text, text);
  return severity !== FAILURE && severity !== WARN;
}

function printValue(value: string): string {
  if (value === "" || hasSpace(value)) return ` "${value}"`;
  return value === "^" || value[0] === "\\" || value[0] === '"' ? ` \\${value}` : ` ${value}`;
}

function hasSpace(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) <= 32) return true;
  return false;
}
