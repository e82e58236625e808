/** `withHeadroom` for the official Anthropic client. */
import { type Fetch, headroomFetch, type WireOptions } from "@headroom/core/wire";
import { batchesProtocol, messagesProtocol } from "./messages.ts";

/** Options of `withHeadroom`: those of `createHeadroom`, and who answers retrievals. */
export type HeadroomAnthropicOptions = WireOptions;

/** What is needed of a client; `Anthropic` has it. */
export interface AnthropicClient {
  withOptions(options: { fetch?: Fetch }): unknown;
}

/** Resources whose requests go through Headroom. All others stay those of the given client. */
const OURS = new Set(["beta", "messages"]);

/**
 * The client with `messages` and `beta.messages` that send compressed messages and answer retrievals inside the call.
 *
 * It is a copy made by the client's own `withOptions` with a `fetch` around its `fetch`: types, helpers, retries and errors are the
 * SDK's. The client itself is not changed.
 *
 * @throws InvalidOptionError
 */
export function withHeadroom<Client extends AnthropicClient>(
  client: Client,
  options: HeadroomAnthropicOptions = {},
): Client {
  const own: unknown = Reflect.get(client, "fetch");
  const base = typeof own === "function" ? (own as Fetch) : globalThis.fetch;
  const messages = messagesProtocol();
  const fetch = headroomFetch(base, [messages, batchesProtocol(messages)], options);
  const copy = client.withOptions({ fetch }) as Client & object;
  for (const [name, resource] of Object.entries(client))
    if (!OURS.has(name) && isResource(resource)) Reflect.set(copy, name, resource);
  return copy;
}

function isResource(value: unknown): boolean {
  return typeof value === "object" && value !== null && "_client" in value;
}
