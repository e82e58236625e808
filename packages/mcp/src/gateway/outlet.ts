/** Writes frames to a stream one after the other, no faster than the stream takes them. */
import type { Writable } from "node:stream";

export interface Outlet {
  /** Resolves when the stream takes more. Resolves at once, and writes nothing, where the stream has ended. */
  write(bytes: Uint8Array): Promise<void>;
  /** Nothing else is written until the function it resolves to is called. */
  hold(): Promise<Held>;
  /** Whether somebody still reads. */
  readonly isOpen: boolean;
}

export interface Held {
  write(bytes: Uint8Array): Promise<void>;
  release(): void;
}

export function outletTo(stream: Writable): Outlet {
  let last: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  let drained: (() => void) | undefined;
  const close = (): void => {
    isOpen = false;
    drained?.();
  };
  stream.on("error", close);
  stream.on("close", close);
  stream.on("drain", () => drained?.());
  const writeNow = (bytes: Uint8Array): Promise<void> => {
    if (!isOpen || stream.write(bytes)) return Promise.resolve();
    return new Promise((resolve) => {
      drained = resolve;
    });
  };
  const hold = async (): Promise<Held> => {
    const before = last;
    let release = (): void => {};
    last = new Promise<void>((resolve) => {
      release = resolve;
    });
    await before;
    return { write: writeNow, release };
  };
  return {
    get isOpen() {
      return isOpen;
    },
    hold,
    async write(bytes) {
      const held = await hold();
      try {
        await held.write(bytes);
      } finally {
        held.release();
      }
    },
  };
}
