/**
 * Message lists as they lie in files.
 *
 * Known shapes: an array of messages, an object with `messages`, and JSON lines where each line is a message or, as Claude
 * Code and Codex write their sessions, an event around one. Everything else is not a transcript.
 */
import { isRecord } from "@headroom/core/kit";

export interface MessageDocument {
  readonly messages: readonly unknown[];
  /** The whole document with other messages in place of its own. */
  withMessages(messages: readonly unknown[]): unknown;
  /** The parsed document. */
  readonly value: unknown;
}

/** A JSON document that is a message array or holds one under `messages`; `undefined` where it is something else. */
export function parseMessageDocument(text: string): MessageDocument | undefined {
  // JSON.parse does not take a byte order mark; `trimStart` counts it as white space.
  const json = text.trimStart();
  if (json[0] !== "[" && json[0] !== "{") return undefined;
  const value = parseJson(json);
  if (isMessageList(value)) {
    return { value, messages: value, withMessages: (messages) => messages };
  }
  if (isRecord(value) && isMessageList(value.messages)) {
    const { messages } = value;
    return { value, messages, withMessages: (replaced) => ({ ...value, messages: replaced }) };
  }
  return undefined;
}

/** The values of JSON lines, those that are broken left out; `undefined` where the first line is none. */
export function parseJsonLines(text: string): readonly unknown[] | undefined {
  const values: unknown[] = [];
  let isFirst = true;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const value = parseJson(line);
    if (isRecord(value)) values.push(value);
    else if (isFirst) return undefined;
    isFirst = false;
  }
  return values;
}

/** The messages among them (a Claude Code session, or one message a line); `undefined` where there are none. */
export function parseMessageLines(lines: readonly unknown[]): readonly unknown[] | undefined {
  const messages = lines.flatMap((line) => {
    if (!isRecord(line)) return [];
    if (isMessage(line.message)) return [line.message];
    return isMessage(line) ? [line] : [];
  });
  return messages.length > 0 ? messages : undefined;
}

function isMessageList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every(isMessage);
}

function isMessage(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.role === "string" &&
    ("content" in value || Array.isArray(value.tool_calls))
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
