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
