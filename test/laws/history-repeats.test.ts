/** Law 4 where texts refer to texts above that grow old: what is sent still tells every reference from what is sent with it. */
import { type HeadroomOptions, memoryStore } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import fc from "fast-check";
import { expect } from "vitest";
import { adapterFor, defaultAdapters } from "../../packages/core/src/messages/index.ts";
import { decoded } from "./decode.ts";
import { type Given, watched } from "./forms.ts";
import { describeLaw, estimate, lying, rewriting } from "./law.ts";
import { messagesOfSession, sessions } from "./sessions.ts";

/** Those whose forms are whole: a mixed text has no decoder of its own. */
const kinds = () => defaultCompressors().filter(({ kind }) => kind === "read" || kind === "log");

describeLaw(
  "with history, too, a reader can tell every text that refers to another one",
  fc.record({
    session: sessions(),
    triggerTokens: fc.constantFrom(200, 600, 1_500),
    keepRecentTurns: fc.constantFrom(1, 2),
  }),
  async ({ session, triggerTokens, keepRecentTurns }, make) => {
    const input = messagesOfSession(session);
    const given: Given[] = [];
    const options = {
      tokenCounter: estimate,
      minTokens: 40,
      compressors: watched(given, kinds()),
      mode: "lossless",
      store: memoryStore(),
      history: { triggerTokens, keepRecentTurns },
    } as const;
    const { messages, blocks } = await make(options).compress(input);
    const referring = blocks.filter(({ outcome }) => outcome === "repeated");
    const texts = new Map(
      decoded(messages, given).map((one) => [`${one.message} ${one.block}`, one.text]),
    );
    for (const { message, block } of referring) {
      const texted = adapterFor(input[message], defaultAdapters)?.read(input[message]) ?? [];
      const original = texted.find(({ id }) => id === block)?.text;
      expect(texts.get(`${message} ${block}`)).toBe(original);
    }
  },
  {
    "names lines that are one off": rewriting((text) =>
      text.replace(
        /, lines (\d+)–(\d+)/,
        (_, from: string, to: string) => `, lines ${+from + 1}–${+to + 1}`,
      ),
    ),
    "forgets a change": rewriting((text) => text.replace(/\n\+.*/, "")),
  },
  0.3,
);

describeLaw(
  "with history, texts that refer to others change at an epoch and at no other time, in every process",
  fc.record({
    session: sessions(),
    triggerTokens: fc.constantFrom(200, 600, 1_500),
    keepRecentTurns: fc.constantFrom(1, 2),
  }),
  async ({ session, triggerTokens, keepRecentTurns }, make) => {
    const history = { triggerTokens, keepRecentTurns };
    const options = (): HeadroomOptions => ({
      tokenCounter: estimate,
      minTokens: 40,
      history,
      store: memoryStore(),
    });
    const lasting = make(options());
    let before: readonly string[] = [];
    let known: readonly unknown[] = [];
    for (const share of [0.3, 0.5, 0.7, 0.9, 1]) {
      const input = messagesOfSession(session, Math.ceil(share * session.actions.length));
      const { messages, epochs = [] } = await lasting.compress(input);
      const now = messages.map((message) => JSON.stringify(message));
      expect(epochs.slice(0, known.length)).toEqual(known);
      if (epochs.length === known.length) expect(now.slice(0, before.length)).toEqual(before);
      [before, known] = [now, epochs];
    }
    const restarted = await make(options()).compress(messagesOfSession(session));
    expect(restarted.messages.map((message) => JSON.stringify(message))).toEqual(before);
    expect(restarted.epochs ?? []).toEqual(known);
  },
  {
    "leaves the newest result alone": lying((result, input) => ({
      ...result,
      messages: result.messages.map((message, index) =>
        index < input.length - 1 ? message : input[index],
      ),
    })),
  },
  0.3,
);
