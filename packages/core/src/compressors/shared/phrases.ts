/**
 * Short names for words and phrases that keep coming back in the cells of a column of text: `A` for `development files)`.
 *
 * A name is a capital letter, or two, that no cell has as a word of its own, so that reading back is word by word and needs no
 * escape. Phrases are learnt from a bounded sample of the cells, counted as runs of words that are frequent themselves, and kept
 * only when what they really save pays for their entry in the header.
 *
 * Trap: counting every run of words would cost more than the rest of the table together; a run grows only from frequent words.
 */
import { cost } from "./text-cost.ts";

/** Fewer cells hold no phrase that pays, and in a short table every phrase is better read where it stands. */
export const MIN_CELLS = 40;
const MAX_SAMPLE = 200;
const MAX_WORDS = 6;
const MAX_NAMES = 80;
const MIN_COUNT = 3;
/** Quotes, equals sign, name and the space between entries. */
const ENTRY = 4;
/** A name that saves less is not worth looking up. */
const MIN_SAVED = 6;

/** Names by phrase. Empty when none pays. */
export type Phrases = ReadonlyMap<string, string>;

interface Candidate {
  readonly text: string;
  count: number;
  each: number;
}

/** Learns phrases from the cells; `weights[i]` is how often cell `i` is printed, and `all` are the cells that names must not stand in. */
export function learnPhrases(
  cells: readonly string[],
  weights: readonly number[],
  all: readonly string[],
): Phrases {
  const none: Phrases = new Map();
  if (cells.length < MIN_CELLS) return none;
  const step = Math.max(1, cells.length / MAX_SAMPLE);
  const sample: { cell: string; weight: number }[] = [];
  for (let at = 0; at < cells.length; at += step) {
    const index = Math.floor(at);
    const cell = (cells[index] ?? "").slice(0, 400);
    sample.push({ cell, weight: (weights[index] ?? 1) * step });
  }
  const ranked = countRuns(sample);
  const chosen = choose(ranked);
  if (chosen.length === 0) return none;
  // What was counted overlaps; what is really written decides.
  const spare = freeNames(all, []);
  const trial = new Map(chosen.map(({ text }) => [text, ""]));
  const used = new Map<string, number>();
  const index = indexPhrases(trial);
  for (const { cell, weight } of sample) {
    replace(cell, index, (text) => used.set(text, (used.get(text) ?? 0) + weight));
  }
  const names = new Map<string, string>();
  for (const { text, each } of chosen) {
    const name = spare[names.size];
    if (name === undefined) break;
    const saved = (used.get(text) ?? 0) * each - cost(text) - ENTRY;
    if (saved >= MIN_SAVED) names.set(text, name);
  }
  return names;
}

/** Runs of frequent words with how often they stand there, most worth first. */
function countRuns(
  sample: readonly { readonly cell: string; readonly weight: number }[],
): Candidate[] {
  const known = new Map<string, number>();
  const words: string[] = [];
  const counts: number[] = [];
  const cells = sample.map(({ cell, weight }) => {
    const ids = cell.split(" ").map((word) => {
      let id = known.get(word);
      if (id === undefined) {
        id = words.length;
        known.set(word, id);
        words.push(word);
        counts.push(0);
      }
      counts[id] = (counts[id] ?? 0) + weight;
      return id;
    });
    return { ids, weight };
  });
  // A run is its shorter run and one word more, so that its key is a number.
  const width = words.length;
  interface Run {
    readonly id: number;
    readonly text: string;
    readonly each: number;
    count: number;
  }
  const runs = new Map<number, Run>();
  const all: Run[] = [];
  const singles = words.map((text, id): Run | undefined => {
    const count = counts[id] ?? 0;
    if (count < MIN_COUNT || text === "") return undefined;
    const run = { id: all.length, text, each: cost(text), count };
    all.push(run);
    return run;
  });
  for (const { ids, weight } of cells) {
    for (let from = 0; from < ids.length; from++) {
      let run = singles[ids[from] ?? -1];
      for (let length = 2; run && length <= MAX_WORDS; length++) {
        const id: number = ids[from + length - 1] ?? -1;
        const word = singles[id];
        if (!word) break;
        const key: number = run.id * width + id;
        let longer = runs.get(key);
        if (!longer) {
          const text: string = `${run.text} ${word.text}`;
          longer = {
            id: all.length,
            text,
            each: run.each + word.each,
            count: 0,
          };
          runs.set(key, longer);
          all.push(longer);
        }
        longer.count += weight;
        // Seen once so far: longer runs wait until it comes again.
        if (longer.count < 2 * weight) break;
        run = longer;
      }
    }
  }
  const ranked: Candidate[] = [];
  for (const { text, count, each } of all) {
    const candidate = { text, count, each: each - 1 };
    if (count >= MIN_COUNT && candidate.each > 0 && worth(candidate) >= MIN_SAVED)
      ranked.push(candidate);
  }
  ranked.sort((a, b) => worth(b) - worth(a) || (a.text < b.text ? -1 : 1));
  return ranked.slice(0, 2 * MAX_NAMES);
}

