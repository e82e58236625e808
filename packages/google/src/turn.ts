/** What a reply comes to: which of its calls are ours, which are the caller's, what of it he sees. */
import { isRecord } from "@headroom/core/kit";
import { isOurs, type Json, type Round, type Turn } from "@headroom/core/wire";

export function candidateOf({ candidates }: Json): Json {
  const [first]: unknown[] = Array.isArray(candidates) ? candidates : [];
  return isRecord(first) ? first : {};
}

/** The parts of a content, or of a candidate's. */
export function partsOf(content: unknown): readonly Json[] {
  return isRecord(content) && Array.isArray(content.parts) ? content.parts.filter(isRecord) : [];
}

export function isCall({ functionCall }: Json): boolean {
  return isRecord(functionCall);
}

export function isResponse({ functionResponse }: Json): boolean {
  return isRecord(functionResponse);
}

export function isOurPart({ functionCall }: Json): boolean {
  return isRecord(functionCall) && isOurs(functionCall.name);
}

/** A signature that the model hung on empty text: it means something to the model only. */
export function isEmptyText({ text, functionCall }: Json): boolean {
  return text === "" && functionCall === undefined;
}

/** A reply with other parts. One without any would not be a valid reply to the SDK. */
export function withParts(reply: Json, parts: readonly Json[]): Json {
  const candidate = candidateOf(reply);
  const content = isRecord(candidate.content) ? candidate.content : { role: "model" };
  const own = { ...content, parts: parts.length > 0 ? parts : [{ text: "" }] };
  const others = Array.isArray(reply.candidates) ? reply.candidates.slice(1) : [];
  return { ...reply, candidates: [{ ...candidate, content: own }, ...others] };
}

/**
 * Calls have ids on some backends only; without them the order tells which response belongs to which call.
 *
 * @param token of a reply that goes on in another request; it is the id of the turn
 */
export function turnOfParts(
  parts: readonly Json[],
  finishReason: unknown,
  single: boolean,
  token: string | undefined,
): Turn {
  const calls = parts.filter(isCall);
  const ours = calls.filter(isOurPart);
  return {
    items: [{ role: "model", parts: joined(parts) }],
    ours: ours.map(({ functionCall }) => {
      const { id, args } = isRecord(functionCall) ? functionCall : {};
      return { id: typeof id === "string" ? id : "", args };
    }),
    others: calls.length > ours.length,
    complete: finishReason === "STOP" && single,
    // A stream has tokens on its way too, to go on from if it breaks off.
    ...(finishReason === "STOP" || token === undefined ? {} : { id: token }),
  };
}

/** What of a hidden reply the caller sees. */
export function shownOf(parts: readonly Json[]): readonly Json[] {
  return parts.filter((part) => !isOurPart(part) && !isEmptyText(part));
}

/** A reply and our answers as contents. */
export function exchangeOf(round: Round): Json[] {
  return [...round.turn.items, { role: "user", parts: answersOf(round) }];
}

export function answersOf({ turn, answers }: Round): Json[] {
  const calls = turn.items.flatMap(partsOf).filter(isOurPart);
  return answers.map((output, index) => {
    const call = calls[index]?.functionCall;
    const { id, name } = isRecord(call) ? call : {};
    return {
      functionResponse: { ...(id === undefined ? {} : { id }), name, response: { output } },
    };
  });
}

/**
 * Pieces of a stream as the parts they are pieces of. A part with a signature stays its own: the model is given it back where it
 * gave it. Empty text with nothing else is not taken back by every backend.
 */
export function joined(parts: readonly Json[]): readonly Json[] {
  const result: Json[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (!isPlainText(part)) result.push(part);
    else if (part.text === "") continue;
    else if (last && isPlainText(last) && last.thought === part.thought)
      result[result.length - 1] = { ...last, text: `${last.text}${part.text}` };
    else result.push(part);
  }
  return result;
}

function isPlainText(part: Json): boolean {
  return (
    typeof part.text === "string" &&
    Object.keys(part).every((key) => key === "text" || key === "thought")
  );
}
