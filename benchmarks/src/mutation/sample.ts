/** Which changes are run: for each room its share; in a room the operator is drawn first, then the place. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Change } from "./change.ts";
import { OPERATORS, type Operator, parses, placesOf } from "./places.ts";

/** A change, and what a reader needs to find and judge it. */
export interface Mutant extends Change {
  readonly room: string;
  readonly operator: Operator;
  readonly line: number;
  /** The lines it touches, without indentation, before and after. */
  readonly before: string;
  readonly after: string;
}

/** Draws `count` changes of the files: the same ones for the same seed, room and sources. */
export function sample(
  room: string,
  files: readonly string[],
  options: { readonly root: string; readonly seed: number; readonly count: number },
): readonly Mutant[] {
  const byOperator = new Map<Operator, (() => Mutant | undefined)[]>(
    OPERATORS.map((operator) => [operator, []]),
  );
  for (const file of files) {
    const source = readFileSync(join(options.root, file), "utf8");
    for (const place of placesOf(source)) {
      byOperator
        .get(place.operator)
        ?.push(() =>
          parses(source, place) ? { room, file, ...place, ...shown(source, place) } : undefined,
        );
    }
  }
  const random = mulberry32(seedOf(room, options.seed));
  const drawn: Mutant[] = [];
  while (drawn.length < options.count) {
    const left = [...byOperator.values()].filter((places) => places.length > 0);
    const places = left[Math.floor(random() * left.length)];
    if (places === undefined) break;
    const [make] = places.splice(Math.floor(random() * places.length), 1);
    const mutant = make?.();
    if (mutant !== undefined) drawn.push(mutant);
  }
  return drawn;
}

/** `count` shared out evenly; what does not divide goes to the first rooms. */
export function quotas(count: number, rooms: number): readonly number[] {
  return Array.from(
    { length: rooms },
    (_, room) => Math.floor(count / rooms) + (room < count % rooms ? 1 : 0),
  );
}

/** The line a place starts on, and the whole lines it touches before and after. */
export function shown(
  source: string,
  { start, end, text }: Omit<Change, "file">,
): Pick<Mutant, "line" | "before" | "after"> {
  const from = source.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = source.indexOf("\n", end);
  const to = lineEnd < 0 ? source.length : lineEnd;
  return {
    line: source.slice(0, start).split("\n").length,
    before: flat(source.slice(from, to)),
    after: flat(source.slice(from, start) + text + source.slice(end, to)),
  };
}

/** Lines in one, without their indentation. */
export function flat(lines: string): string {
  return lines
    .split("\n")
    .map((line) => line.trim())
    .join(" ")
    .trim();
}

function seedOf(room: string, seed: number): number {
  let hash = seed | 0;
  for (const character of room) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
