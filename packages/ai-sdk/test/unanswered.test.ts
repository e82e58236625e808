/** Calls that wait on the provider's side: which request answers them, and how it continues. */
import { type CcrStore, memoryStore } from "@headroom/core";
import { asides, type Turn } from "@headroom/core/kit";
import { describe, expect, it } from "vitest";
import { dialect, type InlineContext } from "../src/dialect.ts";
import { holdsRounds, nextRequest, placeOf, unanswered, type Waiting } from "../src/held.ts";
import { resultPart } from "../src/history.ts";
import { HEADROOM_RETRIEVE } from "../src/index.ts";
import type { CallOptionsLike, Part } from "../src/spec.ts";

const call = (toolCallId: string, toolName = HEADROOM_RETRIEVE): Part => ({
  type: "tool-call",
  toolCallId,
  toolName,
  input: "{}",
});
const turn = (id: string | undefined, ...items: readonly Part[]): Turn<Part> => ({
  items,
  ours: [],
  others: false,
  complete: true,
  ...(id === undefined ? {} : { id }),
});
const user = { role: "user", content: [{ type: "text", text: "x" }] };
const system = { role: "system", content: "s" };
const tool = (...ids: readonly string[]) => ({
  role: "tool",
  content: ids.map((id) => resultPart(id, `answer to ${id}`)),
});
const conversation = { openai: { conversation: "c1" } };
const after = (previousResponseId: string) => ({ openai: { previousResponseId } });
const thread = (previousMessageId?: string) => ({
  anthropic: {
    effort: "high",
    thread: previousMessageId ? { type: "continue", previousMessageId } : { type: "create" },
  },
  other: { kept: true },
});

/** A process: what it knows by itself, and a store that others have, too. */
function processWith(store: CcrStore = { ...memoryStore(), survives: "restart" }) {
  const asked: string[] = [];
  const waiting = unanswered(asides<Waiting>({ name: "test", store }), (text) => `name of ${text}`);
  return {
    asked,
    call: (params: object, isStored = false) =>
      waiting.call({ prompt: [user], ...params }, isStored),
    /** The request as it goes out. */
    answer: (params: object): Promise<CallOptionsLike> => {
      const request = { prompt: [user], ...params };
      return waiting.answer(request, request.prompt, async (calls) => {
        asked.push(...calls.map(({ toolCallId }) => String(toolCallId)));
        return calls.map(({ toolCallId }) =>
          resultPart(toolCallId, `answer to ${String(toolCallId)}`),
        );
      });
    },
  };
}

describe("a place", () => {
  it("is what the request names, for any provider", () => {
    expect(placeOf({ prompt: [] })).toBeUndefined();
    expect(
      placeOf({ prompt: [], providerOptions: { a: null, b: "x", c: { d: 1 } } }),
    ).toBeUndefined();
    const at = (providerOptions: object) =>
      placeOf({ prompt: [], providerOptions } as CallOptionsLike);
    expect(at({ a: {}, azure: { conversation: "c" } })).toEqual({ kind: "conversation", id: "c" });
    expect(at(after("r"))).toEqual({ kind: "response", id: "r" });
    expect(at(thread())).toEqual({ kind: "thread" });
    expect(at(thread("m"))).toEqual({ kind: "thread", id: "m" });
    expect([conversation, after("r"), thread()].map((options) => holdsRounds(at(options)))).toEqual(
      [true, false, true],
    );
    expect(holdsRounds(undefined)).toBe(false);
  });
});

describe("the request after hidden rounds", () => {
  const rounds = ["1", "2"].map((n) => ({
    turn: { ...turn(`m${n}`, call(`r${n}`)), ours: [{ id: `r${n}`, args: {} }] },
    answers: [`answer to r${n}`],
  }));
  const said = (id: string) => ({ role: "assistant", content: [{ ...call(id), input: {} }] });

  it("repeats the prompt and the rounds, unless the provider holds them", () => {
    const params = { prompt: [system, user], providerOptions: after("r0") };
    expect(nextRequest(params, rounds)).toEqual({
      ...params,
      prompt: [system, user, said("r1"), tool("r1"), said("r2"), tool("r2")],
    });
    expect(nextRequest({ prompt: [user], providerOptions: conversation }, rounds)).toEqual({
      prompt: [tool("r2")],
      providerOptions: conversation,
    });
    for (const from of [undefined, "m0"])
      expect(nextRequest({ prompt: [user], providerOptions: thread(from) }, rounds)).toEqual({
        prompt: [tool("r2")],
        providerOptions: thread("m2"),
      });
  });

  it("has what the provider's own tools returned, errors as errors, and nothing that has no place in a prompt", () => {
    const result = { type: "tool-result", toolCallId: "w1", toolName: "search", result: { a: 1 } };
    const items = [
      { type: "source", id: "s" },
      { type: "text", text: "" },
      { type: "text", text: "", providerMetadata: { g: { s: 1 } } },
      { ...call("w1", "search"), providerExecuted: true },
      result,
      { ...result, isError: true, providerMetadata: { a: { b: 1 } } },
    ];
    const { prompt } = nextRequest({ prompt: [] }, [{ turn: turn("m", ...items), answers: [] }]);
    const { type: _, result: value, ...place } = result;
    expect(prompt[0]).toEqual({
      role: "assistant",
      content: [
        { type: "text", text: "", providerOptions: { g: { s: 1 } } },
        { ...call("w1", "search"), input: {}, providerExecuted: true },
        { type: "tool-result", ...place, output: { type: "json", value } },
        {
          type: "tool-result",
          ...place,
          output: { type: "error-json", value },
          providerOptions: { a: { b: 1 } },
        },
      ],
    });
  });

  it("repeats a thread's prompt where its reply has no id to continue from", () => {
    const nameless = turn(undefined, call("r1"));
    const params = { prompt: [user], providerOptions: thread() };
    const next = nextRequest(params, [{ turn: nameless, answers: ["a"] }]);
    expect(next.prompt).toHaveLength(3);
    expect(next.providerOptions).toBe(params.providerOptions);
  });
});

