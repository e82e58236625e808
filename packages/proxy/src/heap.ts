/** How V8 collects garbage, in a process that does nothing but serve a proxy. */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** 8 MiB twice over. Node.js 24 goes on to 64 MiB twice over by itself. */
const YOUNG_BYTES = 15_000_000;
/** Garbage may come to as much as what is alive. By itself V8 lets a small heap grow to four times that. */
const GROWING_PERCENT = 100;

/**
 * Has garbage collected sooner. Bodies of half a megabyte make a lot of it, and a heap that has grown for it stays as large.
 *
 * @returns to be called now and then: young space has to have grown before it is told to stay as it is
 */
export function keepHeapSmall(): () => void {
  let isDone = !setFlag(`--heap-growing-percent=${GROWING_PERCENT}`);
  return () => {
    if (isDone) return;
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
    if ((young?.space_size ?? 0) < YOUNG_BYTES) return;
    isDone = true;
    setFlag("--semi-space-growth-factor=1");
  };
}

/** @returns false where there is another engine */
function setFlag(flag: string): boolean {
  if (process.versions.bun !== undefined || process.versions.deno !== undefined) return false;
  try {
    setFlagsFromString(flag);
    return true;
  } catch {
    return false;
  }
}
