import type { ClientWays } from "./failure.ts";
import { headroomFetch } from "./fetch.ts";
import { type Keep, keepUnder } from "./keep.ts";
import type { WireOptions } from "./options.ts";
import type { WireProtocol } from "./protocol.ts";
import type { Fetch } from "./retry.ts";

/** What is needed of a provider's official client. */
export interface WrappableClient {
  withOptions(options: { fetch?: Fetch }): unknown;
}

/**
 * A copy of the client, made by its own `withOptions`, with our `fetch` around its `fetch`: types, helpers, retries and errors
 * are the SDK's. The client itself is not changed.
 *
 * @param protocols made once, with a place for what they keep between requests
 * @param resources those whose requests go through Headroom; all others stay the given client's own
 * @param lost what the client's own `withOptions` does not carry over
 * @throws InvalidOptionError
 */
export function wrapClient<Client extends WrappableClient>(
  client: Client,
  resources: ReadonlySet<string>,
  protocols: (keep: Keep) => readonly WireProtocol[],
  options: WireOptions,
  lost: Readonly<Record<string, unknown>> = {},
): Client {
  const own: unknown = Reflect.get(client, "fetch");
  const base = typeof own === "function" ? (own as Fetch) : globalThis.fetch;
  const ways = waysOf(client);
  const fetch = headroomFetch(base, protocols(keepUnder(options)), options, ways);
  const copy = client.withOptions({ ...lost, fetch }) as Client & object;
  ways.watch(copy);
  for (const [name, resource] of Object.entries(client))
    if (!resources.has(name) && isResource(resource)) Reflect.set(copy, name, resource);
  return copy;
}

function isResource(value: unknown): boolean {
  return typeof value === "object" && value !== null && "_client" in value;
}

/** The protected methods of clients that Stainless generates: both official SDKs are, since their first versions we support. */
interface Generated {
  readonly maxRetries?: unknown;
  withOptions?(options: object): object;
  prepareRequest?(init: RequestInit, context: { readonly options?: unknown }): Promise<void>;
  makeStatusError?(status: number, error: unknown, message: unknown, headers: Headers): unknown;
}

/** How the client retries and fails, learned from the client itself. */
function waysOf(client: object): ClientWays & { watch(copy: object): void } {
  const { maxRetries: default_ } = client as Generated;
  const byRequest = new WeakMap<object, number>();
  return {
    maxRetries(init) {
      const own = byRequest.get(init) ?? byRequest.get(init.headers ?? init);
      return own ?? (isCount(default_) ? default_ : 2);
    },
    statusError(status, body, text, headers) {
      const make = (client as Generated).makeStatusError;
      const error = make?.call(
        client,
        status,
        body,
        body === undefined ? text : undefined,
        headers,
      );
      return error instanceof Error ? error : undefined;
    },
    connectionError(cause) {
      const { APIConnectionError: Connection } = client.constructor as {
        APIConnectionError?: new (options: { cause: unknown }) => unknown;
      };
      const error = typeof Connection === "function" ? new Connection({ cause }) : undefined;
      return error instanceof Error ? error : undefined;
    },
    watch,
  };

  /** Learns how often each request may be repeated, also from clients made of the copy. */
  function watch(copy: object): void {
    const { prepareRequest, withOptions } = copy as Generated;
    if (typeof prepareRequest !== "function" || typeof withOptions !== "function") return;
    const prepare: typeof prepareRequest = async (init, context) => {
      await prepareRequest.call(copy, init, context);
      const asked = (context.options as Generated | undefined)?.maxRetries;
      const most = isCount(asked) ? asked : (copy as Generated).maxRetries;
      if (!isCount(most)) return;
      byRequest.set(init, most);
      if (init.headers) byRequest.set(init.headers, most);
    };
    const derive: typeof withOptions = (options) => {
      const made = withOptions.call(copy, options);
      watch(made);
      return made;
    };
    Reflect.set(copy, "prepareRequest", prepare);
    Reflect.set(copy, "withOptions", derive);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
