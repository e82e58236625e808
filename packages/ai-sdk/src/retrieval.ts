/** Answering `headroom_retrieve`: the request a model wrote, as text it can read, whatever happens. */
import {
  type Headroom,
  isRetrieveToolName,
  type RetrieveCallOptions,
  type RetrieveRequest,
  readRetrieveRequest,
  retrieveToolSpec,
} from "@headroom/core";
import { answerRetrieval, isRecord } from "@headroom/core/kit";
import type { RetrievalEvent } from "./events.ts";
import { isPart, type Part } from "./spec.ts";

/** Name of the tool a model calls to get back what was left out. */
export const HEADROOM_RETRIEVE: string = retrieveToolSpec.name;

/** The tool as a model call lists it. One object: its identity says that it is ours, its bytes never change. */
export const retrieveFunctionTool: Part = Object.freeze({
  type: "function",
  name: retrieveToolSpec.name,
  description: retrieveToolSpec.description,
  inputSchema: retrieveToolSpec.inputSchema,
});

/** The caller's tools that have the name of ours, under any prefix; providers' own tools cannot be meant. */
export function namesakes(tools: readonly unknown[] | undefined): readonly Part[] {
  return (tools ?? []).filter(
    (tool): tool is Part =>
      isPart(tool) &&
      tool.type === "function" &&
      typeof tool.name === "string" &&
      isRetrieveToolName(tool.name),
  );
}

/** A call that the caller has to answer, in generated content or in a stream. */
export function isClientCall(part: Part): boolean {
  return part.type === "tool-call" && part.providerExecuted !== true;
}

/** A call to our tool. */
export function isRetrieveCall(part: Part): boolean {
  return isClientCall(part) && part.toolName === HEADROOM_RETRIEVE;
}

/** One answered call. */
export interface Answer {
  readonly text: string;
  readonly event: RetrievalEvent;
}

/** One retrieve call, answered as text. `failed` is told of what is not the model's doing. */
export async function answerRetrieve(
  headroom: Headroom,
  input: unknown,
  call: RetrieveCallOptions,
  failed: (error: unknown) => void,
): Promise<Answer> {
  const request = requestOf(input);
  const { text, result } = await answerRetrieval(headroom, request, call, failed);
  const event = { request, found: result?.found ?? false, characters: result?.shown ?? 0 };
  return { text, event };
}

/** What a model asked for, as JSON text or parsed. */
export function requestOf(input: unknown): RetrieveRequest {
  return readRetrieveRequest(objectOf(input));
}

/** A call's input as an object: providers that take no text as input refuse anything else. */
export function objectOf(input: unknown): { readonly [key: string]: unknown } {
  if (typeof input !== "string") return isRecord(input) ? input : {};
  try {
    const value: unknown = JSON.parse(input === "" ? "{}" : input);
    return isRecord(value) ? value : { rawInvalidInput: input };
  } catch {
    return { rawInvalidInput: input };
  }
}
