import type { Decision, FinishedBlock, PlacedBlock } from "./block.ts";
import { guessBudget } from "./ccr/guess-budget.ts";
import type { RetrieveResult } from "./ccr/page.ts";
import { isInScope, refScope } from "./ccr/ref.ts";
import { type RetrieveRequest, readRetrieveRequest, refIn } from "./ccr/request.ts";
import type { RetrieveOptions } from "./ccr/retrieve.ts";
import { retrieveToolSpec, type ToolSpec } from "./ccr/tool.ts";
import type { Engine } from "./decide.ts";
import { loadEngine, type StageDefaults } from "./engine.ts";
import { HeadroomError, InvalidOptionError } from "./errors.ts";
import { settle } from "./forms/pace.ts";
import { scheduler } from "./forms/schedule.ts";
import type { Session, SessionCost } from "./history/cost.ts";
import type { PriceTable } from "./history/prompt-cache.ts";
import type { Stability } from "./history/stability.ts";
import { adapterFor } from "./messages/index.ts";
import {
  checkViews,
  FROZEN_MESSAGES,
  type HeadroomOptions,
  isCount,
  isSignal,
  isToolModes,
  losslessOnly,
  resolveOptions,
  TOOL_MODES,
} from "./options.ts";
import { loadOnce, type Parts } from "./parts.ts";
import { type CompressResult, type CompressTextResult, totalsOf } from "./result.ts";
import { parameterJoiner, resultCache } from "./result-cache.ts";
import { type Run, run } from "./run.ts";
import { warningsOf } from "./save.ts";
import { sentViews } from "./sent.ts";
import { counterKey } from "./tokens/choice.ts";
import { readTranscript, writeTranscript } from "./transcript.ts";
import type { MessageAdapter } from "./types/message.ts";
import type { BlockReport, Outcome } from "./types/report.ts";

/** What a single call may add to an instance's options. */
export interface CallOptions {
  /** The question the texts should answer. @default the instance's `query`, else the latest user text before each block */
  readonly query?: string;
  /** When it fires, the call rejects with its reason. @default the instance's `signal` */
  readonly signal?: AbortSignal;
  /**
   * For a request whose model cannot retrieve. `true`: lossless forms only, whatever `mode` and `tools` say. `"new"`: the same for
   * texts that come up for the first time; those that were shortened in an earlier request keep their bytes, so that the provider's
   * prompt cache stays warm, and texts that came up in such a call stay lossless in later ones. A text counts as shortened earlier
   * when an instance over the same store has done it, in this process or, where the store outlives it, in another one. `audit` and `"exclude"` stay what they are.
   * @default false
   */
  readonly lossless?: boolean | "new";
  /**
   * Tool names or globs of this call, over the instance's `tools`: `"exclude"` for tools whose results code reads.
   * @default the instance's `tools` alone
   */
  readonly tools?: HeadroomOptions["tools"];
  /** So many of the first messages of this call stay as they are. @default the instance's `frozenMessages` */
  readonly frozenMessages?: number;
  /** Milliseconds; blocks not done by then stay as they are, in later calls as well. @default the instance's `deadlineMs` */
  readonly deadlineMs?: number;
  /** False for a request of which the provider may drop earlier messages: nothing refers to them. @default the instance's `repeats` */
  readonly repeats?: boolean;
  /** Counts with the counter of this model, unless the instance has a `tokenCounter`. @default the instance's `model` */
  readonly model?: string;
}

/** What a single retrieval may add to an instance's options. */
export interface RetrieveCallOptions
  extends Pick<CallOptions, "model">,
    Pick<RetrieveOptions, "maxTokens" | "signal"> {}

/** What is known about a text that does not come in a message. */
export interface CompressTextOptions extends CallOptions {
  /** Name of the tool that produced the text. */
  readonly toolName?: string;
  /** True when the tool reported a failure. Such texts stay as they are up to 2,000 tokens. @default false */
  readonly isError?: boolean;
}

/** What an instance has done since it was made. */
export interface HeadroomStats {
  /** Calls of `compress` and `compressText`. */
  readonly calls: number;
  /** Calls of `retrieve`. */
  readonly retrievals: number;
  /** Sum of `tokensBefore` over all calls. */
  readonly tokensBefore: number;
  /** Sum of `tokensAfter` over all calls. */
  readonly tokensAfter: number;
  /** Blocks by outcome, over all calls. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** What the store says of itself now; see `CcrStore.warnings`. Absent without a store. */
  readonly store?: { readonly name: string; readonly warnings: readonly string[] };
}

