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

/** For each document the indexes of its units that another document says. */
export function repeatedUnits(
  documents: readonly (readonly SaidUnit[])[],
): readonly ReadonlySet<number>[] {
  const places = new Map<string, (readonly [document: number, unit: number])[]>();
  const repeated = documents.map(() => new Set<number>());
  for (const [document, units] of documents.entries())
    for (const [at, { kind, said }] of units.entries()) {
      if (!ALONE.has(kind) || columnsOf(said) < MIN_SENTENCE) continue;
      const known = places.get(said);
      if (known === undefined) places.set(said, [[document, at]]);
      else {
        if (known[0]?.[0] !== document) repeated[document]?.add(at);
        if (known.length < MAX_PLACES) known.push([document, at]);
      }
    }
  /** Whether a unit beside another place of this sentence holds the piece. */
  const isPiece = (document: number, beside: number, piece: number, isFirst: boolean): boolean => {
    const { said = "" } = documents[document]?.[piece] ?? {};
    const known = places.get(documents[document]?.[beside]?.said ?? "") ?? [];
    return known.some(([other, at]) => {
      const whole = documents[other]?.[at + piece - beside]?.said ?? "";
      if (other === document || whole.length <= said.length) return false;
      return isFirst ? whole.endsWith(said) : whole.startsWith(said);
    });
  };
  for (const [document, units] of documents.entries()) {
    const last = units.length - 1;
    if (last < 1) continue;
    if (units[0]?.kind === "sentence" && isPiece(document, 1, 0, true)) repeated[document]?.add(0);
    if (units[last]?.kind === "sentence" && isPiece(document, last - 1, last, false))
      repeated[document]?.add(last);
  }
  return repeated;
}
