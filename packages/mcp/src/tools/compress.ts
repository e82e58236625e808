/** `headroom_compress`: fewer tokens for a text, its original kept. */
import type { CompressTextResult } from "@headroom/core";
import { answer, MAX_ANSWER_CHARS, ToolError } from "../answer.ts";
import { countCall } from "../context.ts";
import { contentIn, isTrue, objectOf, textIn } from "../schema.ts";
import { BOOLEAN, COUNT, HASH, READS, STRING, type Tool } from "./tool.ts";

const NAME = "headroom_compress";

export const compressTool: Tool = {
  name: NAME,
  title: "Shorten a text",
  description:
    "Shortens a long text (output of a tool, JSON, log, diff, table) and keeps the original: headroom_retrieve gives back any part that was left out. Short texts come back as they are.",
  input: objectOf(
    {
      content: { type: "string", description: "The text" },
      query: { type: "string", description: "What the text is read for; ranks what stays visible" },
      tool: { type: "string", description: "Name of the tool that printed it" },
      lossless: { type: "boolean", description: "Leave nothing out" },
    },
    ["content"],
  ),
  output: objectOf(
    {
      text: STRING,
      hash: HASH,
      outcome: STRING,
      reason: STRING,
      kind: STRING,
      lossless: BOOLEAN,
      tokensBefore: COUNT,
      tokensAfter: COUNT,
    },
    ["text", "outcome", "reason", "lossless", "tokensBefore", "tokensAfter"],
  ),
  // It writes to the store of originals only, where putting twice is putting once.
  annotations: { ...READS, readOnlyHint: false },
  async run({ args, service, context }) {
    const content = contentIn(args, "content");
    if (content === undefined)
      throw new ToolError("headroom_compress needs content: the text to shorten, as a string.");
    const [query, toolName] = [textIn(args, "query"), textIn(args, "tool")];
    const result = await service.headroom.compressText(content, {
      signal: context.mcpReq.signal,
      ...(query === undefined ? {} : { query }),
      ...(toolName === undefined ? {} : { toolName }),
      ...(isTrue(args, "lossless") ? { lossless: true } : {}),
    });
    if (result.text === content && content.length > MAX_ANSWER_CHARS)
      throw new ToolError(
        `This text stays as it is: ${result.block.reason}. With ${content.length} characters it is not sent back. Take the parts you need with a command (grep, sed -n, jq), or shorten it in pieces.`,
      );
    countCall(service.served, NAME, result.tokensBefore, result.tokensAfter);
    return answer([result.text], structured(result));
  },
};

function structured({ text, ref, block, tokensBefore, tokensAfter }: CompressTextResult): object {
  return {
    text,
    ...(ref === undefined ? {} : { hash: ref }),
    outcome: block.outcome,
    reason: block.reason,
    ...(block.kind === undefined ? {} : { kind: block.kind }),
    lossless: block.lossless ?? true,
    tokensBefore,
    tokensAfter,
  };
}
