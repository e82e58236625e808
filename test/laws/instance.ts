/** How laws get the instance they test, and how liars are made from the real one. */
import {
  type CompressResult,
  createHeadroom,
  estimateTokens,
  type Headroom,
  type HeadroomOptions,
  type TokenCounter,
} from "@headroom/core";

/** The real instance, or a liar around it. */
export type Make = (options: HeadroomOptions) => Headroom;

/** Enough where it does not matter whether a token more or less is counted. */
export const estimate: TokenCounter = { name: "estimate", count: estimateTokens };

/** A liar: the real instance, with its results changed. */
export function lying(
  change: (result: CompressResult<unknown>, input: readonly unknown[]) => CompressResult<unknown>,
): Make {
  return (options) => {
    const honest = createHeadroom(options);
    return {
      ...honest,
      compress: async (messages, call) =>
        change(await honest.compress(messages, call), messages) as CompressResult<never>,
    };
  };
}

/** A liar that changes the texts the real instance has changed. */
export function rewriting(rewrite: (text: string) => string): Make {
  return lying((result, input) => ({
    ...result,
    messages: result.messages.map((message, index) =>
      message === input[index]
        ? message
        : deepMap(message, (text) => (text.startsWith("[[hr") ? rewrite(text) : text)),
    ),
  }));
}

function deepMap(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => deepMap(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, deepMap(item, change)]),
  );
}
