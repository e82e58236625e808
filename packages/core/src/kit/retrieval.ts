/** Answering the `headroom_retrieve` calls of a model inside the request they were made in. */
import type { RetrieveResult } from "../ccr/page.ts";
import type { RetrieveRequest } from "../ccr/request.ts";
import { HeadroomError } from "../errors.ts";
import type { Headroom, RetrieveCallOptions } from "../headroom.ts";

/**
 * Rounds of retrieval in one request where the caller does not say. A round may hold several calls, each serves 4,000 tokens at
 * most. A model that is cut off answers without what it asked for, so the bound is there for loops, not for thrift.
 */
export const DEFAULT_MAX_RETRIEVALS = 8;

/** One answered call. */
export interface RetrievalAnswer {
  /** What the model reads. */
  readonly text: string;
  /** Absent where the original could not be read. */
  readonly result?: RetrieveResult;
}

/**
 * Answers one call with text, whatever happens: an unknown hash or a failing store is something the model has to be able to
 * read, not an exception. Only a firing `call.signal` rejects.
 *
 * @param failed told of what is not the model's doing
 */
export async function answerRetrieval(
  headroom: Pick<Headroom, "retrieve">,
  request: RetrieveRequest,
  call: RetrieveCallOptions = {},
  failed: (error: unknown) => void = () => {},
): Promise<RetrievalAnswer> {
  try {
    const result = await headroom.retrieve(request, call);
    return { text: result.text, result };
  } catch (error) {
    if (call.signal?.aborted) throw error;
    failed(error);
    const why = HeadroomError.isInstance(error) ? error.message : "the store failed.";
    const text = `The original could not be read: ${why} Try again, or run the command again if you need its output.`;
    return { text };
  }
}
