/** `withHeadroom` for the official OpenAI client. */
import { type Fetch, headroomFetch, type WireOptions } from "@headroom/core/wire";
import { chatProtocol } from "./chat.ts";
import { responsesProtocol } from "./responses.ts";

/** Options of `withHeadroom`: those of `createHeadroom`, and who answers retrievals. */
export type HeadroomOpenAIOptions = WireOptions;

/** What is needed of a client; `OpenAI` and its variants for other clouds have it. */
export interface OpenAIClient {
  withOptions(options: { fetch?: Fetch }): unknown;
}

/** Resources whose requests go through Headroom. All others stay those of the given client. */
const OURS = new Set(["beta", "chat", "responses"]);

/**
 * The client with `chat.completions` and `responses` that send compressed messages and answer retrievals inside the call.
 *
 * It is a copy made by the client's own `withOptions` with a `fetch` around its `fetch`: types, helpers, retries and errors are the
 * SDK's. The client itself is not changed.
 *
 * @throws InvalidOptionError
 */
export function withHeadroom<Client extends OpenAIClient>(
  client: Client,
  options: HeadroomOpenAIOptions = {},
): Client {
  const own: unknown = Reflect.get(client, "fetch");
  const base = typeof own === "function" ? (own as Fetch) : globalThis.fetch;
  const fetch = headroomFetch(base, [chatProtocol(), responsesProtocol()], options);
  const copy = client.withOptions({ fetch }) as Client & object;
  for (const [name, resource] of Object.entries(client))
    if (!OURS.has(name) && isResource(resource)) Reflect.set(copy, name, resource);
  return copy;
}

function isResource(value: unknown): boolean {
  return typeof value === "object" && value !== null && "_client" in value;
}
