import { describe, expect, it } from "vitest";
import { openaiMessages } from "../messages/openai.ts";
import { rememberingAdapter } from "./remembering-adapter.ts";

describe("rememberingAdapter", () => {
  const adapter = rememberingAdapter(openaiMessages);
  const call = { id: "a", type: "function", function: { name: "f", arguments: "{}" } };
  const messages = [
    { role: "tool", tool_call_id: "a", content: "rows" },
    { role: "assistant", content: null, tool_calls: [call] },
    "no message",
    null,
  ];

  it("reads what the adapter reads, and gives the same values for the same message", () => {
    for (const message of messages) {
      expect(adapter.read(message)).toEqual(openaiMessages.read(message));
      expect(adapter.calls(message)).toEqual(openaiMessages.calls(message));
      if (typeof message !== "object" || message === null) continue;
      expect(adapter.read(message)).toBe(adapter.read(message));
      expect(adapter.calls(message)).toBe(adapter.calls(message));
      expect(adapter.read({ ...message })).not.toBe(adapter.read(message));
    }
  });

  it("writes the same object where the same texts are replaced by the same ones, and another one where they are not", () => {
    const [message] = messages;
    const [block] = adapter.read(message);
    const given = new Map([[block?.id ?? "", "fewer"]]);
    const written = adapter.write(message, given);
    expect(written).toEqual({ role: "tool", tool_call_id: "a", content: "fewer" });
    expect(adapter.write(message, new Map(given))).toBe(written);
    // What is remembered is not what the caller goes on to change.
    given.set(block?.id ?? "", "none");
    expect(adapter.write(message, given)).toEqual({ ...(written as object), content: "none" });
    expect(adapter.write(message, new Map())).toBe(message);
    expect(adapter.write({ ...(message as object) }, given)).not.toBe(written);
  });
});
