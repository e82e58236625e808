/** Who speaks. `document` is retrieved context that the message marks as a document (RAG). */
export type Role = "assistant" | "document" | "system" | "tool" | "unknown" | "user";

/** One piece of text inside a message that could be replaced. */
export interface TextBlock {
  /** Unique within its message and stable across calls. */
  readonly id: string;
  readonly role: Role;
  readonly text: string;
  /** The call that a tool result answers, where the message says so. */
  readonly toolCallId?: string;
  /** Name of the tool, where the message says it. Otherwise it is found by `toolCallId`. */
  readonly toolName?: string;
  /** The tool reported failure (`is_error`, `status: "error"`). */
  readonly isError?: boolean;
  /** Why the text has to stay as it is, for the report: "read by code". Absent where it need not. */
  readonly keep?: string;
}

/** A tool call of an assistant message. It tells which tool a later result came from. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text of the arguments, where the provider has one. */
  readonly args?: string;
  /** Why the results of this call have to stay as they are, for the report. Absent where they need not. */
  readonly keep?: string;
}

/**
 * Reads the texts of one provider's messages, and writes other texts in their place. It is the only code that knows the shape.
 *
 * Unknown roles, fields and blocks are not an error: `read` leaves them out and `write` keeps them.
 */
export interface MessageAdapter<Message = unknown> {
  readonly name: string;
  /** How sure it is that a message has this shape: 0 (it has not) to 1 (it can have no other). */
  detect(message: unknown): number;
  /** The texts of a message, in order. */
  read(message: Message): readonly TextBlock[];
  /** The tool calls of a message; empty for most. */
  calls(message: Message): readonly ToolCall[];
  /** A copy with the texts of these block ids replaced; `message` itself where that changes nothing. */
  write(message: Message, replacements: ReadonlyMap<string, string>): Message;
}
