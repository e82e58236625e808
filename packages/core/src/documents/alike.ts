/**
 * Documents that say almost the same: copies of a page, versions of a text.
 *
 * By their units (sentences, items, rows), as they stand but for white space: a document most of whose characters stand in an earlier one is
 * told by what differs.
 */
/** Share of the characters of a document. */
const MIN_SHARE = 0.8;
/** Columns. Shorter sentences stand in many documents; they count, and are not searched for. */
export const MIN_SENTENCE = 12;

/** What a document has unlike an earlier one. */
export interface Likeness {
  /** Index of the earlier document. */
  readonly of: number;
  /** Sentences that only this one has, and those that only the earlier one has. */
  readonly added: readonly string[];
  readonly missing: readonly string[];
}

/**
 * For each document the earliest one it is like, which is like no other itself; `undefined` where there is none.
 *
 * @param documents the units of each, with `plain` white space
 */
export function likenesses(
  documents: readonly (readonly string[])[],
): readonly (Likeness | undefined)[] {
  /** The documents of their own that each sentence stands in. */
  const owners = new Map<string, number[]>();
  return documents.map((units, at) => {
    const own = new Set(units);
    const shared = new Map<number, number>();
    let length = 0;
    for (const unit of own) {
      length += unit.length;
      for (const owner of owners.get(unit) ?? [])
        shared.set(owner, (shared.get(owner) ?? 0) + unit.length);
    }
    const [best] = [...shared].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    if (best !== undefined && best[1] >= length * (MIN_SHARE / 2)) {
      const earlier = documents[best[0]] ?? [];
      const added = without(units, earlier);
      const addedLength = added.reduce((sum, unit) => sum + unit.length, 0);
      if (addedLength <= length * (1 - MIN_SHARE))
        return { of: best[0], added, missing: without(earlier, units) };
    }
    for (const unit of own) {
      if (columnsOf(unit) < MIN_SENTENCE) continue;
      const all = owners.get(unit);
      if (all === undefined) owners.set(unit, [at]);
      // What stands everywhere tells no two documents apart.
      else if (all.length < MAX_OWNERS) all.push(at);
    }
    return undefined;
  });
}

const MAX_OWNERS = 16;

/** Without what depends on where lines are broken. */
export function plain(text: string): string {
  const trimmed = text.trim();
  return /[\n\r\t]| {2}/.test(trimmed) ? trimmed.replaceAll(/\s+/g, " ") : trimmed;
}

/** How long a sentence is: a Chinese or Japanese character says as much as two letters. */
export function columnsOf(text: string): number {
  if (text.length >= MIN_SENTENCE) return text.length;
  let columns = 0;
  for (let at = 0; at < text.length; at++) columns += text.charCodeAt(at) >= 0x1100 ? 2 : 1;
  return columns;
}

function without(sentences: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return sentences.filter((sentence) => !known.has(sentence));
}
