/** What a chat message comes to: which calls are ours, which words are shown. */
import { isRecord } from "@headroom/core/kit";
import { isOurs, type Json, type Turn } from "@headroom/core/wire";

/** Stands between the words of two rounds. */
export const GAP = "\n\n";

/** A reply's message as a turn. */
export function turnOfMessage(message: Json | undefined, finish: unknown): Turn {
  const calls = callsOf(message);
  const ours = calls.flatMap((call: unknown) =>
    isRecord(call) && isRecord(call.function) && isOurs(call.function.name)
      ? [{ id: String(call.id), args: call.function.arguments }]
      : [],
  );
  return {
    items: message ? [message] : [],
    ours,
    others: calls.length > ours.length,
    complete: finish !== "length" && finish !== "content_filter" && finish != null,
  };
}

/** Words of several rounds as the caller sees them. */
export function joined(texts: readonly unknown[]): unknown {
  const said = texts.filter((text) => typeof text === "string" && text !== "");
  return said.length === 0 ? texts.at(-1) : said.join(GAP);
}

export function callsOf(message: Json | undefined): readonly unknown[] {
  return Array.isArray(message?.tool_calls) ? message.tool_calls : [];
}

export function isOurCall(call: unknown): boolean {
  return isRecord(call) && isRecord(call.function) && isOurs(call.function.name);
}
