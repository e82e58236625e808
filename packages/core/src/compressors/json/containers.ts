/**
 * Arrays and objects by what they are made of: a hash table over the ids of their items.
 *
 * A `Map` would need a key of text for each array and object, to be built and hashed. One trap: ids are easy to foresee, so
 * probing is bounded; past the bound an equal value is just not found, and nothing but a few tokens is lost.
 */

const maxProbes = 32;

interface Identified {
  readonly id: number;
}

/** What is kept: an array, or an object with its shape. */
interface Container extends Identified {
  readonly items: readonly Identified[];
  readonly shape: Identified | undefined;
}

export class Containers<Value extends Container> {
  #slots: (Value | undefined)[] = new Array<Value | undefined>(1024).fill(undefined);
  #count = 0;

  /** The array (`shape` undefined) or object made of these items, if there was one. */
  find(items: Value["items"], shape: Value["shape"]): Value | undefined {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = hashOf(items, shape) & mask;
    for (let probe = 0; probe < maxProbes; probe++) {
      const value = slots[at];
      if (value === undefined) return undefined;
      if (value.shape === shape && areSame(value.items, items)) return value;
      at = (at + 1) & mask;
    }
    return undefined;
  }

  add(value: Value): void {
    if (++this.#count * 2 > this.#slots.length) this.#grow();
    this.#place(value);
  }

  #place(value: Value): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = hashOf(value.items, value.shape) & mask;
    for (let probe = 0; probe < maxProbes; probe++) {
      if (slots[at] === undefined) {
        slots[at] = value;
        return;
      }
      at = (at + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Array<Value | undefined>(old.length * 4).fill(undefined);
    for (const value of old) if (value !== undefined) this.#place(value);
  }
}

function hashOf(items: readonly Identified[], shape: Identified | undefined): number {
  let hash = shape === undefined ? 1 : shape.id + 2;
  for (let i = 0; i < items.length; i++) {
    hash = Math.imul(hash ^ (items[i] as Identified).id, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function areSame(a: readonly Identified[], b: readonly Identified[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
