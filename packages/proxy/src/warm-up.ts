/** What is loaded once, before the first request needs it: vocabulary, compressors, a worker thread. */
import { availableParallelism } from "node:os";
import { type CreateRunner, createHeadroom, type HeadroomOptions } from "@headroom/core";
import { workerRunner } from "@headroom/worker";

/** Each has a vocabulary of its own in memory, and a conversation keeps no more than one busy. */
const MAX_THREADS = 4;
/** People think for minutes between two turns; a thread that has to start again makes the next one late. */
const IDLE_SECONDS = 3_600;

/** Threads for all tenants of a proxy. */
export function proxyRunner(): CreateRunner {
  const threads = Math.min(MAX_THREADS, Math.max(1, availableParallelism() - 1));
  return workerRunner({ threads, idleSeconds: IDLE_SECONDS });
}

/** Compresses a short text in this thread and a long one in another. Never rejects. */
export async function warmUp(
  runner: CreateRunner,
  plugins: HeadroomOptions["plugins"],
): Promise<void> {
  const headroom = createHeadroom({ runner, ...(plugins ? { plugins } : {}) });
  try {
    await headroom.compressText(rows(60));
    await headroom.compressText(rows(600));
  } catch {
    // The first request finds out what is wrong.
  }
}

/** 35 characters each. */
function rows(count: number): string {
  const all = Array.from({ length: count }, (_, id) => ({ id, name: `row ${id}`, is: "here" }));
  return JSON.stringify(all);
}
