/**
 * Work on copies of what is passed on, done when nothing else is to be done. It may lag behind; where it lags too far, what it is for
 * is given up.
 */

/** Milliseconds at a time; in between everything else has its turn. */
const TURN_MS = 1;

export interface Lagging {
  /** Bytes that wait. */
  readonly waiting: number;
  /** `work` is done with the bytes later, in order. */
  add(bytes: Buffer, work: (bytes: Buffer) => void): void;
  /** Done after everything that was added before. */
  after(work: () => void): void;
}

const NOTHING = Buffer.alloc(0);
/** Larger pieces are worked on in parts. */
const PART_BYTES = 65_536;

export function lagging(): Lagging {
  let queue: { bytes: Buffer; readonly work: (bytes: Buffer) => void }[] = [];
  let next = 0;
  let waiting = 0;
  let isPlanned = false;
  const turn = (): void => {
    isPlanned = false;
    const until = performance.now() + TURN_MS;
    while (next < queue.length && performance.now() < until) {
      const one = queue[next];
      if (one === undefined) break;
      const part = one.bytes.subarray(0, PART_BYTES);
      waiting -= part.length;
      one.bytes = one.bytes.subarray(part.length);
      if (one.bytes.length === 0) next++;
      one.work(part);
    }
    // What was worked on is let go, also where the queue is never empty.
    [queue, next] = [queue.slice(next), 0];
    if (queue.length > 0) plan();
  };
  const plan = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    setImmediate(turn);
  };
  return {
    get waiting() {
      return waiting;
    },
    add(bytes, work) {
      queue.push({ bytes, work });
      waiting += bytes.length;
      plan();
    },
    after(work) {
      queue.push({ bytes: NOTHING, work });
      plan();
    },
  };
}
