/** Tool output as agents see it, and conversations around it. */
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";

/** A JSON list whose row 617 is the odd one. */
export function orders(count = 1_000): string {
  return JSON.stringify(
    Array.from({ length: count }, (_, id) => ({
      id,
      customer: `customer-${id % 97}`,
      city: ["Lyon", "Oslo", "Kyoto"][id % 3],
      total: 20 + ((id * 37) % 400),
      state: id === 617 ? "failed: card expired" : "shipped",
    })),
  );
}

export function conversation(output = orders()): BaseMessage[] {
  return [
    new HumanMessage({ content: "Which order failed?", id: "h1" }),
    new AIMessage({
      content: "",
      id: "a1",
      tool_calls: [{ id: "c1", name: "list_orders", args: { day: 1 }, type: "tool_call" }],
      response_metadata: { model: "m" },
    }),
    new ToolMessage({ content: output, tool_call_id: "c1", id: "t1", artifact: { raw: [1] } }),
  ];
}

/** Refs that markers in these messages name. */
export function refsIn(messages: readonly BaseMessage[]): string[] {
  return [
    ...JSON.stringify(messages.map(({ content }) => content)).matchAll(/\[\[hr:([a-z]{22})/g),
  ].map(([, ref = ""]) => ref);
}

export function textOf(message: BaseMessage | undefined): string {
  return typeof message?.content === "string" ? message.content : JSON.stringify(message?.content);
}

export const weather = tool(() => "sunny", {
  name: "weather",
  description: "The weather.",
  schema: { type: "object", properties: { city: { type: "string" }, day: { type: "integer" } } },
});

/** Pieces of a stream and their sum. */
export async function collect(stream: AsyncIterable<AIMessageChunk>) {
  const pieces: AIMessageChunk[] = [];
  for await (const piece of stream) pieces.push(piece);
  const whole = pieces.reduce<AIMessageChunk | undefined>(
    (sum, piece) => sum?.concat(piece) ?? piece,
    undefined,
  );
  return { pieces, whole: whole ?? new AIMessageChunk("") };
}
