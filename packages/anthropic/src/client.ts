/** `withHeadroom` for the official Anthropic client. */
import { type WireOptions, type WrappableClient, wrapClient } from "@headroom/core/wire";
import { anthropicProtocols } from "./wire.ts";

/** Options of `withHeadroom`: those of `createHeadroom`, and who answers retrievals. */
export type HeadroomAnthropicOptions = WireOptions;

/** What is needed of a client; `Anthropic` has it. */
export type AnthropicClient = WrappableClient;

const RESOURCES = new Set(["beta", "messages"]);

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
  return wrapClient(client, RESOURCES, anthropicProtocols, options);
}
