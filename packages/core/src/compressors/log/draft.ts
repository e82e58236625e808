/**
 * What the encoder prints, in order: notation, which stays as it is, and content, in which names may stand.
 */
import { type Definition, freeNames, printDefinition, settleNames } from "../../notation/names.ts";
import { chooseNames, nameWriter } from "../shared/choose-names.ts";
import { FAILURE, severityOf, WARN } from "./severity.ts";
import { entryOf } from "./syntax.ts";

const NOTATION = 0;
const TEXT = 1;
/** A line from its start, which must not read like a stamped line once it holds names. */
const LINE = 2;
/** A value of a row, quoted where it has spaces. */
const VALUE = 3;

export class Draft {
  readonly #parts: string[] = [];
  readonly #kinds: number[] = [];

  /** Notation, or content that is printed as it stands. */
  verbatim(text: string): void {
    this.#add(text, NOTATION);
  }

  text(text: string): void {
    this.#add(text, TEXT);
  }

  line(text: string): void {
    this.#add(text, LINE);
  }

  value(text: string): void {
    this.#add(text, VALUE);
  }

  #add(text: string, kind: number): void {
    this.#parts.push(text);
    this.#kinds.push(kind);
  }

  /** The text with names, and their definitions. `original` says which spellings of names are taken. */
  print(original: string): { readonly definitions: readonly string[]; readonly body: string } {
    const pieces = this.#parts.filter((_, at) => this.#kinds[at] !== NOTATION);
    const free = freeNames(original);
    const provisional = chooseNames(pieces, mayName).map(
      (text): Definition => ({ name: free(), text }),
    );
    const settled = settleNames(
      provisional,
      provisional.length === 0 ? pieces : this.#written(nameWriter(provisional)),
      freeNames(original),
    );
    const out: string[] = [];
    let piece = 0;
    for (const [at, part] of this.#parts.entries()) {
      const kind = this.#kinds[at];
      const text = kind === NOTATION ? part : (settled.texts[piece++] ?? "");
      out.push(kind === VALUE ? printValue(text) : text);
    }
    return { definitions: settled.definitions.map(printDefinition), body: out.join("") };
  }

  /** The pieces with names in them. */
  #written(write: (piece: string) => string): readonly string[] {
    const out: string[] = [];
    for (const [at, part] of this.#parts.entries()) {
      const kind = this.#kinds[at];
      if (kind === NOTATION) continue;
      const text = write(part);
      out.push(kind === LINE && text !== part && entryOf(text).stamp !== undefined ? part : text);
    }
    return out;
  }
}

/** What a reader looks for by its words has no name: a failure or a warning. */
function mayName(text: string): boolean {
  const severity = severityOf(text, text);
  return severity !== FAILURE && severity !== WARN;
}

function printValue(value: string): string {
  if (value === "" || hasSpace(value)) return `"${value}"`;
  return value === "^" || value[0] === "\\" || value[0] === '"' ? `\\${value}` : value;
}

function hasSpace(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) <= 32) return true;
  return false;
}
