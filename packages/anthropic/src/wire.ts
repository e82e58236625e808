/** The protocols of Anthropic's endpoints, for the proxy: `@headroom/anthropic/wire`. */
import type { Keep, WireProtocol } from "@headroom/core/wire";
import { batchesProtocol, messagesProtocol } from "./messages.ts";

/** Messages, counting and batches. @param keep where what a caller does not see is kept for his next request */
export function anthropicProtocols(keep: Keep): readonly WireProtocol[] {
  const messages = messagesProtocol(keep);
  return [messages, batchesProtocol(messages)];
}
