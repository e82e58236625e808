/**
 * Histories that the provider holds: OpenAI conversations, responses continued by their id, Anthropic message threads.
 *
 * There a hidden round stands on the provider's side as soon as it was asked. The next request continues from it instead of
 * repeating the prompt, and a call that was not answered (the caller's own came first; the next request failed or was aborted) is
 * answered by the next request, whatever that is: with one call unanswered providers refuse all that follows.
 */
import { isRecord, lru } from "@headroom/core/kit";
import { assistantMessage, toolMessage } from "./history.ts";
import { type CallOptionsLike, isMessage, type Part, partsOf } from "./spec.ts";

/** Where a history is held; `id` is what the request names: a conversation, a response, a message of a thread. */
export interface Place {
  readonly kind: "conversation" | "response" | "thread";
  readonly id?: string;
}

/** The place a request names, whichever of OpenAI's and Anthropic's providers it is for. */
export function placeOf({ providerOptions }: CallOptionsLike): Place | undefined {
  if (!isRecord(providerOptions)) return undefined;
  for (const options of Object.values(providerOptions)) {
    if (!isRecord(options)) continue;
    const { conversation, previousResponseId, thread } = options;
    if (typeof conversation === "string") return { kind: "conversation", id: conversation };
    if (typeof previousResponseId === "string") return { kind: "response", id: previousResponseId };
    if (!isRecord(thread)) continue;
    const { previousMessageId: id } = thread;
    return { kind: "thread", ...(typeof id === "string" ? { id } : {}) };
  }
  return undefined;
}

/** Whether the provider has the rounds of earlier requests, so that they are not sent again. */
export function holdsRounds(place: Place | undefined): boolean {
  return place?.kind === "conversation" || place?.kind === "thread";
}

/** The request after a hidden round. `replyId` is the id of the reply that was answered. */
export function nextRequest<Params extends CallOptionsLike>(
  params: Params,
  content: readonly Part[],
  answers: readonly Part[],
  replyId: string | undefined,
): Params {
  const place = placeOf(params);
  const answered = toolMessage(answers);
  if (place?.kind === "conversation") return { ...params, prompt: [answered] };
  if (place?.kind === "thread" && replyId !== undefined)
    return continuedFrom({ ...params, prompt: [answered] }, replyId);
  return { ...params, prompt: [...params.prompt, assistantMessage(content), answered] };
}

/** The request with its thread continued from another message. */
function continuedFrom<Params extends CallOptionsLike>(params: Params, messageId: string): Params {
  const thread = { type: "continue", previousMessageId: messageId };
  const options = Object.entries(params.providerOptions ?? {}).map(([provider, fields]) => [
    provider,
    isRecord(fields) && isRecord(fields.thread) ? { ...fields, thread } : fields,
  ]);
  return { ...params, providerOptions: Object.fromEntries(options) };
}

/** Calls on the provider's side that wait for an answer. */
interface Waiting {
  readonly calls: readonly Part[];
  /** The prompt that is on the provider's side already, as JSON; absent where the caller got a reply to it. */
  readonly prompt?: string;
  /** The message to continue from instead of the one the caller knows. */
  readonly from?: string;
}

/** Places with unanswered calls that an instance knows. */
const MAX_PLACES = 500;

export interface Unanswered {
  /** A mixed turn: the next request at this place answers the caller's calls and has to answer ours. */
  mixed(params: CallOptionsLike, replyId: string | undefined, calls: readonly Part[]): void;
  /** A hidden round whose next request is on its way. */
  started(params: CallOptionsLike, replyId: string | undefined, calls: readonly Part[]): void;
  /** The provider has replied to what was sent to this place. */
  settled(params: CallOptionsLike): void;
  /**
   * The request with the answers that its place waits for; the same request where it waits for none.
   *
   * @param original its prompt as the caller made it
   */
  answer<Params extends CallOptionsLike>(
    params: Params,
    original: readonly unknown[],
    answersTo: (calls: readonly Part[]) => Promise<readonly Part[]>,
  ): Promise<Params>;
}

export function unanswered(): Unanswered {
  const places = lru<string, Waiting>({ max: MAX_PLACES });
  return {
    mixed(params, replyId, calls) {
      const place = placeOf(params);
      const id = place?.kind === "conversation" ? place.id : replyId;
      if (id !== undefined && calls.length > 0) places.set(id, { calls });
    },
    started(params, replyId, calls) {
      const place = placeOf(params);
      if (!holdsRounds(place) || place?.id === undefined) return;
      const prompt = JSON.stringify(params.prompt);
      if (place.kind === "conversation") places.set(place.id, { calls, prompt });
      else if (replyId !== undefined) places.set(place.id, { calls, prompt, from: replyId });
    },
    settled(params) {
      const place = placeOf(params);
      // What a response waits for stays: a caller may continue it more than once.
      if (holdsRounds(place) && place?.id !== undefined) places.delete(place.id);
    },
    async answer(params, original, answersTo) {
      const place = placeOf(params);
      const waiting = place?.id === undefined ? undefined : places.get(place.id);
      if (!waiting) return params;
      const answers = await answersTo(waiting.calls);
      const isSame = waiting.prompt !== undefined && waiting.prompt === JSON.stringify(original);
      const prompt = isSame ? [toolMessage(answers)] : withAnswers(params.prompt, answers);
      const next = { ...params, prompt };
      return waiting.from === undefined ? next : continuedFrom(next, waiting.from);
    },
  };
}

/** The answers beside those of the caller, else before all he says. */
function withAnswers(prompt: readonly unknown[], answers: readonly Part[]): readonly unknown[] {
  const start = prompt.findIndex((message) => !isMessage(message) || message.role !== "system");
  const at = start < 0 ? prompt.length : start;
  const places = [at, prompt.length - 1];
  for (const index of places) {
    const message = prompt[index];
    if (!isMessage(message) || message.role !== "tool") continue;
    const known = new Set(partsOf(message).map(({ toolCallId }) => toolCallId));
    const missing = answers.filter(({ toolCallId }) => !known.has(toolCallId));
    return prompt.with(index, { ...message, content: [...partsOf(message), ...missing] });
  }
  return prompt.toSpliced(at, 0, toolMessage(answers));
}
