/** Laws 1 and 6: what carries our marker is left alone, so a second pass changes nothing. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { expect } from "vitest";
import { describeLaw, estimate, type Make } from "./law.ts";
import { messagesOf, requests } from "./transcript.ts";

/** Calls the real instance with messages changed, and hides from it that it has been here. */
const forgetful: Make = (options) => {
  const honest = createHeadroom(options);
  return {
    ...honest,
    async compress(messages, call) {
      const hidden = JSON.parse(
        JSON.stringify(messages).replaceAll("[[hr", "[hr"),
      ) as typeof messages;
      const { messages: out, ...rest } = await honest.compress(hidden, call);
      return { ...rest, messages: out };
    },
  };
};

describeLaw(
  "compressing again changes nothing",
  requests(),
  async ({ transcript, mode }, make) => {
    const store = memoryStore();
    const options = { store, tokenCounter: estimate, minTokens: 40, mode };
    const headroom = make(options);
    const once = await headroom.compress(messagesOf(transcript));
    for (const again of [
      await headroom.compress(once.messages),
      await make(options).compress(once.messages),
    ]) {
      for (const [index, message] of again.messages.entries())
        expect(message).toBe(once.messages[index]);
      expect(again.tokensSaved).toBe(0);
    }
  },
  { "does not see its own marker": forgetful },
);
