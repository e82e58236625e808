/** Random choices by a seed: the same ones on every machine. */

/** Numbers from 0 to 1. */
export type Random = () => number;

/** mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[whole(items.length, random)] as Item;
}

/** A whole number from 0 up to, but not including, `below`. */
export function whole(below: number, random: Random): number {
  return Math.floor(random() * below);
}

export function times<Made>(count: number, make: (at: number) => Made): readonly Made[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

const WORDS =
  "queue shard buffer worker token cache retry node order invoice cart user session pool index main server test".split(
    " ",
  );

export function word(random: Random): string {
  return pick(WORDS, random);
}

export function hex(length: number, random: Random): string {
  return times(length, () => pick([..."0123456789abcdef"], random)).join("");
}
