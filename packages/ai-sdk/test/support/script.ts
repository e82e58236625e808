/** What scripted models say, and what their tools return. */
import { HEADROOM_RETRIEVE } from "../../src/index.ts";
import type { Call, Generated, TestPart, Version } from "./versions.ts";

/** 1,000 orders, alike but for their notes. */
export const orders: readonly object[] = Array.from({ length: 1_000 }, (_, id) => ({
  id,
  customer: `customer-${(id * 7919) % 1000}`,
  status: "shipped",
  total: 20 + (id % 50),
  note: `parcel ${(id * 104_729) % 99_991} left depot ${id % 9}`,
}));
/** A field of an order that a shortened form leaves out. */
export const wanted = `parcel ${(617 * 104_729) % 99_991} left depot ${617 % 9}`;

export const lines: string = Array.from(
  { length: 600 },
  (_, index) =>
    `2026-11-22T10:${String(Math.floor(index / 60)).padStart(2, "0")}:${String(index % 60).padStart(2, "0")}Z INFO  worker-${index % 4} job ${(index * 7919) % 10007} done in ${(index * 31) % 97} ms`,
).join("\n");

/** A conversation whose tool has returned `output`. */
export function history(output: unknown = { type: "json", value: orders }): object[] {
  return [
    { role: "user", content: [{ type: "text", text: "Do the orders look right?" }] },
    {
      role: "assistant",
      content: [{ type: "tool-call", toolCallId: "c1", toolName: "list_orders", input: {} }],
    },
    {
      role: "tool",
      content: [{ type: "tool-result", toolCallId: "c1", toolName: "list_orders", output }],
    },
  ];
}

/** The ref of the first marker in a request. */
export function refIn(value: unknown): string {
  return /\[\[hr:([a-z]{22})/.exec(JSON.stringify(value))?.[1] ?? "no marker";
}

export function retrieveCall(call: unknown, id = "r1"): TestPart {
  return {
    type: "tool-call",
    toolCallId: id,
    toolName: HEADROOM_RETRIEVE,
    input: JSON.stringify({ hash: refIn(call), rows: "617" }),
  };
}

/** The same call as a stream sends it. */
export function streamedRetrieve(call: unknown, id = "r1"): TestPart[] {
  const full = retrieveCall(call, id);
  const input = String(full.input);
  return [
    { type: "tool-input-start", id, toolName: HEADROOM_RETRIEVE },
    { type: "tool-input-delta", id, delta: input.slice(0, 9) },
    { type: "tool-input-delta", id, delta: input.slice(9) },
    { type: "tool-input-end", id },
    full,
  ];
}

export function streamedCall(toolName: string, id: string, input = "{}"): TestPart[] {
  return [
    { type: "tool-input-start", id, toolName },
    { type: "tool-input-delta", id, delta: input },
    { type: "tool-input-end", id },
    { type: "tool-call", toolCallId: id, toolName, input },
  ];
}

export function streamedText(text: string, id = "0"): TestPart[] {
  return [
    { type: "text-start", id },
    ...text.split(/(?<= )/).map((delta) => ({ type: "text-delta", id, delta })),
    { type: "text-end", id },
  ];
}

export function streamedReasoning(text: string, itemId: string, id = "0"): TestPart[] {
  const providerMetadata = { openai: { itemId } };
  return [
    { type: "reasoning-start", id, providerMetadata },
    { type: "reasoning-delta", id, delta: text },
    { type: "reasoning-end", id, providerMetadata },
  ];
}

/** A whole response as a stream. */
export function response(
  { usage, finish }: Version,
  parts: readonly TestPart[],
  reason = "stop",
  tokens: readonly [number, number] = [10, 5],
): TestPart[] {
  return [
    { type: "stream-start", warnings: [] },
    { type: "response-metadata", id: "response", modelId: "mock", timestamp: new Date(0) },
    ...parts,
    { type: "finish", finishReason: finish(reason), usage: usage(...tokens) },
  ];
}

export function generated(
  { usage, finish }: Version,
  content: readonly TestPart[],
  reason = "stop",
  tokens: readonly [number, number] = [10, 5],
): Generated {
  return { content, finishReason: finish(reason), usage: usage(...tokens), warnings: [] };
}

/** The text of the last tool result a request ends with. */
export function lastResult({ prompt }: Call): string {
  const output = prompt.at(-1)?.content.at(-1)?.output as { value?: unknown } | undefined;
  return String(output?.value);
}
