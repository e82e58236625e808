/**
 * What becomes of a request: hidden exchanges put back, messages compressed, the retrieve tool offered.
 *
 * Only what changed is written anew: every other byte of a body is the one the client wrote (`splice.ts`). A body that cannot be
 * changed in places is sent as it is.
 */
import { isRetrieveToolName, retrieveToolSpec, takesHash } from "../ccr/tool.ts";
import { createHeadroom } from "../create.ts";
import { settle } from "../forms/pace.ts";
import { scheduler } from "../forms/schedule.ts";
import type { CallOptions, Headroom } from "../headroom.ts";
import { guardedHooks, reporter } from "../inline/answer.ts";
import { isRecord } from "../kit/json.ts";
import type { HeadroomOptions } from "../options.ts";
import type { CompressResult } from "../result.ts";
import type { MessageAdapter } from "../types/message.ts";
import { type Json, parseJson } from "./json.ts";
import { type Earlier, knownMessages } from "./known.ts";
import type { WireOptions } from "./options.ts";
import { type Memory, memory, readParts, writeParts } from "./parts.ts";
import type { WireProtocol } from "./protocol.ts";
import { rememberingAdapter } from "./remembering-adapter.ts";
import { areSameRows } from "./same-rows.ts";
import { type Patch, patched, spliceJson } from "./splice.ts";

export interface WireRequest {
  readonly text: string;
  /** What made it of the text that was given. Absent where it was made in another way. */
  readonly patches?: readonly Patch[];
  readonly body: Json;
  /** The body as the caller wrote it. */
  readonly original: Json;
  /** Retrievals of the reply are answered here. */
  readonly answersInline: boolean;
  /** A shortened text stands in it: a retrieval is likely. */
  readonly marked: boolean;
  readonly headroom: Headroom;
  /** The model that reads it, as an option of a call; empty where the caller's options name one. */
  readonly model: Pick<CallOptions, "model">;
}

interface CallContext {
  readonly signal: AbortSignal | undefined;
  readonly deadlineMs: number | undefined;
  /** Is told what became of the messages. */
  readonly compressed: (result: CompressResult<unknown>) => void;
  readonly late: Promise<void> | undefined;
  isLate(): boolean;
  readonly earlier: Earlier;
}

type Rewritten = Omit<WireRequest, "text" | "patches">;

export type PrepareRequest = (
  protocol: WireProtocol,
  path: string,
  text: string,
  signal: AbortSignal | undefined,
  compressed: (result: CompressResult<unknown>) => void,
  /** Once it resolves, nothing is waited for: what was sent shortened before stays so, and the rest is sent as it is. */
  late?: Promise<void>,
) => Promise<WireRequest | undefined>;

/**
 * @returns a function that gives `undefined` for what is to be sent as it is
 * @throws InvalidOptionError
 */
