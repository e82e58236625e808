/**
 * Fields of records that follow each other in one order, some of which a record may lack: `Package`, `Status`, `Essential`, `Priority`, …
 *
 * Records are found by the first key that comes back. Their short fields are put in order, and cut into chains where something else often
 * stands between them. A row of a chain takes as many of its fields as follow each other in the text.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";

/** Lines in a row of which each is the next, or a later one, of a chain. */
export interface ChainRow {
  readonly start: number;
  readonly height: number;
  /** For each link of the chain its line, `undefined` where the row has none. */
  readonly lines: readonly (number | undefined)[];
}

/** Rows of one chain: what each of its links is like, and where they stand. */
export interface Chain {
  readonly links: readonly number[];
  readonly rows: readonly ChainRow[];
}

const LEAST_RECORDS = 5;
const LEAST_LINKS = 3;
const MAX_LINKS = 14;
/** The first lines of a text, of which one begins a record. */
const FIRST_LINES = 12;
/** Of the records so many have a field that is in a chain. */
const PRESENT = 0.4;
/** Of the rows at most so many lack nothing. */
const COMPLETE = 0.95;
/** Of a row so many fields are there. */
const FILLED = 0.5;

/**
 * @param ids What each line is like; -1 for lines that no other is like.
 * @param isKeyed Whether a line gives a key a value.
 */
export function* findChains(
  ids: Int32Array,
  isKeyed: (line: number) => boolean,
): Steps<readonly Chain[]> {
  const starts = yield* recordStarts(ids, isKeyed);
  if (starts.length < LEAST_RECORDS) return [];
  const order = yield* orderOf(ids, isKeyed, starts);
  const chainOf = new Map<number, { readonly chain: number; readonly link: number }>();
  const chains = cut(order, ids, starts);
  for (const [chain, links] of chains.entries())
    for (const [link, id] of links.entries()) chainOf.set(id, { chain, link });
  const rows: ChainRow[][] = chains.map(() => []);
  const meter = new Meter();
  const [first = 0] = starts;
  for (let at = first; at < ids.length; ) {
    if (meter.isDue(LINE_WORK)) yield;
    const place = chainOf.get(ids[at] ?? -1);
    if (place === undefined) {
      at++;
      continue;
    }
    const lines: (number | undefined)[] = new Array(chains[place.chain]?.length ?? 0).fill(
      undefined,
    );
    lines[place.link] = at;
    let end = at + 1;
    for (let last = place.link; end < ids.length; end++) {
      const next = chainOf.get(ids[end] ?? -1);
      if (next === undefined || next.chain !== place.chain || next.link <= last) break;
      lines[next.link] = end;
      last = next.link;
    }
    const height = end - at;
    if (height >= 2 && height >= lines.length * FILLED)
      rows[place.chain]?.push({ start: at, height, lines });
    at = end;
  }
  return chains
    .map((links, chain) => ({ links, rows: rows[chain] ?? [] }))
    .filter(({ links, rows: own }) => {
      // What is always complete is a block.
      const whole = own.filter(({ height }) => height === links.length).length;
      return own.length >= LEAST_RECORDS && whole < own.length * COMPLETE;
    });
}

/** Where records begin: at the first line of the text with a key that comes back. */
function* recordStarts(
  ids: Int32Array,
  isKeyed: (line: number) => boolean,
): Steps<readonly number[]> {
  const meter = new Meter();
  for (let first = 0; first < Math.min(FIRST_LINES, ids.length); first++) {
    const id = ids[first] ?? -1;
    if (id < 0 || !isKeyed(first)) continue;
    const starts: number[] = [];
    for (let at = first; at < ids.length; at++) {
      if (ids[at] === id) starts.push(at);
      if (meter.isDue(1)) yield;
    }
    if (starts.length >= LEAST_RECORDS) return starts;
  }
  return [];
}

/** Fields that most records have once, in the order in which they stand on average. */
function* orderOf(
  ids: Int32Array,
  isKeyed: (line: number) => boolean,
  starts: readonly number[],
): Steps<readonly number[]> {
  const meter = new Meter();
  const found = new Map<number, { records: number; lines: number; rank: number }>();
  for (const [record, start] of starts.entries()) {
    const end = starts[record + 1] ?? ids.length;
    let rank = 0;
    const seen = new Set<number>();
    for (let at = start; at < end; at++) {
      if (meter.isDue(LINE_WORK)) yield;
      const id = ids[at] ?? -1;
      if (id < 0 || !isKeyed(at)) continue;
      const field = found.get(id) ?? { records: 0, lines: 0, rank: 0 };
      found.set(id, field);
      field.lines++;
      field.rank += rank++;
      if (!seen.has(id)) field.records++;
      seen.add(id);
    }
  }
  return [...found]
    .filter(
      ([, { records, lines }]) => records >= starts.length * PRESENT && lines <= records * 1.05,
    )
    .sort((a, b) => a[1].rank / a[1].lines - b[1].rank / b[1].lines || a[0] - b[0])
    .map(([id]) => id);
}

/** Chains of fields, cut where the next line is mostly none of them. */
function cut(
  order: readonly number[],
  ids: Int32Array,
  starts: readonly number[],
): readonly (readonly number[])[] {
  const known = new Set(order);
  const followed = new Map<number, number>();
  const all = new Map<number, number>();
  const [first = 0] = starts;
  for (let at = first; at < ids.length; at++) {
    const id = ids[at] ?? -1;
    if (!known.has(id)) continue;
    all.set(id, (all.get(id) ?? 0) + 1);
    if (known.has(ids[at + 1] ?? -1)) followed.set(id, (followed.get(id) ?? 0) + 1);
  }
  const chains: number[][] = [];
  let chain: number[] = [];
  for (const id of order) {
    chain.push(id);
    const isEnd = (followed.get(id) ?? 0) * 2 < (all.get(id) ?? 0);
    if (isEnd || chain.length === MAX_LINKS) {
      chains.push(chain);
      chain = [];
    }
  }
  chains.push(chain);
  return chains.filter((links) => links.length >= LEAST_LINKS);
}
