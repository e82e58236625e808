/**
 * Responses on the wire.
 *
 * Trap: a reasoning item is refused without the item that followed it, and what followed it is refused without the reasoning.
 */
import { responsesMessages, retrieveToolSpec } from "@headroom/core";
import { isRecord, sumUsage } from "@headroom/core/kit";
import type { Keep, WireProtocol } from "@headroom/core/wire";
import { responsesHistory } from "./responses-history.ts";
import { responsesStream } from "./responses-stream.ts";
import { additionalTools, functionsIn } from "./responses-tools.ts";
import { itemsOf, mergedResponse, turnOfResponse } from "./responses-turn.ts";

export function responsesProtocol(keep: Keep): WireProtocol {
  const tool = {
    type: "function",
    name: retrieveToolSpec.name,
    description: retrieveToolSpec.description,
    parameters: retrieveToolSpec.inputSchema,
    strict: false,
  };
  return {
    name: "openai-responses",
    matches: (path) => path.endsWith("/responses"),
    adapter: responsesMessages,
    list: "input",
    tool,
    functionsOf: functionsIn,
    toolsElsewhere: (body) => additionalTools(body, tool),
    canContinue: ({ background }) => background !== true,
    mayDrop: ({ truncation, context_management: management }) =>
      truncation === "auto" || (Array.isArray(management) && management.length > 0),
    mayCall: ({ tool_choice }) => tool_choice !== "none" && !isRecord(tool_choice),
    isStructured: ({ text }) =>
      isRecord(text) && isRecord(text.format) && String(text.format.type).startsWith("json"),
    ...responsesHistory(keep),
    turnOf: turnOfResponse,
    merge: (hidden, last, structured) =>
      mergedResponse(
        structured ? [] : hidden.map(itemsOf),
        hidden.map(({ usage }) => usage).reduce(sumUsage, undefined),
        last,
      ),
    stream: responsesStream,
  };
}

/** `responses.inputTokens.count`: the same request, which is counted and not taken. */
export function countProtocol(responses: WireProtocol): WireProtocol {
  const { taken: _, refused: __, ...asked } = responses;
  return {
    ...asked,
    name: "openai-responses-count",
    matches: (path) => path.endsWith("/responses/input_tokens"),
  };
}

/** `responses.compact`: the history in fewer words of the provider's, without a model that could retrieve. */
export function compactProtocol(responses: WireProtocol): WireProtocol {
  const { taken: _, refused: __, ...asked } = responses;
  return {
    ...asked,
    name: "openai-responses-compact",
    matches: (path) => path.endsWith("/responses/compact"),
    canContinue: () => false,
  };
}
