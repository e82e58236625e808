/** `generateContent` on the wire, and the requests that carry the same contents. */
import { geminiContents, retrieveToolSpec } from "@headroom/core";
import { isRecord } from "@headroom/core/kit";
import { isOurs, type Json, type Keep, type WireProtocol } from "@headroom/core/wire";
import { type Begun, begunReply, tokenOf, wholeRounds } from "./continuation.ts";
import { type Hidden, rememberReply, replyOf, restoreReplies } from "./history.ts";
import { generateStream } from "./stream.ts";
import {
  candidateOf,
  exchangeOf,
  isOurPart,
  isResponse,
  joined,
  partsOf,
  shownOf,
  turnOfParts,
  withParts,
} from "./turn.ts";
import { addUsage } from "./usage.ts";

/** JSON Schema in full: `parameters` takes a part of it only. */
const declaration: Json = {
  name: retrieveToolSpec.name,
  description: retrieveToolSpec.description,
  parametersJsonSchema: retrieveToolSpec.inputSchema,
};

export function generateProtocol(keep: Keep): WireProtocol {
  const replies = keep<Hidden>("google-contents");
  const begun = keep<Begun>("google-continued");
  return {
    name: "google-generate",
    matches: (path) => path.endsWith(":generateContent") || path.endsWith(":streamGenerateContent"),
    adapter: geminiContents,
    list: "contents",
    tool: { functionDeclarations: [declaration] },
    functionsOf: (tools) => tools.flatMap((tool) => declarationsOf(tool) ?? []),
    offer: offered,
    modelOf: (path) => path.slice(path.lastIndexOf("/") + 1).split(":", 1)[0],
    canContinue: ({ generationConfig, toolConfig }) =>
      !(isRecord(generationConfig) && Number(generationConfig.candidateCount ?? 1) > 1) &&
      callingOf(toolConfig).streamFunctionCallArguments !== true,
    mayCall: ({ toolConfig }) => {
      const { mode, allowedFunctionNames: allowed } = callingOf(toolConfig);
      return mode !== "NONE" && (!Array.isArray(allowed) || allowed.some(isOurs));
    },
    // The tools of a cache are the provider's; a request that uses one may bring none.
    heldTools: async ({ cachedContent }) =>
      typeof cachedContent === "string" ? { ours: false } : undefined,
    isStructured: ({ generationConfig }) =>
      isRecord(generationConfig) &&
      (generationConfig.responseMimeType === "application/json" ||
        ["responseSchema", "responseJsonSchema"].some((key) => generationConfig[key] != null)),
    async restore(body) {
      if (!Array.isArray(body.contents)) return body;
      const restored = await restoreReplies(replies, body.contents);
      const { before = [] } = (await begunReply(begun, body)) ?? {};
      const contents = before.length > 0 ? [...restored, ...before] : restored;
      return contents === body.contents ? body : { ...body, contents };
    },
    async remember(body, hidden, last, structured, { contents }) {
      const given = Array.isArray(contents) ? contents : [];
      const earlier = await begunReply(begun, body);
      const reply = replyOf(earlier, hidden, last, structured);
      const { id: token } = last.turn;
      if (token === undefined) await rememberReply(replies, given, reply);
      else {
        const { before, shown, parts } = reply;
        await begun.keep([token], { before, shown, parts: joined(parts) });
      }
    },
    async follow({ continuationToken, ...body }, hidden, isFinal) {
      const earlier = await begunReply(begun, { continuationToken });
      const given = Array.isArray(body.contents) ? body.contents : [];
      const rounds = wholeRounds(earlier, hidden).flatMap(exchangeOf);
      const next = { ...body, contents: [...given, ...rounds] };
      return isFinal ? withoutCalls(next) : next;
    },
    turnOf(reply) {
      const candidate = candidateOf(reply);
      const single = !Array.isArray(reply.candidates) || reply.candidates.length <= 1;
      const { content, finishReason } = candidate;
      return turnOfParts(partsOf(content), finishReason, single, tokenOf(candidate));
    },
    merge(hidden, last, structured) {
      const candidate = candidateOf(last);
      const own = partsOf(candidate.content).filter((part) => !isOurPart(part));
      const before = hidden.flatMap((reply) => shownOf(partsOf(candidateOf(reply).content)));
      const parts = structured ? own : [...joined(before), ...own];
      const usage = [...hidden, last]
        .map(({ usageMetadata }) => usageMetadata)
        .reduce(addUsage, undefined);
      return {
        ...withParts(last, parts),
        ...(usage === undefined ? {} : { usageMetadata: usage }),
      };
    },
    stream: generateStream,
  };
}

