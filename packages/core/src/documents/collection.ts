/** Documents as one text of titled parts, in units that are shown or left out. */
import { type Unit, unitsOf } from "../compressors/text/units.ts";
import type { Steps } from "../types/compressor.ts";
import type { UnitRange } from "../types/statement.ts";
import { type Likeness, likenesses, plain } from "./alike.ts";

export interface RetrievedDocument {
  readonly text: string;
  /** Stands in its title. @default its number, from 1 */
  readonly id?: string;
  /** Given back as it is; the model does not see it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface Collection {
  readonly text: string;
  readonly units: readonly Unit[];
  /** Units of which another document says the same. */
  readonly hidden: ReadonlySet<number>;
  readonly documents: readonly CollectedDocument[];
}

export interface CollectedDocument {
  readonly id: string;
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

/** All documents as one text. */
export function* collect(given: readonly RetrievedDocument[]): Steps<Collection> {
  const read: (readonly Unit[])[] = [];
  for (const { text } of given) read.push(yield* unitsOf(text));
  const said = given.map(({ text }, at) =>
    (read[at] ?? []).map(({ start, end }) => plain(text.slice(start, end))),
  );
  const alike = likenesses(said);
  const ids = given.map(({ id }, at) => oneLine(id ?? String(at + 1)));
  const units: Unit[] = [];
  const hidden = new Set<number>();
  const documents: CollectedDocument[] = [];
  const parts: string[] = [];
  let offset = 0;
  let line = 0;
  let block = 0;
  for (const [at, { text, metadata }] of given.entries()) {
    const title = `[document ${ids[at]}]\n`;
    const part = text.endsWith("\n") ? `${title}${text}\n` : `${title}${text}\n\n`;
    const first = units.length;
    const place = { start: offset, firstLine: line, lineEnd: line + 1, block };
    units.push({ ...place, kind: "heading", level: 0, end: offset + title.length });
    const likeness = alike[at];
    const added = likeness && new Set(likeness.added);
    for (const [nth, unit] of (read[at] ?? []).entries()) {
      if (added && !added.has(said[at]?.[nth] ?? "")) hidden.add(units.length);
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
      ...(metadata === undefined ? {} : { metadata }),
      units: [first, units.length],
      like: likeness?.of,
      ...(likeness === undefined ? {} : { note: noteOf(likeness, ids[likeness.of] ?? "") }),
    });
    parts.push(part);
    offset += part.length;
    line += part.split("\n").length - 1;
    block = (units.at(-1)?.block ?? block) + 1;
  }
  return { text: parts.join(""), units, hidden, documents };
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
