/** The protocols of the Gemini API, for the proxy: `@headroom/google/wire`. */
import type { Keep, WireProtocol } from "@headroom/core/wire";
import { batchesProtocol, cachesProtocol, countProtocol, generateProtocol } from "./protocols.ts";

/** Generating, counting, batches and caches. @param keep where what a caller does not see is kept for his next request */
export function googleProtocols(keep: Keep): readonly WireProtocol[] {
  const generate = generateProtocol(keep);
  return [generate, countProtocol(generate), batchesProtocol(generate), cachesProtocol(generate)];
}
