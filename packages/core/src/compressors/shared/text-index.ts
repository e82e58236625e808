/** Texts by their first characters, to find those that stand at a place. */

/** More texts that begin alike are not kept, so that a look-up stays cheap. */
const MAX_ALIKE = 64;

export interface Indexed {
  /** Two characters or more. */
  readonly text: string;
}

export class TextIndex<Item extends Indexed> {
  readonly #items = new Map<number, Item[]>();
  /** Characters that a text begins with; those beyond 127 count as one. */
  readonly #firsts = new Uint8Array(129);

  constructor(items: Iterable<Item>) {
    for (const item of items) this.#add(item);
    for (const alike of this.#items.values()) alike.sort((a, b) => b.text.length - a.text.length);
  }

  #add(item: Item): void {
    const key = keyAt(item.text, 0);
    const alike = this.#items.get(key);
    if (alike === undefined) this.#items.set(key, [item]);
    else if (alike.length < MAX_ALIKE) alike.push(item);
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

/** Of the first two characters; later ones would tell paths of one folder apart no better. */
function keyAt(text: string, at: number): number {
  return text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1);
}
