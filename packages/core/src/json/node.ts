/**
 * A JSON value as offsets into its source: numbers and strings are never converted, so their text survives.
 *
 * `start` and `end` delimit the value's lexeme in the source (quotes included for strings). Object keys are kept in
 * source order, duplicates and integer-like names included.
 */
export type JsonNode = JsonScalar | JsonString | JsonArray | JsonObject;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A number, `true`, `false` or `null`. */
export interface JsonScalar extends Span {
  readonly type: "number" | "boolean" | "null";
}

export interface JsonString extends Span {
  readonly type: "string";
  /** True when the lexeme has a backslash, so that its value differs from the text between its quotes. */
  readonly escaped: boolean;
  /** It is no JSON but a broken line among JSON lines, without quotes. @default false */
  readonly isRaw?: boolean;
}

export interface JsonArray extends Span {
  readonly type: "array";
  readonly items: readonly JsonNode[];
}

export interface JsonMember {
  readonly key: JsonString;
  readonly value: JsonNode;
}

export interface JsonObject extends Span {
  readonly type: "object";
  readonly members: readonly JsonMember[];
}

/**
 * What a lossy form leaves out, decided before anything is written. The encoder obeys it.
 *
 * A node that is not mentioned is kept whole.
 */
export interface OmissionPlan {
  /** For an array: the indexes that stay, ascending; for an object: the member indexes that stay. */
  readonly kept: ReadonlyMap<JsonArray | JsonObject, readonly number[]>;
  /** One line that says what is missing from this array or object: how much, and what it was. */
  readonly notes: ReadonlyMap<JsonArray | JsonObject, string>;
  /** For a string: which characters of its lexeme's inside stay. */
  readonly cut: ReadonlyMap<JsonString, StringCut>;
  /** Strings that hold JSON of which something is left out. `kept`, `notes`, `cut` (and this) may name nodes of what they hold. */
  readonly embedded?: ReadonlyMap<JsonString, EmbeddedJson>;
  /** What stands before a row that stays, where its number is not what it is asked for by. @default `#` and its number */
  readonly labels?: (row: JsonNode) => string | undefined;
  /** Values in whose place stands `…`. */
  readonly hidden?: ReadonlySet<JsonNode>;
}

/** What a string holds, as a document of its own: offsets are into `source`, the string's value. */
export interface EmbeddedJson {
  readonly source: string;
  readonly root: JsonArray | JsonObject;
}

/** What stays of a long string: its ends, and passages between them. Offsets count from behind the opening quote. */
export interface StringCut {
  readonly head: number;
  readonly tail: number;
  /** Passages that stay between head and tail, ascending, not touching each other or the ends. */
  readonly between?: readonly { readonly start: number; readonly end: number }[];
  /** What the string is, where the reader could not tell: `base64, 18 kB`. */
  readonly what?: string;
  /** A `…` is enough where something is missing: a note says how much of it is, and where. @default false */
  readonly isBrief?: boolean;
}

/** Whether a node holds others. */
export function isContainer({ type }: JsonNode): boolean {
  return type === "array" || type === "object";
}
