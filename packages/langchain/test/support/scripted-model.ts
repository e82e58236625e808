/** A chat model that answers from a script and remembers what it was asked. Streams its answers in pieces of four characters. */
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";

export type Answer =
  | string
  | AIMessage
  | ((messages: readonly BaseMessage[]) => string | AIMessage);

interface Options extends BaseChatModelCallOptions {
  tools?: readonly BindToolsInput[];
  [key: string]: unknown;
}

export interface Asked {
  readonly messages: readonly BaseMessage[];
  readonly tools: readonly string[];
  readonly options: Options;
}

export class ScriptedModel extends BaseChatModel<Options> {
  readonly asked: Asked[] = [];
  private readonly answers: readonly Answer[];

  constructor(answers: readonly Answer[]) {
    super({});
    this.answers = answers;
  }

  override _llmType(): string {
    return "scripted";
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<Options>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, Options> {
    return this.withConfig({ ...kwargs, tools } as Partial<Options>);
  }

  private next(messages: readonly BaseMessage[], options: Options): AIMessage {
    const answer = this.answers[this.asked.length] ?? this.answers.at(-1) ?? "";
    const tools = (options.tools ?? []).map((tool) => String((tool as { name?: string }).name));
    this.asked.push({ messages: [...messages], tools, options });
    const said = typeof answer === "function" ? answer(messages) : answer;
    return typeof said === "string" ? new AIMessage(said) : said;
  }

  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    const message = this.next(messages, options);
    return { generations: [{ text: String(message.content), message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: Options,
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { content, tool_calls: calls = [], usage_metadata } = this.next(messages, options);
    const pieces = String(content).match(/[\s\S]{1,4}/g) ?? [];
    for (const text of pieces) {
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk(text) });
      yield chunk;
      await runManager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, {
        chunk,
      });
    }
    for (const [index, { id, name, args }] of calls.entries()) {
      const json = JSON.stringify(args);
      // As providers do it: the name first, then the arguments in pieces.
      const parts = [
        { index, name, args: "", ...(id === undefined ? {} : { id }) },
        { index, args: json.slice(0, 5) },
        { index, args: json.slice(5) },
      ];
      for (const part of parts)
        yield new ChatGenerationChunk({
          text: "",
          message: new AIMessageChunk({
            content: "",
            tool_call_chunks: [{ ...part, type: "tool_call_chunk" }],
          }),
        });
    }
    const response_metadata = { finish_reason: calls.length > 0 ? "tool_calls" : "stop" };
    yield new ChatGenerationChunk({
      text: "",
      message: new AIMessageChunk({
        content: "",
        response_metadata,
        ...(usage_metadata === undefined ? {} : { usage_metadata }),
      }),
    });
  }
}

export function callTool(name: string, args: Record<string, unknown>, id: string): AIMessage {
  return new AIMessage({ content: "", tool_calls: [{ name, args, id, type: "tool_call" }] });
}
