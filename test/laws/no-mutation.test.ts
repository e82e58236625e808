/** Law 6: input is read, never written; what did not change is handed back as it came. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { expect } from "vitest";
import { describeLaw, estimate, lying, type Make } from "./law.ts";
import { messagesOf, requests } from "./transcript.ts";

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(Object.freeze(value))) deepFreeze(inner);
  return value;
}

const touching: Make = (options) => {
  const honest = createHeadroom(options);
  return {
    ...honest,
    compress(messages, call) {
      if (messages.length > 5) Object.assign(messages[1] as object, { seen: true });
      return honest.compress(messages, call);
    },
  };
};

describeLaw(
  "deep-frozen input is compressed and not touched",
  requests(),
  async ({ transcript, mode }, make) => {
    const input = deepFreeze(messagesOf(transcript));
    const before = JSON.stringify(input);
    const options = { store: memoryStore(), tokenCounter: estimate, minTokens: 40, mode };
    const frozen = await make(options).compress(input);
    // Code that is not strict writes to frozen objects without a word: look at loose ones too.
    const loose = messagesOf(transcript);
    await make(options).compress(loose);
    expect(JSON.stringify(loose)).toBe(before);
    const changed = new Set(
      frozen.blocks
        .filter((row) => row.tokensAfter < row.tokensBefore)
        .map(({ message }) => message),
    );
    for (const [index, message] of frozen.messages.entries()) {
      if (!changed.has(index)) expect(message).toBe(input[index]);
    }
  },
  {
    "leaves a note in a message": touching,
    "returns copies": lying((result) => ({
      ...result,
      messages: structuredClone(result.messages),
    })),
  },
);
