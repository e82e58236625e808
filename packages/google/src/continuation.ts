/**
 * Replies that the server gives in several requests (`continuationToken`): each goes on from the state of the one before, hidden rounds
 * included, and all together are one turn of the model.
 */
import { type Asides, isRecord } from "@headroom/core/kit";
import type { Json, Round } from "@headroom/core/wire";
import { joined, partsOf } from "./turn.ts";

/** What came before the rest of a reply. */
export interface Begun {
  /** Hidden rounds, as contents. */
  readonly before: readonly Json[];
  /** Parts of hidden rounds as the caller has them. */
  readonly shown: readonly Json[];
  /** The parts of the reply so far. */
  readonly parts: readonly Json[];
}

export function tokenOf({ continuationToken }: Json): string | undefined {
  return typeof continuationToken === "string" && continuationToken !== ""
    ? continuationToken
    : undefined;
}

/** What a request goes on from. */
export async function begunReply(kept: Asides<Begun>, body: Json): Promise<Begun | undefined> {
  const token = tokenOf(body);
  return token === undefined ? undefined : kept.find(token);
}

/** The rounds, the first with the parts it goes on from. */
export function wholeRounds(begun: Begun | undefined, rounds: readonly Round[]): readonly Round[] {
  const [first, ...others] = rounds;
  if (!begun || !first) return rounds;
  const content = first.turn.items.find(isRecord) ?? { role: "model" };
  const parts = joined([...begun.parts, ...first.turn.items.flatMap(partsOf)]);
  return [{ ...first, turn: { ...first.turn, items: [{ ...content, parts }] } }, ...others];
}
