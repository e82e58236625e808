/**
 * `POST /v1/compress`: messages in, the same rows back, for gateways and clients that compress as a step of their own.
 *
 * The reference system's protocol, as LiteLLM's and Portkey's guardrails and the npm client `headroom-ai` speak it. Rows are returned in
 * the bytes they came in, except for the texts that were shortened. Texts are left out only where `config.mode` is `"ccr"`: the caller
 * then offers his model a tool that asks `/v1/retrieve`.
 */
import type { CallOptions, CompressResult, Headroom, HeadroomOptions } from "@headroom/core";
import { refToHex } from "@headroom/core";
import { isRecord } from "@headroom/core/kit";
import { type Json, parseJson, spliceMember } from "@headroom/core/wire";
import { failure, type OwnAnswer } from "./own-answer.ts";

/** Milliseconds after which the caller is told that it takes too long. */
const TIMEOUT_MS = 30_000;

export interface CompressCall {
  /** The body as it came. */
  readonly text: string;
  readonly bypassed: boolean;
  /** Texts may be left out where the caller can retrieve. */
  readonly mayShorten: boolean;
  readonly signal: AbortSignal;
  headroom(roles?: HeadroomOptions["roles"]): Headroom;
  /** Told of a compression that the caller gets. */
  compressed?(result: CompressResult<unknown>): void;
  /** @default 30_000 */
  readonly timeoutMs?: number;
}

/** Never rejects, except for a caller who left. */
export async function answerCompress(call: CompressCall): Promise<OwnAnswer> {
  const body = parseJson(call.text);
  if (body === undefined) return failure(400, "invalid_request", "The body has to be JSON.");
  const asked = read(body);
  if (typeof asked === "string") return failure(400, "invalid_request", asked);
  const { messages, simulates, roles, options } = asked;
  const rows = (value: readonly unknown[]): string =>
    spliceMember(call.text, body, value, "messages") ?? JSON.stringify(value);
  if (call.bypassed || messages.length === 0) return answer(rows(messages), undefined);
  const timeout = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS);
  const given: CallOptions = {
    ...options,
    // The caller keeps the last question back, and the next time it is not the last: the bytes of a row must not follow it.
    query: "",
    lossless: !(call.mayShorten && asked.canRetrieve),
    signal: AbortSignal.any([call.signal, timeout]),
  };
  try {
    const headroom = call.headroom(roles);
    if (simulates)
      return answer(rows(messages), { ...(await headroom.simulate(messages, given)), refs: [] });
    const result = await headroom.compress(messages, given);
    call.compressed?.(result);
    return answer(rows(result.messages), result);
  } catch (error) {
    call.signal.throwIfAborted();
    if (timeout.aborted) return failure(503, "compression_timeout", "Compression took too long.");
    return failure(503, "compression_error", "Compression failed.", error);
  }
}

interface Asked {
  readonly messages: readonly unknown[];
  readonly canRetrieve: boolean;
  readonly simulates: boolean;
  readonly roles: HeadroomOptions["roles"];
  readonly options: Pick<CallOptions, "model" | "frozenMessages">;
}

/** What is asked, or what is wrong with it. Fields that only the reference system knows are not looked at. */
function read({ messages, model, config = {} }: Json): Asked | string {
  if (!Array.isArray(messages) || !messages.every(isRecord))
    return "messages has to be an array of objects.";
  if (model !== undefined && model !== null && typeof model !== "string")
    return "model has to be a string.";
  const settings = config ?? {};
  if (!isRecord(settings)) return "config has to be an object.";
  const frozen = settings.frozen_message_count ?? undefined;
  if (frozen !== undefined && !(Number.isSafeInteger(frozen) && (frozen as number) >= 0))
    return "config.frozen_message_count has to be a whole number from 0.";
  return {
    messages,
    canRetrieve: settings.mode === "ccr",
    simulates: settings.default_mode === "simulate" || settings.default_mode === "audit",
    roles: settings.compress_user_messages === true ? ["tool", "user"] : undefined,
    options: {
      ...(typeof model === "string" ? { model } : {}),
      ...(typeof frozen === "number" ? { frozenMessages: frozen } : {}),
    },
  };
}

/** @param rows the JSON of the messages */
function answer(rows: string, result: CompressResult<unknown> | undefined): OwnAnswer {
  const { tokensBefore = 0, tokensAfter = 0, blocks = [], refs = [] } = result ?? {};
  const transforms: Record<string, number> = {};
  for (const { outcome, compressor } of blocks)
    if ((outcome === "compressed" || outcome === "repeated") && compressor !== undefined)
      transforms[compressor] = (transforms[compressor] ?? 0) + 1;
  const rest = JSON.stringify({
    tokens_before: tokensBefore,
    tokens_after: tokensAfter,
    tokens_saved: tokensBefore - tokensAfter,
    // What is left of the tokens, as the reference system has it.
    compression_ratio: tokensBefore === 0 ? 1 : tokensAfter / tokensBefore,
    transforms_applied: Object.keys(transforms),
    transforms_summary: transforms,
    ccr_hashes: refs.map(refToHex),
  });
  return { status: 200, body: `{"messages":${rows},${rest.slice(1)}` };
}
