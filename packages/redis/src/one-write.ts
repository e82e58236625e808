/** Sends the commands of one tick in one system call. Each would be a call of its own, a third of what a batch costs. */
import type { RedisClient } from "./client.ts";
import { primaries } from "./probe.ts";

interface Corkable {
  readonly writableCorked: number;
  cork(): void;
  uncork(): void;
}

/** Holds back what is written to the client's connections until the current tick is over. */
export function inOneWrite(client: RedisClient): void {
  for (const { stream } of primaries(client)) {
    if (!isCorkable(stream) || stream.writableCorked > 0) continue;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
}

function isCorkable(stream: unknown): stream is Corkable {
  return (
    typeof stream === "object" &&
    stream !== null &&
    "writableCorked" in stream &&
    "uncork" in stream &&
    "cork" in stream
  );
}
