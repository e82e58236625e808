/**
 * One round of a stream: what of it goes on, and what is held back.
 *
 * Parts pass through as they come. Held back are our own calls; a reasoning part's end and a call of the caller's, until the next
 * part comes (what follows decides what they carry); a text's start, until it has words; and, where an object is asked for, text
 * that does not start like one (words before a retrieval would spoil it). Ids of later rounds are prefixed, because providers count
 * from 0 in every response. Source: the stream parts of `@ai-sdk/provider` 2.0 to 4.0.
 */
import { isRecord } from "@headroom/core/kit";
import { promptParts } from "./history.ts";
import { HEADROOM_RETRIEVE, isClientCall, isRetrieveCall } from "./retrieval.ts";
import type { Part } from "./spec.ts";
import { openTexts } from "./stream-texts.ts";
import { answersPart, type Mark, type Trail, withMark } from "./unseen.ts";

/** Parts that belong to no content: they never decide whether something held back is let go. */
const NEUTRAL: ReadonlySet<string> = new Set(["ping", "raw", "response-metadata", "stream-start"]);
/** Parts whose content goes into the next request; texts and reasoning are collected from their deltas. */
const CONTENT: ReadonlySet<string> = new Set([
  "custom",
  "file",
  "reasoning-file",
  "tool-approval-request",
  "tool-result",
]);

export function isNeutral({ type, kind }: Part): boolean {
  return NEUTRAL.has(type) || (type === "custom" && kind === "anthropic.message_start");
}

/** What the rounds of a call share. */
export interface StreamState {
  readonly unseen: Trail;
  /** Ids under which the caller has seen texts and reasoning of earlier rounds. */
  readonly shownIds: Set<unknown>;
  readonly wantsObject: boolean;
}

/** What one round has shown so far. */
export interface StreamRound {
  /** What the round's part lets out, in order. */
  take(part: Part): Generator<Part>;
  /** Everything held back, of the last round. */
  release(): Generator<Part>;
  /** Everything held back, of a round that goes on unseen. */
  releaseHidden(spent: boolean): Generator<Part>;
  readonly finish: Part | undefined;
  /** The round as content, for the next request. */
  readonly content: readonly Part[];
  /** Of the reply. */
  readonly replyId: string | undefined;
  /** The provider reported an error. */
  readonly failed: boolean;
}

