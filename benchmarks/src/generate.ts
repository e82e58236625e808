/** Input of any size, the same on every machine: JSON rows as an API gives them, and longer forms of a real text. */

const WORDS =
  "cache retry queue index token stream socket parser router shard ledger cursor buffer worker".split(
    " ",
  );

/** A small linear congruential generator; nothing here may differ between runs. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Search results of a code or document search, about 100 tokens each. */
export function searchResults(count: number, seed = 1): readonly Record<string, unknown>[] {
  const next = random(seed);
  return resultsOf(count, next, () => WORDS[Math.floor(next() * WORDS.length)] ?? "");
}

/** The same with words that no tokenizer has seen before: a token counter that remembers words cannot have these. */
export function unseenResults(count: number, seed: number): readonly Record<string, unknown>[] {
  const next = random(seed);
  const syllable = (): string => SYLLABLES[Math.floor(next() * SYLLABLES.length)] ?? "";
  return resultsOf(count, next, () => syllable() + syllable() + syllable());
}

const SYLLABLES = "ba ko ri den ster mal tu ve lin ora pex gat hos iv jun wer".split(" ");

function resultsOf(
  count: number,
  next: () => number,
  pick: () => string,
): readonly Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `doc_${index}`,
    title: `How the ${pick()} ${pick()} handles ${pick()} number ${index}`,
    url: `https://docs.example.com/articles/${pick()}/${index}`,
    snippet: `The ${pick()} keeps a ${pick()} for each ${pick()} and gives it back when the ${pick()} is full; see ${pick()} ${Math.floor(next() * 900)}.`,
    score: Math.round(next() * 10_000) / 10_000,
    author: { login: `${pick()}-${Math.floor(next() * 40)}`, type: "User", site_admin: false },
    created_at: new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString(),
    status: next() < 0.01 ? "error" : "ok",
    tags: [pick(), pick()],
  }));
}

export function searchResultsOf(bytes: number): string {
  const rows = Math.ceil(bytes / (JSON.stringify(searchResults(200)).length / 200));
  return JSON.stringify(searchResults(rows));
}

/** A text of about this many characters out of these: whole lines, digits shifted in each repetition. */
export function grown(texts: readonly string[], length: number): string {
  let text = "";
  for (let round = 0; text.length < length; round++) {
    for (const one of texts) {
      text +=
        round === 0 ? one : one.replace(/\d/g, (digit) => String((Number(digit) + round) % 10));
      if (!text.endsWith("\n")) text += "\n";
      if (text.length >= length) break;
    }
  }
  const cut = text.indexOf("\n", length);
  return cut === -1 ? text : text.slice(0, cut + 1);
}
