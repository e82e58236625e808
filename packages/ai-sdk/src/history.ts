/**
 * A hidden round as messages: what the model said and what it was answered, for the next request of the same call.
 *
 * Generated content says `providerMetadata` where prompts say `providerOptions`, and a call's input is JSON text there and a value
 * here. Reasoning keeps its signatures: providers refuse a tool call whose reasoning is missing.
 */
import { isRecord } from "@headroom/core/kit";
import { HEADROOM_RETRIEVE, isClientCall, isRetrieveCall, objectOf } from "./retrieval.ts";
import { type CallOptionsLike, isPart, type Part, type PromptMessage } from "./spec.ts";

/** The assistant message that generated content becomes. */
export function assistantMessage(content: readonly Part[]): PromptMessage {
  return { role: "assistant", content: content.flatMap(promptParts) };
}

function promptParts(part: Part): readonly Part[] {
  const { providerMetadata, ...fields } = part;
  const options = isRecord(providerMetadata) ? { providerOptions: providerMetadata } : {};
  switch (part.type) {
    case "text":
      return part.text === "" && !isRecord(providerMetadata) ? [] : [{ ...fields, ...options }];
    case "reasoning":
    case "file":
    case "reasoning-file":
    case "custom":
      return [{ ...fields, ...options }];
    case "tool-call":
      return [callPart(part)];
    case "tool-result": {
      const type = part.isError === true ? "error-json" : "json";
      const { toolCallId, toolName, result } = part;
      const output = { type, value: result };
      return [{ type: "tool-result", toolCallId, toolName, output, ...options }];
    }
    default:
      return []; // sources and approval requests have no place in a prompt
  }
}

/** A generated call as a part of a prompt. */
export function callPart(part: Part): Part {
  const { toolCallId, toolName, input, providerExecuted, providerMetadata } = part;
  return {
    type: "tool-call",
    toolCallId,
    toolName,
    input: objectOf(input),
    ...(providerExecuted === true ? { providerExecuted } : {}),
    ...(isRecord(providerMetadata) ? { providerOptions: providerMetadata } : {}),
  };
}

/** An answer to our tool as a part of a prompt. */
export function resultPart(toolCallId: unknown, text: string): Part {
  return {
    type: "tool-result",
    toolCallId,
    toolName: HEADROOM_RETRIEVE,
    output: { type: "text", value: text },
  };
}

/**
 * The request that follows a hidden round. After the last round the model can only answer: our tool goes away where there are
 * others to call, else calling is forbidden (the tool stays listed: providers want the tools that a history calls).
 */
export function nextRequest<Params extends CallOptionsLike>(
  params: Params,
  content: readonly Part[],
  answers: readonly Part[],
  isLast: boolean,
): Params {
  const prompt = [...params.prompt, assistantMessage(content), { role: "tool", content: answers }];
  if (!isLast) return { ...params, prompt };
  const others = (params.tools ?? []).filter((tool) => !isOurs(tool));
  return others.some((tool) => isPart(tool) && tool.type === "function")
    ? { ...params, prompt, tools: others }
    : { ...params, prompt, toolChoice: { type: "none" } };
}

function isOurs(tool: unknown): boolean {
  return isPart(tool) && tool.type === "function" && tool.name === HEADROOM_RETRIEVE;
}

/** What in a round the caller has to act on, so that the round cannot be answered here. */
export function siblingsOf(content: readonly Part[]): readonly string[] {
  return content.flatMap((part) =>
    (isClientCall(part) && !isRetrieveCall(part)) || part.type === "tool-approval-request"
      ? [String(part.toolCallId)]
      : [],
  );
}

/**
 * What of a hidden round stays visible in a generated result: sources, files, and whatever the provider's own tools did. Words
 * before a retrieval are not part of the answer (they would spoil an object), and reasoning that led to it cannot be sent back
 * without it.
 */
export function remainderOf(content: readonly Part[]): readonly Part[] {
  return content.filter(
    ({ type, providerExecuted }) =>
      type === "source" ||
      type === "file" ||
      type === "tool-result" ||
      (type === "tool-call" && providerExecuted === true),
  );
}