/** Counts what would be sent: a request with calls in it comes with their declarations, and so with our tool. */
export function countProtocol(generate: WireProtocol): WireProtocol {
  return {
    ...generate,
    name: "google-count",
    matches: (path) => path.endsWith(":countTokens"),
    heldTools: async ({ contents, tools }) =>
      Array.isArray(tools)
        ? undefined
        : {
            ours:
              Array.isArray(contents) &&
              contents.some((content) => partsOf(content).some(isResponse)),
          },
  };
}

/** Requests of a batch are answered later, where nobody can answer for the model. */
export function batchesProtocol(generate: WireProtocol): WireProtocol {
  return {
    ...generate,
    name: "google-batches",
    matches: (path) => path.endsWith(":batchGenerateContent"),
    async eachRequest(body, rewrite) {
      const inlined = requestsOf(body);
      if (!inlined) return body;
      const requests: unknown[] = [];
      for (const one of inlined.requests)
        requests.push(
          isRecord(one) && isRecord(one.request)
            ? { ...one, request: await rewrite(one.request) }
            : one,
        );
      return inlined.with(requests);
    },
  };
}

/** A cache is read by whoever knows its name, with our tool or without. */
export function cachesProtocol(generate: WireProtocol): WireProtocol {
  return {
    ...generate,
    name: "google-caches",
    matches: (path) => path.endsWith("/cachedContents"),
    eachRequest: (body, rewrite) => rewrite(body),
  };
}

function declarationsOf(tool: unknown): readonly unknown[] | undefined {
  return isRecord(tool) && Array.isArray(tool.functionDeclarations)
    ? tool.functionDeclarations
    : undefined;
}

/** Ours stands with the last of the caller's declarations: some backends take one list of them only. */
function offered(tools: readonly unknown[]): readonly unknown[] {
  const at = tools.findLastIndex((tool) => declarationsOf(tool) !== undefined);
  const declarations = declarationsOf(tools[at]) ?? [];
  const tool = {
    ...(at === -1 ? {} : (tools[at] as Json)),
    functionDeclarations: [...declarations, declaration],
  };
  return at === -1 ? [...tools, tool] : tools.with(at, tool);
}

function callingOf(toolConfig: unknown): Json {
  return isRecord(toolConfig) && isRecord(toolConfig.functionCallingConfig)
    ? toolConfig.functionCallingConfig
    : {};
}

/** The model has to answer now. Where it has to call a function, it is the caller's. */
function withoutCalls(body: Json): Json {
  if (typeof body.cachedContent === "string") return body;
  const { mode } = callingOf(body.toolConfig);
  const tools: readonly unknown[] = Array.isArray(body.tools) ? body.tools : [];
  const names = tools
    .flatMap((tool) => declarationsOf(tool) ?? [])
    .flatMap((one) => (isRecord(one) && !isOurs(one.name) ? [one.name] : []));
  const functionCallingConfig =
    mode === "ANY" && names.length > 0 ? { mode, allowedFunctionNames: names } : { mode: "NONE" };
  const toolConfig = isRecord(body.toolConfig) ? body.toolConfig : {};
  return { ...body, toolConfig: { ...toolConfig, functionCallingConfig } };
}

function requestsOf(body: Json):
  | {
      readonly requests: readonly unknown[];
      with(requests: readonly unknown[]): Json;
    }
  | undefined {
  const { batch } = body;
  if (!isRecord(batch) || !isRecord(batch.inputConfig)) return undefined;
  const { inputConfig } = batch;
  if (!isRecord(inputConfig.requests) || !Array.isArray(inputConfig.requests.requests))
    return undefined;
  const { requests: list } = inputConfig;
  return {
    requests: inputConfig.requests.requests as readonly unknown[],
    with: (requests) => ({
      ...body,
      batch: { ...batch, inputConfig: { ...inputConfig, requests: { ...list, requests } } },
    }),
  };
}
