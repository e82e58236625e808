/** Laws 1, 2 and 4 for what stands in a transcript more than once: references and differences give the original back. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import fc from "fast-check";
import { expect, it } from "vitest";
import { adapterFor, defaultAdapters } from "../../packages/core/src/messages/index.ts";
import { decoded } from "./decode.ts";
import { type Given, watched } from "./forms.ts";
import { describeLaw, estimate, lying, rewriting } from "./law.ts";
import { messagesOfSession, sessions } from "./sessions.ts";

const options = { tokenCounter: estimate, minTokens: 40 };
/** Those whose forms are whole: a mixed text has no decoder of its own. */
const kinds = () => defaultCompressors().filter(({ kind }) => kind === "read" || kind === "log");

describeLaw(
  "a reader of the compressed transcript can tell every byte of it",
  sessions(),
  async (session, make) => {
    const input = messagesOfSession(session);
    const given: Given[] = [];
    const headroom = make({ ...options, compressors: watched(given, kinds()) });
    const { messages } = await headroom.compress(input);
    const texts = new Map(
      input.flatMap((message, index) =>
        (adapterFor(message, defaultAdapters)?.read(message) ?? []).map(
          ({ id, text }) => [`${index} ${id}`, text] as const,
        ),
      ),
    );
    for (const { message, block, text } of decoded(messages, given))
      expect(text).toBe(texts.get(`${message} ${block}`));
  },
  {
    "names lines that are one off": rewriting((text) =>
      text.replace(
        /, lines (\d+)–(\d+)/,
        (_, from: string, to: string) => `, lines ${+from + 1}–${+to + 1}`,
      ),
    ),
    "names another text": rewriting((text) =>
      text.replace(/the same as (\w+) /, "the same as other "),
    ),
    "forgets a change": rewriting((text) => text.replace(/\n\+.*/, "")),
    "forgets that an id is another one": rewriting((text) =>
      text.replace(/, but ".*?" is now ".*?"/, ""),
    ),
    "takes one time for another": rewriting((text) =>
      text.replace(/, but with (\d+)/, (_, value: string) => `, but with ${+value + 1}`),
    ),
  },
);

describeLaw(
  "a longer session gives the same bytes for the messages it shares with a shorter one, no more tokens than it had, and is left alone the second time",
  sessions(),
  async (session, make) => {
    const lasting = make({ ...options, store: memoryStore() });
    const whole = await make({ ...options, store: memoryStore() }).compress(
      messagesOfSession(session),
    );
    for (const { tokensBefore, tokensAfter } of whole.blocks)
      expect(tokensAfter).toBeLessThanOrEqual(tokensBefore);
    const again = await make({ ...options, store: memoryStore() }).compress(whole.messages);
    expect(JSON.stringify(again.messages)).toBe(JSON.stringify(whole.messages));
    const { length } = session.actions;
    const restarted = make({ ...options, store: memoryStore() });
    for (const [headroom, share] of [
      [lasting, 1 / 3],
      [restarted, 1 / 2],
      [lasting, 2 / 3],
      [lasting, 1],
    ] as const) {
      const input = messagesOfSession(session, Math.ceil(share * length));
      const expected = JSON.stringify(whole.messages.slice(0, input.length));
      expect(JSON.stringify((await headroom.compress(input)).messages)).toBe(expected);
    }
  },
  {
    "leaves the newest result alone": lying((result, input) => ({
      ...result,
      messages: result.messages.map((message, index) =>
        index < input.length - 1 ? message : input[index],
      ),
    })),
  },
  0.25,
);

it("the sessions repeat whole texts, runs of lines, changes and volatile fields", async () => {
  const seen = new Set<string>();
  for (const session of fc.sample(sessions(), { numRuns: 45, seed: 1 })) {
    const { messages, blocks } = await createHeadroom(options).compress(messagesOfSession(session));
    for (const { kind, outcome } of blocks) if (outcome === "repeated") seen.add(kind ?? "");
    const sent = JSON.stringify(messages);
    for (const words of [
      "all the same as",
      "there]",
      "but for these changes",
      "is now",
      "in order]",
      "nd of",
      "content of Write",
      "new_string of Edit",
    ])
      if (sent.includes(words)) seen.add(words);
  }
  expect([...seen].sort()).toEqual([
    "all the same as",
    "but for these changes",
    "content of Write",
    "in order]",
    "is now",
    "nd of",
    "new_string of Edit",
    "repeat",
    "repeat+log",
    "repeat+read",
    "there]",
  ]);
});
