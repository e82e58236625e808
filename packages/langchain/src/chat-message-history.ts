/**
 * A chat history whose messages are read short: any history underneath keeps the originals, `getMessages` gives the compressed
 * view. The same messages give the same view on every turn, so the provider's prompt cache keeps hitting.
 */
import { InvalidOptionError } from "@headroom/core";
import type { Callbacks } from "@langchain/core/callbacks/manager";
import { BaseListChatMessageHistory } from "@langchain/core/chat_history";
import type { BaseMessage } from "@langchain/core/messages";
import { HeadroomCompressor } from "./compressor.ts";
import type { HeadroomLangChainOptions } from "./options.ts";

export interface HeadroomChatMessageHistoryFields
  extends Omit<HeadroomLangChainOptions, "history"> {
  /** Keeps the messages as they are. */
  readonly history: BaseListChatMessageHistory;
  /**
   * True where the model that reads the history has the retrieve tool, so that texts may be shortened.
   * @default false: only lossless forms
   */
  readonly retrieveTool?: boolean;
  /**
   * Told of every compression, a `HeadroomCallbackHandler` for one. A history is not handed the callbacks of the run that reads it.
   * @default those of the run around, where LangGraph keeps it
   */
  readonly callbacks?: Callbacks;
}

export class HeadroomChatMessageHistory extends BaseListChatMessageHistory {
  override lc_namespace: string[] = ["headroom", "langchain"];
  override lc_serializable = false;
  private readonly history: BaseListChatMessageHistory;
  private readonly config: { readonly callbacks?: Callbacks };
  private readonly compressor: HeadroomCompressor;

  /** @throws InvalidOptionError */
  constructor(fields: HeadroomChatMessageHistoryFields) {
    super();
    const { history, retrieveTool = false, callbacks, ...options } = fields ?? {};
    if (typeof history?.getMessages !== "function")
      throw new InvalidOptionError("history", history, "a BaseListChatMessageHistory");
    this.history = history;
    this.config = callbacks === undefined ? {} : { callbacks };
    this.compressor = new HeadroomCompressor({
      ...options,
      retrieveTool,
      name: "HeadroomChatMessageHistory",
    });
  }

  /** The compressed view. */
  override async getMessages(): Promise<BaseMessage[]> {
    return this.compressor.invoke(await this.history.getMessages(), this.config);
  }

  /** The messages as they were added. */
  getOriginals(): Promise<BaseMessage[]> {
    return this.history.getMessages();
  }

  override addMessage(message: BaseMessage): Promise<void> {
    return this.history.addMessage(message);
  }

  override addMessages(messages: BaseMessage[]): Promise<void> {
    return this.history.addMessages(messages);
  }

  override clear(): Promise<void> {
    return this.history.clear();
  }
}
