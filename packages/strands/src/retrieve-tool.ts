/** The `headroom_retrieve` tool for Strands agents: what a model calls to get back what was left out. */
import {
  createHeadroom,
  type Headroom,
  type HeadroomOptions,
  InvalidOptionError,
  readRetrieveRequest,
  retrieveToolSpec,
} from "@headroom/core";
import { answerRetrieval } from "@headroom/core/kit";
import { FunctionTool, type JSONSchema } from "@strands-agents/sdk";

/** Where the originals are, and how much of them one call serves. */
export interface RetrieveToolOptions
  extends Pick<HeadroomOptions, "namespace" | "secret" | "model" | "tokenCounter"> {
  /** The store of the plugin, or one that sees the same data. */
  readonly store: NonNullable<HeadroomOptions["store"]>;
  /** The most tokens one call serves. @default 4000 */
  readonly maxTokens?: number;
  /** Told when the store fails; the model reads that it did. */
  readonly onError?: (error: unknown) => void;
}

/**
 * The `headroom_retrieve` tool over a store, for an agent that only reads what others have shortened. `headroomPlugin` brings its
 * own. It answers with text, whatever the arguments are and whether or not the store works.
 * @throws InvalidOptionError without a store
 */
export function retrieveTool({
  maxTokens,
  onError,
  ...options
}: RetrieveToolOptions): FunctionTool {
  if (typeof options.store?.get !== "function")
    throw new InvalidOptionError("store", options.store, "a CcrStore, the one the plugin uses");
  return retrieveToolOf(createHeadroom(options), maxTokens, onError);
}

/** The tool over an instance that has a store. */
export function retrieveToolOf(
  headroom: Headroom,
  maxTokens: number | undefined,
  onError: ((error: unknown) => void) | undefined,
): FunctionTool {
  const { name, description, inputSchema } = retrieveToolSpec;
  return new FunctionTool({
    name,
    description,
    // Core's schema is read-only, the SDK's type is not.
    inputSchema: inputSchema as JSONSchema,
    callback: async (input, context) => {
      const signal = context?.agent?.cancelSignal;
      const call = {
        ...(maxTokens === undefined ? {} : { maxTokens }),
        ...(signal === undefined ? {} : { signal }),
      };
      return (await answerRetrieval(headroom, readRetrieveRequest(input), call, onError)).text;
    },
  });
}
