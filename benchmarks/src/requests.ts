/** Whole requests of the corpora: the reference system's scenarios and the agent sessions. */
import type { Data, Sample } from "./corpus.ts";
import { tokensOf } from "./tokens.ts";

/** A message of any provider. */
export interface AnyMessage {
  readonly role: string;
  readonly content?: unknown;
}

export interface Request {
  readonly name: string;
  readonly messages: readonly AnyMessage[];
}

/** OpenAI messages of a scenario. */
export function scenarioMessages({ text }: Sample): readonly AnyMessage[] {
  const parsed: unknown = JSON.parse(text);
  return (
    Array.isArray(parsed) ? parsed : (parsed as { messages: unknown }).messages
  ) as AnyMessage[];
}

/** Anthropic messages of a Claude Code session. */
export function sessionMessages(jsonl: string): readonly AnyMessage[] {
  const messages: AnyMessage[] = [];
  for (const line of jsonl.split("\n")) {
    if (line.trim() === "") continue;
    const { type, message } = JSON.parse(line) as { type?: string; message?: AnyMessage };
    if ((type === "user" || type === "assistant") && message?.role !== undefined)
      messages.push(message);
  }
  return messages;
}

/** All requests with at most this many characters. */
export function allRequests({ readSet }: Data, maxLength: number): readonly Request[] {
  const scenarios = readSet("reference")
    .filter(({ text, facts }) => text.length <= maxLength && facts.reference_measured !== undefined)
    .map((sample) => ({ name: sample.name, messages: scenarioMessages(sample) }));
  const sessions = readSet("sessions")
    .filter(({ text }) => text.length <= 8 * maxLength)
    .map(({ name, text }) => ({ name, messages: sessionMessages(text) }));
  return [...scenarios, ...sessions];
}

/** What a compressed request becomes on the wire. */
export async function digest(messages: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(messages));
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}

/** Tokens of everything a model reads in a request: all strings in it, keys apart. */
export function requestTokens(messages: readonly unknown[]): number {
  let tokens = 0;
  const open: unknown[] = [...messages];
  for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
    if (typeof value === "string") tokens += tokensOf(value);
    else if (typeof value === "object" && value !== null) open.push(...Object.values(value));
  }
  return tokens;
}
