/**
 * What the model has in front of it, as references may name it: texts with a label, and which of their lines are visible.
 *
 * It is filled in the order of the transcript while a request is decided, and forgotten afterwards: what a block may refer to
 * depends on what stands before it and on nothing else. Memory is bounded in lines and in places for each run of lines.
 */
import { type Document, MIN_LINES } from "./document.ts";

/** A text that stands in the transcript. */
export interface Source {
  readonly label: string;
  /** Which of the texts with this label it is, from 1. */
  readonly nth: number;
  readonly text: string;
  /** Absent for a text that is too long, and for a view. */
  readonly document?: Document | undefined;
  /** Lines that are visible as they stand; absent where all are. */
  readonly visible?: readonly boolean[] | undefined;
  /** Whether a reader can tell the whole text from what is sent: false for a view. */
  readonly isWhole: boolean;
  /** Takes the text of a view apart, in which a reader sees a part of the lines only. */
  readonly shortened?: (() => Document | undefined) | undefined;
}

/** Where a run of lines stands. */
export interface Place {
  readonly source: Source;
  readonly at: number;
}

/** What is known of a text that becomes a source. */
export interface Sight {
  readonly text: string;
  readonly document?: Document | undefined;
  readonly visible?: readonly boolean[] | undefined;
  /** Whether a reader can tell the whole text from what is sent: false for a view. */
  readonly isWhole: boolean;
  /** See `Source`. */
  readonly shortened?: (() => Document | undefined) | undefined;
}

/** Lines are remembered up to here: a bound in memory, about two million tokens. */
const MAX_LINES = 262_144;
/** A place is one number: the index of its text, and the line in it, of which there are fewer than this. */
const LINES_OF_TEXT = 32_768;
/** The places that are remembered of one run of lines: the latest. */
const MAX_PLACES = 6;

/** Texts with the same label that are compared with a new one. */
const MAX_BASES = 4;

export class Seen {
  readonly #byLabel = new Map<string, Source[]>();
  readonly #wholes = new Map<string, Source>();
  /** Most runs of lines stand in one place: tens of thousands of lists would be made for each request. */
  readonly #places = new Map<number, number | number[]>();
  readonly #sources: Source[] = [];
  #lines = 0;

  add(label: string, { text, document, visible, isWhole, shortened }: Sight): void {
    const named = this.#byLabel.get(label) ?? [];
    this.#byLabel.set(label, named);
    const lines = document?.lines.length ?? 0;
    const isKept = this.#lines + lines <= MAX_LINES;
    const source: Source = {
      label,
      nth: named.length + 1,
      text,
      ...(document && isKept ? { document } : {}),
      ...(visible === undefined ? {} : { visible }),
      isWhole,
      ...(shortened === undefined ? {} : { shortened }),
    };
    named.push(source);
    // A reader who follows a reference should not find another one there.
    if (isWhole && (visible === undefined || !this.#wholes.has(text)))
      this.#wholes.set(text, source);
    if (document && isKept) {
      this.#lines += lines;
      this.#remember(source, document, visible);
    }
  }

  get isEmpty(): boolean {
    return this.#byLabel.size === 0;
  }

  /** How many texts with this label there are so far. */
  count(label: string): number {
    return this.#byLabel.get(label)?.length ?? 0;
  }

  named(label: string, nth: number): Source | undefined {
    return this.#byLabel.get(label)?.[nth - 1];
  }

  /** The latest texts with a label, the last one first. */
  latest(label: string): readonly Source[] {
    return this.#byLabel.get(label)?.slice(-MAX_BASES).reverse() ?? [];
  }

  /** The text that is the same: the latest that stands there in full, else the first. */
  whole(text: string): Source | undefined {
    return this.#wholes.get(text);
  }

  /** Places whose lines have this hash. */
  places(hash: number): readonly Place[] {
    const places = this.#places.get(hash);
    if (places === undefined) return NO_PLACES;
    return typeof places === "number"
      ? [this.#placeOf(places)]
      : places.map((place) => this.#placeOf(place));
  }

  #placeOf(place: number): Place {
    const source = this.#sources[Math.floor(place / LINES_OF_TEXT)] as Source;
    return { source, at: place % LINES_OF_TEXT };
  }

  #remember(source: Source, document: Document, visible: readonly boolean[] | undefined): void {
    const { exactWindows, windows } = document;
    const first = LINES_OF_TEXT * this.#sources.length;
    this.#sources.push(source);
    let run = 0;
    for (let end = 0; end < document.lines.length; end++) {
      run = visible && !visible[end] ? 0 : run + 1;
      const at = end - MIN_LINES + 1;
      if (run < MIN_LINES) continue;
      const exact = exactWindows[at] as number;
      this.#put(exact, first + at);
      const masked = windows[at] as number;
      if (masked !== exact) this.#put(masked, first + at);
    }
  }

  #put(hash: number, place: number): void {
    const places = this.#places.get(hash);
    if (places === undefined) this.#places.set(hash, place);
    else if (typeof places === "number") this.#places.set(hash, [places, place]);
    else {
      if (places.length === MAX_PLACES) places.shift();
      places.push(place);
    }
  }
}

const NO_PLACES: readonly Place[] = [];
