import { createHeadroom } from "./create.ts";
import type { CallOptions, CompressTextOptions, Headroom } from "./headroom.ts";
import type { HeadroomOptions } from "./options.ts";
import type { CompressResult, CompressTextResult } from "./result.ts";
import type { CcrStore } from "./types/store.ts";

/**
 * Compresses the messages of one request. OpenAI chat and Responses, Anthropic and Gemini are detected; the answer has the same
 * shape.
 *
 * Without a `store` only lossless forms are used. With one, results of earlier calls with the same store and equal options are
 * remembered as long as the store lives, up to `cacheBytes`. Content never makes it reject. It rejects with `InvalidOptionError`
 * for wrong options and with the reason of a firing `signal`.
 */
export async function compress<Message>(
  messages: readonly Message[],
  options: HeadroomOptions = {},
): Promise<CompressResult<Message>> {
  const { headroom, call } = instanceFor(options);
  return headroom.compress(messages, call);
}

/** Compresses one text as if it were a tool result. Same options and guarantees as `compress`. */
export async function compressText(
  text: string,
  options: HeadroomOptions & Omit<CompressTextOptions, keyof CallOptions> = {},
): Promise<CompressTextResult> {
  const { toolName, isError, ...rest } = options;
  const { headroom, call } = instanceFor(rest);
  return headroom.compressText(text, {
    ...call,
    ...(toolName === undefined ? {} : { toolName }),
    ...(isError === undefined ? {} : { isError }),
  });
}

/** The answer `compress` would give, with nothing stored and no `onBlock` or `afterCompress` called. */
export async function simulate<Message>(
  messages: readonly Message[],
  options: HeadroomOptions = {},
): Promise<CompressResult<Message>> {
  const { headroom, call } = instanceFor(options);
  return headroom.simulate(messages, call);
}

interface Known {
  /** Its options, as `flat` gives them. */
  readonly options: readonly unknown[];
  readonly headroom: Headroom;
}

/** Instances by the store they were made with: they are gone when it is. Nothing but time depends on them. */
const instances = new WeakMap<CcrStore, Known[]>();
/** Instances kept for one store. Programs have one set of options, or one for each model. */
const MAX_INSTANCES = 8;

/** An instance for these options: one of an earlier call where store and options are the same, else a new one. */
function instanceFor({ signal, query, frozenMessages, ...options }: HeadroomOptions): {
  readonly headroom: Headroom;
  readonly call: CallOptions;
} {
  const call = {
    ...(signal === undefined ? {} : { signal }),
    ...(query === undefined ? {} : { query }),
    ...(frozenMessages === undefined ? {} : { frozenMessages }),
  };
  const { store, ...others } = options;
  // Wrong options throw in `createHeadroom`.
  if (typeof store !== "object" || store === null)
    return { headroom: createHeadroom({ cacheBytes: 0, ...options, ...call }), call: {} };
  const known = instances.get(store) ?? [];
  const values = flat(others);
  const same = known.find((entry) => isSame(entry.options, values));
  const entry = same ?? { options: values, headroom: createHeadroom(options) };
  instances.set(
    store,
    [entry, ...known.filter((other) => other !== entry)].slice(0, MAX_INSTANCES),
  );
  return { headroom: entry.headroom, call };
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, at) => Object.is(value, right[at]));
}

/**
 * Names and values of options, those of lists and of `tools` one by one and in order, so that they are compared by value and do not
 * follow what the caller does to them later. Every other object has to be the same one.
 */
function flat({ tools, history, ...options }: HeadroomOptions): readonly unknown[] {
  const values = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) =>
      Array.isArray(value) ? [name, value.length, ...value] : [name, value],
    );
  const { files, ...own } = history ?? {};
  const nested = [tools, files].map((value) => [Object.entries(value ?? {}).flat(), ";"]);
  const sorted = Object.entries(own).sort(([left], [right]) => (left < right ? -1 : 1));
  return [...values, ...sorted, history === undefined ? "" : "history", ...nested].flat(2);
}
