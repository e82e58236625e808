/**
 * Histories that the provider holds: OpenAI conversations, responses continued by their id, Anthropic message threads.
 *
 * There a hidden round stands on the provider's side as soon as it was asked. The next request continues from it instead of
 * repeating the prompt, and a call that was not answered (the caller's own came first; the next request failed or was aborted) is
 * answered by the next request, whatever that is: with one call unanswered providers refuse all that follows.
 */
import { type Asides, isRecord, lru, type Round, type Turn } from "@headroom/core/kit";
import { answersOf, assistantMessage, callPart, toolMessage } from "./history.ts";
import { isClientCall, isRetrieveCall } from "./retrieval.ts";
import { type CallOptionsLike, isMessage, type Part, partsOf } from "./spec.ts";

/** Where a history is held; `id` is what the request names: a conversation, a response, a message of a thread. */
export interface Place {
  readonly kind: "conversation" | "response" | "thread";
  readonly id?: string;
}

/** The place a request names, whichever of OpenAI's and Anthropic's providers it is for. */
export function placeOf({ providerOptions }: CallOptionsLike): Place | undefined {
  for (const options of Object.values(providerOptions ?? {})) {
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

/** Whether the provider may take away earlier messages before the model reads the rest: nothing should refer to them. */
export function mayDrop({ providerOptions }: CallOptionsLike): boolean {
  return Object.values(providerOptions ?? {}).some((options) => {
    if (!isRecord(options)) return false;
    const { contextManagement: management, truncation } = options;
    const edits: unknown = isRecord(management) ? management.edits : management;
    const drops = (edit: unknown): boolean =>
      !isRecord(edit) || !String(edit.type).startsWith("clear_thinking");
    return truncation === "auto" || (Array.isArray(edits) && edits.some(drops));
  });
}

/** Whether the provider has the rounds of earlier requests, so that they are not sent again. */
export function holdsRounds(place: Place | undefined): boolean {
  return place?.kind === "conversation" || place?.kind === "thread";
}

/** The request after hidden rounds. */
export function nextRequest(
  params: CallOptionsLike,
  rounds: readonly Round<Part>[],
): CallOptionsLike {
  const place = placeOf(params);
  const last = rounds.at(-1);
  if (last && place?.kind === "conversation")
    return { ...params, prompt: [toolMessage(answersOf(last))] };
  if (last && place?.kind === "thread" && last.turn.id !== undefined)
    return continuedFrom({ ...params, prompt: [toolMessage(answersOf(last))] }, last.turn.id);
  const exchanges = rounds.flatMap((round) => [
    assistantMessage(round.turn.items),
    toolMessage(answersOf(round)),
  ]);
  return { ...params, prompt: [...params.prompt, ...exchanges] };
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

/** Calls on the provider's side that wait for an answer. JSON. */
export interface Waiting {
  readonly calls: readonly Part[];
  /** Names the prompt that is on the provider's side already; absent where the caller got a reply to it. */
  readonly prompt?: string;
  /** The message to continue from instead of the one the caller knows. */
  readonly from?: string;
}

/** Conversations with unanswered calls that an instance knows. */
const MAX_CONVERSATIONS = 500;
/** Hidden rounds of one thread that failed one after the other. */
const MAX_ROUNDS = 32;

/** One call of the caller, as the provider's side sees it. */
export interface HeldCall {
  /** A hidden round is to be answered with a request that may fail. */
  asks(turn: Turn<Part>): Promise<void>;
  /** The provider has replied to what was sent. */
  settled(): void;
  /** A turn that goes back to the caller with calls of ours unanswered. */
  leaves(turn: Turn<Part>): Promise<void>;
}

export interface Unanswered {
  call(params: CallOptionsLike, isStored: boolean): HeldCall;
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

/**
 * @param kept by the ids that a next request names: replies and calls of the caller
 * @param nameOf a short name of a text
 */
export function unanswered(kept: Asides<Waiting>, nameOf: (text: string) => string): Unanswered {
  // A conversation keeps its id over all turns, and what is kept for other processes cannot change.
  const conversations = lru<string, Waiting>({ max: MAX_CONVERSATIONS });
  const nameOfPrompt = (prompt: readonly unknown[]): string => nameOf(JSON.stringify(prompt));

  const waitingAt = async (params: CallOptionsLike): Promise<Waiting | undefined> => {
    const { kind, id } = placeOf(params) ?? {};
    if (id === undefined) return undefined;
    if (kind === "conversation" && conversations.peek(id)) return conversations.get(id);
    const [sibling] = siblingsIn(params.prompt);
    let found = kind === "conversation" ? undefined : await kept.find(id);
    // A continuation that failed may have been tried again, and have failed again.
    for (let round = 0; found?.from !== undefined && round < MAX_ROUNDS; round++) {
      const next = await kept.find(found.from);
      if (next === undefined) break;
      found = next;
    }
    return found ?? (sibling === undefined ? undefined : await kept.find(sibling));
  };

  return {
    call(params, isStored) {
      const place = placeOf(params);
      /** The message that the next hidden round continues. */
      let continued = place?.kind === "thread" ? place.id : undefined;
      return {
        async asks({ items, id }) {
          if (place?.id === undefined || !holdsRounds(place)) return;
          const calls = items.filter(isRetrieveCall).map(callPart);
          const waiting = { calls, prompt: nameOfPrompt(params.prompt) };
          if (place.kind === "conversation") conversations.set(place.id, waiting);
          else if (continued !== undefined && id !== undefined) {
            await kept.keep([continued], { ...waiting, from: id });
            continued = id;
          }
        },
        settled() {
          if (place?.kind === "conversation" && place.id !== undefined)
            conversations.delete(place.id);
        },
        async leaves({ items, id }) {
          const calls = items.filter(isRetrieveCall).map(callPart);
          if (calls.length === 0 || !(isStored || place)) return;
          if (place?.kind === "conversation" && place.id !== undefined)
            conversations.set(place.id, { calls });
          const siblings = items
            .filter((part) => isClientCall(part) && !isRetrieveCall(part))
            .map(({ toolCallId }) => String(toolCallId));
          await kept.keep([...(id === undefined ? [] : [id]), ...siblings], { calls });
        },
      };
    },
    async answer(params, original, answersTo) {
      const waiting = await waitingAt(params);
      if (!waiting) return params;
      const answers = await answersTo(waiting.calls);
      const isSame = waiting.prompt !== undefined && waiting.prompt === nameOfPrompt(original);
      const prompt = isSame ? [toolMessage(answers)] : withAnswers(params.prompt, answers);
      const next = { ...params, prompt };
      return waiting.from === undefined ? next : continuedFrom(next, waiting.from);
    },
  };
}

/** Ids of the caller's calls that a prompt answers without showing them. */
function siblingsIn(prompt: readonly unknown[]): readonly string[] {
  const first = prompt.find((message) => isMessage(message) && message.role !== "system");
  if (!isMessage(first) || first.role !== "tool") return [];
  return partsOf(first).flatMap(({ toolCallId }) =>
    typeof toolCallId === "string" ? [toolCallId] : [],
  );
}

/** The answers beside those of the caller, else before all he says. */
function withAnswers(prompt: readonly unknown[], answers: readonly Part[]): readonly unknown[] {
  const start = prompt.findIndex((message) => !isMessage(message) || message.role !== "system");
  const at = start < 0 ? prompt.length : start;
  for (const index of [at, prompt.length - 1]) {
    const message = prompt[index];
    if (!isMessage(message) || message.role !== "tool") continue;
    const known = new Set(partsOf(message).map(({ toolCallId }) => toolCallId));
    const missing = answers.filter(({ toolCallId }) => !known.has(toolCallId));
    return prompt.with(index, { ...message, content: [...partsOf(message), ...missing] });
  }
  return prompt.toSpliced(at, 0, toolMessage(answers));
}
