/** Options of the middleware: those of `createHeadroom`, and what concerns retrieval and reporting. */
import { type Headroom, type HeadroomOptions, InvalidOptionError } from "@headroom/core";
import {
  type CompressionEvent,
  DEFAULT_MAX_RETRIEVALS,
  guarded,
  guardedHooks,
  lru,
  reporter,
} from "@headroom/core/kit";
import { createHeadroom } from "./create-headroom.ts";
import type { ErrorPhase, RetrievalEvent } from "./events.ts";
import { aiSdkMessages, aiSdkMessagesWith } from "./messages.ts";

/** Options of `createHeadroom`, except the message lens; a call's own `abortSignal` is used as the signal. */
export type HeadroomAiSdkOptions = Omit<HeadroomOptions, "adapter" | "signal">;

/**
 * Who answers `headroom_retrieve`: the middleware, unseen (`"inline"`), the caller's tool loop (`"tool"`, with
 * `headroomTools`), or nobody (`false`: then nothing is left out, only lossless forms are used).
 */
export type RetrievalMode = "inline" | "tool" | false;

export interface HeadroomMiddlewareOptions extends HeadroomAiSdkOptions {
  /** Who answers `headroom_retrieve`. @default "inline" with a store, else false */
  readonly retrieval?: RetrievalMode;
  /** The most rounds of inline retrieval in one model call; then the model is told so and made to answer. @default 8 */
  readonly maxRetrievals?: number;
  /**
   * When the inline tool is offered: `"auto"` where the request has tools, `"always"` with every request. Without it nothing new is
   * left out.
   * @default "auto"
   */
  readonly injectTool?: "auto" | "always";
  /** Whether `providerMetadata.headroom` is set on results. @default true */
  readonly metadata?: boolean;
  /** Called once for each request whose prompt has tool results, and again when the SDK repeats the request. @default none */
  readonly onCompression?: (event: CompressionEvent) => void;
  /** Called for each retrieval that the middleware answered. @default none */
  readonly onRetrieval?: (event: RetrievalEvent) => void;
  /** Called for an error that did not stop the call: the prompt was sent as it was, or the model was told. @default none */
  readonly onError?: (error: unknown, phase: ErrorPhase) => void;
}

/** Options with every default filled in; `core` is what `createHeadroom` takes. */
export interface Settings {
  readonly core: HeadroomAiSdkOptions;
  readonly retrieval: RetrievalMode;
  readonly maxRetrievals: number;
  readonly injectTool: "auto" | "always";
  readonly metadata: boolean;
  readonly onCompression: (event: CompressionEvent) => void;
  readonly onRetrieval: (event: RetrievalEvent) => void;
  readonly onError: (error: unknown, phase: ErrorPhase) => void;
}

/** Checks options and fills in defaults. @throws InvalidOptionError */
export function settingsOf(options: HeadroomMiddlewareOptions = {}): Settings {
  if (typeof options !== "object" || options === null)
    throw new InvalidOptionError("options", options, "an object");
  const {
    retrieval = options.store ? "inline" : false,
    maxRetrievals = DEFAULT_MAX_RETRIEVALS,
    injectTool = "auto",
    metadata = true,
    onCompression,
    onRetrieval,
    onError,
    ...core
  } = options;
  if (retrieval !== "inline" && retrieval !== "tool" && retrieval !== false)
    throw new InvalidOptionError("retrieval", retrieval, '"inline", "tool" or false');
  if (retrieval !== false && !options.store)
    throw new InvalidOptionError(
      "store",
      options.store,
      `a CcrStore, which retrieval: "${retrieval}" needs`,
    );
  if (!Number.isSafeInteger(maxRetrievals) || maxRetrievals < 0)
    throw new InvalidOptionError("maxRetrievals", maxRetrievals, "a whole number from 0");
  if (injectTool !== "auto" && injectTool !== "always")
    throw new InvalidOptionError("injectTool", injectTool, '"auto" or "always"');
  if (typeof metadata !== "boolean")
    throw new InvalidOptionError("metadata", metadata, "true or false");
  for (const [name, value] of Object.entries({ onCompression, onRetrieval, onError }))
    if (value !== undefined && typeof value !== "function")
      throw new InvalidOptionError(name, value, "a function");
  const report = reporter(onError);
  return {
    core: core.hooks ? { ...core, hooks: guardedHooks(core.hooks, report) } : core,
    retrieval,
    maxRetrievals,
    injectTool,
    metadata,
    onCompression: guarded(onCompression ?? (() => {}), report),
    onRetrieval: guarded(onRetrieval ?? (() => {}), report),
    onError: report,
  };
}

/** An application has a few sets of such tools, most have none. */
const MAX_INSTANCES = 16;

/** Instances by what they are made for, on first use; `base` answers retrievals. @throws InvalidOptionError */
export function instances(options: HeadroomAiSdkOptions): {
  readonly base: Headroom;
  /** @param fixedShape names of tools whose outputs keep their shape */
  for(fixedShape: readonly string[]): Headroom;
} {
  const made = lru<string, Headroom>({ max: MAX_INSTANCES });
  const base = createHeadroom({ ...options, adapter: aiSdkMessages });
  return {
    base,
    for(fixedShape) {
      if (fixedShape.length === 0) return base;
      const key = JSON.stringify(fixedShape);
      const known = made.get(key);
      if (known) return known;
      const headroom = createHeadroom({
        ...options,
        adapter: aiSdkMessagesWith(new Set(fixedShape)),
      });
      made.set(key, headroom);
      return headroom;
    },
  };
}

/** Whether anything may be left out under these options. */
export function mayShorten({ mode = "balanced", tools = {} }: HeadroomAiSdkOptions): boolean {
  return [mode, ...Object.values(tools)].some(
    (wanted) => wanted === "balanced" || wanted === "aggressive",
  );
}

/** As an option of a call: nothing is changed in what these tools return, unless the caller's options name them. */
export function excluding(
  names: readonly string[],
  { tools = {} }: HeadroomAiSdkOptions,
): NonNullable<HeadroomAiSdkOptions["tools"]> {
  const wanted = new Map(Object.entries(tools));
  return Object.fromEntries(names.map((name) => [name, wanted.get(name) ?? "exclude"] as const));
}
