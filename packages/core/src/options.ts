import type { RefSpelling } from "./ccr/marker.ts";
import { refScope } from "./ccr/ref.ts";
import { InvalidOptionError } from "./errors.ts";
import { type HistoryOptions, type ResolvedHistory, resolveHistory } from "./history/options.ts";
import type { CompressResult } from "./result.ts";
import type { Compressor, ContentKind } from "./types/compressor.ts";
import type { MessageAdapter, Role } from "./types/message.ts";
import type { CompressorPlugin } from "./types/plugin.ts";
import type { BlockReport, Mode, ToolRule } from "./types/report.ts";
import type { CreateRunner } from "./types/runner.ts";
import type { CcrStore } from "./types/store.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** What a hook sees of a block before it is compressed. */
export interface BlockInfo {
  /** Index of the message in the request, from 0. */
  readonly message: number;
  /** The block's id within its message. */
  readonly block: string;
  readonly role: Role;
  readonly text: string;
  /** Tokens of `text`. */
  readonly tokens: number;
  readonly toolName?: string;
}

/**
 * Functions that are called while a request is compressed, in the order of the blocks. What they throw rejects the call.
 * `simulate` calls only `beforeCompress`.
 */
export interface Hooks {
  /**
   * Return `false` to leave this block alone. The answer must depend on the block only; otherwise the bytes of earlier messages
   * may change from turn to turn.
   */
  beforeCompress?(block: BlockInfo): boolean | undefined;
  /** One report row, once it is final. */
  onBlock?(row: BlockReport): void;
  /** The whole result, just before it is returned. */
  afterCompress?(result: CompressResult<unknown>): void;
}

export interface HeadroomOptions {
  /** Name of the model that will read the messages. It chooses the token counter. @default the counter `o200k_base` */
  readonly model?: string;
  /** Counts the tokens by which forms are compared and which the report shows. @default the counter of `model` */
  readonly tokenCounter?: TokenCounter;
  /** Keeps originals, so that the model can ask for what was left out. Without a store only lossless forms are used. @default none */
  readonly store?: CcrStore;
  /** Isolates tenants: the same text has another ref in another namespace. @default "default" */
  readonly namespace?: string;
  /**
   * Enters into the refs, so that nobody without it can compute the ref of a text. Needed where tenants share a store.
   * @default ""
   */
  readonly secret?: string;
  /**
   * The question the texts should answer. Lines and rows that match it are shown first; a lossless form does not depend on it.
   * @default the latest user text before each block
   */
  readonly query?: string;
  /**
   * `"lossless"`: nothing is left out. `"balanced"` and `"aggressive"`: long texts are shortened to about 10 % and 5 % of their
   * tokens where that is much less than their lossless form. `"audit"`: nothing changes, and the report says what would be saved.
   * @default "balanced" with a store, else "lossless"
   */
  readonly mode?: Mode;
  /** Blocks with fewer tokens are left alone. @default 200 */
  readonly minTokens?: number;
  /** Compress only these kinds of content. @default all */
  readonly include?: readonly ContentKind[];
  /** Compress none of these kinds of content. @default none */
  readonly exclude?: readonly ContentKind[];
  /**
   * For a tool name or glob (`*`, `?`): a mode, `"exclude"` to leave the tool's results alone, or views that some compressors make
   * only on request, such as `{ code: "outline" }` with `@headroom/code`. The first match wins.
   *
   * Results that are instructions stay as they are unless their tool is named here: skills, hand-overs of agents, answers of people,
   * plans and memory (`Skill`, `Task`, `AskUserQuestion`, `ExitPlanMode`, `TodoWrite`, `memory` and the like). `"*"` names no tool.
   * @default none
   */
  readonly tools?: Readonly<Record<string, ToolRule>>;
  /**
   * How markers write the name of an original: 22 letters, which cost the fewest tokens, or 24 hexadecimal digits for gateways that
   * accept nothing else. Both are understood everywhere.
   * @default "letters"
   */
  readonly refSpelling?: RefSpelling;
  /**
   * So many of the first messages stay as they are: a caller has sent them before, or keeps them in a cache. They still tell tool
   * names and questions to those behind them.
   * @default 0
   */
  readonly frozenMessages?: number;
  /**
   * Long transcripts: when the compressed one passes `triggerTokens`, older turns shrink towards `targetTokens` in one step. Results
   * of tools become views or a line, what the assistant wrote becomes fewer of its sentences; everything stays redeemable. Between
   * two steps no byte of an earlier message changes. Needs a `store`.
   * @default none
   */
  readonly history?: HistoryOptions;
  /**
   * The same for callers who only know how many tokens their messages may have: older turns shrink from 80 % of it to 40 %. No
   * promise that the rest fits: what people wrote, the last turns and errors stay whole.
   * @default none
   */
  readonly tokenBudget?: number;
  /**
   * Whether lines that stand above in the transcript, as the model sees it, are referred to and not sent again. Nothing is left out.
   * @default true; false where `include` or `exclude` is given
   */
  readonly repeats?: boolean;
  /** Roles whose texts may be changed. @default ["tool"] */
  readonly roles?: readonly Role[];
  /** @default none */
  readonly hooks?: Hooks;
  /** When it fires, calls reject with its reason, also in the middle of a long text. @default none */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds after which a call ends its work. Blocks that are not done by then stay as they are, and the report says so.
   * Results then depend on the speed of the machine: leave it unset where the bytes must be the same everywhere.
   * @default none
   */
  readonly deadlineMs?: number;
  /**
   * Milliseconds that the store may take for the originals of one call. Blocks whose original is not stored by then fall back to
   * their lossless form. Time in which this process is too busy to read the store's answer does not count, up to three times
   * this long.
   * @default 1000
   */
  readonly storeTimeoutMs?: number;
  /**
   * Compressors in place of the built-in ones. To add to those, pass `[...defaultCompressors(), yours]`, with `defaultCompressors` of
   * `@headroom/core/compressors`.
   * @default defaultCompressors()
   */
  readonly compressors?: readonly Compressor[];
  /**
   * Compressors of other packages, beside those: `[htmlPlugin]` of `@headroom/html`. Unlike functions in `compressors` they work in the
   * threads of a `runner` too. A function is called when the first text comes.
   * @default none
   */
  readonly plugins?: readonly CompressorPlugin[] | (() => Promise<readonly CompressorPlugin[]>);
  /**
   * Where the pure stage (text in, forms out) runs; `workerRunner()` of `@headroom/worker` takes it off the event loop. Not
   * together with `tokenCounter` or `compressors`: functions cannot be sent to another thread, `plugins` are imported there.
   * @default in this thread, with rests, so that it never holds the event loop for long
   */
  readonly runner?: CreateRunner;
  /** Reads and writes these messages. @default detected for each message among OpenAI chat and Responses, Anthropic and Gemini */
  readonly adapter?: MessageAdapter;
  /**
   * Bytes of results that an instance remembers, so that the next turn over the same history costs next to nothing. 0 remembers
   * nothing.
   * @default 67_108_864 (64 MiB)
   */
  readonly cacheBytes?: number;
}

