/** The data, and a scripted model in place of a provider's: it asks for what was left out, then answers. */
import type { LanguageModel } from "ai";

type Model = Extract<LanguageModel, { specificationVersion: "v4" }>;
type Part =
  Awaited<ReturnType<Model["doStream"]>>["stream"] extends ReadableStream<infer Item>
    ? Item
    : never;

export const rows = Array.from({ length: 1_000 }, (_, order) => ({
  order,
  state: "delivered",
  parcel: `parcel ${(order * 104_729) % 99_991}`,
}));

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

export const model: Model = {
  specificationVersion: "v4",
  provider: "example",
  modelId: "scripted",
  supportedUrls: {},
  doGenerate: () => Promise.reject(new Error("This handler only streams.")),
  doStream: async ({ prompt }) => {
    const last = JSON.stringify(prompt.at(-1)).replaceAll("\\", "");
    const hash = /\[\[hr:([a-z]+)/.exec(last)?.[1];
    const parcel = /"order":617,[^}]*"parcel":"([^"]+)"/.exec(last)?.[1];
    const call = (toolName: string, input: object) =>
      ({
        type: "tool-call",
        toolCallId: `${toolName}-1`,
        toolName,
        input: JSON.stringify(input),
      }) as const;
    const next =
      prompt.at(-1)?.role === "user"
        ? [call("listOrders", {})]
        : parcel === undefined
          ? [call("headroom_retrieve", { hash, rows: "617" })]
          : ([
              { type: "text-start", id: "0" },
              { type: "text-delta", id: "0", delta: `It is ${parcel}.` },
              { type: "text-end", id: "0" },
            ] as const);
    const parts: Part[] = [
      { type: "stream-start", warnings: [] },
      ...next,
      { type: "finish", finishReason: { unified: "stop", raw: undefined }, usage },
    ];
    return {
      stream: new ReadableStream({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          controller.close();
        },
      }),
    };
  },
};
