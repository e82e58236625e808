import { expect, it } from "vitest";
import { conversationOf } from "../conversation.ts";
import { blockOf } from "../page.ts";
import { nameOf } from "./scenarios.ts";
import { FACT, lookingUp, STEPS } from "./script.ts";
import { grows, headersOf, type Sent } from "./sent.ts";

const sent = (body: string, headers: readonly string[] = []): Sent => ({
  body,
  headers,
  path: "/v1/chat/completions",
});
const first = '{"messages":[{"role":"user","content":"a ] b"}],"model":"m"}';

it.each([
  ["more at its end", '{"messages":[{"role":"user","content":"a ] b"},{"role":"x"}]}', true],
  ["nothing more", first, true],
  ["another word", '{"messages":[{"role":"user","content":"a ] c"},{"role":"x"}]}', false],
  ["another space", '{"messages":[{"role": "user","content":"a ] b"},{"role":"x"}]}', false],
  ["less", '{"messages":[]}', false],
])("a request with %s grows: %s", (_, second, is) => {
  expect(grows([sent(first), sent(second)])).toBe(is);
});

it("headers are compared in order and case, without those that differ in any case", () => {
  const one = sent(first, ["Host", "a", "anthropic-beta", "x,y"]);
  expect(headersOf([one, one])).toBe("anthropic-beta: x,y");
  expect(headersOf([sent(first, ["Anthropic-Beta", "x,y"])])).not.toBe(headersOf([one]));
});

it("the scripted model calls every tool, and looks up what it is not shown", () => {
  const tools = [...STEPS, "headroom_retrieve"].map((name) => ({ name }));
  const asked = (done: number, shown: string, name = "x") => {
    const messages: object[] = [{ role: "user", content: `[${name}] Is the package in order?` }];
    for (const [at, step] of STEPS.slice(0, done).entries()) {
      const result = step === "list_orders" ? shown : "ok";
      messages.push(
        { role: "assistant", content: [{ type: "tool_use", id: `${at}`, name: step, input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: `${at}`, content: result }] },
      );
    }
    const json = { messages, tools };
    const body = JSON.stringify(json);
    expect(nameOf(body)).toBe(name);
    const reply = lookingUp(conversationOf({ path: "/v1/messages", body, json }));
    return [reply.text, ...(reply.calls ?? []).map((call) => call.name)];
  };
  const view = "[[hr:abcdefghijklmnopqrstuv json, omitted: 9 of 10 rows]]";
  expect(asked(2, view)).toEqual(["Step 3 is list_orders.", "list_orders"]);
  expect(asked(3, view)).toEqual([undefined, "headroom_retrieve"]);
  expect(asked(3, view, "a_mixed")).toEqual(["Step 4 is search.", "headroom_retrieve", "search"]);
  expect(asked(3, view, "a_late")).toEqual(["Step 4 is search.", "search"]);
  expect(asked(6, view, "a_late")).toEqual([undefined, "headroom_retrieve"]);
  expect(asked(6, FACT)).toEqual([`Order 500 is ${FACT}.`]);
});

it("the pages say what is run", () => {
  const url = "http://127.0.0.1:1";
  for (const page of ["python-openai", "python-anthropic", "agno", "strands"])
    expect(blockOf(page, "python", url)).toContain(`"${url}`);
  expect(blockOf("litellm", "yaml", url)).toContain(`api_base: ${url}\n`);
});
