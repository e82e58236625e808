/** Texts by their first characters, to find those that stand at a place. */

/** Texts are told apart by so many characters before they are compared. */
const KEY_LENGTH = 6;

/** More texts whose first two characters are the same are not kept, so that a look-up stays cheap. */
const MAX_ALIKE = 64;

export interface Indexed {
  /** Six characters or more. */
  readonly text: string;
}

export class TextIndex<Item extends Indexed> {
  readonly #items = new Map<number, Item[]>();
  /** How many texts there are by their first two characters. */
  readonly #alike = new Map<number, number>();
  /** Characters that a text begins with; those beyond 127 count as one. */
  readonly #firsts = new Uint8Array(129);

  constructor(items: Iterable<Item>) {
    for (const item of items) this.#add(item);
    for (const alike of this.#items.values()) alike.sort((a, b) => b.text.length - a.text.length);
  }

  #add(item: Item): void {
    const pair = item.text.charCodeAt(0) * 65_536 + item.text.charCodeAt(1);
    const alike = this.#alike.get(pair) ?? 0;
    if (alike < MAX_ALIKE) {
      this.#alike.set(pair, alike + 1);
      const key = keyAt(item.text, 0);
      const known = this.#items.get(key);
      if (known === undefined) this.#items.set(key, [item]);
      else known.push(item);
    }
    this.#firsts[Math.min(item.text.charCodeAt(0), 128)] = 1;
  }

  /** Whether a text can begin with this character. */
  mayBegin(code: number): boolean {
    return this.#firsts[Math.min(code, 128)] === 1;
  }

  /** Texts that may stand at a place of `line`, the longest first; the caller compares them. */
  at(line: string, place: number): readonly Item[] {
    return this.#items.get(keyAt(line, place)) ?? NONE;
  }
}

const NONE: readonly never[] = [];

function keyAt(text: string, at: number): number {
  let hash = 0;
  for (let place = at; place < at + KEY_LENGTH; place++)
    hash = (Math.imul(hash, 0x01000193) + text.charCodeAt(place)) | 0;
  return hash;
}
