/**
 * A progress bar on standard error, for runs longer than a moment and for people only.
 *
 * Nothing is drawn where standard error is not a terminal, so pipes and logs stay clean.
 */
import type { OutputStream } from "./terminal.ts";

export interface Progress {
  /** `done` of the whole, 0 to 1, and what is being worked on. */
  update(done: number, label: string): void;
  /** Takes the bar away. */
  clear(): void;
}

const BAR_WIDTH = 24;
const FIRST_DRAWN_AFTER_MS = 400;
const REDRAWN_EVERY_MS = 80;
const ERASE_LINE = "\r\u001B[K";

export function progressBar(
  stream: OutputStream,
  now: () => number = () => performance.now(),
): Progress {
  const start = now();
  let drawnAt: number | undefined;
  return {
    update(done, label) {
      const time = now();
      if (stream.isTTY !== true || time - start < FIRST_DRAWN_AFTER_MS) return;
      if (drawnAt !== undefined && time - drawnAt < REDRAWN_EVERY_MS) return;
      drawnAt = time;
      const share = Math.min(1, Math.max(0, done));
      const filled = Math.round(share * BAR_WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
      const head = `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  `;
      stream.write(ERASE_LINE + head + endOf(label, (stream.columns ?? 80) - 1 - head.length));
    },
    clear() {
      if (drawnAt !== undefined) stream.write(ERASE_LINE);
      drawnAt = undefined;
    },
  };
}

/** The end of a path says more than its beginning. */
function endOf(label: string, width: number): string {
  return label.length <= width ? label : `…${label.slice(label.length - Math.max(0, width - 1))}`;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** A sign of life while something is awaited whose share nobody knows. @returns takes it away */
export function working(stream: OutputStream, label: string): () => void {
  if (stream.isTTY !== true) return () => undefined;
  let frame = 0;
  let isDrawn = false;
  const start = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - start < FIRST_DRAWN_AFTER_MS) return;
    isDrawn = true;
    stream.write(
      `${ERASE_LINE}${FRAMES[frame++ % FRAMES.length]} ${endOf(label, (stream.columns ?? 80) - 3)}`,
    );
  }, REDRAWN_EVERY_MS);
  return () => {
    clearInterval(timer);
    if (isDrawn) stream.write(ERASE_LINE);
  };
}
