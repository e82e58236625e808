/**
 * What the caller does not see of a turn, on the parts that he does see.
 *
 * The rounds of an inline retrieval have to stand in every later request, or the model would ask again and providers would miss the
 * reasoning that a call belongs to. They travel in `providerMetadata.headroom` of the part after (or before) them: the SDK keeps
 * that in its history and in UI messages, and hands it back as `providerOptions`, so that any process can put them back. Answers
 * do not travel; they are read from the store again.
 */
import { isRecord } from "@headroom/core/kit";
import { callPart } from "./history.ts";
import { HEADROOM_RETRIEVE } from "./retrieval.ts";
import { isPart, type Metadata, type Part } from "./spec.ts";

/** What a part says in `providerMetadata.headroom`. */
export interface Mark {
  /** What stands before the part, in order: texts, reasoning and our calls, and `answers` where a round ended. */
  readonly before: readonly Part[];
  /** What stands behind it. */
  readonly after: readonly Part[];
  /** Set on reasoning that led to a hidden call: its own metadata, which providers refuse without the call. */
  readonly hidden?: Metadata;
}

/** More in one mark is not ours: a call has a few rounds of a few parts. */
const MAX_UNSEEN = 128;

/** Where the answers to the calls before it stand. `spent`: the model was told that there are no more. */
export function answersPart(spent: boolean): Part {
  return spent ? { type: "answers", spent } : { type: "answers" };
}

/** A copy that carries a mark beside what it carries already. */
export function withMark(part: Part, mark: Partial<Mark>): Part {
  const metadata = isRecord(part.providerMetadata) ? part.providerMetadata : {};
  const known = isRecord(metadata.headroom) ? metadata.headroom : {};
  const { before, after, ...others } = mark;
  const parts = {
    ...(before ? { before: before.map(nameless) } : {}),
    ...(after ? { after: after.map(nameless) } : {}),
  };
  // The SDK checks that what it keeps is JSON.
  const added: unknown = JSON.parse(JSON.stringify({ ...others, ...parts }));
  const headroom = { ...known, ...(isRecord(added) ? added : {}) };
  return { ...part, providerMetadata: { ...metadata, headroom } };
}

/** The name of our tool is known, and a history should not look as if it had been called. */
function nameless({ toolName: _, ...part }: Part): Part {
  return part as Part;
}

/** The mark of a part of a prompt, read as what may have been through a browser: nothing but our own kinds of parts is taken. */
export function markOf({ providerOptions }: Part): Mark | undefined {
  const mark = isRecord(providerOptions) ? providerOptions.headroom : undefined;
  if (!isRecord(mark)) return undefined;
  const { hidden } = mark;
  return {
    before: unseenParts(mark.before),
    after: unseenParts(mark.after),
    ...(isRecord(hidden) ? { hidden } : {}),
  };
}

function unseenParts(value: unknown): readonly Part[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_UNSEEN).filter(isPart).flatMap(unseenPart);
}

function unseenPart(part: Part): readonly Part[] {
  const { type, text, toolCallId, input, providerOptions } = part;
  const options = isRecord(providerOptions) ? { providerOptions } : {};
  switch (type) {
    case "answers":
      return [answersPart(part.spent === true)];
    case "text":
    case "reasoning":
      return typeof text === "string" ? [{ type, text, ...options }] : [];
    case "tool-call": {
      if (typeof toolCallId !== "string" || !isRecord(input)) return [];
      const call = callPart({
        ...part,
        providerMetadata: providerOptions,
        providerExecuted: false,
      });
      return [{ ...call, toolName: HEADROOM_RETRIEVE }];
    }
    default:
      return [];
  }
}

/** A part of a prompt as the provider wrote it: without our mark, reasoning with its metadata. */
export function withoutMark(part: Part, mark: Mark | undefined): Part {
  if (mark === undefined || !isRecord(part.providerOptions)) return part;
  const { headroom: _, ...others } = part.providerOptions;
  const { providerOptions: __, ...fields } = part;
  const options = { ...others, ...mark.hidden };
  return Object.keys(options).length === 0
    ? { ...fields, type: part.type }
    : { ...part, providerOptions: options };
}

/** Puts what the caller does not see on the parts he does see, in the order in which they come. */
export interface Trail {
  /** The next thing that he does not see. */
  hide(...parts: readonly Part[]): void;
  /** The next part that he sees, carrying what was hidden before it. */
  show(part: Part): Part;
  /** What no part has carried yet. */
  rest(): readonly Part[];
}

export function trail(): Trail {
  let pending: Part[] = [];
  return {
    hide(...parts) {
      pending.push(...parts);
    },
    show(part) {
      const isSure = KEPT.has(part.type);
      // The SDK leaves empty texts out.
      const carries = (isSure && part.text !== "") || OFTEN_KEPT.has(part.type);
      if (pending.length === 0 || !carries) return part;
      const marked = withMark(part, { before: pending });
      // Where a part may be left out, the one behind it carries the same, and one of them counts.
      if (isSure) pending = [];
      return marked;
    },
    rest: () => pending,
  };
}

/** Parts that keep their metadata in every history: what is generated, and the starts of a stream. */
const KEPT: ReadonlySet<string> = new Set(["text", "text-start", "tool-call"]);
/** Parts that lose it in some versions of the SDK, or that many applications leave out of a history. */
const OFTEN_KEPT: ReadonlySet<string> = new Set([
  "custom",
  "file",
  "reasoning",
  "reasoning-file",
  "reasoning-start",
]);
