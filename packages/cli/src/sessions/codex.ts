/** Sessions as Codex writes them: JSON lines, each an event; those of the conversation are items of the Responses API. */
import { isRecord } from "@headroom/core/kit";

export interface CodexSession {
  readonly messages: readonly unknown[];
  readonly system?: unknown;
  readonly tools?: unknown;
}

/** Items that are no part of what the model reads. */
const SETTINGS = new Set(["additional_tools", "configuration_update", "ghost_snapshot"]);

/** `undefined` where the lines are no session of Codex. */
export function codexSession(lines: readonly unknown[]): CodexSession | undefined {
  const messages: unknown[] = [];
  let [system, tools]: unknown[] = [];
  for (const line of lines) {
    if (!isRecord(line) || !isRecord(line.payload)) continue;
    const { type, payload } = line;
    if (type === "session_meta" && isRecord(payload.base_instructions))
      system ??= payload.base_instructions.text;
    if (type !== "response_item" || typeof payload.type !== "string") continue;
    if (payload.type === "additional_tools") tools ??= payload.tools;
    if (!SETTINGS.has(payload.type)) messages.push(payload);
  }
  if (messages.length === 0) return undefined;
  return {
    messages,
    ...(system === undefined ? {} : { system }),
    ...(tools === undefined ? {} : { tools }),
  };
}
