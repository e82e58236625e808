/** What a model does that is not shown what it wants: it asks for it by the hash that it read. */
import { findMarkers } from "@headroom/core";
import type { Called, Conversation } from "./conversation.ts";

/** A call that looks a fact up which the result of a call does not show, and nobody has looked up. */
export function lookup(
  { body, tools }: Conversation,
  call: Called | undefined,
  fact: string,
  query: string,
): { readonly name: string; readonly args: Record<string, unknown> } | undefined {
  const name = tools.find((tool) => tool.endsWith("headroom_retrieve"));
  const hash = findMarkers(call?.result ?? "").find(({ ref }) => ref !== undefined)?.ref;
  if (name === undefined || hash === undefined || body.includes(fact)) return undefined;
  return { name, args: { hash, query } };
}
