/** The middleware without `wrapLanguageModel`: for a model, or for every model of a provider. */
import { InvalidOptionError } from "@headroom/core";
import { type HeadroomMiddleware, headroomMiddleware } from "./middleware.ts";
import type { HeadroomMiddlewareOptions } from "./options.ts";
import type { CallOptionsLike, LanguageModelLike } from "./spec.ts";

/**
 * The same model, of the same version and type, with compression and retrieval. Model ids are strings without a model behind
 * them: for those use `wrapProvider`. @throws InvalidOptionError
 */
export function withHeadroom<Model extends LanguageModelLike>(
  model: Model,
  options: HeadroomMiddlewareOptions = {},
): Model {
  if (!isModel(model))
    throw new InvalidOptionError(
      "model",
      model,
      "a language model with doGenerate and doStream; for model ids use wrapProvider",
    );
  return wrapModel(model, headroomMiddleware(options));
}

/**
 * The same provider; every language model it gives is wrapped, however it is asked for (`provider(id)`,
 * `provider.languageModel(id)`, `provider.chat(id)`). Models that embed, draw or transcribe are not. @throws InvalidOptionError
 */
export function wrapProvider<Provider extends object>(
  provider: Provider,
  options: HeadroomMiddlewareOptions = {},
): Provider {
  if ((typeof provider !== "object" && typeof provider !== "function") || provider === null)
    throw new InvalidOptionError("provider", provider, "a provider of the AI SDK");
  const middleware = headroomMiddleware(options);
  // A model asked for twice is wrapped once: callers compare and cache models.
  const wrapped = new WeakMap<LanguageModelLike, LanguageModelLike>();
  const wrap = (value: unknown): unknown => {
    if (!isModel(value)) return value;
    const model = wrapped.get(value) ?? wrapModel(value, middleware);
    wrapped.set(value, model);
    return model;
  };
  return new Proxy(provider, {
    apply: (target, self, values) =>
      wrap(Reflect.apply(target as (...values: unknown[]) => unknown, self, values)),
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || isFixed(target, name)) return value;
      return (...values: unknown[]): unknown => wrap(Reflect.apply(value, target, values));
    },
  });
}

function wrapModel<Model extends LanguageModelLike>(
  model: Model,
  { transformParams, wrapGenerate, wrapStream }: HeadroomMiddleware,
): Model {
  type Stream = { stream: ReadableStream<unknown> };
  const doGenerate = async (options: CallOptionsLike): Promise<unknown> => {
    const params = await transformParams({ type: "generate", params: options, model });
    return wrapGenerate({ doGenerate: () => model.doGenerate(params as never), params, model });
  };
  const doStream = async (options: CallOptionsLike): Promise<unknown> => {
    const params = await transformParams({ type: "stream", params: options, model });
    const call = (): PromiseLike<Stream> => model.doStream(params as never) as PromiseLike<Stream>;
    return wrapStream({ doStream: call, params, model });
  };
  const replaced = new Map<string | symbol, unknown>([
    ["doGenerate", doGenerate],
    ["doStream", doStream],
  ]);
  // A proxy, so that version, ids, supported URLs and whatever a later version adds are the model's own. Getters and methods
  // run on the model itself: it may have private fields.
  return new Proxy(model, {
    get(target, name) {
      const own = replaced.get(name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" && !isFixed(target, name) ? value.bind(target) : value;
    },
  });
}

/** A property that a proxy must answer as it is: the language says so. */
function isFixed(target: object, name: string | symbol): boolean {
  const property = Reflect.getOwnPropertyDescriptor(target, name);
  return property?.configurable === false && property.writable === false;
}

function isModel(value: unknown): value is LanguageModelLike {
  return (
    typeof value === "object" &&
    value !== null &&
    "doGenerate" in value &&
    typeof value.doGenerate === "function" &&
    "doStream" in value &&
    typeof value.doStream === "function"
  );
}
