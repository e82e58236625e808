/** A route handler as Next.js wants it: `app/api/chat/route.ts`, on the edge runtime. */
import { headroomMiddleware } from "@headroom/ai-sdk";
import { estimateTokens, memoryStore } from "@headroom/core";
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  isStepCount,
  streamText,
  tool,
  toUIMessageStream,
  type UIMessage,
  wrapLanguageModel,
} from "ai";
import { z } from "zod";
import { model, rows } from "./model.ts";

export const runtime = "edge";

// Once a process, not once a request. The estimator needs no vocabulary, which keeps the function small.
const middleware = headroomMiddleware({
  store: memoryStore(),
  tokenCounter: { name: "estimate", count: estimateTokens },
});

export async function POST(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { messages: UIMessage[] };
  const result = streamText({
    model: wrapLanguageModel({ model, middleware }),
    messages: await convertToModelMessages(messages),
    tools: { listOrders: tool({ inputSchema: z.object({}), execute: async () => rows }) },
    stopWhen: isStepCount(5),
    abortSignal: request.signal,
  });
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream }) });
}
