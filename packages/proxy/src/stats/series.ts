/** Counters for each of the last minutes, or hours. Old ones are overwritten: the memory is the same after a year. */

export interface Series<Slot> {
  /** The slot of a moment; `undefined` for one that has gone. */
  at(moment: number): Slot | undefined;
  /** Slots that were used and are within reach of a moment, oldest first, with the moments they began at. */
  until(moment: number): readonly (readonly [began: number, slot: Slot])[];
}

/** @param width of a slot, in milliseconds */
export function series<Slot>(width: number, length: number, make: () => Slot): Series<Slot> {
  const slots: ({ readonly index: number; readonly slot: Slot } | undefined)[] = [];
  return {
    at(moment) {
      const index = Math.floor(moment / width);
      const place = index % length;
      const known = slots[place];
      if (known?.index === index) return known.slot;
      if (known !== undefined && known.index > index) return undefined;
      const slot = make();
      slots[place] = { index, slot };
      return slot;
    },
    until(moment) {
      const last = Math.floor(moment / width);
      return slots
        .flatMap((one) => (one && one.index > last - length && one.index <= last ? [one] : []))
        .sort((one, other) => one.index - other.index)
        .map(({ index, slot }) => [index * width, slot] as const);
    },
  };
}

/** The last few of many. */
export interface Ring<Item> {
  add(item: Item): void;
  /** Newest first. */
  read(): readonly Item[];
}

export function ring<Item>(length: number): Ring<Item> {
  const items: Item[] = [];
  let next = 0;
  return {
    add(item) {
      items[next] = item;
      next = (next + 1) % length;
    },
    read: () => [...items.slice(0, next).reverse(), ...items.slice(next).reverse()],
  };
}