/** Options with every default filled in. */
export interface ResolvedOptions extends Omit<HeadroomOptions, "history" | "tokenBudget"> {
  /** Absent also in a call that may leave nothing out. */
  readonly history?: ResolvedHistory | undefined;
  readonly namespace: string;
  readonly secret: string;
  readonly mode: Mode;
  readonly minTokens: number;
  readonly tools: Readonly<Record<string, ToolRule>>;
  readonly roles: readonly Role[];
  readonly storeTimeoutMs: number;
  readonly refSpelling: RefSpelling;
  readonly frozenMessages: number;
  readonly repeats: boolean;
  readonly adapters: readonly MessageAdapter[];
  readonly cacheBytes: number;
}

/** The kinds of the built-in compressors. They stand here because the compressors are loaded on first use. */
export const KINDS: readonly string[] = [
  "json",
  "read",
  "diff",
  "commits",
  "hexdump",
  "search",
  "tree",
  "table",
  "log",
  "blobs",
  "text",
  "structured",
  "lines",
];
const MODES: readonly Mode[] = ["audit", "lossless", "balanced", "aggressive"];
const SPELLINGS: readonly RefSpelling[] = ["letters", "hex"];
const ROLES: readonly Role[] = ["assistant", "document", "system", "tool", "user"];
const KNOWN: Readonly<Record<keyof HeadroomOptions, true>> = {
  adapter: true,
  cacheBytes: true,
  compressors: true,
  deadlineMs: true,
  exclude: true,
  frozenMessages: true,
  history: true,
  hooks: true,
  include: true,
  minTokens: true,
  mode: true,
  model: true,
  namespace: true,
  plugins: true,
  query: true,
  refSpelling: true,
  repeats: true,
  roles: true,
  runner: true,
  secret: true,
  signal: true,
  store: true,
  storeTimeoutMs: true,
  tokenBudget: true,
  tokenCounter: true,
  tools: true,
};

