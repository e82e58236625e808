/**
 * What an encoder prints, in order: notation, which stays as it is, and pieces of content, in which names (`@1`) may stand.
 */
import { type Definition, freeNames, printDefinition, settleNames } from "../../notation/names.ts";
import { joinInSteps, Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { chooseNames } from "./choose-names.ts";
import { nameWriter } from "./name-writer.ts";

/** How a piece of content is printed. */
export interface Style {
  /** Whether the piece may be written so, with names in it. @default always */
  readonly accepts?: (named: string) => boolean;
  /** A part of a line between slots: only words within it may have names. @default false */
  readonly part?: boolean;
  /** Adds quotes and escapes, after names are written. @default nothing */
  readonly print?: (text: string) => string;
}

const PLAIN: Style = {};

/** What is done once for a piece takes as long as reading about so many characters. */
const PIECE_WORK = 8;

/** A text with names, and the lines that define them. */
export interface Printed {
  readonly definitions: readonly string[];
  readonly body: string;
}

export class Draft {
  readonly #pieces: string[] = [];
  readonly #styles: Style[] = [];
  /** The notation that stands before each piece. */
  readonly #before: string[] = [];
  /** Notation behind the last piece. */
  #notation = "";

  /** Notation, or content that is printed as it stands. */
  verbatim(text: string): void {
    this.#notation += text;
  }

  /** A piece of content. */
  text(text: string, style: Style = PLAIN): void {
    this.#pieces.push(text);
    this.#styles.push(style);
    this.#before.push(this.#notation);
    this.#notation = "";
  }

  /**
   * Chooses names and prints.
   *
   * @param original - Spellings of names that stand in it are not used.
   * @param mayName - Whether a text may have a name.
   */
  *print(original: string, mayName: (text: string) => boolean = () => true): Steps<Printed> {
    const free = freeNames(original);
    const isWhole = (at: number): boolean => this.#styles[at]?.part !== true;
    const chosen = yield* chooseNames(this.#pieces, isWhole, mayName);
    const names = chosen.map((text): Definition => ({ name: free(), text }));
    const written = yield* this.#written(names);
    const settled = yield* settleNames(names, [...written.values()], freeNames(original));
    const meter = new Meter();
    const out: string[] = [];
    let next = 0;
    for (let at = 0; at < this.#pieces.length; at++) {
      const text = (written.has(at) ? settled.texts[next++] : this.#pieces[at]) ?? "";
      const before = this.#before[at] ?? "";
      if (before !== "") out.push(before);
      out.push(this.#styles[at]?.print?.(text) ?? text);
      if (meter.isDue(text.length + PIECE_WORK)) yield;
    }
    out.push(this.#notation);
    const body = yield* joinInSteps(out);
    return { definitions: settled.definitions.map(printDefinition), body };
  }

  /** The pieces in which names stand, by their index. */
  *#written(names: readonly Definition[]): Steps<ReadonlyMap<number, string>> {
    const write = nameWriter(names);
    const meter = new Meter();
    const written = new Map<number, string>();
    if (names.length === 0) return written;
    for (let at = 0; at < this.#pieces.length; at++) {
      const piece = this.#pieces[at] ?? "";
      const { part = false, accepts } = this.#styles[at] ?? PLAIN;
      const text = write(piece, part);
      if (text !== piece && accepts?.(text) !== false) written.set(at, text);
      if (meter.isDue(piece.length + PIECE_WORK)) yield;
    }
    return written;
  }
}
