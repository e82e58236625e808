/**
 * Hidden rounds as messages: what the model said and what it was answered, for the requests after it.
 *
 * Generated content says `providerMetadata` where prompts say `providerOptions`, and a call's input is JSON text there and a value
 * here. Reasoning keeps its signatures: providers refuse a tool call whose reasoning is missing.
 */
import { isRecord, type Round } from "@headroom/core/kit";
import { HEADROOM_RETRIEVE, objectOf } from "./retrieval.ts";
import type { Part, PromptMessage } from "./spec.ts";

/** The assistant message that generated content becomes. */
export function assistantMessage(content: readonly Part[]): PromptMessage {
  return { role: "assistant", content: content.flatMap(promptParts) };
}

/** The message of answers to our calls. */
export function toolMessage(answers: readonly Part[]): PromptMessage {
  return { role: "tool", content: answers };
}

/** A generated part as it stands in a prompt; none where it has no place there. */
export function promptParts(part: Part): readonly Part[] {
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

/** The answers of a hidden round, as parts of a prompt. */
export function answersOf({ turn, answers }: Round<Part>): readonly Part[] {
  return turn.ours.map(({ id }, index) => resultPart(id, answers[index] ?? ""));
}

/**
 * Whether a part of a hidden round is visible in a generated result: sources, files, and whatever the provider's own tools did.
 * Words before a retrieval are not part of the answer (they would spoil an object).
 */
export function staysVisible({ type, providerExecuted }: Part): boolean {
  return (
    type === "source" ||
    type === "file" ||
    type === "reasoning-file" ||
    type === "custom" ||
    type === "tool-result" ||
    (type === "tool-call" && providerExecuted === true)
  );
}
