/** `history` over AI SDK messages: older turns shrink, parts keep their shape. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { expect, it } from "vitest";
import { aiSdkMessages, compressModelMessages } from "../src/index.ts";

/** Text that nothing makes much shorter. */
function textOfSeed(seed: number): string {
  let state = seed + 1;
  const word = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return state.toString(36);
  };
  return Array.from({ length: 60 }, () => `${word()} ${word()}`).join("\n");
}

function session(): object[] {
  const messages: object[] = [{ role: "user", content: "Read the files." }];
  for (const path of ["a.txt", "b.txt", "a.txt", "c.txt", "d.txt", "e.txt", "f.txt", "g.txt"]) {
    const toolCallId = `call ${messages.length}`;
    const source = textOfSeed(messages.length);
    messages.push(
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", providerOptions: { anthropic: { signature: "S" } } },
          {
            type: "text",
            text: "Signed. ".repeat(120),
            providerOptions: { google: { thoughtSignature: "S" } },
          },
          { type: "tool-call", toolCallId, toolName: "readFile", input: { path } },
        ],
      },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId,
            toolName: "readFile",
            output: { type: "text", value: source },
          },
        ],
      },
    );
  }
  return messages;
}

it("old results shrink in place, also where messages are compressed that were compressed before", async () => {
  const history = { triggerTokens: 5_000, targetTokens: 2_000, keepRecentTurns: 1 };
  const headroom = createHeadroom({ store: memoryStore(), adapter: aiSdkMessages, history });
  const messages = session();
  const { messages: sent, epochs = [], blocks } = await headroom.compress(messages);
  expect(epochs.length).toBeGreaterThan(0);
  expect(JSON.stringify(sent[2])).toContain("a.txt was read again after this.");
  expect(blocks.some(({ reason }) => reason.startsWith("history"))).toBe(true);
  for (const [index, message] of messages.entries())
    if (index % 2 === 1 || index > 15) expect(sent[index]).toBe(message);
  const again = await compressModelMessages(sent, headroom);
  expect(again).toEqual(sent);
});

it("is an option of compressModelMessages", async () => {
  const store = memoryStore();
  const [whole, short] = await Promise.all(
    [{}, { tokenBudget: 6_000 }].map((more) =>
      compressModelMessages(session(), { store, ...more }),
    ),
  );
  expect(JSON.stringify(short).length).toBeLessThan(JSON.stringify(whole).length - 1_000);
});
