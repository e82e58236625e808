/** The three versions of the AI SDK, side by side, behind what the tests use of each. */

import * as ai5 from "ai5";
import * as mocks5 from "ai5/test";
import * as ai6 from "ai6";
import * as mocks6 from "ai6/test";
import * as ai7 from "ai7";
import * as mocks7 from "ai7/test";
import * as anthropic5 from "anthropic5";
import * as anthropic6 from "anthropic6";
import * as anthropic7 from "anthropic7";
import * as openai5 from "openai5";
import * as openai6 from "openai6";
import * as openai7 from "openai7";

export type Json = { readonly [key: string]: unknown };
export interface TestPart extends Json {
  readonly type: string;
}
export interface TestMessage extends Json {
  readonly role: string;
  readonly content: unknown;
}
/** Options of a model call, as a mock records them. */
export interface Call {
  readonly prompt: readonly (Json & {
    readonly role: string;
    readonly content: readonly TestPart[];
  })[];
  readonly tools?: readonly (Json & { readonly name: string })[];
  readonly toolChoice?: Json;
}
export interface Generated {
  readonly content: readonly TestPart[];
  readonly finishReason: unknown;
  readonly usage: unknown;
  readonly warnings: readonly unknown[];
  readonly providerMetadata?: Json;
}
export interface TestModel {
  readonly provider: string;
  readonly modelId: string;
  readonly specificationVersion: string;
  readonly doGenerateCalls: readonly Call[];
  readonly doStreamCalls: readonly Call[];
  doGenerate(options: never): PromiseLike<Generated>;
  doStream(options: never): PromiseLike<{ readonly stream: ReadableStream<TestPart> }>;
}

interface Step extends Json {
  readonly toolCalls: readonly { readonly toolName: string; readonly toolCallId: string }[];
  readonly content: readonly TestPart[];
}
export interface TextResult {
  readonly text: string;
  readonly output: unknown;
  readonly finishReason: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  readonly totalUsage: { readonly inputTokens: number; readonly outputTokens: number };
  readonly steps: readonly Step[];
  readonly toolCalls: readonly (TestPart & {
    readonly toolName: string;
    readonly toolCallId: string;
  })[];
  readonly providerMetadata?: Json;
  readonly response: { readonly id: string; readonly messages: readonly TestMessage[] };
}
/** A `streamText` result: the fields of `TextResult`, each a promise. */
export type StreamResult = { readonly [Key in keyof TextResult]: PromiseLike<TextResult[Key]> } & {
  readonly fullStream: AsyncIterable<TestPart>;
  readonly textStream: AsyncIterable<string>;
  toUIMessageStream(options?: object): AsyncIterable<TestPart>;
};

/** What the tests call of `ai`. */
export interface Ai {
  generateText(options: object): Promise<TextResult>;
  streamText(options: object): StreamResult;
  generateObject(options: object): Promise<{ readonly object: unknown }>;
  wrapLanguageModel(options: object): TestModel;
  stepCountIs(count: number): unknown;
  tool(options: object): unknown;
  jsonSchema(schema: object): unknown;
  customProvider(options: object): object;
  createProviderRegistry(
    providers: object,
    options?: object,
  ): { languageModel(id: string): TestModel };
  convertToModelMessages(
    messages: readonly unknown[],
  ): readonly unknown[] | Promise<readonly unknown[]>;
  readUIMessageStream(options: object): AsyncIterable<Json>;
  readonly Output: { object(options: object): unknown };
}
type Factory = (settings: { apiKey: string; baseURL?: string; fetch?: typeof fetch }) => ((
  id: string,
) => TestModel) & {
  chat(id: string): TestModel;
  responses(id: string): TestModel;
};

export interface Version {
  readonly name: string;
  readonly ai: Ai;
  readonly openai: Factory;
  readonly anthropic: Factory;
  /** A scripted model of this version's specification. */
  model(script: Script): TestModel;
  usage(input: number, output: number): unknown;
  finish(reason: string): unknown;
}
export interface Script {
  readonly modelId?: string;
  readonly provider?: string;
  readonly generate?: (call: Call, round: number) => Generated | Promise<Generated>;
  readonly stream?: (
    call: Call,
    round: number,
  ) => readonly TestPart[] | ReadableStream<TestPart> | Promise<readonly TestPart[]>;
}

type Mock = new (options: object) => TestModel;

function version(
  name: string,
  modules: { ai: unknown; mock: unknown; openai: unknown; anthropic: unknown },
  isFlat: boolean,
): Version {
  const MockModel = modules.mock as Mock;
  return {
    name,
    ai: modules.ai as Ai,
    openai: modules.openai as Factory,
    anthropic: modules.anthropic as Factory,
    usage: (input, output) =>
      isFlat
        ? { inputTokens: input, outputTokens: output, totalTokens: input + output }
        : {
            inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
            outputTokens: { total: output, text: output, reasoning: 0 },
          },
    finish: (reason) => (isFlat ? reason : { unified: reason, raw: reason }),
    model({ generate, stream, modelId = "mock", provider = "mock" }) {
      let rounds = 0;
      return new MockModel({
        modelId,
        provider,
        doGenerate: async (call: Call) => generate?.(call, ++rounds),
        doStream: async (call: Call) => {
          const parts = await stream?.(call, ++rounds);
          return { stream: parts instanceof ReadableStream ? parts : streamOf(parts ?? []) };
        },
      });
    },
  };
}

export const versions: readonly Version[] = [
  version(
    "ai 5",
    {
      ai: ai5,
      mock: mocks5.MockLanguageModelV2,
      openai: openai5.createOpenAI,
      anthropic: anthropic5.createAnthropic,
    },
    true,
  ),
  version(
    "ai 6",
    {
      ai: ai6,
      mock: mocks6.MockLanguageModelV3,
      openai: openai6.createOpenAI,
      anthropic: anthropic6.createAnthropic,
    },
    false,
  ),
  version(
    "ai 7",
    {
      ai: ai7,
      mock: mocks7.MockLanguageModelV4,
      openai: openai7.createOpenAI,
      anthropic: anthropic7.createAnthropic,
    },
    false,
  ),
];

export function streamOf<Part>(parts: readonly Part[]): ReadableStream<Part> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

export async function collect<Item>(
  items: AsyncIterable<Item> | ReadableStream<Item>,
): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items as AsyncIterable<Item>) collected.push(item);
  return collected;
}