/** One configured instance. It remembers results of earlier turns. */
export interface Headroom {
  /**
   * Compresses the messages of one request. Content never makes it reject. It rejects with `InvalidOptionError` for wrong call
   * options, with `HeadroomError` when `messages` is no array, with the signal's reason, and with what a hook throws.
   */
  compress<Message>(
    messages: readonly Message[],
    call?: CallOptions,
  ): Promise<CompressResult<Message>>;
  /** Compresses one text as if it were a tool result. Rejects as `compress` does. */
  compressText(text: string, call?: CompressTextOptions): Promise<CompressTextResult>;
  /** The answer `compress` would give. Nothing is stored, and of the hooks only `beforeCompress` is called. */
  simulate<Message>(
    messages: readonly Message[],
    call?: CallOptions,
  ): Promise<CompressResult<Message>>;
  /**
   * Serves a part of an original. Rejects with `HeadroomError` when the instance has no store or the store fails, and with the
   * signal's reason when it fires.
   */
  retrieve(request: RetrieveRequest, call?: RetrieveCallOptions): Promise<RetrieveResult>;
  /**
   * What a recorded session costs with compression by this instance and without, request by request, at the prices and with the
   * prompt cache of a provider. Nothing is stored and no model is called. A turn is compressed as the session stood then, so the
   * time grows with its square. Rejects with `InvalidOptionError` for wrong prices, and with `HeadroomError` where the bundle has
   * no simulation in it.
   */
  cost(session: Session | readonly unknown[], prices: PriceTable): Promise<SessionCost>;
  /**
   * Compares the requests of one conversation, each with the one before: which parts of tools, system prompt and messages changed
   * and so cost cache misses, and what to do. Requests are bodies as they are sent, or lists of messages. Nothing is rewritten.
   * Rejects with `HeadroomError` where the bundle has no comparison in it.
   */
  stability(requests: readonly unknown[]): Promise<Stability>;
  /** Tools to offer the model with every request: `headroom_retrieve` where there is a store, else none. */
  readonly tools: readonly ToolSpec[];
  /** What the instance has done so far. */
  stats(): HeadroomStats;
  /** Closes the store and the runner, where they can be closed. */
  close(): Promise<void>;
}

/** What an instance has where its options do not say. Given from outside, so that bundles leave out what they never use. */
export interface Defaults extends StageDefaults {
  /** Read messages where there is no `adapter`. */
  readonly adapters: readonly MessageAdapter[];
  /** What an instance can do besides. */
  readonly parts: Parts;
}

