/**
 * What was left out of an array or map, as sentences that are checked: `370 of 386 rows omitted: level: INFO ×350, WARN ×20`.
 *
 * Values with their counts where there are few, shapes where there are few of those, ranges with sums for numbers, spans for times,
 * lengths of lists, all names where a list is cheap. Of the omitted rows only; what the rows shown have in common is said to go on
 * or not, since a header that gives it would be read so.
 */
import type { Steps } from "../../../types/compressor.ts";
import type { Fact, Statement, UnitRange } from "../../../types/statement.ts";
import { describe, sayFacts } from "../../../view/describe.ts";
import { type Column, cellText, type Table } from "./columns.ts";
import { textCost } from "./cost.ts";
import { factsOf, LENGTH_FIELD, lengthsOf, partOf, rangesOf, shapesOf } from "./facts.ts";
import { areNames } from "./names.ts";

/** Names listed one by one; beyond it a range has to do. */
const MAX_ROSTER = 40;
/** A column that differs from another by names only has at most so many values. */
const MAX_PARTITION = 64;
/** Estimated tokens of names that differ by a number. */
const MAX_SERIES_TOKENS = 40;
/** Characters of a key that is named as the first or the last. */
const MAX_END = 60;

export interface NoteOptions {
  /** What the check knows the array or map by. */
  readonly of: string;
  readonly unit: "rows" | "items" | "keys";
  /** Named in the sentence, where the place does not show. */
  readonly place?: string;
  /** Characters that the sentences after the first may take. */
  readonly limit: number;
  /** Estimated tokens that a list of all names may take; 0 for none. */
  readonly rosterTokens: number;
  /** Columns the question names: their values come first, and more of them. */
  readonly named?: (path: string) => boolean;
  /** Keys of a map, in order. */
  readonly keys?: readonly string[];
}

/** One line of sentences. */
export interface Note {
  readonly text: string;
  readonly statements: readonly Statement[];
}

interface Sentence extends Statement {
  readonly rank: number;
}

/** Sums up the rows of `table` for which `omitted` is 1. */
export function* summarize(table: Table, omitted: Uint8Array, options: NoteOptions): Steps<Note> {
  const { of, unit, place, limit } = options;
  const about = rangesOf(omitted);
  const gone = about.reduce((sum, [from, to]) => sum + to - from, 0);
  const where = place === undefined ? "" : ` of ${place}`;
  const count: Statement = {
    text: `${gone} of ${table.items.length} ${unit}${where} omitted`,
    of,
    about,
    facts: [{ says: "count", count: gone }],
  };
  const sentences: Sentence[] = [];
  const names = options.keys?.filter((_, at) => omitted[at] === 1);
  if (names !== undefined) sentences.push(...(yield* keySentence(names, about, options)));
  const described = yield* columnSentences(table, omitted, options, names !== undefined);
  sentences.push(...described);
  const chosen: Statement[] = [];
  const said = new Set<string | undefined>();
  let length = 0;
  for (const { rank, ...sentence } of sentences.toSorted((a, b) => a.rank - b.rank)) {
    const isDue = rank < 0;
    if (!isDue && length + sentence.text.length > limit) continue;
    if (!isDue) length += sentence.text.length + 2;
    chosen.push(sentence);
    said.add(sentence.field);
  }
  const common = yield* commonSentences(table, omitted, about, of, said);
  const texts = chosen.map(({ text }) => text);
  const [same] = common;
  if (same !== undefined) texts.push(same.text);
  const text = texts.length === 0 ? count.text : `${count.text}: ${texts.join("; ")}`;
  return { text, statements: [count, ...chosen, ...common] };
}