function worth({ count, each }: Candidate): number {
  return count * each - each - 1 - ENTRY;
}

/** Takes what saves most, again and again, after taking off what the earlier choices cover. */
function choose(ranked: readonly Candidate[]): readonly Candidate[] {
  const open = new Set(ranked);
  const chosen: Candidate[] = [];
  while (chosen.length < MAX_NAMES && open.size > 0) {
    let best: Candidate | undefined;
    for (const one of open) if (!best || worth(one) > worth(best)) best = one;
    if (!best || worth(best) < MIN_SAVED) break;
    open.delete(best);
    chosen.push(best);
    const padded = ` ${best.text} `;
    for (const other of open) {
      if (padded.includes(` ${other.text} `)) other.count -= best.count;
      else if (` ${other.text} `.includes(padded)) other.each -= best.each;
      if (other.each <= 0 || other.count < MIN_COUNT) open.delete(other);
    }
  }
  return chosen;
}

/** The letters given, A to Z and pairs of them, without what stands in a cell as a word. */
export function freeNames(cells: readonly string[], letters: readonly string[]): readonly string[] {
  const taken = new Set<number>();
  for (const cell of cells) {
    let length = 0;
    for (let at = 0; at <= cell.length; at++) {
      const space = at === cell.length || cell.charCodeAt(at) === 32;
      if (!space) length++;
      else {
        if (length === 1 || length === 2) taken.add(codeOf(cell, at - length, length));
        length = 0;
      }
    }
  }
  const capitals = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const pairs = capitals.slice(0, 6).flatMap((a) => capitals.map((b) => a + b));
  return [...new Set([...letters, ...capitals, ...pairs])]
    .filter((name) => !taken.has(codeOf(name, 0, name.length)))
    .slice(0, MAX_NAMES);
}

/** A word of one or two letters as a number. */
function codeOf(text: string, at: number, length: number): number {
  return text.charCodeAt(at) * 65_536 + (length === 2 ? text.charCodeAt(at + 1) : 0);
}

/** Phrases by their first word, longest first. */
type PhraseIndex = ReadonlyMap<string, readonly { readonly text: string; readonly name: string }[]>;

function indexPhrases(phrases: Phrases): PhraseIndex {
  const index = new Map<string, { text: string; name: string }[]>();
  for (const [text, name] of phrases) {
    const space = text.indexOf(" ");
    const first = space === -1 ? text : text.slice(0, space);
    const same = index.get(first);
    if (same) same.push({ text, name });
    else index.set(first, [{ text, name }]);
  }
  for (const same of index.values()) same.sort((a, b) => b.text.length - a.text.length);
  return index;
}

/** Writes a cell with names; phrases stand between spaces. */
function replace(cell: string, index: PhraseIndex, use?: (text: string) => void): string {
  let out = "";
  let done = 0;
  for (let from = 0; from < cell.length; ) {
    const space = cell.indexOf(" ", from);
    let end = space === -1 ? cell.length : space;
    const same = index.get(cell.slice(from, end));
    if (same) {
      for (const { text, name } of same) {
        const stop = from + text.length;
        if (stop < cell.length && cell.charCodeAt(stop) !== 32) continue;
        if (!cell.startsWith(text, from)) continue;
        out += cell.slice(done, from) + name;
        done = end = stop;
        use?.(text);
        break;
      }
    }
    from = end + 1;
  }
  return done === 0 ? cell : out + cell.slice(done);
}

/** Writes names for phrases into cells. */
export function phraseWriter(phrases: Phrases): (cell: string) => string {
  if (phrases.size === 0) return (cell) => cell;
  const index = indexPhrases(phrases);
  return (cell) => replace(cell, index);
}

/** Reads them back, word by word. No name is longer than two letters. */
export function expandPhrases(text: string, names: ReadonlyMap<string, string>): string {
  let out = "";
  let done = 0;
  for (let from = 0; from < text.length; ) {
    const space = text.indexOf(" ", from);
    const end = space === -1 ? text.length : space;
    const value = end - from <= 2 ? names.get(text.slice(from, end)) : undefined;
    if (value !== undefined) {
      out += text.slice(done, from) + value;
      done = end;
    }
    from = end + 1;
  }
  return done === 0 ? text : out + text.slice(done);
}
