/**
 * Documents that say almost the same: chunks that overlap, copies of a page, versions of a text.
 *
 * By their units (sentences, items, rows), as they stand but for white space: a document most of whose characters stand in an earlier one is
 * told by what differs.
 */
/** Share of the characters of a document. */
const MIN_SHARE = 0.8;
/** Characters. Shorter sentences stand in many documents. */
const MIN_SENTENCE = 12;

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
  const sentences = documents.map((units) => units.filter((unit) => unit.length >= MIN_SENTENCE));
  return sentences.map((own, at) => {
    const shared = new Map<number, number>();
    let length = 0;
    for (const sentence of new Set(own)) {
      length += sentence.length;
      for (const owner of owners.get(sentence) ?? [])
        shared.set(owner, (shared.get(owner) ?? 0) + sentence.length);
    }
    const [best] = [...shared].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    if (best !== undefined && best[1] >= length * MIN_SHARE) {
      const earlier = sentences[best[0]] ?? [];
      return { of: best[0], added: without(own, earlier), missing: without(earlier, own) };
    }
    for (const sentence of new Set(own)) {
      const all = owners.get(sentence);
      if (all === undefined) owners.set(sentence, [at]);
      // What stands everywhere tells no two documents apart.
      else if (all.length < MAX_OWNERS) all.push(at);
    }
    return undefined;
  });
}

const MAX_OWNERS = 16;

/** Without what depends on where lines are broken. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function without(sentences: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return sentences.filter((sentence) => !known.has(sentence));
}
