/**
 * A value that comes in pieces, put together.
 *
 * Servers add fields of their own to a streamed message (`reasoning_details`, `extra_content` with Gemini's thought signature) and
 * refuse the next request when they are gone: whatever comes is kept.
 */
import { isRecord } from "@headroom/core/kit";
import type { Json } from "@headroom/core/wire";

/** Strings that go on with every piece. All others are said whole, once or again with every piece. */
const IN_PIECES = new Set([
  "arguments",
  "content",
  "data",
  "input",
  "reasoning",
  "reasoning_content",
  "refusal",
  "summary",
  "text",
  "thinking",
]);
/** Nothing that is streamed nests deeper; what stands deeper is taken from the later piece whole. */
const MAX_DEPTH = 16;

/**
 * Adds a piece to what came before. `whole` is changed, `piece` is not.
 *
 * @param goesOn which strings go on with every piece, at the top; @default those known to
 */
export function grow(
  whole: Record<string, unknown>,
  piece: Json,
  goesOn: (key: string) => boolean = isInPieces,
): void {
  growUpTo(MAX_DEPTH, whole, piece, goesOn);
}

function isInPieces(key: string): boolean {
  return IN_PIECES.has(key);
}

function growUpTo(
  depth: number,
  whole: Record<string, unknown>,
  piece: Json,
  goesOn = isInPieces,
): void {
  for (const [key, value] of Object.entries(piece)) {
    if (value === null || value === undefined) continue;
    const known = whole[key];
    if (typeof known === "string" && typeof value === "string" && goesOn(key))
      whole[key] = known + value;
    // Said before, and not repeated.
    else if (typeof known === "string" && value === "") continue;
    else if (depth > 0 && isRecord(known) && isRecord(value)) growUpTo(depth - 1, known, value);
    else if (depth > 0 && Array.isArray(known) && Array.isArray(value))
      for (const entry of value) growList(depth - 1, known, entry);
    else whole[key] = structuredClone(value);
  }
}

/** Entries that carry the same index and type are pieces of one. */
function growList(depth: number, list: unknown[], entry: unknown): void {
  const known =
    isRecord(entry) && typeof entry.index === "number"
      ? list.findLast((other) => isRecord(other) && other.index === entry.index)
      : undefined;
  if (isRecord(known) && isRecord(entry) && known.type === entry.type)
    growUpTo(depth, known, entry);
  else list.push(structuredClone(entry));
}
