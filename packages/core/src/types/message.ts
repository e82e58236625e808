/** Who speaks. `document` is retrieved context handed over as such (RAG). */
export type Role = "assistant" | "document" | "system" | "tool" | "unknown" | "user";

/** One piece of text inside a message that could be replaced. */
export interface TextBlock {
  /** Unique within its message and stable across calls. */
  readonly id: string;
  readonly role: Role;
  readonly text: string;
  /** Set on tool results that name the call they answer. */
  readonly toolCallId?: string;
  readonly toolName?: string;
  /** The tool reported failure (`is_error`, `status: "error"`). */
  readonly isError?: boolean;
}

/** A tool call an assistant message makes; gives later results their tool name. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text of the arguments, where the provider has one. */
  readonly args?: string;
}

/**
 * The only place that knows one provider's message shape. A lens: read blocks, write blocks.
 *
 * Unknown roles, fields and blocks are not an error: `read` leaves them out and `write` keeps them.
 */
export interface MessageAdapter<Message = unknown> {
  readonly name: string;
  /** Whether this message can only be, or may be, of this shape: 0 (no) to 1 (only this). */
  detect(message: unknown): number;
  read(message: Message): readonly TextBlock[];
  /** Tool calls this message makes; empty for most. */
  calls(message: Message): readonly ToolCall[];
  /** Copy on write. With no replacements, or equal ones, it returns `message` itself. */
  write(message: Message, replacements: ReadonlyMap<string, string>): Message;
}
