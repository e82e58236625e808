/** What a tool answers, and how errors are told to a model. */
import { HeadroomError } from "@headroom/core";
import type { CallToolResult } from "@modelcontextprotocol/server";

/** @param texts one block each; the last one is the content that was asked for */
export function answer(texts: readonly string[], structured: object): CallToolResult {
  return {
    content: texts.map((text) => ({ type: "text", text })),
    structuredContent: { ...structured },
  };
}

/** Clients end a connection that brings 10 MB at once, and an answer may have its text twice, with escapes. */
export const MAX_ANSWER_CHARS = 2_000_000;

/** An answer that clients can take, else in words that it is too long. */
export function bounded(result: CallToolResult): CallToolResult {
  const chars = result.content.reduce((sum, part) => {
    return sum + (part.type === "text" ? part.text.length : 0);
  }, 0);
  if (chars <= MAX_ANSWER_CHARS) return result;
  return failure(
    `This answer would have ${(chars / 1_000_000).toFixed(1)} million characters, more than clients take. Ask for a part: headroom_retrieve serves any lines, rows or matches of an original.`,
  );
}

/** What went wrong and what to do, for the model to read. */
export function failure(words: string): CallToolResult {
  return { content: [{ type: "text", text: words }], isError: true };
}

/** Something the model can put right, said to it in these words. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** The answer for what a tool threw. A client that left is not answered. */
export function failureOf(error: unknown, signal: AbortSignal): CallToolResult {
  signal.throwIfAborted();
  if (error instanceof ToolError) return failure(error.message);
  if (HeadroomError.isInstance(error))
    return failure(
      error.code === "store-failed"
        ? `The store of originals failed: ${error.message} Try once more; if it fails again, run the command or read the file again without headroom.`
        : error.message,
    );
  return failure("headroom failed at this call. Go on without it: read or run it directly.");
}
