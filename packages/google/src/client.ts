/** `withHeadroom` for the official Google Gen AI client. */
import { InvalidOptionError } from "@headroom/core";
import {
  type ClientWays,
  type Fetch,
  headroomFetch,
  keepUnder,
  type WireOptions,
} from "@headroom/core/wire";
import { googleProtocols } from "./wire.ts";

/** Options of `withHeadroom`: those of `createHeadroom`, and who answers retrievals. */
export type HeadroomGoogleOptions = WireOptions;

/** What is needed of a client; `GoogleGenAI` has it. */
export interface GoogleClient {
  readonly models: object;
  readonly chats: object;
  readonly batches: object;
  readonly caches: object;
}

/** What the modules of the SDK send their requests with. */
interface ApiClient {
  apiCall(
    url: string,
    init: RequestInit,
    retryOptions: { readonly attempts?: number } | undefined,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
    fetch: Fetch | undefined,
  ): Promise<Response>;
}

/** Attempts in all, where `retryOptions` name no number. */
const DEFAULT_ATTEMPTS = 5;

/**
 * The client with `models`, `chats`, `batches` and `caches` that send compressed contents and answer retrievals inside the call.
 *
 * They are made by the client's own classes, over its connection with a `fetch` around its `fetch`: types, chats, automatic
 * function calling, retries and errors are the SDK's. Everything else is the given client's, which is not changed.
 *
 * @throws InvalidOptionError
 */
export function withHeadroom<Client extends GoogleClient>(
  client: Client,
  options: HeadroomGoogleOptions = {},
): Client {
  const api = withFetch(apiClientOf(client), options);
  const models = anew(client.models, api);
  // Everything not named here is found on the client itself, getters and what is made later included.
  return Object.create(client, {
    models: own(models),
    chats: own(anew(client.chats, models, api)),
    batches: own(anew(client.batches, api)),
    caches: own(anew(client.caches, api)),
  }) as Client;
}

/** The same connection, whose calls go through Headroom. */
function withFetch(api: ApiClient, options: WireOptions): ApiClient {
  const calls = new WeakMap<RequestInit, { readonly attempt: number; readonly retries: number }>();
  const ways: ClientWays = {
    maxRetries: (init) => calls.get(init)?.retries ?? 0,
    isRepeated: (init) => (calls.get(init)?.attempt ?? 0) > 0,
    // What fails in a stream the SDK makes its own error of, from an event.
    statusError: () => undefined,
    connectionError: () => undefined,
  };
  const keep = keepUnder(options);
  const protocols = googleProtocols(keep);
  const make = (base: Fetch): Fetch => headroomFetch(base, protocols, options, ways);
  const standard = make((url, init) => globalThis.fetch(url, init));
  const others = new WeakMap<Fetch, Fetch>();
  const around = (base: Fetch | undefined): Fetch => {
    if (!base) return standard;
    const known = others.get(base) ?? make(base);
    others.set(base, known);
    return known;
  };
  const apiCall: ApiClient["apiCall"] = (url, init, retryOptions, timeout, signal, base) => {
    const retries = retryOptions ? Math.max(0, (retryOptions.attempts ?? DEFAULT_ATTEMPTS) - 1) : 0;
    const fetch = around(base);
    let attempt = 0;
    const counted: Fetch = (to, each = {}) => {
      calls.set(each, { attempt: attempt++, retries });
      return fetch(to, each);
    };
    return api.apiCall(url, init, retryOptions, timeout, signal, counted);
  };
  return Object.create(api, { apiCall: own(apiCall) }) as ApiClient;
}

function apiClientOf(client: GoogleClient): ApiClient {
  const api: unknown = Reflect.get(client, "apiClient");
  const call: unknown = typeof api === "object" && api !== null && Reflect.get(api, "apiCall");
  if (typeof call !== "function")
    throw new InvalidOptionError("client", client, "a GoogleGenAI of @google/genai 3");
  return api as ApiClient;
}

/** Another object of the same class. */
function anew(module: object, ...given: readonly unknown[]): object {
  const Class = module.constructor as new (...given: readonly unknown[]) => object;
  return new Class(...given);
}

function own(value: unknown): PropertyDescriptor {
  return { value, writable: true, enumerable: true, configurable: true };
}
