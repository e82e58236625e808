/**
 * Facts that have to survive, and how each is checked.
 *
 * - `must`: visible in what the model sees, without being asked for.
 * - `query`: visible when its question is the query.
 * - `ccr`: served byte for byte by ONE `retrieve` call on the ref of the block it stands in. The request is built from the
 *   question and nothing else: "line N" asks for that line, "row N" for that row, anything else hands the question over as
 *   `query`. What the model can still read in the block needs no call.
 * - `signal`: visible when one of `any_of` is.
 */
import type { RetrieveRequest } from "@headroom/core";

export interface Needle {
  readonly kind: "must" | "query" | "ccr" | "signal";
  readonly question?: string;
  readonly expect?: readonly string[];
  readonly any_of?: readonly string[];
  readonly importance?: "critical" | "important" | "optional";
  readonly type?: string;
}

/** Needles met, strings of them met, and which were not. */
export interface Tally {
  readonly needles: number;
  readonly met: number;
  readonly strings: number;
  readonly stringsMet: number;
  readonly missing: readonly string[];
}

export const NO_NEEDLES: Tally = { needles: 0, met: 0, strings: 0, stringsMet: 0, missing: [] };

/** Whether a string occurs as it is, or as JSON would escape it. */
export function visible(text: string, expected: string): boolean {
  if (text.includes(expected)) return true;
  const escaped = JSON.stringify(expected).slice(1, -1);
  return escaped !== expected && text.includes(escaped);
}

/** Checks one needle against a text. */
export function tallyVisible(needle: Needle, text: string): Tally {
  if (needle.any_of) {
    const met = needle.any_of.some((one) => visible(text, one));
    return tally([met ? undefined : (needle.any_of[0] ?? "")], 1);
  }
  const expect = needle.expect ?? [];
  return tally(
    expect.map((one) => (visible(text, one) ? undefined : one)),
    expect.length,
  );
}

function tally(results: readonly (string | undefined)[], strings: number): Tally {
  const missing = results.filter((one) => one !== undefined);
  return {
    needles: 1,
    met: missing.length === 0 ? 1 : 0,
    strings,
    stringsMet: strings - missing.length,
    missing,
  };
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, one) => ({
      needles: sum.needles + one.needles,
      met: sum.met + one.met,
      strings: sum.strings + one.strings,
      stringsMet: sum.stringsMet + one.stringsMet,
      missing: [...sum.missing, ...one.missing],
    }),
    NO_NEEDLES,
  );
}

/** `12/14`, or a dash when there is nothing to find. */
export function fraction({ needles, met }: Tally): string {
  return needles === 0 ? "–" : `${met}/${needles}`;
}

/** The one request a model would send for this needle. */
export function requestFor(needle: Needle, hash: string): RetrieveRequest {
  const question = needle.question ?? "";
  const line = /\blines? (\d+(?:-\d+)?)/i.exec(question)?.[1];
  if (line !== undefined) return { hash, lines: line };
  const row = /\brows? (\d+(?:-\d+)?)/i.exec(question)?.[1];
  if (row !== undefined) return { hash, rows: row };
  return { hash, query: question };
}
