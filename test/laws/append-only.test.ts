/** Law 1: compressing turn n+1 reproduces turn n's bytes for every earlier message, so that prompt caches keep hitting. */
import { createHeadroom, memoryStore } from "@headroom/core";
import fc from "fast-check";
import { expect } from "vitest";
import { describeLaw, estimate, type Make } from "./law.ts";
import { messagesOf, requests } from "./transcript.ts";

/** Tries harder the longer the transcript gets. */
const pressed: Make = (options) => {
  const [calm, hard] = [
    createHeadroom({ ...options, mode: "lossless" }),
    createHeadroom({ ...options, mode: "aggressive" }),
  ];
  return {
    ...calm,
    compress: (messages, call) => (messages.length > 5 ? hard : calm).compress(messages, call),
  };
};

/** Leaves the newest results alone. */
const sparing: Make = (options) => {
  const honest = createHeadroom(options);
  return {
    ...honest,
    async compress(messages, call) {
      const result = await honest.compress(messages, call);
      const from = messages.length - 4;
      return {
        ...result,
        messages: result.messages.map((message, index) =>
          index < from ? message : (messages[index] ?? message),
        ),
      };
    },
  };
};

describeLaw(
  "a longer transcript gives the same bytes for the messages it shares with a shorter one",
  requests(),
  async ({ transcript, mode }, make) => {
    const options = { tokenCounter: estimate, minTokens: 40, mode };
    // One instance that remembers the turns before, and a new one for each turn, as after a restart.
    const lasting = make({ ...options, store: memoryStore() });
    const whole = await make({ ...options, store: memoryStore() }).compress(messagesOf(transcript));
    for (let turns = 1; turns <= transcript.turns.length; turns++) {
      const input = messagesOf(transcript, turns);
      const expected = JSON.stringify(whole.messages.slice(0, input.length));
      const restarted = make({ ...options, store: memoryStore() });
      for (const headroom of [lasting, restarted]) {
        expect(JSON.stringify((await headroom.compress(input)).messages)).toBe(expected);
      }
    }
  },
  { "tries harder under pressure": pressed, "leaves the newest results alone": sparing },
  0.3,
);

describeLaw(
  "so it is where both shapes and odd messages stand in one transcript",
  fc.record({
    parts: fc.array(requests(), { minLength: 2, maxLength: 3 }),
    odd: fc.constantFrom(null, 7, {}, { role: "system", content: "be brief" }),
  }),
  async ({ parts, odd }, make) => {
    const input = parts.flatMap(({ transcript }) => [odd, ...messagesOf(transcript)]);
    const options = () => ({ tokenCounter: estimate, minTokens: 40, store: memoryStore() });
    const whole = await make(options()).compress(input);
    for (const share of [0.25, 0.5, 0.75]) {
      const length = Math.floor(share * input.length);
      const { messages } = await make(options()).compress(input.slice(0, length));
      expect(JSON.stringify(messages)).toBe(JSON.stringify(whole.messages.slice(0, length)));
    }
  },
  { "tries harder under pressure": pressed },
  0.2,
);
