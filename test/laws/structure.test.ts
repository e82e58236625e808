/** Law 6: ids, pairing, order, names, `cache_control` and unknown fields are preserved exactly; only texts differ. */
import { anthropicMessages, memoryStore, openaiMessages } from "@headroom/core";
import { expect } from "vitest";
import { describeLaw, estimate, lying } from "./law.ts";
import { changesBetween, type Message, messagesOf, requests } from "./transcript.ts";

describeLaw(
  "ids, pairing and everything that is not a tool's text are kept",
  requests(),
  async ({ transcript, mode }, make) => {
    const input = messagesOf(transcript);
    const { messages, blocks } = await make({
      store: memoryStore(),
      tokenCounter: estimate,
      minTokens: 40,
      mode,
    }).compress(input);
    // Throws where anything but a text differs.
    const changes = changesBetween(input, messages);
    const rows = blocks.filter((row) => row.tokensAfter < row.tokensBefore);
    expect(changes.map(({ message, path }) => [message, path])).toEqual(
      rows.map((row) => [row.message, row.block]),
    );
    const adapter = transcript.shape === "openai" ? openaiMessages : anthropicMessages;
    const calls = messages.flatMap((message) => adapter.calls(message).map(({ id }) => id));
    const answers = messages.flatMap((message) =>
      adapter.read(message).flatMap(({ toolCallId }) => toolCallId ?? []),
    );
    expect(new Set(answers).size).toBe(calls.length);
    for (const id of answers) expect(calls).toContain(id);
  },
  {
    "drops an unknown field": lying((result) => ({
      ...result,
      messages: result.messages.map((message) => {
        const { x_trace: _, ...known } = message as Message;
        return known;
      }),
    })),
    "moves a key": lying((result) => ({
      ...result,
      messages: result.messages.map((message) =>
        Object.fromEntries(Object.entries(message as Message).reverse()),
      ),
    })),
    "loses a message": lying((result) => ({ ...result, messages: result.messages.slice(1) })),
    "renumbers calls": lying((result) => ({
      ...result,
      messages: JSON.parse(
        JSON.stringify(result.messages).replaceAll('"call_0_0"', '"call_1"'),
      ) as unknown[],
    })),
  },
);
