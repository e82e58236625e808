/** `history` over LangChain messages: older turns shrink, the messages stay what they are. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { HeadroomCompressor, langchainMessages } from "@headroom/langchain";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { expect, it } from "vitest";
import { textOf } from "./support/data.ts";

const SIGNED = "Signed. ".repeat(120);

/** Text that nothing makes much shorter. */
function textOfSeed(seed: number): string {
  let state = seed + 1;
  const word = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return state.toString(36);
  };
  return Array.from({ length: 60 }, () => `${word()} ${word()}`).join("\n");
}

function session(): BaseMessage[] {
  const messages: BaseMessage[] = [new HumanMessage("Read the files.")];
  for (const file of ["a.txt", "b.txt", "a.txt", "c.txt", "d.txt", "e.txt", "f.txt", "g.txt"]) {
    const id = `call ${messages.length}`;
    const source = textOfSeed(messages.length);
    const args = { file_path: file };
    messages.push(
      new AIMessage({
        content: [
          { type: "reasoning", reasoning: "hm" },
          { type: "text", text: SIGNED, thoughtSignature: "c2ln" },
        ],
        tool_calls: [{ id, name: "read_file", args, type: "tool_call" }],
      }),
      new ToolMessage({ content: source, tool_call_id: id, artifact: [1] }),
    );
  }
  return messages;
}

it("old results shrink in place: class, ids, artifacts, reasoning and what is signed stay", async () => {
  const history = { triggerTokens: 5_000, targetTokens: 2_000, keepRecentTurns: 1 };
  const headroom = createHeadroom({ store: memoryStore(), adapter: langchainMessages, history });
  const messages = session();
  const { messages: sent, blocks, epochs = [] } = await headroom.compress(messages);
  expect(epochs.length).toBeGreaterThan(0);
  const old = blocks.filter(({ reason }) => reason.startsWith("history"));
  expect(old.length).toBeGreaterThan(1);
  for (const { message } of old) {
    expect(sent[message]).toBeInstanceOf(ToolMessage);
    const { tool_call_id, artifact } = sent[message] as ToolMessage;
    expect({ tool_call_id, artifact }).toEqual({
      tool_call_id: (messages[message] as ToolMessage).tool_call_id,
      artifact: [1],
    });
  }
  for (const [index, message] of messages.entries())
    if (message instanceof AIMessage) expect(sent[index]).toBe(message);
  expect(sent.at(-1)).toBe(messages.at(-1));
});

it("is an option of what stands between prompt and model", async () => {
  const options = { store: memoryStore(), retrieveTool: true };
  const [whole, short] = await Promise.all(
    [{}, { tokenBudget: 6_000 }].map((more) =>
      new HeadroomCompressor({ ...options, ...more }).invoke(session()),
    ),
  );
  expect(textOf(short?.[2]).length).toBeLessThan(textOf(whole?.[2]).length / 2);
  expect(textOf(short?.at(-1))).toBe(textOf(whole?.at(-1)));
});

it("a store that is known with the run is a store for history", () => {
  const store = memoryStore();
  expect(() => new HeadroomCompressor({ store: () => store, tokenBudget: 1_000 })).not.toThrow();
  expect(() => new HeadroomCompressor({ tokenBudget: 1_000 })).toThrow("a store beside it");
});