/** Checks options and fills in defaults. @throws InvalidOptionError that lists what is accepted */
export function resolveOptions(
  options: HeadroomOptions,
  adapters: readonly MessageAdapter[],
): ResolvedOptions {
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
  check(options, "frozenMessages", isCount, FROZEN_MESSAGES);
  check(
    options,
    "refSpelling",
    (value) => SPELLINGS.includes(value as RefSpelling),
    listed(SPELLINGS),
  );
  for (const name of ["deadlineMs", "storeTimeoutMs"] as const)
    check(
      options,
      name,
      (value) => typeof value === "number" && value > 0,
      "a positive number of milliseconds",
    );
  check(options, "repeats", (value) => typeof value === "boolean", "true or false");
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
  check(
    options,
    "plugins",
    (value) => typeof value === "function" || (Array.isArray(value) && value.every(isPlugin)),
    "an array of plugins, for example [htmlPlugin], or a function that loads one",
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
  check(options, "tools", isToolModes, TOOL_MODES);
  checkViews(options.tools, options);
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
  check(options, "signal", isSignal, "an AbortSignal");
  check(options, "runner", (value) => typeof value === "function", "workerRunner() or the like");
  if (options.runner && (options.tokenCounter || options.compressors))
    throw new InvalidOptionError(
      "runner",
      options.runner,
      "no tokenCounter and no compressors beside it: functions cannot be sent to another thread",
    );
  const { history: _, tokenBudget: __, ...others } = options;
  const history = resolveHistory(options);
  const { store, mode = store ? "balanced" : "lossless" } = options;
  return {
    ...others,
    ...(history ? { history } : {}),
    namespace: options.namespace ?? "default",
    secret: options.secret ?? "",
    mode,
    minTokens: options.minTokens ?? 200,
    tools: options.tools ?? {},
    roles: options.roles ?? ["tool"],
    storeTimeoutMs: options.storeTimeoutMs ?? 1_000,
    refSpelling: options.refSpelling ?? "letters",
    frozenMessages: options.frozenMessages ?? 0,
    repeats: options.repeats ?? (options.include ?? options.exclude) === undefined,
    adapters: options.adapter ? [options.adapter] : adapters,
    cacheBytes: options.cacheBytes ?? 67_108_864,
  };
}

/** The same options with no mode that leaves anything out: for a call whose model has no way to ask for it. */
export function losslessOnly(options: ResolvedOptions): ResolvedOptions {
  const { mode, tools } = options;
  return {
    ...options,
    history: undefined,
    mode: losslessMode(mode),
    tools: Object.fromEntries(
      Object.entries(tools).map(([glob, wanted]) => [
        glob,
        wanted === "exclude" || typeof wanted === "object" ? wanted : losslessMode(wanted),
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

/** Whether a value is an `AbortSignal`, of this realm or another. */
export function isSignal(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("aborted" in value)) return false;
  return "throwIfAborted" in value && typeof value.throwIfAborted === "function";
}

const isString = (value: unknown): boolean => typeof value === "string";
/** Whether a value is a whole number from 0. */
export const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0;
/** What `frozenMessages` accepts, in words. */
export const FROZEN_MESSAGES = "a whole number of messages, 0 or more";
const isCompressor = (value: unknown): boolean => hasMethods("detect", "encode", "decode")(value);

const isPlugin = (value: unknown): boolean =>
  hasMethods("compressors")(value) &&
  isString((value as CompressorPlugin).module) &&
  isString((value as CompressorPlugin).name);

/** What a marker can name: see ccr/marker.ts. */
function isKind(kind: unknown): boolean {
  return typeof kind === "string" && /^[a-z][a-z0-9-]*$/.test(kind);
}

/** What `tools` accepts, in words. */
export const TOOL_MODES: string = `an object from tool name or glob to ${listed([...MODES, "exclude"])} or views by kind, such as { code: "outline" }`;

export function isToolModes(value: unknown): boolean {
  const accepted: readonly unknown[] = [...MODES, "exclude"];
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((mode) => accepted.includes(mode) || isViewRule(mode))
  );
}

function isViewRule(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const views = Object.entries(value);
  return views.length > 0 && views.every(([kind, view]) => isKind(kind) && isString(view));
}

/** Throws for a view that no compressor makes on request. Those of plugins that are still to be loaded are not known. */
export function checkViews(
  tools: Readonly<Record<string, ToolRule>> = {},
  { compressors: own = [], plugins = [] }: Pick<HeadroomOptions, "compressors" | "plugins">,
): void {
  if (typeof plugins === "function") return;
  const compressors = [...own, ...plugins.flatMap((plugin) => plugin.compressors())];
  for (const rule of Object.values(tools)) {
    if (typeof rule !== "object") continue;
    for (const [kind, view] of Object.entries(rule)) {
      if (compressors.some((each) => each.kind === kind && each.onRequest === view)) continue;
      const made = compressors.flatMap(({ kind: of, onRequest }) =>
        onRequest === undefined ? [] : [`{ ${of}: ${JSON.stringify(onRequest)} }`],
      );
      const accepted = `views that one of the compressors makes on request: ${made.join(", ") || "none does"}`;
      throw new InvalidOptionError("tools", tools, accepted);
    }
  }
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
