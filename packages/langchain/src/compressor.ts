/**
 * A runnable between prompt and model. It takes messages and returns them with long tool results compressed.
 *
 * Everything a runnable has (pipe, batch, stream, withConfig, withRetry, events) is inherited; only `invoke` is ours. Trap: a
 * custom event dispatched with the config as received is lost when the runnable stands alone; it has to go through the run
 * manager's child.
 */
import type { CallOptions, CompressResult, Headroom } from "@headroom/core";
import { HeadroomError } from "@headroom/core";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch/web";
import type { CallbackManagerForChainRun } from "@langchain/core/callbacks/manager";
import {
  type BaseMessage,
  type BaseMessageLike,
  coerceMessageLikeToMessage,
  HumanMessage,
} from "@langchain/core/messages";
import type { BasePromptValueInterface } from "@langchain/core/prompt_values";
import { patchConfig, Runnable, type RunnableConfig } from "@langchain/core/runnables";
import { annotateRun, COMPRESSION_EVENT, compressionEvent } from "./events.ts";
import type { HeadroomLangChainOptions } from "./options.ts";
import { instances } from "./run.ts";

/** What a chat model takes, a compressor takes too. */
export type HeadroomCompressorInput = string | BaseMessageLike[] | BasePromptValueInterface;

export interface HeadroomCompressorFields extends HeadroomLangChainOptions {
  /**
   * True where the model behind this compressor has the retrieve tool (`bindRetrieveTool`), so that texts may be shortened.
   * @default false: only lossless forms
   */
  readonly retrieveTool?: boolean;
  /** The run name in traces. @default "HeadroomCompressor" */
  readonly name?: string;
}

export interface HeadroomCallOptions extends RunnableConfig {
  /** What the answer is wanted for. @default the latest user text before each block */
  query?: string;
  /**
   * Where this call's model cannot retrieve. `true`: lossless forms only. `"new"`: texts that were shortened in earlier calls stay
   * so, and with them the provider's cached prefix. @default false; without `retrieveTool` always true
   */
  lossless?: boolean | "new";
}

export class HeadroomCompressor extends Runnable<
  HeadroomCompressorInput,
  BaseMessage[],
  HeadroomCallOptions
> {
  static override lc_name(): string {
    return "HeadroomCompressor";
  }
  override lc_namespace: string[] = ["headroom", "langchain"];
  /** Not serializable: a store is a live connection, and its password must not end in a trace. */
  override lc_serializable = false;
  /** The instance that serves a run, given its config. Where neither `namespace` nor `store` is a function there is only one. */
  readonly instanceOf: (config?: object) => Headroom;

  /** @throws InvalidOptionError */
  constructor(fields: HeadroomCompressorFields = {}) {
    super();
    const { retrieveTool = false, name = "HeadroomCompressor", ...options } = fields;
    this.name = name;
    this.instanceOf = instances(options, retrieveTool);
  }

  override invoke(
    input: HeadroomCompressorInput,
    options?: Partial<HeadroomCallOptions>,
  ): Promise<BaseMessage[]> {
    return this._callWithConfig(
      (value: HeadroomCompressorInput, config, runManager) =>
        this.run(value, config ?? {}, runManager),
      input,
      options,
    );
  }

  private async run(
    input: HeadroomCompressorInput,
    config: Partial<HeadroomCallOptions>,
    runManager: CallbackManagerForChainRun | undefined,
  ): Promise<BaseMessage[]> {
    const result = await compressMessages(this.instanceOf(config), toMessages(input), config);
    if (runManager) {
      const event = compressionEvent(result);
      annotateRun(runManager, event);
      const below = patchConfig(config, { callbacks: runManager.getChild() });
      await dispatchCustomEvent(COMPRESSION_EVENT, event, below);
    }
    return result.messages;
  }
}

/** Messages of whatever a chat model would accept. */
export function toMessages(input: HeadroomCompressorInput): BaseMessage[] {
  if (typeof input === "string") return [new HumanMessage(input)];
  if (Array.isArray(input)) return input.map(coerceMessageLikeToMessage);
  if (typeof input?.toChatMessages === "function") return input.toChatMessages();
  throw new HeadroomError(
    "invalid-messages",
    "Cannot compress this input: expected a string, an array of messages or a prompt value.",
  );
}

function compressMessages(
  headroom: Headroom,
  messages: BaseMessage[],
  { query, signal, lossless }: Partial<HeadroomCallOptions>,
): Promise<CompressResult<BaseMessage>> {
  const call: CallOptions = {
    ...(query === undefined ? {} : { query }),
    ...(signal === undefined ? {} : { signal }),
    ...(lossless === undefined ? {} : { lossless }),
  };
  return headroom.compress(messages, call);
}
