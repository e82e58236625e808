/**
 * How many bytes of request bodies are worked on at a time.
 *
 * A body in work takes some ten times its size: its text, its values, what becomes of them. One thread works on them all, so that
 * sixteen at once are done no sooner than one after another, and the first would wait for the last.
 */
export interface Admission {
  /**
   * Resolves when a body of so many bytes may be worked on, at once where there is room; at the latest with `late`.
   * @returns gives the room back, and does nothing the second time
   */
  enter(bytes: number, late: Promise<void>): Promise<() => void>;
}

/** Bodies up to this size never wait. */
export const SMALL_BYTES = 65_536;
/** The sum of the sizes of all others. */
const MAX_BYTES = 1_048_576;
/** A large one leaves room for others beside it. */
const MOST_OF_ONE = MAX_BYTES / 2;

export function admission(): Admission {
  let room = MAX_BYTES;
  /** Those that wait, in the order they came, each with its size. */
  const waiting = new Map<() => void, number>();
  let lateTurn: Promise<unknown> = Promise.resolve();
  const admitNext = (): void => {
    for (const [admit, size] of waiting) {
      if (size > room) return;
      waiting.delete(admit);
      room -= size;
      admit();
    }
  };
  return {
    async enter(bytes, late) {
      if (bytes <= SMALL_BYTES) return () => {};
      const size = Math.min(bytes, MOST_OF_ONE);
      let admit: () => void = () => {};
      const admitted = new Promise<void>((resolve) => {
        admit = resolve;
      });
      waiting.set(admit, size);
      admitNext();
      await Promise.race([admitted, late]);
      if (waiting.delete(admit)) {
        // One that is late goes in without room: what is known of it is written. Those that are late at once go in one after another.
        lateTurn = lateTurn.then(() => new Promise((resolve) => setImmediate(resolve)));
        await lateTurn;
        return () => {};
      }
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        room += size;
        admitNext();
      };
    },
  };
}
