import { expect, it } from "vitest";
import { Interruption } from "../forms/pace.ts";
import { openaiMessages } from "../messages/openai.ts";
import type { FormRunner } from "../types/runner.ts";
import type { WireProtocol } from "./protocol.ts";
import { requests } from "./request.ts";

const protocol = {
  name: "test",
  matches: () => true,
  adapter: openaiMessages,
  list: "messages",
  tool: {},
  canContinue: () => false,
  mayCall: () => false,
  restore: (body: unknown) => body,
} as unknown as WireProtocol;

it("stops the work on a request whose time is over, and reports no error", async () => {
  const errors: unknown[] = [];
  let begun = (): void => {};
  const working = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let ended = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const runner = (_setup: unknown, inline: FormRunner): FormRunner => ({
    ...inline,
    forms: (_job, { signal }) =>
      new Promise((_, reject) => {
        begun();
        signal?.addEventListener("abort", () => {
          ended();
          reject(new Interruption(signal));
        });
      }),
  });
  const prepare = requests([protocol], { runner, onError: (error) => errors.push(error) });
  const content = Array.from({ length: 200 }, (_, at) => `line ${at} of ${at * 7}`).join("\n");
  const call = { id: "a", type: "function", function: { name: "f", arguments: "{}" } };
  const messages = [
    { role: "assistant", tool_calls: [call] },
    { role: "tool", tool_call_id: "a", content },
  ];
  const text = JSON.stringify({ messages });
  const prepared = prepare(protocol, "/chat", text, undefined, () => {}, working);
  expect(await prepared).toBe(undefined);
  await stopped;
  // The call that was stopped rejects a little later.
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(errors).toEqual([]);
});