describe("a mixed turn", () => {
  const mixed = turn("m1", call("u1", "note"), call("r1"));

  it("is answered by what continues it, beside the caller's answer, in any process", async () => {
    const store: CcrStore = { ...memoryStore(), survives: "restart" };
    await processWith(store)
      .call({ providerOptions: after("m0") })
      .leaves(mixed);
    for (const providerOptions of [after("m1"), thread("m1"), conversation]) {
      const { prompt } = await processWith(store).answer({
        prompt: [system, tool("u1"), user],
        providerOptions,
      });
      expect(prompt).toEqual([system, tool("u1", "r1"), user]);
    }
    const elsewhere = { prompt: [tool("u1")] };
    expect(await processWith(store).answer(elsewhere)).toEqual(elsewhere);
    const other = { prompt: [tool("u9")], providerOptions: after("m9") };
    expect(await processWith(store).answer(other)).toEqual(other);
  });

  it("is kept where the provider may keep it, and not otherwise", async () => {
    for (const [params, isStored, isKept] of [
      [{}, false, false],
      [{}, true, true],
      [{ providerOptions: thread() }, false, true],
    ] as const) {
      const own = processWith();
      await own.call(params, isStored).leaves(mixed);
      const { prompt } = await own.answer({ providerOptions: after("m1") });
      expect(prompt).toEqual(isKept ? [tool("r1"), user] : [user]);
    }
    const own = processWith();
    await own.call({}, true).leaves(turn("m1", call("u1", "note")));
    expect((await own.answer({ providerOptions: after("m1") })).prompt).toEqual([user]);
  });

  it("is answered at the end of a prompt that repeats the whole history, once", async () => {
    const own = processWith();
    await own.call({ providerOptions: conversation }).leaves(mixed);
    const history = [user, { role: "assistant", content: [call("u1", "note")] }];
    for (const last of [tool("u1"), tool("u1", "r1")]) {
      const { prompt } = await own.answer({
        prompt: [...history, last],
        providerOptions: conversation,
      });
      expect(prompt).toEqual([...history, tool("u1", "r1")]);
    }
  });

  it("that was cut off waits for nothing", async () => {
    const left: unknown[] = [];
    const held = { leaves: async (each: unknown) => void left.push(each) };
    const { remember } = dialect({ held } as unknown as InlineContext);
    const params = { prompt: [] };
    await remember?.(params, [], { turn: { ...mixed, complete: false }, answers: [] });
    expect(left).toEqual([]);
    await remember?.(params, [], { turn: mixed, answers: [] });
    expect(left).toEqual([mixed]);
  });
});

describe("a hidden round whose request failed", () => {
  it("of a conversation is answered by the next request: alone when that is the same", async () => {
    const own = processWith();
    const held = own.call({ providerOptions: conversation });
    await held.asks(turn("m1", call("r1"), call("u1", "note")));
    expect((await own.answer({ providerOptions: conversation })).prompt).toEqual([tool("r1")]);
    const another = { prompt: [system, { ...user, again: true }], providerOptions: conversation };
    expect((await own.answer(another)).prompt).toEqual([
      system,
      tool("r1"),
      { ...user, again: true },
    ]);
    expect((await own.answer({ prompt: [system], providerOptions: conversation })).prompt).toEqual([
      system,
      tool("r1"),
    ]);
    held.settled();
    expect((await own.answer({ providerOptions: conversation })).prompt).toEqual([user]);
  });

  it("of a thread goes on from the hidden reply, in any process, however often it fails", async () => {
    const store: CcrStore = { ...memoryStore(), survives: "restart" };
    const params = { providerOptions: thread("m0") };
    const held = processWith(store).call(params);
    await held.asks(turn("m1", call("r1")));
    expect(await processWith(store).answer(params)).toEqual({
      prompt: [tool("r1")],
      providerOptions: thread("m1"),
    });
    await held.asks(turn("m2", call("r2")));
    expect(await processWith(store).answer(params)).toEqual({
      prompt: [tool("r2")],
      providerOptions: thread("m2"),
    });
    held.settled();
  });

  it("leaves nothing behind where a request can be repeated", async () => {
    for (const providerOptions of [undefined, after("m0"), thread()]) {
      const own = processWith();
      const params = providerOptions ? { providerOptions } : {};
      await own.call(params).asks(turn("m1", call("r1")));
      expect((await own.answer(params)).prompt).toEqual([user]);
      expect(own.asked).toEqual([]);
    }
    const own = processWith();
    await own.call({ providerOptions: thread("m0") }).asks(turn(undefined, call("r1")));
    expect((await own.answer({ providerOptions: thread("m0") })).prompt).toEqual([user]);
  });
});
