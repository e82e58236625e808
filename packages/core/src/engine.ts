/** Loads what an instance needs before its first block: the token counter, the compressors and the runner of the pure stage. */
import type { RefScope } from "./ccr/ref.ts";
import type { Engine } from "./decide.ts";
import { inlineRunner, sheltered } from "./forms/runner.ts";
import { KINDS, type ResolvedOptions } from "./options.ts";
import { CHANGES_KIND, REPEAT_KIND } from "./repeat/kind.ts";
import { cachedCounter } from "./tokens/cached-counter.ts";
import { guardRuns } from "./tokens/run-guard.ts";
import type { Compressor } from "./types/compressor.ts";
import type { CompressorPlugin } from "./types/plugin.ts";
import type { FormRunner, RunnerSetup } from "./types/runner.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** Gives the counter of a model. */
export type CounterFor = (model?: string) => Promise<TokenCounter>;

/** What is loaded where the options do not say. Given from outside, so that bundles leave out what they never use. */
export interface StageDefaults {
  /** Gives the counter of a model to an instance without a `tokenCounter`. */
  readonly counterFor: CounterFor;
  /** Gives the compressors of an instance that brings none. */
  readonly compressors: () => Promise<readonly Compressor[]>;
}

/** @param counterKey what `counterKey` says of the model in `options`; part of the key of every remembered result */
export async function loadEngine(
  options: ResolvedOptions,
  counterKey: string,
  scope: RefScope,
  memory: Pick<Engine, "cache" | "join" | "parts" | "sent">,
  defaults: StageDefaults,
): Promise<Engine> {
  const { model, include, exclude, plugins: given } = options;
  const plugins = typeof given === "function" ? await given() : given;
  const { plugins: _, ...others } = options;
  const { counter, runner: inline } = await stageWith(defaults, {
    ...others,
    ...(plugins === undefined ? {} : { plugins }),
  });
  const setup: RunnerSetup = {
    ...(model === undefined ? {} : { model }),
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(plugins === undefined || plugins.length === 0
      ? {}
      : { plugins: plugins.map(({ module, name }) => ({ module, name })) }),
  };
  const runner = options.runner ? sheltered(options.runner(setup, inline)) : inline;
  const own = [...(options.compressors ?? []), ...compressorsOf(plugins)];
  const kinds = new Set([...KINDS, CHANGES_KIND, REPEAT_KIND, ...own.map(({ kind }) => kind)]);
  const asksForFiles = own.some(({ leavesFiles }) => leavesFiles);
  return { options, counter, counterKey, runner, scope, kinds, asksForFiles, ...memory };
}

/** Options that the answers of the pure stage depend on. */
export interface StageOptions extends RunnerSetup {
  readonly tokenCounter?: TokenCounter;
  readonly compressors?: readonly Compressor[];
  /** Imported already. */
  readonly plugins?: readonly CompressorPlugin[];
}

export interface Stage {
  readonly counter: TokenCounter;
  readonly runner: FormRunner;
}

/** The counter and the runner in this thread. */
export async function stageWith(
  defaults: StageDefaults,
  { tokenCounter, model, compressors, include, exclude, plugins }: StageOptions,
): Promise<Stage> {
  // A counter that the caller brought may take minutes on a long unbroken run. The built-in ones have a guard already.
  const counter = cachedCounter(
    tokenCounter ? guardRuns(tokenCounter) : await defaults.counterFor(model),
  );
  const all = [...(compressors ?? (await defaults.compressors())), ...compressorsOf(plugins)];
  const wanted = all.filter(
    ({ kind }) => (include?.includes(kind) ?? true) && !exclude?.includes(kind),
  );
  return { counter, runner: inlineRunner(counter, wanted) };
}

function compressorsOf(plugins: readonly CompressorPlugin[] = []): readonly Compressor[] {
  return plugins.flatMap((plugin) => plugin.compressors());
}
