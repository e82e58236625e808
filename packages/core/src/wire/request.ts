/**
 * What becomes of a request: hidden exchanges put back, messages compressed, the retrieve tool offered.
 *
 * A body is only touched when parsing and printing it gives its bytes back, so that the bytes that are not replaced are those
 * the client wrote.
 */
import { isRetrieveToolName, retrieveToolSpec } from "../ccr/tool.ts";
import { createHeadroom, type Headroom } from "../headroom.ts";
import type { HeadroomOptions } from "../options.ts";
import type { Mode } from "../types/report.ts";
import type { WireOptions } from "./options.ts";
import { isJson, type Json, parseJson, recent, type WireProtocol } from "./protocol.ts";

export interface WireRequest {
  readonly text: string;
  readonly body: Json;
  /** Retrievals of the reply are answered here. */
  readonly inside: boolean;
  /** A shortened text stands in it: a retrieval is likely. */
  readonly marked: boolean;
  readonly headroom: Headroom;
}

const MODELS = 16;

export type PrepareRequest = (
  protocol: WireProtocol,
  text: string,
  signal: AbortSignal | undefined,
) => Promise<WireRequest | undefined>;

/** @returns a function that gives `undefined` for what is to be sent as it is */
export function requests(options: WireOptions): PrepareRequest {
  const { retrieval = "inline" } = options;
  // Wrong options are told now, not with the first request.
  createHeadroom(coreOptions(options));
  const instances = recent<Headroom>(MODELS);
  const instanceFor = (protocol: WireProtocol, model: unknown, lossy: boolean): Headroom => {
    const key = JSON.stringify([protocol.adapter.name, model, lossy]);
    const known = instances.get(key);
    if (known) return known;
    const headroom = createHeadroom({
      ...(typeof model === "string" ? { model } : {}),
      ...coreOptions(lossy ? options : lossless(options)),
      adapter: protocol.adapter,
    });
    instances.set(key, headroom);
    return headroom;
  };

  const rewrite = async (
    protocol: WireProtocol,
    original: Json,
    inBatch: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Omit<WireRequest, "text">> => {
    const body = protocol.restore(original);
    const tools = body.tools ?? [];
    const callersOwn = Array.isArray(tools) && tools.some(isRetrieveTool);
    const inside =
      retrieval === "inline" &&
      options.store !== undefined &&
      Array.isArray(tools) &&
      !callersOwn &&
      !inBatch &&
      protocol.canContinue(body);
    const reachable = retrieval !== false && (inside || callersOwn) && protocol.mayCall(body);
    const headroom = instanceFor(protocol, body.model, reachable);
    const given = body[protocol.list];
    const list: readonly unknown[] = Array.isArray(given) ? given : [];
    const result = await headroom.compress(list, signal ? { signal } : {});
    const marked = result.blocks.some(
      ({ outcome, reason }) => outcome === "compressed" || reason.includes("marker"),
    );
    const messages = result.messages.some((message, index) => message !== list[index])
      ? { [protocol.list]: result.messages }
      : {};
    const offered =
      inside &&
      (tools.length > 0 ||
        marked ||
        readsMore(options) ||
        protocol.continuesElsewhere?.(body) === true);
    return {
      body: {
        ...body,
        ...messages,
        ...(offered ? { tools: [...tools, protocol.tool] } : {}),
      },
      inside: offered,
      marked,
      headroom,
    };
  };

  return async (protocol, text, signal) => {
    const body = parseJson(text);
    if (!body || JSON.stringify(body) !== text) return undefined;
    if (!protocol.eachRequest) {
      const request = await rewrite(protocol, body, false, signal);
      return { ...request, text: JSON.stringify(request.body) };
    }
    const all = await protocol.eachRequest(
      body,
      async (one) => (await rewrite(protocol, one, true, signal)).body,
    );
    const headroom = instanceFor(protocol, undefined, false);
    return { text: JSON.stringify(all), body: all, inside: false, marked: false, headroom };
  };
}

/** Roles beyond tool results were opened: a marker may come without any tool of the caller. */
function readsMore({ roles = ["tool"] }: WireOptions): boolean {
  return roles.some((role) => role !== "tool");
}

function isRetrieveTool(tool: unknown): boolean {
  if (!isJson(tool)) return false;
  const name = isJson(tool.function) ? tool.function.name : tool.name;
  return typeof name === "string" && isRetrieveToolName(name);
}

/** Whether a call in a reply is one we offered. */
export function isOurs(name: unknown): boolean {
  return name === retrieveToolSpec.name;
}

function coreOptions(options: WireOptions): HeadroomOptions {
  const { retrieval: _, maxRetrievals: __, onRetrieval: ___, ...rest } = options;
  return rest;
}

/** The same options where the model has no way to get anything back. */
function lossless(options: WireOptions): WireOptions {
  const bounded = (mode: Mode | "exclude"): Mode | "exclude" =>
    mode === "audit" || mode === "exclude" ? mode : "lossless";
  const tools = Object.entries(options.tools ?? {}).map(([name, mode]) => [name, bounded(mode)]);
  return {
    ...options,
    mode: options.mode === "audit" ? "audit" : "lossless",
    tools: Object.fromEntries(tools),
  };
}
