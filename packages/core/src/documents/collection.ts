/** Documents as one text of titled parts, in units that are shown or left out. */
import { type Unit, unitsOf } from "../compressors/text/units.ts";
import type { Steps } from "../types/compressor.ts";
import type { UnitRange } from "../types/statement.ts";
import { type Likeness, likenesses, plain } from "./alike.ts";
import { repeatedUnits, type UnitPlace } from "./repeated.ts";

export interface RetrievedDocument {
  readonly text: string;
  /** Stands in its title; a second document of the same id has a number behind it there. @default its number, from 1 */
  readonly id?: string;
  /** Shown whole or not at all: a table of figures, a program, a text that was shortened already. @default false */
  readonly whole?: boolean;
  /** Given back as it is; the model does not see it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface Collection {
  readonly text: string;
  readonly units: readonly Unit[];
  /** Units of documents that are not to be shown, and what a document says that an earlier one says nearly all of. */
  readonly hidden: ReadonlySet<number>;
  /** Units that another document says, and the unit that says it there. */
  readonly repeated: ReadonlyMap<number, number>;
  readonly documents: readonly CollectedDocument[];
}

export interface CollectedDocument {
  readonly id: string;
  /** As it stands in its title, which no other document has. */
  readonly name: string;
  readonly metadata?: RetrievedDocument["metadata"];
  /** Its units, the title first. */
  readonly units: UnitRange;
  /** Index of the document that says nearly all of it. */
  readonly like: number | undefined;
  /** Says so, below its title. */
  readonly note?: string;
}

/** Characters of sentences that are quoted. */
const MAX_QUOTED = 400;

/**
 * All documents as one text.
 *
 * @param isChosen by index; of others nothing is shown
 */
export function* collect(
  given: readonly RetrievedDocument[],
  isChosen: (at: number) => boolean,
): Steps<Collection> {
  const read: (readonly Unit[])[] = [];
  for (const { text, whole } of given)
    read.push(whole || isValue(text) ? wholeUnit(text) : yield* unitsOf(text));
  const said = given.map(({ text }, at) =>
    isChosen(at)
      ? (read[at] ?? []).map(({ kind, start, end }) => ({
          kind,
          said: plain(text.slice(start, end)),
        }))
      : [],
  );
  yield;
  const alike = likenesses(said.map((units) => units.map((unit) => unit.said)));
  yield;
  const saidBefore = repeatedUnits(said);
  const ids = given.map(({ id }, at) => oneLine(id ?? String(at + 1)));
  const names = distinctNames(ids);
  const units: Unit[] = [];
  const hidden = new Set<number>();
  const places = new Map<number, UnitPlace>();
  const documents: CollectedDocument[] = [];
  const parts: string[] = [];
  let offset = 0;
  let line = 0;
  let block = 0;
  for (const [at, { text, metadata }] of given.entries()) {
    yield;
    const title = `[document ${names[at]}]\n`;
    const part = text.endsWith("\n") ? `${title}${text}\n` : `${title}${text}\n\n`;
    const first = units.length;
    const place = { start: offset, firstLine: line, lineEnd: line + 1, block };
    units.push({ ...place, kind: "heading", level: 0, end: offset + title.length });
    const likeness = alike[at];
    const added = likeness && new Set(likeness.added);
    if (!isChosen(at)) hidden.add(first);
    for (const [nth, unit] of (read[at] ?? []).entries()) {
      const isSaid = added !== undefined && !added.has(said[at]?.[nth]?.said ?? "");
      if (isSaid || !isChosen(at)) hidden.add(units.length);
      const place = saidBefore[at]?.get(nth);
      if (place) places.set(units.length, place);
      units.push({
        ...unit,
        start: unit.start + offset + title.length,
        end: unit.end + offset + title.length,
        firstLine: unit.firstLine + line + 1,
        lineEnd: unit.lineEnd + line + 1,
        block: unit.block + block + 1,
      });
    }
    // Blank lines between two documents are the first one's.
    const last = units.at(-1);
    if (last) units[units.length - 1] = { ...last, end: offset + part.length };
    documents.push({
      id: ids[at] ?? "",
      name: names[at] ?? "",
      ...(metadata === undefined ? {} : { metadata }),
      units: [first, units.length],
      like: likeness?.of,
      ...(likeness === undefined ? {} : { note: noteOf(likeness, names[likeness.of] ?? "") }),
    });
    parts.push(part);
    offset += part.length;
    line += part.split("\n").length - 1;
    block = (units.at(-1)?.block ?? block) + 1;
  }
  const repeated = new Map<number, number>();
  // The title is the first unit of a document.
  for (const [at, [document, unit]] of places)
    if (!hidden.has(at)) repeated.set(at, (documents[document]?.units[0] ?? 0) + 1 + unit);
  return { text: parts.join(""), units, hidden, repeated, documents };
}

/** Characters. Of a longer value a part says something too. */
const MAX_VALUE = 4_000;

/** JSON. Half of it is none. */
function isValue(text: string): boolean {
  if (text.length > MAX_VALUE) return false;
  const trimmed = text.trim();
  return (
    (trimmed.startsWith("{") && trimmed.endsWith("}")) ||
    (trimmed.startsWith("[") && trimmed.endsWith("]"))
  );
}

function wholeUnit(text: string): readonly Unit[] {
  if (text.trim() === "") return [];
  const place = { start: 0, end: text.length, firstLine: 0, block: 0 };
  return [{ ...place, kind: "sentence", lineEnd: text.trimEnd().split("\n").length }];
}

/** Chunks of one file have one id. */
function distinctNames(ids: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  const taken = new Set(ids);
  return ids.map((id) => {
    let count = (counts.get(id) ?? 0) + 1;
    let name = count === 1 ? id : `${id} (${count})`;
    while (count > 1 && taken.has(name)) name = `${id} (${++count})`;
    counts.set(id, count);
    taken.add(name);
    return name;
  });
}

function noteOf({ missing }: Likeness, id: string): string {
  if (missing.length === 0) return `[as document ${id}, and:]`;
  const quoted = missing.join(" ");
  const without =
    quoted.length <= MAX_QUOTED
      ? `without “${quoted}”`
      : `without ${missing.length} ${missing.length === 1 ? "sentence" : "sentences"} of it`;
  return `[as document ${id}, ${without}, and with:]`;
}

/** A title is one line, and closes its bracket itself. */
function oneLine(id: string): string {
  return id
    .replaceAll(/[\s[\]]+/g, " ")
    .trim()
    .slice(0, MAX_ID);
}

/** Characters. */
const MAX_ID = 200;
