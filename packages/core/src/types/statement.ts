/**
 * What a view says about what is not in it, as data. Law 9: every such sentence is checked against the original before the view
 * leaves, in one place (`forms/check.ts`).
 */

/** A fact about some values, one a unit (a line, a row, an element); `undefined` where a unit has no such field. */
export type Fact =
  /** There are so many. */
  | { readonly says: "count"; readonly count: number }
  /** Each has this value. A value that ends in `…` stands for all that begin like it. */
  | { readonly says: "all"; readonly value: string }
  /** The values and how often each occurs, `others` of them not named. Units without a value are not counted. */
  | {
      readonly says: "counts";
      readonly counts: readonly (readonly [value: string, count: number])[];
      /** Different values that are not named. @default 0 */
      readonly others?: number;
    }
  /** The least and the greatest value: numbers, sizes, durations, versions and dates by what they mean, other texts by code unit. */
  | {
      readonly says: "range";
      readonly least: string;
      readonly most: string;
      /** Values that measure nothing of the kind, among others that do: `-` among sizes. @default 0 */
      readonly others?: number;
    }
  /** What the values that measure something add up to, in the decimals and the unit they have. */
  | { readonly says: "sum"; readonly sum: string }
  /** A value that at most half of those that measure something are below, and at most half above. */
  | { readonly says: "median"; readonly median: string }
  /** So many different values. */
  | { readonly says: "distinct"; readonly count: number }
  /** The values stand in this order. */
  | { readonly says: "sorted"; readonly order: "ascending" | "descending" }
  /** Each is like a pattern: the texts between its `*` occur in this order; a `…` at the end stands for any rest. */
  | { readonly says: "like"; readonly pattern: string }
  /** None contains the text, in lower or upper case. */
  | { readonly says: "none"; readonly text: string }
  /** So many units have no such field. */
  | { readonly says: "absent"; readonly count: number }
  /** The values are these, in this order. */
  | {
      readonly says: "list";
      readonly values: readonly string[];
      /** What stands between them. @default ", " */
      readonly between?: string;
    }
  /** How many are like each pattern, and like no pattern before it; `others` are like none of them. */
  | {
      readonly says: "patterns";
      readonly patterns: readonly (readonly [pattern: string, count: number])[];
      /** @default 0 */
      readonly others?: number;
    }
  /** Each has the value that the view shows elsewhere; where it is `undefined`, none has the field. Its sentence names neither. */
  | { readonly says: "same"; readonly value: string | undefined }
  /** None contains any of the texts, in lower or upper case. */
  | { readonly says: "nowhere"; readonly texts: readonly string[] }
  /** So many contain each text, in this spelling; one unit may contain several. */
  | {
      readonly says: "spelled";
      readonly counts: readonly (readonly [text: string, count: number])[];
    }
  /** So many contain the text, in lower or upper case. */
  | { readonly says: "with"; readonly text: string; readonly count: number }
  /** Lines by their shape; each is counted under the first shape it has. */
  | {
      readonly says: "shapes";
      readonly shapes: readonly (readonly [shape: LineShape, count: number])[];
      /** Lines that have none of the shapes. @default 0 */
      readonly others?: number;
      /** Lines that are empty or white space alone. @default 0 */
      readonly blank?: number;
      /** Each shape is written on a line of its own. @default false */
      readonly listed?: boolean;
    };

/**
 * What lines have in common: texts that occur in each of them in this order, the first of them anywhere. Runs of white space count as
 * one space.
 */
export interface LineShape {
  /** One more than there are slots. An empty text at the start or the end is the start or the end of the line. */
  readonly texts: readonly string[];
  /** What is said of the values between two texts; nothing where it is `undefined`. */
  readonly slots: readonly (Fact | undefined)[];
  /** Lines go on behind the last text. @default false */
  readonly open?: boolean;
}

/** From the first number up to, not including, the second. */
export type UnitRange = readonly [from: number, to: number];

/** One sentence of a view. */
export interface Statement {
  /** It as it stands in the view. */
  readonly text: string;
  /**
   * The sequence of the original that it speaks of: `""` for its lines, else a name the compressor's `original` knows. A name that
   * begins with `lines` is one of lines: they are numbered like those.
   */
  readonly of: string;
  /** The units of that sequence, counted from 0. */
  readonly about: readonly UnitRange[];
  /** The field of each unit; the whole unit where there is none. */
  readonly field?: string;
  /** What it says; every number in `text` is in a fact, or a count or an end of `about`. */
  readonly facts: readonly Fact[];
}

/** An original that was read again, to check what is said about it. */
export interface OriginalUnits {
  /** The values of a sequence, or of one field of its units; `undefined` where there is no such sequence. */
  values(of: string, field: string | undefined): readonly (string | undefined)[] | undefined;
}
