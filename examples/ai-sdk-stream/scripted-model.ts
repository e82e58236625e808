/** A model that follows a script: lists two regions, then looks for an order in what it was sent, and asks when it is not there. */
import type { TokenCounter } from "@headroom/core";
import type { LanguageModel } from "ai";

type Model = Extract<LanguageModel, { specificationVersion: "v4" }>;
type Options = Parameters<Model["doGenerate"]>[0];
type Result = Awaited<ReturnType<Model["doGenerate"]>>;
type Part =
  Awaited<ReturnType<Model["doStream"]>>["stream"] extends ReadableStream<infer Item>
    ? Item
    : never;

export interface ModelLog {
  /** Of all requests, as the model's provider would bill them. */
  inputTokens: number;
  /** Whether the order stood in a tool's result, before anything was retrieved. */
  sawRow: boolean;
}

export function scriptedModel(
  counter: TokenCounter,
  order: string,
): { model: Model; log: ModelLog } {
  const log: ModelLog = { inputTokens: 0, sawRow: false };
  const answer = (options: Options): Result => {
    const input = counter.count(JSON.stringify([options.prompt, options.tools]));
    log.inputTokens += input;
    const content = [next(options, order, log)];
    const calls = content[0]?.type === "tool-call";
    return {
      content,
      finishReason: { unified: calls ? "tool-calls" : "stop", raw: undefined },
      usage: {
        inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 20, text: 20, reasoning: 0 },
      },
      warnings: [],
    };
  };
  const model: Model = {
    specificationVersion: "v4",
    provider: "example",
    modelId: "scripted",
    supportedUrls: {},
    doGenerate: async (options) => answer(options),
    doStream: async (options) => ({ stream: streamOf(answer(options)) }),
  };
  return { model, log };
}

function next({ prompt }: Options, order: string, log: ModelLog): Result["content"][number] {
  const results = prompt.flatMap((message) => (message.role === "tool" ? message.content : []));
  const call = (toolName: string, input: object): Result["content"][number] => ({
    type: "tool-call",
    toolCallId: `call-${results.length}`,
    toolName,
    input: JSON.stringify(input),
  });
  if (results.length === 0) return call("listOrders", { region: "north" });
  if (results.length === 1) return call("listOrders", { region: "south" });
  const last = JSON.stringify(results.at(-1)).replaceAll("\\", "");
  const at = last.indexOf(order);
  const parcel = at < 0 ? undefined : /parcel \d+/.exec(last.slice(at))?.[0];
  if (parcel !== undefined) {
    if (results.length === 2) log.sawRow = true;
    return { type: "text", text: `It is ${parcel}.` };
  }
  const hash = /\[\[hr:([a-z]+)/.exec(last)?.[1];
  return call("headroom_retrieve", { hash, query: order });
}

function streamOf({ content, finishReason, usage }: Result): ReadableStream<Part> {
  const parts: Part[] = [{ type: "stream-start", warnings: [] }];
  for (const part of content)
    if (part.type === "text")
      parts.push(
        { type: "text-start", id: "0" },
        { type: "text-delta", id: "0", delta: part.text },
        { type: "text-end", id: "0" },
      );
    else if (part.type === "tool-call") parts.push(part);
  parts.push({ type: "finish", finishReason, usage });
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}
