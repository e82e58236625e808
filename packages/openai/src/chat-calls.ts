/**
 * The tool calls of a streamed reply.
 *
 * Trap: `index` says which call a piece belongs to, but servers leave it out, or send 0 for every call. An id that was not seen at
 * its place begins a new call; so does a name where the call before it has all its arguments.
 */
import { isRecord } from "@headroom/core/kit";
import type { Json } from "@headroom/core/wire";
import { isOurCall } from "./chat-turn.ts";
import { grow } from "./grow.ts";

interface Call {
  /** As it has to stand in the history: every field that came. */
  readonly whole: Record<string, unknown>;
  /** The server's number of the place; `undefined` where it gave none. */
  readonly index: number | undefined;
  /** The caller's number of the place, from the first piece that he sees. */
  shownAt: number | undefined;
}

export interface StreamedCalls {
  /** Adds a piece of a call; gives it as the caller may see it, `undefined` for what he does not see now. */
  take(piece: unknown): unknown;
  /** Pieces kept back because no name had come that says whose call it is. */
  rest(): readonly Json[];
  /** All calls so far, in the order in which they began. */
  whole(): readonly Json[];
}

export function streamedCalls(): StreamedCalls {
  const calls: Call[] = [];

  const callOf = (piece: Json): Call => {
    const index = typeof piece.index === "number" ? piece.index : undefined;
    const known = knownCall(calls, piece, index);
    if (known) return known;
    const call = { whole: {}, index, shownAt: undefined };
    calls.push(call);
    return call;
  };

  /** The server's own number where it can be: then the bytes stay the server's too. */
  const placeOf = ({ index }: Call): number => {
    const shown = new Set(calls.flatMap(({ shownAt }) => shownAt ?? []));
    const isHiddenBefore = (other: Call): boolean =>
      isOurCall(other.whole) && other.index !== undefined && other.index < (index ?? 0);
    let at = index === undefined ? shown.size : index - calls.filter(isHiddenBefore).length;
    while (shown.has(at)) at++;
    return at;
  };

  const numbered = (piece: Json, call: Call): Json => {
    call.shownAt ??= placeOf(call);
    return piece.index === call.shownAt ? piece : { ...piece, index: call.shownAt };
  };

  return {
    take(piece) {
      if (!isRecord(piece)) return piece;
      const call = callOf(piece);
      const { index: _, ...fields } = piece;
      const isFirst = Object.keys(call.whole).length === 0;
      const saidAgain = !isFirst && isRepeated(call.whole, piece);
      if (!saidAgain) grow(call.whole, fields);
      if (isOurCall(call.whole) || !isNamed(call.whole)) return undefined;
      const keptBack = call.shownAt === undefined && !isFirst;
      return numbered(keptBack ? { ...structuredClone(call.whole) } : piece, call);
    },
    rest: () =>
      calls
        .filter(({ whole }) => !isNamed(whole))
        .map((call) => numbered(structuredClone(call.whole), call)),
    whole: () => calls.map(({ whole }) => whole),
  };
}

function knownCall(
  calls: readonly Call[],
  piece: Json,
  index: number | undefined,
): Call | undefined {
  const id = typeof piece.id === "string" && piece.id !== "" ? piece.id : undefined;
  const here = index === undefined ? calls : calls.filter((call) => call.index === index);
  const same = id === undefined ? undefined : here.findLast(({ whole }) => whole.id === id);
  const last = same ?? here.at(-1);
  if (!last) return undefined;
  if (same)
    return beginsAnother(same.whole, piece) && !isRepeated(same.whole, piece) ? undefined : same;
  if (id !== undefined) return last.whole.id === undefined ? last : undefined;
  return beginsAnother(last.whole, piece) ? undefined : last;
}

/** Without an id: a name that is said again with nothing whole beside it belongs to the call before. */
function beginsAnother(last: Json, piece: Json): boolean {
  const known = calledOf(last);
  const called = calledOf(piece);
  if (known.name === undefined || called.name === undefined) return false;
  if (called.name === known.name && !isWhole(called.arguments)) return false;
  return isWhole(known.arguments);
}

/** The whole call once more, as some servers send it at the end. */
function isRepeated(known: Json, piece: Json): boolean {
  const { arguments: args } = calledOf(piece);
  return piece.id === known.id && args === calledOf(known).arguments && isWhole(args);
}

function isWhole(args: unknown): boolean {
  if (typeof args !== "string") return false;
  try {
    return isRecord(JSON.parse(args));
  } catch {
    return false;
  }
}

function calledOf(call: Json): Json {
  if (isRecord(call.function)) return call.function;
  return isRecord(call.custom) ? call.custom : {};
}

function isNamed(call: Json): boolean {
  return typeof calledOf(call).name === "string";
}
