/**
 * One request that may be compressed, and its reply.
 *
 * `headroomFetch` of core does the work, as in the wrapped SDK clients. Beneath it stands a `fetch` over `undici` that sends the
 * client's own headers and, where nothing changed, the client's own bytes (`upstream-fetch.ts`). Whatever goes wrong before the
 * provider was asked, the request goes out as it came. Where it takes too long, messages that were sent shortened before stay so, and
 * the others go out as they came.
 */
import { isUtf8 } from "node:buffer";
import type { Fetch } from "@headroom/core/wire";
import type { Admission } from "./admission.ts";
import { decoded } from "./coding.ts";
import { headerOf, pairsOf } from "./headers.ts";
import type { Observation } from "./observe/observation.ts";
import type { Upstream, UpstreamResponse } from "./upstream.ts";
import {
  type ClientRequest,
  type Exchange,
  isEventStream,
  withExchange,
} from "./upstream-fetch.ts";

/** What goes back to the client: the provider's response as it came, or one whose body was made here. */
export type Reply =
  | { readonly raw: UpstreamResponse }
  | { readonly raw: UpstreamResponse; readonly bytes: Buffer }
  | { readonly like: UpstreamResponse; readonly body: ReadableStream<Uint8Array> | string };

export interface ExchangeOptions {
  readonly upstream: Upstream;
  readonly admission: Admission;
  /** Milliseconds from the first look at the bytes until the provider is asked. */
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
  readonly seen: Observation;
}

/** Milliseconds in which a request whose time is over is written with what is known of its messages. */
const GRACE_MS = 20;

/** The provider ended in the middle of its reply. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}

/** The reply to a request, compressed or not. Rejects where the provider cannot be reached, with `CutOff` where it left. */
export async function exchange(
  request: ClientRequest,
  fetch: Fetch,
  options: ExchangeOptions,
): Promise<Reply> {
  const { upstream, admission, deadlineMs, seen } = options;
  let timer: NodeJS.Timeout | undefined;
  let leave = (): void => {};
  let tellLate = (): void => {};
  const state: Exchange = {
    request,
    plain: undefined,
    asked: false,
    abandoned: false,
    late: new Promise((resolve) => {
      tellLate = resolve;
    }),
    raw: new WeakMap(),
    seen,
    started() {
      clearTimeout(timer);
      leave();
    },
  };
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => {
      // Once the provider was asked, there is no way back.
      if (state.asked) return;
      seen.failedOpen("deadline");
      tellLate();
      timer = setTimeout(() => {
        // From here on nothing is sent for it.
        if (state.asked) return;
        state.abandoned = true;
        resolve("late");
      }, GRACE_MS);
    }, deadlineMs);
  });
  const asItCame = async (): Promise<Reply> => {
    state.abandoned = true;
    seen.asked(false);
    return { raw: await upstream.send({ ...request, ...request.target, body: request.bytes }) };
  };
  try {
    leave = await admission.enter(request.bytes.length, state.late);
    const reply = await Promise.race([attempt(state, fetch, options), late]);
    if (reply !== "late" && reply !== undefined) return reply;
    return await asItCame();
  } catch (error) {
    if (state.reply !== undefined) throw new CutOff("The reply was cut off.", { cause: error });
    if (state.asked || state.abandoned || request.signal.aborted) throw error;
    seen.failedOpen("compression");
    return await asItCame();
  } finally {
    clearTimeout(timer);
    leave();
  }
}

/** The reply to what became of the request; `undefined` for one that is to be sent as it came. */
async function attempt(
  state: Exchange,
  fetch: Fetch,
  { maxBodyBytes, seen }: ExchangeOptions,
): Promise<Reply | undefined> {
  const { request } = state;
  const { target, method, headers, signal } = request;
  const coding = headerOf(headers, "content-encoding");
  const bytes = await decoded(request.bytes, coding, maxBodyBytes);
  if (bytes === undefined) {
    seen.failedOpen("decode");
    return undefined;
  }
  if (!isUtf8(bytes) || bytes.length === 0) return undefined;
  const text = bytes.toString();
  state.plain = { bytes, text };
  const init = withExchange({ method, headers: pairsOf(headers), body: text, signal }, state);
  const response = await fetch(`${target.origin}${target.path}`, init);
  const raw = state.raw.get(response);
  if (raw) return { raw };
  const like = state.reply;
  if (like === undefined) throw new Error("A response came from nowhere.");
  if (isEventStream(like) && response.body)
    return { like: { ...like, status: response.status }, body: response.body };
  const body = await response.text();
  const { whole } = state;
  // The last of several replies has headers of its own.
  if (whole?.of === like && whole.text === body) return { raw: like, bytes: whole.bytes };
  return { like: { ...like, status: response.status }, body };
}
