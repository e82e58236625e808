/**
 * What the versions of the AI SDK's language-model specification (V2 in ai 5, V3 in ai 6, V4 in ai 7) have in common, as
 * structural types: this package imports neither `ai` nor `@ai-sdk/provider`, not even their types, so that one copy serves all.
 *
 * Only what is touched is named; everything else passes through. Source: `@ai-sdk/provider` 2.0, 3.0 and 4.0.
 */

import { isRecord } from "@headroom/core/kit";

/** A part of a message, of generated content or of a stream. */
export interface Part {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A prompt message. */
export interface PromptMessage {
  readonly role: string;
  readonly content: string | readonly Part[];
  readonly [key: string]: unknown;
}

/** Options of one model call: the fields read here. */
export interface CallOptionsLike {
  readonly prompt: readonly unknown[];
  readonly tools?: readonly unknown[] | undefined;
  readonly toolChoice?: { readonly type: string } | undefined;
  readonly responseFormat?: { readonly type: string } | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  readonly providerOptions?: Metadata | undefined;
}

/** A language model of any version. */
export interface LanguageModelLike {
  readonly provider: string;
  readonly modelId: string;
  /** `v2`, `v3` or `v4`. */
  readonly specificationVersion?: string;
  doGenerate(options: never): PromiseLike<unknown>;
  doStream(options: never): PromiseLike<unknown>;
}

/** What `doGenerate` resolves to: the fields merged here. */
export interface GenerateResultLike {
  readonly content: readonly Part[];
  readonly finishReason: unknown;
  readonly usage: unknown;
  readonly warnings?: readonly unknown[];
  readonly providerMetadata?: Metadata;
  readonly response?: { readonly id?: unknown };
  readonly [key: string]: unknown;
}

/** `providerMetadata` and `providerOptions`: one record a provider. */
export type Metadata = { readonly [provider: string]: unknown };

export function isPart(value: unknown): value is Part {
  return isRecord(value) && typeof value.type === "string";
}

export function isMessage(value: unknown): value is PromptMessage {
  return (
    isRecord(value) &&
    typeof value.role === "string" &&
    (typeof value.content === "string" || Array.isArray(value.content))
  );
}

/** The parts of a message; none where its content is a string. */
export function partsOf(message: PromptMessage): readonly Part[] {
  return typeof message.content === "string" ? [] : message.content.filter(isPart);
}
