import { refScope } from "./ccr/ref.ts";
import { InvalidOptionError } from "./errors.ts";
import { defaultAdapters } from "./messages/index.ts";
import type { CompressResult } from "./result.ts";
import type { Compressor, ContentKind } from "./types/compressor.ts";
import type { MessageAdapter, Role } from "./types/message.ts";
import type { BlockReport, Mode } from "./types/report.ts";
import type { CreateRunner } from "./types/runner.ts";
import type { CcrStore } from "./types/store.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** What a hook sees of a block before it is compressed. */
export interface BlockInfo {
  readonly message: number;
  readonly block: string;
  readonly role: Role;
  readonly text: string;
  readonly tokens: number;
  readonly toolName?: string;
}

/** Called in order, synchronously; what they throw rejects the call. `simulate` calls only `beforeCompress`. */
export interface Hooks {
  /** Return `false` to leave this block alone. Must be a pure function of the block, or earlier bytes may change. */
  beforeCompress?(block: BlockInfo): boolean | undefined;
  /** One report row, once it is final. */
  onBlock?(row: BlockReport): void;
  /** The whole result, just before it is returned. */
  afterCompress?(result: CompressResult<unknown>): void;
}

export interface HeadroomOptions {
  /** Model name; chooses the token counter when `tokenCounter` is absent. @default o200k_base */
  readonly model?: string;
  /** Counts tokens for the gate and the report. @default the counter of `model` */
  readonly tokenCounter?: TokenCounter;
  /** Keeps originals. Without one only lossless forms are used. */
  readonly store?: CcrStore;
  /** Isolates tenants: the same text has another ref in another namespace. @default "default" */
  readonly namespace?: string;
  /** Keys the refs, so that they cannot be computed from the text. Needed where tenants share a store. @default "" */
  readonly secret?: string;
  /** What the answer will be judged against. @default the latest user text before each block */
  readonly query?: string;
  /** How hard to try. @default "balanced" with a store, else "lossless" */
  readonly mode?: Mode;
  /** Blocks with fewer tokens are left alone. @default 200 */
  readonly minTokens?: number;
  /** Only these kinds of content. @default all */
  readonly include?: readonly ContentKind[];
  /** Not these kinds of content. @default none */
  readonly exclude?: readonly ContentKind[];
  /** Per tool name or glob (`*`, `?`): a mode, or `"exclude"` to leave its results alone. The first match wins. */
  readonly tools?: Readonly<Record<string, Mode | "exclude">>;
  /** Whose text may be touched. @default ["tool"] */
  readonly roles?: readonly Role[];
  readonly hooks?: Hooks;
  /** Aborts the call with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Last resort: blocks not reached after this many milliseconds pass through, and the report says so. Results then depend
   * on the machine; leave it unset where bytes must be reproducible.
   * @default none
   */
  readonly deadlineMs?: number;
  /**
   * How long one batch of originals may take to be stored before the blocks fall back to lossless. Time in which this process is
   * too busy to read the store's answer does not count, up to three times as long. @default 1000
   */
  readonly storeTimeoutMs?: number;
  /** @default defaultCompressors() */
  readonly compressors?: readonly Compressor[];
  /**
   * Where the pure stage (text in, forms out) runs; `workerRunner()` of `@headroom/worker` takes it off the event loop. Not
   * together with `tokenCounter` or `compressors`: functions cannot be sent to another thread.
   * @default in this thread, with rests, so that it never holds the event loop for long
   */
  readonly runner?: CreateRunner;
  /** The lens for these messages. @default detected for each message among OpenAI chat and Responses, Anthropic and Gemini */
  readonly adapter?: MessageAdapter;
  /** Bytes of results kept by an instance, so that the next turn over the same history costs nothing. @default 67_108_864 */
  readonly cacheBytes?: number;
}

/** Options with every default filled in. */
export interface ResolvedOptions extends HeadroomOptions {
  readonly namespace: string;
  readonly secret: string;
  readonly mode: Mode;
  readonly minTokens: number;
  readonly tools: Readonly<Record<string, Mode | "exclude">>;
  readonly roles: readonly Role[];
  readonly storeTimeoutMs: number;
  readonly adapters: readonly MessageAdapter[];
  readonly cacheBytes: number;
}

/** Of the built-in compressors, which are loaded later. */
export const KINDS: readonly string[] = ["json", "read", "diff", "search", "tree", "table", "log"];
const MODES: readonly Mode[] = ["audit", "lossless", "balanced", "aggressive"];
const ROLES: readonly Role[] = ["assistant", "document", "system", "tool", "user"];
const KNOWN: Readonly<Record<keyof HeadroomOptions, true>> = {
  adapter: true,
  cacheBytes: true,
  compressors: true,
  deadlineMs: true,
  exclude: true,
  hooks: true,
  include: true,
  minTokens: true,
  mode: true,
  model: true,
  namespace: true,
  query: true,
  roles: true,
  runner: true,
  secret: true,
  signal: true,
  store: true,
  storeTimeoutMs: true,
  tokenCounter: true,
  tools: true,
};