/** @param round from 0 */
export function streamRound(
  round: number,
  { unseen, shownIds, wantsObject }: StreamState,
): StreamRound {
  const texts = openTexts();
  const { content } = texts;
  const hiddenInputs = new Set<unknown>();
  /** What a text or reasoning goes on as: its id, and the mark its start carries. */
  const shown = new Map<unknown, { readonly id: unknown; readonly mark?: Partial<Mark> }>();
  /** Parts as they came; our own calls are among them. */
  let held: Part[] = [];
  let waiting: "nothing" | "successor" | "words" | "object" = "nothing";
  let sawWords = false;
  let finish: Part | undefined;
  let replyId: string | undefined;
  let failed = false;

  /** A part on its way out. */
  const out = (part: Part): Part => {
    switch (part.type) {
      case "text-start":
      case "reasoning-start": {
        // ai 5 finds an object in texts of one id only; elsewhere an id is not used twice.
        const isTaken = wantsObject ? shownIds.has(part.id) : round > 0;
        const id = isTaken ? `hr${round}-${part.id}` : part.id;
        const start = id === part.id ? part : { ...part, id };
        const isEmpty = part.type === "text-start" && texts.get(part.id)?.text === "";
        const marked = isEmpty ? start : unseen.show(start);
        const mark = marked === start ? undefined : markIn(marked);
        shown.set(part.id, { id, ...(mark ? { mark } : {}) });
        return marked;
      }
      case "text-delta":
      case "text-end":
      case "reasoning-delta":
      case "reasoning-end": {
        const { id, mark } = shown.get(part.id) ?? { id: part.id };
        const renamed = id === part.id ? part : { ...part, id };
        // In the SDK the later metadata replaces that of the start.
        return mark && isRecord(part.providerMetadata) ? withMark(renamed, mark) : renamed;
      }
      default:
        return isNeutral(part) ? part : unseen.show(part);
    }
  };

  function* release(): Generator<Part> {
    const parts = held;
    held = [];
    waiting = "nothing";
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as Part;
      if (isRetrieveCall(part)) unseen.hide(...promptParts(part));
      else if (!isClientCall(part)) yield out(part);
      else {
        // Ours that came behind it: nothing else will carry them.
        const after: Part[] = [];
        for (let next = parts[i + 1]; next && isRetrieveCall(next); next = parts[i + 1]) {
          after.push(...promptParts(next));
          i++;
        }
        const visible = out(part);
        yield after.length === 0 ? visible : withMark(visible, { after });
      }
    }
  }

  function* releaseHidden(spent: boolean): Generator<Part> {
    const dropsText = waiting === "object";
    const parts = held;
    held = [];
    waiting = "nothing";
    for (const part of parts) {
      const text = texts.get(part.id);
      if (isRetrieveCall(part)) unseen.hide(...promptParts(part));
      else if (part.type.startsWith("text-") && (dropsText || text?.text === "")) {
        if (part.type === "text-start" && text) unseen.hide(...promptParts(text));
      } else if (part.type !== "reasoning-end") yield out(part);
      else {
        const { id, mark } = shown.get(part.id) ?? { id: part.id };
        const metadata = text?.providerMetadata;
        const hidden = isRecord(metadata) ? metadata : {};
        yield { ...withMark({ ...part, providerMetadata: {} }, { ...mark, hidden }), id };
      }
    }
    unseen.hide(answersPart(spent));
    for (const { id } of shown.values()) shownIds.add(id);
  }

  /** Lets a part out: at once, or behind what is held back. */
  function* pass(part: Part): Generator<Part> {
    if (waiting === "object" || (waiting !== "nothing" && isNeutral(part))) held.push(part);
    else {
      yield* release();
      yield out(part);
    }
  }
  /** Keeps a part until the next one is known. */
  function* hold(part: Part, until: "successor" | "words"): Generator<Part> {
    if (waiting !== "object") {
      yield* release();
      waiting = until;
    }
    held.push(part);
  }

  return {
    release,
    releaseHidden,
    content,
    get finish() {
      return finish;
    },
    get replyId() {
      return replyId;
    },
    get failed() {
      return failed;
    },
    *take(part) {
      switch (part.type) {
        case "stream-start":
          if (round === 0) yield* pass(part);
          return;
        case "response-metadata":
          if (typeof part.id === "string") replyId = part.id;
          yield* pass(part);
          return;
        case "text-start":
          texts.open(part);
          sawWords = false;
          yield* hold(part, "words");
          if (wantsObject) waiting = "object";
          return;
        case "text-delta":
          texts.add(part);
          if (waiting === "words" && part.delta === "" && !part.providerMetadata) held.push(part);
          else yield* pass(part);
          if (waiting === "object" && !sawWords) {
            const start = String(part.delta).trimStart()[0];
            sawWords = start !== undefined;
            if (start === "{" || start === "[") yield* release();
          }
          return;
        case "text-end":
          texts.add(part);
          if (waiting !== "words") yield* pass(part);
          else {
            held.push(part);
            waiting = "successor";
          }
          return;
        case "reasoning-start":
          texts.open(part);
          yield* pass(part);
          return;
        case "reasoning-delta":
          texts.add(part);
          yield* pass(part);
          return;
        case "reasoning-end":
          texts.add(part);
          yield* hold(part, "successor");
          return;
        case "tool-input-start":
          if (part.toolName === HEADROOM_RETRIEVE && part.providerExecuted !== true)
            hiddenInputs.add(part.id);
          else {
            // Some providers give several calls one id.
            hiddenInputs.delete(part.id);
            yield* pass(part);
          }
          return;
        case "tool-input-delta":
        case "tool-input-end":
          if (!hiddenInputs.has(part.id)) yield* pass(part);
          return;
        case "tool-call":
          content.push(part);
          if (isRetrieveCall(part)) {
            if (waiting === "nothing") unseen.hide(...promptParts(part));
            else held.push(part);
          } else if (isClientCall(part)) yield* hold(part, "successor");
          else yield* pass(part);
          return;
        case "finish":
          finish = part;
          return;
        case "error":
          failed = true;
          yield* release();
          yield part;
          return;
        default:
          if (CONTENT.has(part.type) && part.preliminary !== true) content.push(part);
          yield* pass(part);
      }
    },
  };
}

function markIn({ providerMetadata }: Part): Partial<Mark> | undefined {
  const mark = isRecord(providerMetadata) ? providerMetadata.headroom : undefined;
  return isRecord(mark) ? mark : undefined;
}
