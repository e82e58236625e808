/** `headroom_retrieve` as a tool of the caller's: visible calls, answered by the SDK's own tool loop. */
import { InvalidOptionError, type RetrieveRequest, retrieveToolSpec } from "@headroom/core";
import { guarded, reporter } from "@headroom/core/kit";
import { createHeadroom } from "./create-headroom.ts";
import type { ErrorPhase, RetrievalEvent } from "./events.ts";
import { aiSdkMessages } from "./messages.ts";
import type { HeadroomAiSdkOptions } from "./options.ts";
import { answerRetrieve, requestOf } from "./retrieval.ts";

export interface HeadroomToolsOptions
  extends Pick<HeadroomAiSdkOptions, "model" | "namespace" | "secret" | "tokenCounter"> {
  /** Where the originals are: the middleware's store, or one that sees the same data. */
  readonly store: NonNullable<HeadroomAiSdkOptions["store"]>;
  readonly onRetrieval?: (event: RetrievalEvent) => void;
  readonly onError?: (error: unknown, phase: ErrorPhase) => void;
}

/**
 * A Standard Schema with JSON Schema, which ai 6 and 7 take; ai 5 takes a function and calls it for a schema of its own. That has
 * a type which cannot be named without ai 5, so the result is whatever the caller expects.
 */
export interface RetrieveInputSchema {
  <Schema>(): Schema;
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "headroom";
    readonly types?: { readonly input: RetrieveRequest; readonly output: RetrieveRequest };
    readonly validate: (value: unknown) => { readonly value: RetrieveRequest };
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>;
      readonly output: () => Record<string, unknown>;
    };
  };
}

/** The tool, as `tool()` would make it. */
export interface HeadroomRetrieveTool {
  readonly description: string;
  readonly inputSchema: RetrieveInputSchema;
  readonly execute: (
    input: RetrieveRequest,
    options: { readonly toolCallId: string },
  ) => Promise<string>;
}

/**
 * Tools for `generateText`, `streamText` and agents, for use with `retrieval: "tool"`. They answer with text, whatever
 * happens. @throws InvalidOptionError without a store
 */
export function headroomTools(options: HeadroomToolsOptions): {
  readonly headroom_retrieve: HeadroomRetrieveTool;
} {
  if (typeof options?.store?.get !== "function")
    throw new InvalidOptionError(
      "store",
      options?.store,
      "a CcrStore, the one the middleware uses",
    );
  const { onRetrieval, onError, ...core } = options;
  const report = reporter(onError);
  const told = guarded(onRetrieval ?? (() => {}), report);
  const headroom = createHeadroom({ ...core, adapter: aiSdkMessages });
  return {
    headroom_retrieve: {
      description: retrieveToolSpec.description,
      inputSchema: retrieveInputSchema(),
      async execute(input) {
        const { text, event } = await answerRetrieve(headroom, input, {}, (error) =>
          report(error, "retrieval"),
        );
        told(event);
        return text;
      },
    },
  };
}

function retrieveInputSchema(): RetrieveInputSchema {
  const jsonSchema = (): Record<string, unknown> => retrieveToolSpec.inputSchema;
  const schemaOfAi5 = {
    [Symbol.for("vercel.ai.schema")]: true,
    [Symbol.for("vercel.ai.validator")]: true,
    jsonSchema: retrieveToolSpec.inputSchema,
    validate: (value: unknown) => ({ success: true, value: requestOf(value) }),
  };
  return Object.assign(<Schema>() => schemaOfAi5 as Schema, {
    "~standard": {
      version: 1,
      vendor: "headroom",
      validate: (value: unknown) => ({ value: requestOf(value) }),
      jsonSchema: { input: jsonSchema, output: jsonSchema },
    },
  } as const);
}
