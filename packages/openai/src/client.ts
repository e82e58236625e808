/** `withHeadroom` for the official OpenAI client. */
import { type WireOptions, type WrappableClient, wrapClient } from "@headroom/core/wire";
import { chatProtocol } from "./chat.ts";
import { responsesProtocol } from "./responses.ts";

/** Options of `withHeadroom`: those of `createHeadroom`, and who answers retrievals. */
export type HeadroomOpenAIOptions = WireOptions;

/** What is needed of a client; `OpenAI` and its variants for other clouds have it. */
export type OpenAIClient = WrappableClient;

const RESOURCES = new Set(["beta", "chat", "responses"]);

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
  return wrapClient(client, RESOURCES, () => [chatProtocol(), responsesProtocol()], options);
}
