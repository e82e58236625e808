/** Agents of each version over a server that enforces rules, generated or streamed. */
import { memoryStore } from "@headroom/core";
import { z } from "zod";
import {
  HEADROOM_RETRIEVE,
  type HeadroomMiddlewareOptions,
  withHeadroom,
} from "../../src/index.ts";
import type { Body } from "./rule.ts";
import type { RuleServer } from "./rules.ts";
import { orders, refIn, wanted } from "./script.ts";
import {
  collect,
  type TestModel,
  type TestPart,
  type TextResult,
  type Version,
} from "./versions.ts";

export const PROVIDERS = ["openai chat", "openai responses", "anthropic"] as const;
export type Provider = (typeof PROVIDERS)[number];
export type How = "generate" | "stream";
export const HOWS: readonly How[] = ["generate", "stream"];

/** What a call of either kind leaves. */
export interface Ran
  extends Pick<TextResult, "text" | "steps" | "response" | "providerMetadata" | "toolCalls"> {
  /** Parts of the stream; none of a generated result. */
  readonly parts: readonly TestPart[];
  /** What the caller puts into the history. */
  readonly messages: readonly object[];
}

/** A model of this provider, with Headroom around it. */
export function modelOf(
  version: Version,
  provider: Provider,
  { url }: Pick<RuleServer, "url">,
  options: HeadroomMiddlewareOptions = { store: memoryStore() },
): TestModel {
  const settings = { apiKey: "x", baseURL: url };
  if (provider === "anthropic")
    return withHeadroom(version.anthropic(settings)("claude-sonnet-4-5"), options);
  const openai = version.openai(settings);
  return withHeadroom(
    provider === "openai chat" ? openai.chat("gpt-4o") : openai.responses("gpt-5"),
    options,
  );
}

/** Tools that answer at once; the first with far more than a model has to read. */
export function toolsOf({ ai }: Version): {
  readonly list_orders: unknown;
  readonly note: unknown;
} {
  const inputSchema = z.object({});
  return {
    list_orders: ai.tool({ inputSchema, execute: async () => orders }),
    note: ai.tool({ inputSchema, execute: async () => "noted" }),
  };
}

/** One call of the SDK; it rejects with what went wrong. */
export async function run({ ai, name }: Version, how: How, options: object): Promise<Ran> {
  const all = { stopWhen: ai.stepCountIs(8), maxRetries: 0, ...options };
  const messagesOf = ({ steps, response }: Pick<TextResult, "steps" | "response">) =>
    // Since ai 7 a step has its own messages only.
    name === "ai 7"
      ? steps.flatMap((step) => (step.response as TextResult["response"]).messages)
      : response.messages;
  if (how === "generate") {
    const result = await ai.generateText(all);
    const { text, steps, response, providerMetadata, toolCalls } = result;
    return {
      text,
      steps,
      response,
      toolCalls,
      parts: [],
      messages: stored(messagesOf(result)),
      ...(providerMetadata ? { providerMetadata } : {}),
    };
  }
  const errors: unknown[] = [];
  const result = ai.streamText({
    ...all,
    onError: ({ error }: { error: unknown }) => void errors.push(error),
  });
  const parts = await collect(result.fullStream);
  if (errors.length > 0) throw errors[0];
  const [text, steps, response, providerMetadata, toolCalls] = await Promise.all([
    result.text,
    result.steps,
    result.response,
    result.providerMetadata,
    result.toolCalls,
  ]);
  return {
    text,
    steps,
    response,
    toolCalls,
    parts,
    messages: stored(messagesOf({ steps, response })),
    ...(providerMetadata ? { providerMetadata } : {}),
  };
}

/** As it comes back from a database. */
function stored(messages: readonly object[]): readonly object[] {
  return JSON.parse(JSON.stringify(messages)) as readonly object[];
}

/** A call for what a shortened list of orders leaves out. */
export function retrieve(text: string): { readonly name: string; readonly input: object } {
  return { name: HEADROOM_RETRIEVE, input: { hash: refIn(text), rows: "617" } };
}
export const isShortened = (text: string): boolean => refIn(text) !== "no marker";
export const hasWanted = (text: string): boolean => text.includes(wanted);
/** The messages of a request. */
export function listOf({ messages, input }: Body): readonly unknown[] {
  return (messages ?? input ?? []) as readonly unknown[];
}
