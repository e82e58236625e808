import type { TokenCounter } from "@headroom/core";

/** The smallest counter that keeps every law: a token every four UTF-16 units, rounded up. */
export const honestCounter: TokenCounter = {
  name: "honest",
  count: (text) => Math.ceil(text.length / 4),
};
