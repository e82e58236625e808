/**
 * `POST /v1/retrieve/tool_call`: a call of `headroom_retrieve` as a model made it, answered with the message that goes back to the model.
 *
 * The reference system's protocol, as the npm client `headroom-ai` speaks it.
 */
import { type Headroom, isRetrieveToolName, readRetrieveRequest } from "@headroom/core";
import { isRecord } from "@headroom/core/kit";
import { type Json, parseJson } from "@headroom/core/wire";
import { failure, type OwnAnswer } from "./own-answer.ts";

export interface ToolCall {
  /** The body as it came. */
  readonly text: string;
  readonly signal: AbortSignal;
  readonly headroom: Headroom | undefined;
}

/** Never rejects, except for a caller who left. */
export async function answerToolCall({ text, signal, headroom }: ToolCall): Promise<OwnAnswer> {
  const body = parseJson(text);
  const call = isRecord(body?.tool_call) ? read(body.tool_call) : undefined;
  if (call === undefined)
    return failure(400, "invalid_request", "tool_call has to be a call of headroom_retrieve.");
  try {
    const result = await headroom?.retrieve(readRetrieveRequest(call.args), { signal });
    const content = result?.text ?? "There is no such original, or it has expired.";
    const isAnthropic = body?.provider !== "openai";
    return {
      status: 200,
      body: JSON.stringify({
        tool_result: isAnthropic
          ? { type: "tool_result", tool_use_id: call.id, content }
          : { role: "tool", tool_call_id: call.id, content },
        success: result?.found ?? false,
        data: { content },
      }),
    };
  } catch (error) {
    signal.throwIfAborted();
    return failure(503, "storage_error", "The original could not be read.", error);
  }
}

/** A call in the form of Anthropic or of OpenAI; `undefined` for one of another tool. */
function read(call: Json): { readonly id: unknown; readonly args: Json } | undefined {
  const {
    id,
    name,
    input,
    arguments: own,
  } = { ...call, ...(isRecord(call.function) ? call.function : {}) };
  const args = input ?? (typeof own === "string" ? parseJson(own) : own);
  const isOurs = typeof name === "string" && isRetrieveToolName(name);
  return isOurs && isRecord(args) ? { id, args } : undefined;
}
