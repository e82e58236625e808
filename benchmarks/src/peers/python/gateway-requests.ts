/** Requests as clients send them through a gateway: a conversation whose earlier result holds what is asked for now. */
import { FACT } from "./script.ts";

export type Format = "chat" | "messages" | "responses";

export interface Sample {
  readonly format: Format;
  readonly model: string;
  readonly stream: boolean;
  /** The last one. */
  readonly question?: string;
}

/** Every format of a model of its own provider, and two that a gateway translates. */
export const SAMPLES: readonly Sample[] = [false, true].flatMap((stream): Sample[] => [
  { format: "chat", model: "gpt-5.5", stream },
  { format: "responses", model: "gpt-5.5", stream },
  { format: "messages", model: "claude-sonnet-5-5", stream },
]);

export const TRANSLATED: readonly Sample[] = [false, true].flatMap((stream): Sample[] => [
  { format: "chat", model: "claude-sonnet-5-5", stream },
  { format: "messages", model: "gpt-5.5", stream },
]);

/** The SKU of order 500 is `FACT`. */
export const ORDERS: string = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    sku: `SKU-${(id * 7_919) % 9_973}`,
    state: "shipped",
    customer: `C-${(id * 31) % 977}`,
  })),
);

const PATHS = {
  chat: "/v1/chat/completions",
  messages: "/v1/messages",
  responses: "/v1/responses",
} as const satisfies Readonly<Record<Format, string>>;

const QUESTION = "Which orders are there?";
const SAID = "There are 1,000 of them.";
const PARAMETERS = { type: "object", properties: {} };
const ABOUT = { name: "list_orders", description: "Lists all orders." };

function bodyOf({ format, model, stream, question = "Is one of them odd?" }: Sample): object {
  if (format === "chat") {
    const call = {
      id: "call_1",
      type: "function",
      function: { name: ABOUT.name, arguments: "{}" },
    };
    return {
      model,
      stream,
      tools: [{ type: "function", function: { ...ABOUT, parameters: PARAMETERS } }],
      messages: [
        { role: "user", content: QUESTION },
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: "call_1", content: ORDERS },
        { role: "assistant", content: SAID },
        { role: "user", content: question },
      ],
    };
  }
  if (format === "messages") {
    const use = { type: "tool_use", id: "toolu_1", name: ABOUT.name, input: {} };
    const result = { type: "tool_result", tool_use_id: "toolu_1", content: ORDERS };
    return {
      model,
      stream,
      max_tokens: 1_000,
      tools: [{ ...ABOUT, input_schema: PARAMETERS }],
      messages: [
        { role: "user", content: QUESTION },
        { role: "assistant", content: [use] },
        { role: "user", content: [result] },
        { role: "assistant", content: SAID },
        { role: "user", content: question },
      ],
    };
  }
  return {
    model,
    stream,
    store: false,
    tools: [{ type: "function", ...ABOUT, parameters: PARAMETERS }],
    input: [
      { role: "user", content: QUESTION },
      { type: "function_call", call_id: "call_1", name: ABOUT.name, arguments: "{}" },
      { type: "function_call_output", call_id: "call_1", output: ORDERS },
      { role: "assistant", content: SAID },
      { role: "user", content: question },
    ],
  };
}

export interface Answer {
  readonly status: number;
  /** As it came. */
  readonly body: string;
  /** What it says. */
  readonly text: string;
  /** From the first text to the end, in milliseconds. */
  readonly gapMs: number;
}

export async function ask(
  url: string,
  sample: Sample,
  key: string,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly body?: object } = {},
): Promise<Answer> {
  const response = await fetch(`${url}${PATHS[sample.format]}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${key}`,
      ...(sample.format === "messages" ? { "anthropic-version": "2023-06-01" } : {}),
      ...more.headers,
    },
    body: JSON.stringify({ ...bodyOf(sample), ...more.body }),
  });
  let body = "";
  let first: number | undefined;
  for await (const chunk of response.body ?? []) {
    body += Buffer.from(chunk as Uint8Array).toString();
    if (first === undefined && textOf(body) !== "") first = performance.now();
  }
  const gapMs = first === undefined ? 0 : performance.now() - first;
  return { status: response.status, body, text: textOf(body), gapMs };
}

export function tells({ status, text }: Answer): boolean {
  return status === 200 && text.includes(FACT);
}

/** The words of a reply: of its events, or of its JSON. */
function textOf(body: string): string {
  let text = "";
  for (const line of body.startsWith("{") ? [`data: ${body}`] : body.split("\n")) {
    if (!line.startsWith("data: {")) continue;
    try {
      text += wordsOf(JSON.parse(line.slice(6)));
    } catch {
      // The rest of it is still to come.
    }
  }
  return text;
}

// biome-ignore lint/suspicious/noExplicitAny: replies of three formats
function wordsOf(value: any): string {
  if (value.type === "response.output_text.delta") return value.delta;
  if (value.type === "content_block_delta") return value.delta.text ?? "";
  const [choice] = value.choices ?? [];
  if (choice) return choice.delta?.content ?? choice.message?.content ?? "";
  if (value.object === "response")
    return value.output
      .map((item: typeof value) => (item.content ?? []).map(wordsOf).join(""))
      .join("");
  if (Array.isArray(value.content)) return value.content.map(wordsOf).join("");
  return typeof value.text === "string" ? value.text : "";
}