export function requests(protocols: readonly WireProtocol[], options: WireOptions): PrepareRequest {
  const { retrieval = "inline", injectTool = "auto" } = options;
  const report = reporter(options.onError);
  const measuresOnly = isAudit(options);
  const instances = new Map<MessageAdapter, Headroom>();
  const headroomFor = ({ adapter }: WireProtocol): Headroom => {
    const known = instances.get(adapter);
    if (known) return known;
    const own = { ...coreOptions(options), adapter: rememberingAdapter(adapter) };
    const headroom = createHeadroom(own);
    instances.set(adapter, headroom);
    return headroom;
  };
  // All of them now, so that wrong options are told at once and not with the first request.
  protocols.forEach(headroomFor);
  const turns = scheduler();
  const known = knownMessages();
  const memories = new Map<WireProtocol, Memory>();
  const memoryOf = (protocol: WireProtocol): Memory => {
    const known = memories.get(protocol) ?? memory();
    memories.set(protocol, known);
    return known;
  };

  const rewrite = async (
    protocol: WireProtocol,
    path: string,
    original: Json,
    inBatch: boolean,
    { signal, deadlineMs, compressed, late, isLate, earlier }: CallContext,
  ): Promise<Rewritten | undefined> => {
    const body = (await unlessLate(protocol.restore(original), late)) ?? original;
    const held = await unlessLate(protocol.heldTools?.(body), late);
    const tools = body.tools ?? [];
    const listed: readonly unknown[] = Array.isArray(tools) ? tools : [];
    const own = protocol.functionsOf?.(listed) ?? listed;
    const elsewhere = protocol.toolsElsewhere?.(body);
    const functions = [...own, ...(elsewhere?.functions ?? [])];
    const namesakes = functions.filter(isRetrieveTool);
    const answersInline =
      retrieval === "inline" &&
      options.store !== undefined &&
      Array.isArray(tools) &&
      namesakes.length === 0 &&
      !inBatch &&
      protocol.canContinue(body);
    const mayOffer =
      answersInline && (held ? held.ours : functions.length > 0 || injectTool === "always");
    const isOffered = mayOffer && !measuresOnly;
    // A tool of the caller's that only has the name of ours serves nothing.
    const canServe = mayOffer || namesakes.some((tool) => takesHash(schemaOf(tool)));
    const isReachable = retrieval !== false && canServe && protocol.mayCall(body);
    const headroom = headroomFor(protocol);
    const named = protocol.modelOf ? protocol.modelOf(path) : body.model;
    const model = options.model === undefined && typeof named === "string" ? { model: named } : {};
    const given = body[protocol.list];
    const list: readonly unknown[] = Array.isArray(given) ? given : [];
    const stopping = stopWith(signal, late);
    const compressing = headroom
      .compress(list, {
        ...model,
        tools: codeTools(functions),
        ...(protocol.mayDrop?.(body) ? { repeats: false } : {}),
        lossless: isReachable ? false : retrieval === false || inBatch ? true : "new",
        ...(stopping ? { signal: stopping } : {}),
        ...(deadlineMs === undefined ? {} : { deadlineMs }),
      })
      .then((made) => {
        if (!areSameRows(list, made.messages))
          throw new Error("Compression changed more than texts: the request is sent as it was.");
        compressed(made);
        return made;
      })
      .catch((error: unknown) => {
        if (signal?.aborted) throw error;
        if (!stopping?.aborted) report(error, "compression");
        return undefined;
      });
    const result = await unlessLate(compressing, late);
    // What became of the conversation before, the tool included, is what the provider has in its cache.
    const inHaste = isLate() && earlier.size > 0;
    // Where something hidden was put back, the provider needs it.
    if (result === undefined && body === original && !inHaste) return undefined;
    const blocks = result?.blocks ?? [];
    const made = result
      ? known.settled(list, result.messages, earlier)
      : inHaste
        ? known.inHaste(list, earlier)
        : list;
    const marked =
      inHaste ||
      blocks.some(
        ({ outcome, carriesMarker }) =>
          outcome === "compressed" || outcome === "repeated" || carriesMarker === true,
      );
    const messages = made.some((message, index) => message !== list[index])
      ? { [protocol.list]: made }
      : {};
    const changed = { ...body, ...messages };
    const offered = (): Json =>
      own.length === 0 && elsewhere
        ? elsewhere.offer(changed)
        : { ...changed, tools: protocol.offer?.(listed) ?? [...listed, protocol.tool] };
    return {
      body: isOffered && !held ? offered() : changed,
      original,
      answersInline: isOffered || (answersInline && held !== undefined),
      marked,
      headroom,
      model,
    };
  };

  return async (protocol, path, text, signal, compressed, late) => {
    const { list, eachRequest } = protocol;
    const pace = turns.pace();
    let isLate = false;
    const latest = late?.then(() => {
      isLate = true;
    });
    const parts = eachRequest
      ? undefined
      : await readParts(text, list, memoryOf(protocol), () => pace.rest());
    const body = parts?.body ?? parseJson(text);
    if (!body) return undefined;
    const call: CallContext = {
      signal,
      deadlineMs: options.deadlineFor?.(text.length),
      compressed,
      late: latest,
      isLate: () => isLate,
      earlier: parts?.earlier ?? new Map(),
    };
    // Reading megabytes is work enough for one turn.
    await unlessLate(pace.rest(), latest);
    if (!eachRequest) {
      const request = await rewrite(protocol, path, body, false, call);
      if (request === undefined) return undefined;
      await unlessLate(pace.rest(), latest);
      // Where time is over, nobody else is let in before it has gone out.
      const inTurns = { rest: () => (isLate ? undefined : pace.rest()) };
      const patches = parts && (await settle(writeParts(parts, request.body, list), inTurns));
      if (patches !== undefined) return { ...request, text: patched(text, patches), patches };
      const spliced = spliceJson(text, body, request.body);
      return spliced === undefined || !says(spliced, request.body, protocol)
        ? undefined
        : { ...request, text: spliced };
    }
    const all = await eachRequest(
      body,
      async (one) => (await rewrite(protocol, path, one, true, call))?.body ?? one,
    );
    const spliced = spliceJson(text, body, all);
    if (spliced === undefined) return undefined;
    return {
      text: spliced,
      body: all,
      original: body,
      answersInline: false,
      marked: false,
      headroom: headroomFor(protocol),
      model: {},
    };
  };
}