export function headroomWith(
  { adapters, parts, ...defaults }: Defaults,
  options: HeadroomOptions,
): Headroom {
  const resolved = resolveOptions(options, adapters);
  const scope = refScope(resolved.namespace, resolved.secret);
  const memory = {
    cache: resultCache<Decision>(resolved.cacheBytes),
    join: parameterJoiner(),
    sent: sentViews(resolved.store, scope),
    parts: loadOnce(parts, resolved.cacheBytes),
  };
  const totals = { calls: 0, retrievals: 0, tokensBefore: 0, tokensAfter: 0 };
  const outcomes: Partial<Record<Outcome, number>> = {};
  const guesses = guessBudget();
  const turns = scheduler();
  /** One for each counter that calls ask for, of which there are a handful. */
  const engines = new Map<string, Promise<Engine>>();
  const engineFor = (model: string | undefined = resolved.model): Promise<Engine> => {
    const key = resolved.tokenCounter ? "own" : counterKey(model);
    let engine = engines.get(key);
    if (engine === undefined) {
      const options = model === undefined ? resolved : { ...resolved, model };
      engine = loadEngine(options, key, scope, memory, defaults).catch((error: unknown) => {
        // A vocabulary that could not be loaded now may be there next time.
        engines.delete(key);
        throw error;
      });
      engines.set(key, engine);
    }
    return engine;
  };
  const lossless = losslessOnly(resolved);
  /** What a call runs on. Rejects with an `InvalidOptionError` for options no call can have. */
  const ready = async (call: CallOptions): Promise<Engine> => {
    checkCall(call);
    checkViews(call.tools, resolved);
    if (call.repeats && !parts.repeats)
      throw new InvalidOptionError("repeats", true, "an instance with the part repeats");
    const engine = await engineFor(call.model);
    const own = call.lossless === true ? lossless : engine.options;
    const options = call.repeats === undefined ? own : { ...own, repeats: call.repeats };
    if (!call.tools) return { ...engine, options };
    // The first that matches decides.
    const wanted = {
      ...options,
      tools: { ...call.tools, ...withoutKeys(options.tools, call.tools) },
    };
    return { ...engine, options: call.lossless === true ? losslessOnly(wanted) : wanted };
  };

  const runOf = (call: CallOptions, writes: boolean): Run => {
    const signal = call.signal ?? resolved.signal;
    const losslessIfNew = call.lossless === "new";
    const { deadlineMs = resolved.deadlineMs } = call;
    return {
      writes,
      losslessIfNew,
      scheduler: turns,
      deadlineMs,
      ...(signal === undefined ? {} : { signal }),
    };
  };

  const compress = async <Message>(
    messages: readonly Message[],
    call: CallOptions,
    writes: boolean,
  ): Promise<CompressResult<Message>> => {
    if (!Array.isArray(messages))
      throw new HeadroomError(
        "invalid-messages",
        "Cannot compress messages: expected an array. Use compressText for a text.",
      );
    if (resolved.adapters.length === 0)
      throw new HeadroomError(
        "invalid-option",
        "Cannot compress messages: this instance has no adapter. Pass { adapter }, for example openaiMessages.",
      );
    const engine = await ready(call);
    const adapters = messages.map((message) => adapterFor(message, resolved.adapters));
    const reading = readTranscript(messages, adapters, engine.counter);
    const transcript = await settle(reading, turns.pace());
    const query = call.query ?? resolved.query;
    const { frozenMessages = resolved.frozenMessages } = call;
    const blocks = transcript.blocks.map((placed) => ({
      ...placed,
      ...(query === undefined ? {} : { query }),
      ...(placed.message < frozenMessages ? { block: { keep: FROZEN, ...placed.block } } : {}),
    }));
    const isPinned = engine.options.history?.isPinned;
    const frames = isPinned
      ? transcript.frames.map((frame, index) => ({
          ...frame,
          isPinned: isPinned(messages[index], index) === true,
        }))
      : transcript.frames;
    const { finished, epochs } = await run(blocks, engine, {
      ...runOf(call, writes),
      calls: transcript.calls,
      frames,
    });
    const made = assemble(
      writeTranscript(messages, adapters, blocks, finished),
      transcript.frameTokens,
      finished,
    );
    const result = epochs ? { ...made, epochs } : made;
    if (writes) count(result.blocks, result);
    if (writes) resolved.hooks?.afterCompress?.(result);
    return result;
  };

  const count = (
    rows: readonly BlockReport[],
    { tokensBefore, tokensAfter }: { tokensBefore: number; tokensAfter: number },
  ): void => {
    totals.calls++;
    totals.tokensBefore += tokensBefore;
    totals.tokensAfter += tokensAfter;
    for (const row of rows) {
      outcomes[row.outcome] = (outcomes[row.outcome] ?? 0) + 1;
      if (row.ref) guesses.stored(row.ref);
      resolved.hooks?.onBlock?.(row);
    }
  };

  return {
    compress: (messages, call = {}) => compress(messages, call, true),
    simulate: (messages, call = {}) => compress(messages, call, false),
    async compressText(text, call = {}) {
      if (typeof text !== "string")
        throw new HeadroomError(
          "invalid-messages",
          "Cannot compress text: expected a string. Use compress for messages.",
        );
      checkCall(call);
      const query = call.query ?? resolved.query;
      const placed: PlacedBlock = {
        message: 0,
        direct: true,
        block: {
          id: "text",
          role: "tool",
          text,
          ...(call.toolName === undefined ? {} : { toolName: call.toolName }),
          ...(call.isError === undefined ? {} : { isError: call.isError }),
        },
        ...(query === undefined ? {} : { query }),
      };
      const { finished } = await run([placed], await ready(call), runOf(call, true));
      const [decided] = finished;
      if (!decided) throw new Error("The pipeline lost a block.");
      const { row } = decided;
      const result: CompressTextResult = {
        text: decided.text ?? text,
        block: row,
        ...(row.ref === undefined ? {} : { ref: row.ref }),
        ...totalsOf(row.tokensBefore, row.tokensAfter),
      };
      count([row], result);
      return result;
    },
    async retrieve(request, call = {}) {
      if (!resolved.store)
        throw new HeadroomError(
          "store-failed",
          "Cannot retrieve: this instance has no store. Pass { store } to createHeadroom.",
        );
      totals.retrievals++;
      checkCall(call);
      const { counter } = await engineFor(call.model);
      const { maxTokens, signal = resolved.signal } = call;
      const asked = readRetrieveRequest(request);
      const ref = refIn(asked.hash);
      if (ref && guesses.refuses(ref)) return guesses.refusal;
      // Loaded with the first retrieval, which most requests have none of.
      const { retrieve } = await loaded(parts.retrieval, "retrieval");
      const result = await retrieve(resolved.store, asked, {
        namespace: resolved.namespace,
        secret: resolved.secret,
        tokenCounter: counter,
        ...(maxTokens === undefined ? {} : { maxTokens }),
        ...(signal === undefined ? {} : { signal }),
      });
      if (!result.found && ref && isInScope(ref, scope)) guesses.missed(ref);
      return result;
    },
    async cost(session, prices) {
      const { costOf } = await loaded(parts.analysis, "analysis");
      const { counter } = await engineFor();
      const tools = resolved.store ? [retrieveToolSpec] : [];
      return costOf(
        {
          simulate: (messages) => compress(messages, {}, false),
          tools,
          counter,
          adapters: resolved.adapters,
        },
        session,
        prices,
      );
    },
    async stability(requests) {
      const { stabilityOf } = await loaded(parts.analysis, "analysis");
      if (!Array.isArray(requests))
        throw new InvalidOptionError("requests", requests, "an array of requests");
      const { counter } = await engineFor();
      return stabilityOf(requests, { tokenCounter: counter });
    },
    tools: resolved.store ? [retrieveToolSpec] : [],
    stats: () => ({
      ...totals,
      outcomes: { ...outcomes },
      ...(resolved.store
        ? { store: { name: resolved.store.name, warnings: warningsOf(resolved.store) } }
        : {}),
    }),
    async close() {
      const runners = [...engines.values()].map(async (engine) => (await engine).runner.close?.());
      await Promise.all([resolved.store?.close?.(), ...runners]);
    },
  };
}

