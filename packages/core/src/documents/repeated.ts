/**
 * What chunks of one text say twice: the overlap that a splitter left between them, and the lines that stand on every page.
 *
 * A sentence is kept where it stands first. A piece of a sentence, where a splitter cut it, is not needed beside the whole.
 */
import type { UnitKind } from "../compressors/text/units.ts";
import { columnsOf, MIN_SENTENCE } from "./alike.ts";

/** What a unit is, and what it says with `plain` white space. */
export interface SaidUnit {
  readonly kind: UnitKind;
  readonly said: string;
}

/** Headings and rows belong to what stands below them. */
const ALONE: ReadonlySet<UnitKind> = new Set(["sentence", "item", "code"]);
/** Of one sentence so many places are remembered. */
const MAX_PLACES = 4;

/** Where a unit stands. */
export type UnitPlace = readonly [document: number, unit: number];

/** For each document its units that another document says, and where. */
export function repeatedUnits(
  documents: readonly (readonly SaidUnit[])[],
): readonly ReadonlyMap<number, UnitPlace>[] {
  const places = new Map<string, UnitPlace[]>();
  const repeated = documents.map(() => new Map<number, UnitPlace>());
  for (const [document, units] of documents.entries())
    for (const [at, { kind, said }] of units.entries()) {
      if (!ALONE.has(kind) || columnsOf(said) < MIN_SENTENCE) continue;
      const known = places.get(said);
      if (known === undefined) places.set(said, [[document, at]]);
      else {
        const [first] = known;
        if (first && first[0] !== document) repeated[document]?.set(at, first);
        if (known.length < MAX_PLACES) known.push([document, at]);
      }
    }
  /** The unit beside another place of a sentence, where it begins or ends with the piece. */
  const wholeOf = (document: number, beside: number, piece: number): UnitPlace | undefined => {
    const { kind, said = "" } = documents[document]?.[piece] ?? {};
    if (kind !== "sentence") return undefined;
    const known = places.get(documents[document]?.[beside]?.said ?? "") ?? [];
    for (const [other, at] of known) {
      const place = at + piece - beside;
      const whole = documents[other]?.[place]?.said ?? "";
      if (other === document || whole.length <= said.length) continue;
      if (piece < beside ? whole.endsWith(said) : whole.startsWith(said)) return [other, place];
    }
    return undefined;
  };
  for (const [document, { length }] of documents.entries()) {
    if (length < 2) continue;
    for (const [piece, beside] of [
      [0, 1],
      [length - 1, length - 2],
    ] as const) {
      const whole = wholeOf(document, beside, piece);
      if (whole) repeated[document]?.set(piece, whole);
    }
  }
  return repeated;
}