/** Stops work whose result nobody waits for any more. Where many are late, it would hold up those that are not. */
function stopWith(
  signal: AbortSignal | undefined,
  late: Promise<void> | undefined,
): AbortSignal | undefined {
  if (late === undefined) return signal;
  const own = new AbortController();
  const stop = (): void => own.abort(signal?.reason);
  if (signal?.aborted) stop();
  else signal?.addEventListener("abort", stop, { once: true });
  void late.then(stop);
  return own.signal;
}

/** What comes of work; `undefined` where it is late before that. */
async function unlessLate<Value>(
  work: Value | Promise<Value>,
  late: Promise<void> | undefined,
): Promise<Value | undefined> {
  return late === undefined ? work : Promise.race([work, late.then(() => undefined)]);
}

/** Nothing is shortened, so there is nothing to retrieve: requests go out as they came. */
function isAudit({ mode, tools = {} }: WireOptions): boolean {
  return (
    mode === "audit" &&
    Object.values(tools).every(
      (given) => given === "audit" || given === "exclude" || typeof given === "object",
    )
  );
}

/** Whether a text has the members and the messages that it was made to have. It costs one parse; a broken request costs the turn. */
function says(text: string, body: Json, { list }: WireProtocol): boolean {
  const back = parseJson(text);
  const [made, read] = [body[list], back?.[list]];
  return (
    back !== undefined &&
    Object.keys(body).every((name) => body[name] === undefined || Object.hasOwn(back, name)) &&
    (!Array.isArray(made) || (Array.isArray(read) && areSameRows(made, read)))
  );
}

function isRetrieveTool(tool: unknown): boolean {
  if (!isRecord(tool)) return false;
  const name = isRecord(tool.function) ? tool.function.name : tool.name;
  return typeof name === "string" && isRetrieveToolName(name);
}

/** The JSON Schema of a tool's input, in the forms of the providers. */
function schemaOf(tool: unknown): unknown {
  if (!isRecord(tool)) return undefined;
  if (isRecord(tool.function)) return tool.function.parameters;
  return tool.input_schema ?? tool.parameters ?? tool.parametersJsonSchema;
}

/** Tools that only a program of the model can call: their results are parsed in the provider's sandbox. */
function codeTools(functions: readonly unknown[]): Record<string, "exclude"> {
  const names = functions.flatMap((tool): string[] => {
    if (!isRecord(tool) || typeof tool.name !== "string") return [];
    const { allowed_callers: callers } = tool;
    return Array.isArray(callers) && !callers.includes("direct") ? [tool.name] : [];
  });
  return Object.fromEntries(names.map((name) => [name, "exclude"]));
}

/** Whether a call in a reply is one we offered. */
export function isOurs(name: unknown): boolean {
  return name === retrieveToolSpec.name;
}

function coreOptions(options: WireOptions): HeadroomOptions {
  const {
    retrieval: _,
    maxRetrievals: __,
    onRetrieval: ___,
    injectTool: ____,
    deadlineFor: _____,
    onError,
    ...core
  } = options;
  return core.hooks ? { ...core, hooks: guardedHooks(core.hooks, reporter(onError)) } : core;
}
