/** What is known of a run, and the instances that runs are served by: one for each namespace and store. */
import {
  type CcrStore,
  type CreateRunner,
  createHeadroom,
  type FormRunner,
  type Headroom,
  type HeadroomOptions,
  InvalidOptionError,
  memoryStore,
} from "@headroom/core";
import { lru } from "@headroom/core/kit";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { langchainMessages } from "./messages.ts";
import type { HeadroomLangChainOptions, HeadroomRun } from "./options.ts";

/** Instances that stay at hand with what they remember, those used last. One that comes back later starts cold. */
const MAX_INSTANCES = 64;

/** Serves runs. @param config of the run, or whatever carries `context`, `configurable`, `metadata` and `store` */
export type InstanceOf = (config?: object) => Headroom;

/**
 * The instance for each run. Where `canRetrieve` is false every call is lossless: what the model cannot ask for must not be left out.
 *
 * @throws InvalidOptionError at once for wrong options; the function it returns throws for what `namespace` or `store` answer
 */
export function instances(options: HeadroomLangChainOptions, canRetrieve: boolean): InstanceOf {
  const { namespace, store, ...rest } = options;
  const fixed = { ...rest, ...(rest.runner ? { runner: once(rest.runner) } : {}) };
  const make = (its: Pick<HeadroomOptions, "namespace" | "store">): Headroom => {
    const headroom = createHeadroom({ ...fixed, ...its, adapter: langchainMessages });
    return canRetrieve ? headroom : losslessOnly(headroom);
  };
  if (typeof namespace !== "function" && typeof store !== "function") {
    const only = make({
      ...(namespace === undefined ? {} : { namespace }),
      ...(store === undefined ? {} : { store }),
    });
    return () => only;
  }
  // Checks all the other options now.
  make(store === undefined ? {} : { store: typeof store === "function" ? memoryStore() : store });
  const numbers = new WeakMap<object, number>();
  let stores = 0;
  const known = lru<string, Headroom>({ max: MAX_INSTANCES });
  return (config) => {
    const its = placeOf(options, config);
    const number = its.store ? (numbers.get(its.store) ?? ++stores) : 0;
    if (its.store) numbers.set(its.store, number);
    const key = `${number} ${its.namespace}`;
    const headroom = known.get(key) ?? make(its);
    known.set(key, headroom);
    return headroom;
  };
}

/** Where the originals of a run are kept. @throws InvalidOptionError for what `namespace` answers */
export function placeOf(
  { namespace, store }: HeadroomLangChainOptions,
  config?: object,
): { readonly namespace: string; readonly store?: CcrStore } {
  const run = runOf(config);
  const its = typeof store === "function" ? store(run) : store;
  return {
    namespace: namespaceIn(namespace, run),
    ...(its === undefined ? {} : { store: its }),
  };
}

/**
 * The run in a runnable's config, a tool's or a middleware's runtime. What it does not have is taken from the run around it, where
 * LangGraph keeps that.
 */
export function runOf(config: object = {}): HeadroomRun {
  const around = AsyncLocalStorageProviderSingleton.getRunnableConfig() as
    | Partial<HeadroomRun>
    | undefined;
  const { context, configurable, metadata, store = around?.store } = config as Partial<HeadroomRun>;
  return {
    context: context ?? around?.context ?? {},
    configurable: { ...around?.configurable, ...configurable },
    metadata: { ...around?.metadata, ...metadata },
    ...(store === undefined ? {} : { store }),
  };
}

function namespaceIn(namespace: HeadroomLangChainOptions["namespace"], run: HeadroomRun): string {
  const name = typeof namespace === "function" ? namespace(run) : (namespace ?? "default");
  // Whoever has no namespace of their own must not read from that of others.
  if (typeof name !== "string" || name === "")
    throw new InvalidOptionError("namespace", name, "a text for this run");
  return name;
}

/** One runner for all instances: they differ in nothing that it is made for. */
function once(create: CreateRunner): CreateRunner {
  const made = new Map<string | undefined, FormRunner>();
  return (setup, inline) => {
    const runner = made.get(setup.model) ?? create(setup, inline);
    made.set(setup.model, runner);
    return runner;
  };
}

function losslessOnly(headroom: Headroom): Headroom {
  return {
    ...headroom,
    compress: (messages, call) => headroom.compress(messages, { ...call, lossless: true }),
    compressText: (text, call) => headroom.compressText(text, { ...call, lossless: true }),
    simulate: (messages, call) => headroom.simulate(messages, { ...call, lossless: true }),
  };
}

/** Whether something can be a store, or tells the store of each run. */
export function isStore(store: unknown): store is CcrStore | ((run: HeadroomRun) => CcrStore) {
  if (typeof store === "function") return true;
  return typeof (store as CcrStore | undefined)?.get === "function";
}
