import { headroomFetch } from "./fetch.ts";
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
 * @param resources those whose requests go through Headroom; all others stay the given client's own
 * @param lost what the client's own `withOptions` does not carry over
 * @throws InvalidOptionError
 */
export function wrapClient<Client extends WrappableClient>(
  client: Client,
  resources: ReadonlySet<string>,
  protocols: readonly WireProtocol[],
  options: WireOptions,
  lost: Readonly<Record<string, unknown>> = {},
): Client {
  const own: unknown = Reflect.get(client, "fetch");
  const base = typeof own === "function" ? (own as Fetch) : globalThis.fetch;
  const fetch = headroomFetch(base, protocols, options);
  const copy = client.withOptions({ ...lost, fetch }) as Client & object;
  for (const [name, resource] of Object.entries(client))
    if (!resources.has(name) && isResource(resource)) Reflect.set(copy, name, resource);
  return copy;
}

function isResource(value: unknown): boolean {
  return typeof value === "object" && value !== null && "_client" in value;
}