function* columnSentences(
  table: Table,
  omitted: Uint8Array,
  { of, named, rosterTokens, keys }: NoteOptions,
  hasRoster: boolean,
): Steps<readonly Sentence[]> {
  const out: Sentence[] = [];
  // The path of a column does not tell where its values stand.
  if (table.isCrowded) return out;
  const partitions = new Set<string>();
  const containers = containerPaths(table);
  let isNamed = hasRoster;
  for (const column of table.columns) {
    yield;
    // The path does not tell scalars from what stands in arrays and objects at the same place.
    if (containers.has(column.path)) continue;
    const part = yield* partOf(table, column, omitted);
    if (part === undefined || part.about.length === 0) continue;
    const isAsked = named?.(column.path) === true;
    const partition = partitionOf(column, part.values);
    // A column that only renames another (code and name, id and URL) adds nothing.
    if (partition !== undefined && !isAsked) {
      if (partitions.has(partition)) continue;
      partitions.add(partition);
    }
    const known = yield* factsOf(column, part, isAsked);
    if (known === undefined) continue;
    const field = fieldOf(column.path, keys !== undefined);
    if (known.isName && !isNamed && rosterTokens > 0) {
      const list = listOf(part.values, rosterTokens);
      if (list !== undefined) {
        isNamed = true;
        out.push(...sentence(of, field, known.about, [list], -1));
        continue;
      }
    }
    if (!isAsked && isEmpty(known.facts) && wasShown(table, column, omitted, known.facts)) continue;
    if (!isAsked && isSameEverywhere(table, column, known.facts)) continue;
    out.push(...sentence(of, field, known.about, known.facts, isAsked ? -1 : known.rank));
  }
  for (const list of table.lists) {
    yield;
    const lengths = yield* lengthsOf(list, omitted);
    if (lengths === undefined) continue;
    const field = `${LENGTH_FIELD}${list.path}`;
    out.push(...sentence(of, field, lengths.about, lengths.facts, 3));
  }
  return out;
}

/** A sentence, where it can stand on one line. */
export function sentence(
  of: string,
  field: string | undefined,
  about: readonly UnitRange[],
  facts: readonly Fact[],
  rank: number,
): readonly Sentence[] {
  const said = sayFacts(facts);
  const text = field === undefined ? said : join(field, said);
  if (/[\r\n]/.test(text) || !text.isWellFormed()) return [];
  return [{ text, of, about, ...(field === undefined ? {} : { field }), facts, rank }];
}

function join(name: string, text: string): string {
  const isPhrase = text.startsWith("like") || !(text.includes(" ") || text.includes(","));
  return `${name}${isPhrase ? "" : ":"} ${text}`;
}

/** Scalars that are rows themselves have no field; as members of a map they do, since the unit of a map is its key. */
export function fieldOf(path: string, isMap: boolean): string | undefined {
  if (path !== "") return path;
  return isMap ? MAP_VALUE : undefined;
}

/** The field of the values of a map of scalars. */
export const MAP_VALUE = "values";

/** Paths of columns at which arrays and objects stand, too. */
export function containerPaths({ columns }: Table): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { path } of columns) {
    for (let at = path.length - 1; at > 0; at--) {
      if (path[at] === "." || path.startsWith("[]", at)) paths.add(path.slice(0, at));
    }
  }
  return paths;
}

/** All values, when they are few and fit. */
function listOf(values: readonly (string | undefined)[], limit: number): Fact | undefined {
  if (values.length > MAX_ROSTER) return undefined;
  const list = values.filter((value) => value !== undefined);
  return tokensOf(list) > limit || list.length < values.length || !areNames(list)
    ? undefined
    : { says: "list", values: list };
}

/** Estimated tokens of a list. */
function tokensOf(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + 1 + textCost(value, 0, value.length), 0);
}

/** Names of omitted keys: all of them when they fit and are not just numbered. */
function* keySentence(
  names: readonly string[],
  about: readonly UnitRange[],
  { of, rosterTokens }: NoteOptions,
): Steps<readonly Sentence[]> {
  const shapes = yield* shapesOf(names);
  const isShort = tokensOf(names) <= (shapes === undefined ? rosterTokens : MAX_SERIES_TOKENS);
  const facts: readonly Fact[] = isShort
    ? [{ says: "list", values: names }]
    : [...(shapes === undefined ? [] : [shapes]), ...(yield* describe(names, { name: "key" }))];
  const [own] = facts.length === 0 ? [] : sentence(of, undefined, about, facts, -1);
  if (own !== undefined) return [isShort ? own : { ...own, text: `keys ${own.text}` }];
  return endsSentence(names, about, of);
}

/** The first and the last of keys that have nothing in common. */
function endsSentence(
  names: readonly string[],
  about: readonly UnitRange[],
  of: string,
): readonly Sentence[] {
  const [from = 0] = about[0] ?? [];
  const [, to = 0] = about.at(-1) ?? [];
  const ends = [names[0] ?? "", names.at(-1) ?? ""];
  if (ends.some((name) => name.length > MAX_END) || names.length < 2) return [];
  const places: readonly UnitRange[] = [
    [from, from + 1],
    [to - 1, to],
  ];
  const [own] = sentence(of, undefined, places, [{ says: "list", values: ends }], -1);
  return own === undefined ? [] : [{ ...own, text: `first and last: ${own.text}` }];
}

