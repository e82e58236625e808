/** Requests that the proxy answers itself, with work of its own: compressing and retrieving. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CompressResult } from "@headroom/core";
import { send } from "./answer.ts";
import { isBypassed, readBody } from "./body.ts";
import { decoded } from "./coding.ts";
import { answerCompress } from "./compress-endpoint.ts";
import type { ResolvedProxyOptions } from "./options.ts";
import { failure, type OwnAnswer } from "./own-answer.ts";
import { answerRetrieve } from "./retrieve-endpoint.ts";
import type { Tenants } from "./tenants.ts";
import { answerToolCall } from "./tool-call-endpoint.ts";

export interface OwnRoutesOptions
  extends Pick<ResolvedProxyOptions, "maxBodyBytes" | "retrieval" | "store"> {
  readonly tenants: Tenants;
  retrieved(): void;
  compressed(result: CompressResult<unknown>): void;
  error(error: unknown, phase: string): void;
}

/** Whether a request is one of these, by its path. */
export function isOwnRoute(path: string): boolean {
  const [bare = ""] = path.split("?", 1);
  return (
    bare === "/v1/compress" ||
    bare === "/v1/retrieve" ||
    bare.startsWith("/v1/retrieve/") ||
    isAbsent(bare)
  );
}

/** What the reference system tells of itself, and is told, under these paths. No provider should hear of it. */
function isAbsent(path: string): boolean {
  return /^\/v1\/(?:telemetry|feedback|toin)(?:\/|$)|^\/v1\/retrieve\/stats$/.test(path);
}

/** Answers such a request. Rejects where the client left. */
export async function answerOwn(
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
  options: OwnRoutesOptions,
): Promise<void> {
  const answer = await answerOf(request, signal, options);
  if (answer.error !== undefined) options.error(answer.error, "own-route");
  send(response, answer.status, answer.body);
}

async function answerOf(
  request: IncomingMessage,
  signal: AbortSignal,
  options: OwnRoutesOptions,
): Promise<OwnAnswer> {
  const { tenants, store, retrieval } = options;
  const path = request.url ?? "/";
  const isCompress = path.startsWith("/v1/compress");
  const [bare = ""] = path.split("?", 1);
  if (isAbsent(bare)) return failure(404, "not_found", "This proxy keeps nothing of the kind.");
  const tenant = tenants.of(request.rawHeaders, path);
  if (request.method === "GET" && !isCompress) {
    const headroom = store && tenant.headroom();
    const answer = await answerRetrieve({ path, text: "", signal, headroom });
    if (answer.status === 200) options.retrieved();
    return answer;
  }
  const isToolCall = bare === "/v1/retrieve/tool_call";
  if (request.method !== "POST" || (path.startsWith("/v1/retrieve/") && !isToolCall))
    return failure(405, "method_not_allowed", "This path does not take this method.");
  // A web page can send other types without asking first.
  if (!request.headers["content-type"]?.includes("json"))
    return failure(400, "invalid_request", "The content-type has to be application/json.");
  const text = await textOf(request, options.maxBodyBytes);
  if (typeof text !== "string") return text;
  if (isCompress)
    return answerCompress({
      text,
      signal,
      bypassed: isBypassed(request),
      mayShorten: retrieval !== false && store !== undefined,
      headroom: tenant.headroom,
      compressed: options.compressed,
    });
  const call = { text, signal, headroom: store && tenant.headroom() };
  const answer = await (isToolCall ? answerToolCall(call) : answerRetrieve(call));
  if (answer.status === 200) options.retrieved();
  return answer;
}

async function textOf(request: IncomingMessage, maxBytes: number): Promise<string | OwnAnswer> {
  const body = await readBody(request, maxBytes);
  if (body.bytes === undefined) {
    body.rest.resume();
    return failure(413, "request_too_large", `The body has more than ${maxBytes} bytes.`);
  }
  const plain = await decoded(body.bytes, request.headers["content-encoding"], maxBytes);
  return (
    plain?.toString() ?? failure(400, "invalid_request", "The body does not decode as it says.")
  );
}
