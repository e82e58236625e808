/** The protocols of OpenAI's endpoints, for the proxy: `@headroom/openai/wire`. */
import type { Keep, WireProtocol } from "@headroom/core/wire";
import { chatProtocol } from "./chat.ts";
import { compactProtocol, countProtocol, responsesProtocol } from "./responses.ts";

/** Chat Completions, and Responses with counting and compaction. @param keep where what a caller does not see is kept for his next request */
export function openaiProtocols(keep: Keep): readonly WireProtocol[] {
  const responses = responsesProtocol(keep);
  return [chatProtocol(keep), responses, countProtocol(responses), compactProtocol(responses)];
}