/** Saying that nothing is there says nothing. */
function isEmpty([first, second]: readonly Fact[]): boolean {
  if (first?.says !== "all" || second !== undefined) return false;
  return first.value === "" || first.value === "null" || first.value === "[]";
}

/** Whether some row that is shown has the one value of those that are not. */
function wasShown(
  { source }: Table,
  { nodes, rows }: Column,
  omitted: Uint8Array,
  [fact]: readonly Fact[],
): boolean {
  return nodes.some(
    (node, at) =>
      omitted[rows[at] ?? 0] === 0 && fact?.says === "all" && cellText(source, node) === fact.value,
  );
}

/** Whether all rows of the table have the one value. */
function isSameEverywhere(
  { source, items }: Table,
  { nodes, repeated }: Column,
  [fact, more]: readonly Fact[],
): boolean {
  if (fact?.says !== "all" || more !== undefined || repeated) return false;
  const [first] = nodes;
  if (first === undefined || nodes.length < items.length) return false;
  const value = cellText(source, first);
  return nodes.every((node) => cellText(source, node) === value);
}

/** Which rows share a value, whatever the values are; `undefined` for columns without repeated values. */
function partitionOf(column: Column, values: readonly (string | undefined)[]): string | undefined {
  if (column.repeated) return undefined;
  const ids = new Map<string | undefined, number>();
  let hash = 17;
  let other = 5381;
  for (const [at, value] of values.entries()) {
    if (value !== undefined && value.length > 400) return undefined;
    let id = ids.get(value);
    if (id === undefined) {
      id = ids.size;
      ids.set(value, id);
      if (id > MAX_PARTITION) return undefined;
    }
    const seen = Math.imul(id + 1, 2654435761) ^ at;
    hash = (Math.imul(hash, 31) + seen) | 0;
    other = (Math.imul(other, 33) ^ seen) | 0;
  }
  return ids.size < 2 ? undefined : `${ids.size} ${hash} ${other}`;
}

const SAME = "what all rows shown share holds in these too";

/** Fields that are the same in all rows shown, and in those left out; none where a field says otherwise and is not `said`. */
function* commonSentences(
  table: Table,
  omitted: Uint8Array,
  about: readonly UnitRange[],
  of: string,
  said: ReadonlySet<string | undefined>,
): Steps<readonly Statement[]> {
  let shown = 0;
  for (const flag of omitted) if (flag === 0) shown++;
  if (shown < 2 || table.isCrowded) return [];
  const containers = containerPaths(table);
  const out: Statement[] = [];
  for (const column of table.columns) {
    yield;
    const { path, repeated } = column;
    if (path === "") continue;
    if (containers.has(path)) return [];
    const texts = textsOf(table, column);
    if (texts === undefined) return [];
    const [first = 0] = [omitted.indexOf(0)];
    const value = texts[first];
    let isShared = true;
    let isSame = true;
    for (let row = 0; row < omitted.length && isShared; row++) {
      if (texts[row] === value) continue;
      if (omitted[row] === 0) isShared = false;
      else isSame = false;
    }
    if (!isShared) continue;
    if (!isSame && !said.has(path)) return [];
    if (isSame && !repeated)
      out.push({ text: SAME, of, about, field: path, facts: [{ says: "same", value }] });
  }
  return out.some(({ facts: [fact] }) => fact?.says === "same" && fact.value !== undefined)
    ? out
    : [];
}

/** What each row has in a column; `undefined` where that cannot be told. */
function textsOf(
  { source, items }: Table,
  { nodes, rows, repeated }: Column,
): readonly (string | undefined)[] | undefined {
  const texts = new Array<string | undefined>(items.length).fill(undefined);
  for (const [at, node] of nodes.entries()) {
    const row = rows[at] ?? 0;
    const text = cellText(source, node);
    const known = texts[row];
    if (text === undefined || (known !== undefined && !repeated)) return undefined;
    texts[row] = known === undefined ? text : `${known}\0${text}`;
  }
  return texts;
}

/** What notes say, in the order in which they stand in the text of a view. */
export function sentencesIn(text: string, notes: readonly Note[]): readonly Statement[] {
  // Notes of several places may read alike: each stands behind the one before it.
  const behind = new Map<string, number>();
  const placed = notes.map((note) => {
    const from = behind.get(note.text) ?? 0;
    const at = text.indexOf(note.text, from);
    if (at >= 0) behind.set(note.text, at + note.text.length);
    return { note, at: at < 0 ? text.indexOf(note.text) : at };
  });
  return placed.toSorted((a, b) => a.at - b.at).flatMap(({ note }) => note.statements);
}