function loaded<Module>(
  load: (() => Promise<Module>) | undefined,
  part: keyof Parts,
): Promise<Module> {
  if (load) return load();
  throw new HeadroomError(
    "invalid-option",
    `This instance was made without the part ${JSON.stringify(part)}. Use createHeadroom of @headroom/core, or name the part.`,
  );
}

/** Why a block of the first `frozenMessages` stays. */
const FROZEN = "in the frozenMessages";

/** Throws for an option that no call can have. Unknown ones pass: callers hand on what they were given. */
function checkCall(call: CompressTextOptions): void {
  if (typeof call !== "object" || call === null)
    throw new InvalidOptionError("call", call, "an object of options");
  const { lossless } = call;
  for (const name of ["isError", "repeats"] as const)
    if (call[name] !== undefined && typeof call[name] !== "boolean")
      throw new InvalidOptionError(name, call[name], "true or false");
  if (lossless !== undefined && lossless !== "new" && typeof lossless !== "boolean")
    throw new InvalidOptionError("lossless", lossless, 'true, false or "new"');
  if (call.frozenMessages !== undefined && !isCount(call.frozenMessages))
    throw new InvalidOptionError("frozenMessages", call.frozenMessages, FROZEN_MESSAGES);
  if (call.tools !== undefined && !isToolModes(call.tools))
    throw new InvalidOptionError("tools", call.tools, TOOL_MODES);
  if (call.deadlineMs !== undefined && !(call.deadlineMs > 0))
    throw new InvalidOptionError(
      "deadlineMs",
      call.deadlineMs,
      "a positive number of milliseconds",
    );
  for (const name of ["model", "query", "toolName"] as const)
    if (call[name] !== undefined && typeof call[name] !== "string")
      throw new InvalidOptionError(name, call[name], "a string");
  // A `fetch` has null where there is no signal.
  if ((call.signal ?? undefined) !== undefined && !isSignal(call.signal))
    throw new InvalidOptionError("signal", call.signal, "an AbortSignal");
}

function withoutKeys<Value>(
  values: Readonly<Record<string, Value>>,
  others: object,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !Object.hasOwn(others, key)));
}

function assemble<Message>(
  messages: Message[],
  frameTokens: number,
  decided: readonly FinishedBlock[],
): CompressResult<Message> {
  let before = frameTokens;
  let after = frameTokens;
  let projected = frameTokens;
  for (const { row, projectedTokens } of decided) {
    before += row.tokensBefore;
    after += row.tokensAfter;
    projected += projectedTokens ?? row.tokensAfter;
  }
  const blocks = decided.map(({ row }) => row);
  return {
    messages,
    ...totalsOf(before, after),
    blocks,
    refs: [...new Set(blocks.flatMap(({ ref }) => (ref ? [ref] : [])))],
    ...(projected === after ? {} : { projected: totalsOf(before, projected) }),
  };
}
