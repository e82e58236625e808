/** `withHeadroom` for the official OpenAI client. */
import { isRecord } from "@headroom/core/kit";
import { type WireOptions, type WrappableClient, wrapClient } from "@headroom/core/wire";
import { openaiProtocols } from "./wire.ts";

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
  return wrapClient(client, RESOURCES, openaiProtocols, options, lostOptions(client));
}

/**
 * What `withOptions` of openai 5 and 6 loses: a key that is a function, and all that makes a client one of Azure. Version 7 keeps them
 * itself, and refuses a function as key of a Bedrock client.
 */
function lostOptions(client: OpenAIClient): Readonly<Record<string, unknown>> {
  const given: unknown = Reflect.get(client, "_options");
  const apiKey = isRecord(given) ? given.apiKey : undefined;
  const ofAzure = "deploymentName" in client && "apiVersion" in client;
  const azureADTokenProvider: unknown = Reflect.get(client, "_azureADTokenProvider");
  return {
    ...(typeof apiKey === "function" && !("bedrockTokenProvider" in client) ? { apiKey } : {}),
    ...(ofAzure ? { apiVersion: client.apiVersion, deployment: client.deploymentName } : {}),
    // The first versions of 5 keep it apart from the key, and take one of the two only.
    ...(azureADTokenProvider === undefined ? {} : { azureADTokenProvider, apiKey: null }),
  };
}
