/**
 * Strings of an object that begin with another string of the same object: `url:https://…/acme/rocket,forks_url:${url}/forks`.
 *
 * For objects that are no rows of a table; there `template.ts` does more. One pass: the beginnings of each string are looked
 * up among the whole strings. What is referred to is always written out itself.
 */
import { estimateTokens } from "./estimate.ts";
import { isBare, isName } from "./text.ts";
import type { Value } from "./value.ts";

/** `${field}` and a rest. */
export interface SiblingReference {
  readonly field: string;
  readonly rest: string;
}

/** Tokens that a reference has to spare, estimated. */
const MIN_SAVED_TOKENS = 3;
const REFERENCE_TOKENS = 3;
/** Lengths in characters of what is referred to. */
const MIN_LENGTH = 12;
const MAX_LENGTH = 200;

const none: ReadonlyMap<number, SiblingReference> = new Map();

/** The members of an object that are written as references, by their place. */
export function siblingReferences(item: Value): ReadonlyMap<number, SiblingReference> {
  const { shape, items } = item;
  if (shape === undefined || !shape.distinct || items.length < 2) return none;
  const fields = new Map<string, string>();
  items.forEach(({ kind, text }, index) => {
    const field = (shape.keys[index] as string).slice(1, -1);
    if (kind !== "string" || text.length < MIN_LENGTH || text.length > MAX_LENGTH) return;
    const inside = text.slice(1, -1);
    if (isName(field) && !fields.has(inside) && isBare(inside)) fields.set(inside, field);
  });
  if (fields.size === 0) return none;
  const found = new Map<number, SiblingReference>();
  /** Fields that are referred to. */
  const sources = new Set<string>();
  items.forEach(({ kind, text }, index) => {
    if (kind !== "string") return;
    const inside = text.slice(1, -1);
    const reference = longestBeginning(inside, fields);
    if (reference === undefined || !isBare(inside)) return;
    found.set(index, reference);
    sources.add(reference.field);
  });
  for (const index of [...found.keys()]) {
    if (sources.has((shape.keys[index] as string).slice(1, -1))) found.delete(index);
  }
  return found;
}

function longestBeginning(
  text: string,
  fields: ReadonlyMap<string, string>,
): SiblingReference | undefined {
  for (let end = Math.min(text.length - 1, MAX_LENGTH); end >= MIN_LENGTH - 2; end--) {
    if (!SEPARATORS.includes(text.charAt(end))) continue;
    const beginning = text.slice(0, end);
    const field = fields.get(beginning);
    if (field === undefined) continue;
    const saved = estimateTokens(beginning) - REFERENCE_TOKENS;
    return saved < MIN_SAVED_TOKENS ? undefined : { field, rest: text.slice(end) };
  }
  return undefined;
}

/** What may follow a whole part of a URL or path. */
const SEPARATORS = "/?#{.:";