/** Checks options and fills in defaults. @throws InvalidOptionError that lists what is accepted */
export function resolveOptions(options: HeadroomOptions = {}): ResolvedOptions {
  if (typeof options !== "object" || options === null)
    throw new InvalidOptionError("options", options, "an object");
  for (const name of Object.keys(options))
    if (!Object.hasOwn(KNOWN, name))
      throw new InvalidOptionError(
        name,
        "an unknown option",
        `one of ${Object.keys(KNOWN).join(", ")}`,
      );
  for (const name of ["model", "query"] as const) check(options, name, isString, "a string");
  // Whether they are well formed: the refs of lone surrogates would not differ.
  refScope(options.namespace ?? "default", options.secret ?? "");
  check(options, "mode", (value) => MODES.includes(value as Mode), listed(MODES));
  check(options, "minTokens", isCount, "a whole number of tokens, 0 or more");
  for (const name of ["deadlineMs", "storeTimeoutMs"] as const)
    check(
      options,
      name,
      (value) => typeof value === "number" && value > 0,
      "a positive number of milliseconds",
    );
  check(options, "cacheBytes", isCount, "a whole number of bytes, 0 or more");
  const { compressors } = options;
  if (compressors !== undefined && !(Array.isArray(compressors) && compressors.every(isCompressor)))
    throw new InvalidOptionError("compressors", options.compressors, "an array of compressors");
  for (const { kind } of compressors ?? [])
    if (!isKind(kind))
      throw new InvalidOptionError(
        "compressors",
        kind,
        "compressors whose kind is lower-case letters, digits and hyphens, a letter first",
      );
  for (const name of ["include", "exclude"] as const)
    check(
      options,
      name,
      (value) => Array.isArray(value) && value.every(isString),
      `an array of kinds: ${listed(KINDS)} or those of your own compressors`,
    );
  check(
    options,
    "roles",
    (value) => Array.isArray(value) && value.every((role) => ROLES.includes(role)),
    `an array of ${listed(ROLES)}`,
  );
  check(
    options,
    "tools",
    isToolModes,
    `an object from tool name or glob to ${listed([...MODES, "exclude"])}`,
  );
  check(
    options,
    "hooks",
    isObjectOf(["beforeCompress", "onBlock", "afterCompress"]),
    "an object of beforeCompress, onBlock, afterCompress",
  );
  check(
    options,
    "store",
    hasMethods("put", "get", "delete"),
    "a CcrStore, for example memoryStore()",
  );
  check(options, "tokenCounter", hasMethods("count"), "a TokenCounter: { name, count(text) }");
  check(options, "adapter", hasMethods("read", "write", "calls", "detect"), "a MessageAdapter");
  check(
    options,
    "signal",
    (value) => typeof value === "object" && value !== null && "aborted" in value,
    "an AbortSignal",
  );
  check(options, "runner", (value) => typeof value === "function", "workerRunner() or the like");
  if (options.runner && (options.tokenCounter || options.compressors))
    throw new InvalidOptionError(
      "runner",
      options.runner,
      "no tokenCounter and no compressors beside it: functions cannot be sent to another thread",
    );
  const { store, mode = store ? "balanced" : "lossless" } = options;
  return {
    ...options,
    namespace: options.namespace ?? "default",
    secret: options.secret ?? "",
    mode,
    minTokens: options.minTokens ?? 200,
    tools: options.tools ?? {},
    roles: options.roles ?? ["tool"],
    storeTimeoutMs: options.storeTimeoutMs ?? 1_000,
    adapters: options.adapter ? [options.adapter] : defaultAdapters,
    cacheBytes: options.cacheBytes ?? 67_108_864,
  };
}

/** The same options with no mode that leaves anything out: for a call whose model has no way to ask for it. */
export function losslessOnly(options: ResolvedOptions): ResolvedOptions {
  const { mode, tools } = options;
  return {
    ...options,
    mode: losslessMode(mode),
    tools: Object.fromEntries(
      Object.entries(tools).map(([glob, wanted]) => [
        glob,
        wanted === "exclude" ? wanted : losslessMode(wanted),
      ]),
    ),
  };
}

/** `audit` stays: it changes nothing, and tells what would be. */
function losslessMode(mode: Mode): Mode {
  return mode === "audit" ? mode : "lossless";
}

function check(
  options: HeadroomOptions,
  name: keyof HeadroomOptions,
  ok: (value: unknown) => boolean,
  accepted: string,
): void {
  const value = options[name];
  if (value !== undefined && !ok(value)) throw new InvalidOptionError(name, value, accepted);
}

const isString = (value: unknown): boolean => typeof value === "string";
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isCompressor = (value: unknown): boolean => hasMethods("detect", "encode", "decode")(value);

/** What a marker can name: see ccr/marker.ts. */
function isKind(kind: unknown): boolean {
  return typeof kind === "string" && /^[a-z][a-z0-9-]*$/.test(kind);
}

function isToolModes(value: unknown): boolean {
  const accepted: readonly unknown[] = [...MODES, "exclude"];
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((mode) => accepted.includes(mode))
  );
}

function isObjectOf(methods: readonly string[]): (value: unknown) => boolean {
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(value).every(
      ([name, hook]) =>
        methods.includes(name) && (hook === undefined || typeof hook === "function"),
    );
}

function hasMethods(...names: readonly string[]): (value: unknown) => boolean {
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === "function");
}

function listed(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}
