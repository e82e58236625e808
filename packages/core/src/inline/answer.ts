/** Answering the `headroom_retrieve` calls of a model inside the request they were made in. */
import type { RetrieveResult } from "../ccr/page.ts";
import { type RetrieveRequest, readRetrieveRequest } from "../ccr/request.ts";
import { HeadroomError } from "../errors.ts";
import type { Headroom, RetrieveCallOptions } from "../headroom.ts";
import type { Hooks } from "../options.ts";
import type { RetrievalCall } from "./dialect.ts";

/** Where an error came from that did not stop the model call. */
export type ErrorPhase = "compression" | "retrieval" | "callback";

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

/** Who answers, and who is told. */
export interface Answering {
  readonly headroom: Pick<Headroom, "retrieve">;
  readonly call?: RetrieveCallOptions;
  readonly onRetrieval?:
    | ((request: RetrieveRequest, result: RetrieveResult) => unknown)
    | undefined;
  readonly onError?: ((error: unknown, phase: ErrorPhase) => unknown) | undefined;
}

/** Answers calls as the model wrote them, in order. What `onRetrieval` throws goes to `onError`. Only a firing signal rejects. */
export function answerCalls(
  calls: readonly RetrievalCall[],
  answering: Answering,
): Promise<readonly string[]> {
  return Promise.all(calls.map(({ args }) => answerCall(args, answering)));
}

async function answerCall(
  args: unknown,
  { headroom, call, onRetrieval, onError }: Answering,
): Promise<string> {
  const report = reporter(onError);
  const asked = readRetrieveRequest(args);
  if (asked.hash.trim() === "")
    return "The arguments are not an object with a hash. Pass the 22 letters after [[hr: as hash.";
  const { text, result } = await answerRetrieval(headroom, asked, call, (error) =>
    report(error, "retrieval"),
  );
  call?.signal?.throwIfAborted();
  if (result && onRetrieval) guarded(onRetrieval, report)(asked, result);
  return text;
}

/** `onError` as it can be called anywhere: what it throws itself, at once or later, is nobody's. */
export function reporter(
  onError: ((error: unknown, phase: ErrorPhase) => unknown) | undefined,
): (error: unknown, phase: ErrorPhase) => void {
  return (error, phase) => {
    try {
      quietly(onError?.(error, phase), () => {});
    } catch {
      // A reporter that fails cannot be reported.
    }
  };
}

/** A callback whose own failure, at once or in its promise, is reported and does not become the call's. */
export function guarded<Arguments extends readonly unknown[]>(
  callback: (...values: Arguments) => unknown,
  report: (error: unknown, phase: ErrorPhase) => void,
): (...values: Arguments) => void {
  const failed = (error: unknown): void => report(error, "callback");
  return (...values) => {
    try {
      quietly(callback(...values), failed);
    } catch (error) {
      failed(error);
    }
  };
}

/** Hooks whose own failures are reported. A block whose `beforeCompress` fails is left alone. */
export function guardedHooks(
  hooks: Hooks,
  report: (error: unknown, phase: ErrorPhase) => void,
): Hooks {
  const { beforeCompress, onBlock, afterCompress } = hooks;
  return {
    ...(beforeCompress && {
      beforeCompress(block) {
        try {
          return beforeCompress.call(hooks, block);
        } catch (error) {
          report(error, "callback");
          return false;
        }
      },
    }),
    ...(onBlock && { onBlock: guarded(onBlock.bind(hooks), report) }),
    ...(afterCompress && { afterCompress: guarded(afterCompress.bind(hooks), report) }),
  };
}

function quietly(returned: unknown, failed: (error: unknown) => void): void {
  if (returned instanceof Promise) returned.catch(failed);
}
