import type { MessageAdapter, TextBlock } from "@headroom/core";

/** A made-up provider: text or parts, calls, results. */
export type Message = { readonly role: string; readonly [key: string]: unknown };

/** The smallest adapter that keeps every law: what liars start from. */
export const honestAdapter: MessageAdapter<Message> = {
  name: "honest",
  detect: (message) => (isRecord(message) && typeof message.role === "string" ? 0.5 : 0),
  read(message) {
    const role = message.role === "tool" ? "tool" : "user";
    const common = {
      role,
      ...(typeof message.answers === "string" ? { toolCallId: message.answers } : {}),
    } as const;
    const { content } = message;
    if (typeof content === "string") return [{ id: "text", text: content, ...common }];
    if (!Array.isArray(content)) return [];
    return content.flatMap((part: unknown, index): TextBlock[] =>
      isText(part) ? [{ id: `part ${index}`, text: part.text, ...common }] : [],
    );
  },
  calls(message) {
    if (!Array.isArray(message.calls)) return [];
    return message.calls.flatMap((call: unknown) =>
      isRecord(call) && typeof call.id === "string" && typeof call.name === "string"
        ? [{ id: call.id, name: call.name }]
        : [],
    );
  },
  write(message, replacements) {
    const { content } = message;
    if (typeof content === "string") {
      const text = replacements.get("text");
      return text === undefined || text === content ? message : { ...message, content: text };
    }
    if (!Array.isArray(content)) return message;
    let changed = false;
    const parts = content.map((part: unknown, index) => {
      const text = replacements.get(`part ${index}`);
      if (!isText(part) || text === undefined || text === part.text) return part;
      changed = true;
      return { ...part, text };
    });
    return changed ? { ...message, content: parts } : message;
  },
};

export const honestSamples: readonly Message[] = [
  { role: "user", content: "hello" },
  { role: "user", content: "" },
  { role: "assistant", content: null, calls: [{ id: "c1", name: "read", args: '{"path":"a"}' }] },
  { role: "assistant" },
  {
    role: "user",
    name: "Ada",
    content: [
      { type: "text", text: "one", cache_control: { type: "ephemeral" } },
      { type: "image", source: { data: "aGk=" } },
      { type: "text", text: "two" },
      { type: "future", text: 7 },
    ],
  },
  { role: "tool", answers: "c1", is_error: true, content: [{ type: "text", text: "boom" }] },
];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is { type: "text"; text: string } {
  return isRecord(value) && value.type === "text" && typeof value.text === "string";
}
