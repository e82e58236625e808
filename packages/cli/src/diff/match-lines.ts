/**
 * Lines of an original beside those of its view. Lines that differ in quotes, stamps and indents only are the same here.
 *
 * Lines that are unique in both and stand in the same order are anchors; between two of them equal lines are matched from the front
 * and from the back, then in order. Linear but for finding the longest run of anchors.
 */

/**
 * One row: `=` stands in both; `~` stands in both, spelled in another way or in another place; `-` was left out; `+` only the view has.
 */
export interface DiffRow {
  readonly mark: "=" | "-" | "+" | "~";
  /** Counted from 1. */
  readonly line?: number;
  readonly original?: string;
  readonly viewLine?: number;
  readonly view?: string;
}

/**
 * How it is known that a line without a partner is in the view all the same: `all` are, where nothing was left out; `words`, where all
 * of its words are there (rows of JSON, tables); `lines`, where a line like it is there.
 */
export type Elsewhere = "all" | "words" | "lines";

export function matchLines(
  original: readonly string[],
  view: readonly string[],
  elsewhere: Elsewhere = "lines",
): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  const [keys, viewKeys] = [original.map(keyOf), view.map(keyOf)];
  const there = new Set(elsewhere === "words" ? view.flatMap(wordsOf) : viewKeys);
  const isThere = (at: number): boolean => {
    if (elsewhere === "all") return true;
    const asked = elsewhere === "words" ? wordsOf(original[at] ?? "") : [keys[at] ?? ""];
    return asked.every((one) => there.has(one));
  };
  let [left, right] = [0, 0];
  const pair = (a: number, b: number): void => {
    const [text, shown] = [original[a] ?? "", view[b] ?? ""];
    rows.push({
      mark: text === shown ? "=" : "~",
      line: a + 1,
      original: text,
      viewLine: b + 1,
      view: shown,
    });
  };
  const gap = (endLeft: number, endRight: number): void => {
    while (left < endLeft && right < endRight && keys[left] === viewKeys[right])
      pair(left++, right++);
    let [lastLeft, lastRight] = [endLeft, endRight];
    while (lastLeft > left && lastRight > right && keys[lastLeft - 1] === viewKeys[lastRight - 1]) {
      lastLeft--;
      lastRight--;
    }
    // What is between them is matched where the next equal line is near.
    const places = new Map<string, number[]>();
    for (let at = lastLeft - 1; at >= left; at--) {
      const text = keys[at] ?? "";
      const known = places.get(text);
      if (known) known.push(at);
      else places.set(text, [at]);
    }
    for (; right < lastRight; right++) {
      const found = places.get(viewKeys[right] ?? "");
      while (found && found.length > 0 && (found.at(-1) ?? 0) < left) found.pop();
      const at = viewKeys[right] === "" ? undefined : found?.pop();
      if (at === undefined) {
        rows.push({ mark: "+", viewLine: right + 1, view: view[right] ?? "" });
        continue;
      }
      leaveOut(at);
      pair(left++, right);
    }
    leaveOut(lastLeft);
    while (left < endLeft && right < endRight) pair(left++, right++);
  };
  const leaveOut = (end: number): void => {
    for (; left < end; left++) {
      const text = original[left] ?? "";
      rows.push({ mark: isThere(left) ? "~" : "-", line: left + 1, original: text });
    }
  };
  for (const [a, b] of anchors(keys, viewKeys)) {
    gap(a, b);
    pair(left++, right++);
  }
  gap(original.length, view.length);
  return rows;
}

/** What a line says, without what views spell in another way: indents, quotes, commas at the end, a stamp in front. */
function keyOf(line: string): string {
  const stamp = STAMP.exec(line)?.[0].length ?? 0;
  return line.slice(stamp).trim().replaceAll('"', "").replace(/,$/, "");
}

const STAMP = /^\uFEFF?\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,:+Z-]{0,16}\]? /;

/** Words, names and numbers: punctuation is what views save first. */
function wordsOf(line: string): readonly string[] {
  const stamp = STAMP.exec(line)?.[0].length ?? 0;
  return line.slice(stamp).match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/** Pairs of lines that are unique on both sides, in the order of both. */
function anchors(
  original: readonly string[],
  view: readonly string[],
): readonly (readonly [number, number])[] {
  const inView = uniquePlaces(view);
  const inOriginal = uniquePlaces(original);
  const pairs = [...inOriginal].flatMap(([text, a]) => {
    const b = inView.get(text);
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  return longestRising(pairs.toSorted(([a], [b]) => a - b));
}

function uniquePlaces(lines: readonly string[]): ReadonlyMap<string, number | undefined> {
  const places = new Map<string, number | undefined>();
  for (const [at, text] of lines.entries()) places.set(text, places.has(text) ? undefined : at);
  return places;
}

/** The longest run of pairs whose second member rises. */
function longestRising(
  pairs: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  const tails: number[] = [];
  const before: (number | undefined)[] = [];
  const secondOf = (at: number | undefined): number =>
    at === undefined ? -1 : (pairs[at]?.[1] ?? -1);
  for (const [at, [, second]] of pairs.entries()) {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (secondOf(tails[middle]) < second) low = middle + 1;
      else high = middle;
    }
    before[at] = low > 0 ? tails[low - 1] : undefined;
    tails[low] = at;
  }
  const run: (readonly [number, number])[] = [];
  for (let at = tails.at(-1); at !== undefined; at = before[at]) {
    const found = pairs[at];
    if (found) run.push(found);
  }
  return run.reverse();
}
