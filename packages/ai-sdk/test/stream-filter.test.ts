/** Which parts of a stream go on, when, under which ids, and what they carry. */
import { describe, expect, it } from "vitest";
import { HEADROOM_RETRIEVE } from "../src/index.ts";
import type { Part } from "../src/spec.ts";
import { HiddenRoundError, type PartFilter, streamFilter } from "../src/stream-filter.ts";

const part = (type: string, more: object = {}): Part => ({ type, ...more });
const words = (id: string, ...deltas: readonly string[]): readonly Part[] => [
  part("text-start", { id }),
  ...deltas.map((delta) => part("text-delta", { id, delta })),
  part("text-end", { id }),
];
const thoughts = (id: string, more: object = {}): readonly Part[] => [
  part("reasoning-start", { id }),
  part("reasoning-delta", { id, delta: "why" }),
  part("reasoning-end", { id, ...more }),
];
const ours = (id: string): readonly Part[] => [
  part("tool-input-start", { id, toolName: HEADROOM_RETRIEVE }),
  part("tool-input-delta", { id, delta: "{}" }),
  part("tool-input-end", { id }),
  part("tool-call", { toolCallId: id, toolName: HEADROOM_RETRIEVE, input: '{"hash":"h"}' }),
];
const theirs = (id: string, more: object = {}): Part =>
  part("tool-call", { toolCallId: id, toolName: "note", input: "{}", ...more });
const finish = (total = 1): Part =>
  part("finish", { finishReason: { unified: "tool-calls", raw: "x" }, usage: { total } });
const carried = (...ids: readonly string[]): object[] => [
  ...ids.map((toolCallId) => ({ type: "tool-call", toolCallId, input: { hash: "h" } })),
  { type: "answers" },
];

function filterOf(options: { wantsObject?: boolean; maxRetrievals?: number } = {}): PartFilter & {
  readonly finishes: number;
} {
  let finishes = 0;
  const filter = streamFilter({
    wantsObject: false,
    maxRetrievals: 8,
    report: (end) => ({ ...end, reported: true }),
    finished: () => void finishes++,
    ...options,
  });
  return Object.defineProperty({ ...filter }, "finishes", { get: () => finishes }) as never;
}
const push = (filter: PartFilter, ...parts: readonly Part[]): Part[] =>
  parts.flatMap((each) => [...filter.push(each)]);

describe("a stream without our calls", () => {
  it("goes on part by part, the finish reported at the end", () => {
    const filter = filterOf();
    const parts = [
      part("stream-start"),
      part("response-metadata", { id: "resp_1" }),
      ...thoughts("0", { providerMetadata: { a: { s: 1 } } }),
      ...words("1", "a", "b"),
      part("source", { id: "s" }),
      theirs("u1"),
      part("raw", { rawValue: 1 }),
    ];
    const shown = push(filter, ...parts, finish());
    const rest = [...filter.close()];
    expect([...shown, ...rest]).toEqual([...parts, { ...finish(), reported: true }]);
    for (const [index, each] of [...shown, ...rest].slice(0, -1).entries())
      expect(each).toBe(parts[index]);
    expect(filter.turn()).toMatchObject({ others: true, complete: true, ours: [], id: "resp_1" });
    expect(filter.finishes).toBe(1);
  });

  it("holds a text's start until it has words, and no longer", () => {
    const filter = filterOf();
    const [start, delta] = words("0", "a");
    expect(push(filter, start as Part)).toEqual([]);
    expect(filter.wasShown()).toBe(false);
    expect(push(filter, part("text-delta", { id: "0", delta: "" }))).toEqual([]);
    expect(push(filter, part("ping"))).toEqual([]);
    expect(push(filter, delta as Part)).toHaveLength(4);
    expect(filter.wasShown()).toBe(true);
    const signed = part("text-delta", { id: "1", delta: "", providerMetadata: { g: { s: 1 } } });
    expect(push(filter, part("text-start", { id: "1" }), signed)).toHaveLength(2);
  });

  it("holds the end of reasoning and a call until the next part that is one", () => {
    for (const held of [part("reasoning-end", { id: "0" }), theirs("u1")]) {
      const filter = filterOf();
      expect(push(filter, part("reasoning-start", { id: "0" }), held)).toHaveLength(1);
      expect(push(filter, part("raw"))).toEqual([]);
      expect(push(filter, part("tool-input-start", { id: "u2", toolName: "note" }))).toEqual([
        held,
        part("raw"),
        part("tool-input-start", { id: "u2", toolName: "note" }),
      ]);
    }
  });

  it("shows an empty text of a reply that ends", () => {
    const filter = filterOf();
    push(filter, ...words("0"), finish());
    expect([...filter.close()].map(({ type }) => type)).toEqual([
      "text-start",
      "text-end",
      "finish",
    ]);
  });

  it("shows what was held when the provider reports an error, and is not complete", () => {
    const filter = filterOf();
    const error = part("error", { error: "x" });
    expect(push(filter, part("text-start", { id: "0" }), ...ours("r1"), error)).toEqual([
      part("text-start", { id: "0" }),
      error,
    ]);
    push(filter, finish());
    expect(filter.turn().complete).toBe(false);
    expect([...filter.close()]).toEqual([{ ...finish(), reported: true }]);
  });

  it("ends without a finish where the provider's stream does", () => {
    const filter = filterOf();
    push(filter, part("text-start", { id: "0" }));
    expect([...filter.close()]).toEqual([part("text-start", { id: "0" })]);
    expect(filter.turn().complete).toBe(false);
  });
});

describe("a hidden round", () => {
  it("shows nothing of our call, and travels on the first part of the next", () => {
    const filter = filterOf();
    expect(push(filter, part("stream-start"), ...ours("r1"), finish(1))).toEqual([
      part("stream-start"),
    ]);
    expect(filter.wasShown()).toBe(false);
    expect(filter.turn()).toMatchObject({ others: false, complete: true, ours: [{ id: "r1" }] });
    expect([...filter.next()]).toEqual([]);
    const [start, ...rest] = push(filter, part("stream-start"), ...words("0", "Done."), finish(2));
    expect(start).toEqual({
      ...part("text-start", { id: "hr1-0" }),
      providerMetadata: { headroom: { before: carried("r1") } },
    });
    expect(rest).toEqual(words("hr1-0", "Done.").slice(1));
    // No call is visible: the turn has not ended for the sake of one; usage is that of both.
    expect([...filter.close()]).toEqual([{ ...finish(3), reported: true }]);
  });

  it("keeps what a text carries under each metadata that replaces that of its start", () => {
    const filter = filterOf();
    push(filter, ...ours("r1"), finish());
    [...filter.next()];
    const providerMetadata = { openai: { itemId: "m" } };
    const [start, delta, end] = push(
      filter,
      part("text-start", { id: "0", providerMetadata }),
      part("text-delta", { id: "0", delta: "x" }),
      part("text-end", { id: "0", providerMetadata }),
    );
    const both = { ...providerMetadata, headroom: { before: carried("r1") } };
    expect(start?.providerMetadata).toEqual(both);
    expect(delta?.providerMetadata).toBeUndefined();
    expect(end?.providerMetadata).toEqual(both);
  });

  it("marks its reasoning with the metadata that a provider would refuse without the call", () => {
    const filter = filterOf();
    push(
      filter,
      part("reasoning-start", { id: "0", providerMetadata: { openai: { itemId: "rs" } } }),
      part("reasoning-delta", { id: "0", delta: "", providerMetadata: { anthropic: { s: 1 } } }),
      part("reasoning-end", { id: "0" }),
      ...ours("r1"),
      finish(),
    );
    expect([...filter.next()]).toEqual([
      part("reasoning-end", {
        id: "0",
        providerMetadata: { headroom: { hidden: { anthropic: { s: 1 } } } },
      }),
    ]);
    push(filter, ...thoughts("0"), ...ours("r2"), finish());
    expect([...filter.next()]).toEqual([
      part("reasoning-end", {
        id: "hr1-0",
        providerMetadata: { headroom: { before: carried("r1"), hidden: {} } },
      }),
    ]);
  });

  it("gives ids anew: all of them, or where an object is asked for those that were shown", () => {
    const ids = (parts: readonly Part[]): unknown[] => parts.map(({ id }) => id);
    for (const wantsObject of [false, true]) {
      const filter = filterOf({ wantsObject });
      push(filter, ...thoughts("0"), ...words("1"), ...ours("r1"), finish());
      [...filter.next()];
      expect(ids(push(filter, ...thoughts("0"))).slice(0, 2)).toEqual(["hr1-0", "hr1-0"]);
      const id = wantsObject ? "1" : "hr1-1";
      expect(ids(push(filter, ...words("1", "{}"))).slice(-3)).toEqual([id, id, id]);
    }
  });

  it("travels on parts that say something only", () => {
    const filter = filterOf();
    push(filter, ...ours("r1"), finish());
    [...filter.next()];
    const silent = [
      part("response-metadata", { id: "resp_2" }),
      part("custom", { kind: "anthropic.message_start", providerMetadata: { a: { b: 1 } } }),
      part("raw", { rawValue: 1 }),
    ];
    expect(push(filter, ...silent)).toEqual(silent);
    expect(filter.wasShown()).toBe(false);
    const [custom] = push(filter, part("custom", { kind: "anthropic.fallback" }));
    expect(custom?.providerMetadata).toEqual({ headroom: { before: carried("r1") } });
    expect(filter.wasShown()).toBe(true);
  });

  it("lets texts without words go with the round", () => {
    const filter = filterOf();
    push(filter, ...words("0"), ...ours("r1"), finish());
    expect([...filter.next()]).toEqual([]);
    const [start] = push(filter, ...words("0", "Done."));
    expect(start?.providerMetadata).toEqual({ headroom: { before: carried("r1") } });
  });

  it("says where the model was told that there are no more", () => {
    const filter = filterOf({ maxRetrievals: 1 });
    for (const id of ["r1", "r2"]) {
      push(filter, ...ours(id), finish());
      [...filter.next()];
    }
    const [start] = push(filter, ...words("0", "Done."));
    const [r1, told] = carried("r1");
    const [r2] = carried("r2");
    expect(start?.providerMetadata).toEqual({
      headroom: { before: [r1, told, r2, { type: "answers", spent: true }] },
    });
  });

  it("that cannot follow fails the call before anything was shown, the stream after", () => {
    const error = new Error("503");
    const silent = filterOf();
    push(silent, ...ours("r1"), finish());
    expect(() => [...(silent.fail?.(error) ?? [])]).toThrow(HiddenRoundError);
    const loud = filterOf();
    push(loud, ...thoughts("0"), ...ours("r1"), finish());
    const [end, failed, last] = [...(loud.fail?.(error) ?? [])];
    expect([end?.type, failed]).toEqual(["reasoning-end", { type: "error", error }]);
    expect(last).toEqual({
      ...finish(),
      finishReason: { unified: "error", raw: undefined },
      reported: true,
    });
  });

  it("whose model insists ends the reply without its call", () => {
    const filter = filterOf();
    push(filter, part("text-start", { id: "0" }), ...ours("r1"), finish(1));
    expect([...filter.close()]).toEqual([
      part("text-start", { id: "0" }),
      { ...finish(1), finishReason: { unified: "other", raw: undefined }, reported: true },
    ]);
  });
});

describe("a mixed turn", () => {
  it("carries our calls on the caller's: those before it, and those behind", () => {
    const filter = filterOf();
    const shown = push(filter, ...ours("r1"), theirs("u1"), ...ours("r2"), ...ours("r3"), finish());
    expect(shown).toEqual([]);
    const calls = (...ids: readonly string[]) => carried(...ids).slice(0, -1);
    expect([...filter.close()]).toEqual([
      theirs("u1", {
        providerMetadata: { headroom: { before: calls("r1"), after: calls("r2", "r3") } },
      }),
      { ...finish(), reported: true },
    ]);
  });

  it("shows the caller's call whole where a provider gives both one id", () => {
    const filter = filterOf();
    const input = [
      part("tool-input-start", { id: "0", toolName: "note" }),
      part("tool-input-delta", { id: "0", delta: "{}" }),
      part("tool-input-end", { id: "0" }),
    ];
    expect(push(filter, ...ours("0"), ...input)).toEqual(input);
  });

  it("waits for an approval that the caller has to give", () => {
    const filter = filterOf();
    const mcp = theirs("m1", { providerExecuted: true });
    const [call] = push(
      filter,
      ...ours("r1"),
      mcp,
      part("tool-approval-request", { toolCallId: "m1" }),
      finish(),
    );
    expect(call?.providerMetadata).toMatchObject({ headroom: { before: [{ toolCallId: "r1" }] } });
    expect(filter.turn().others).toBe(true);
  });
});

describe("an object", () => {
  it("is shown from its first brace on; words before a retrieval go with the round", () => {
    const filter = filterOf({ wantsObject: true });
    expect(push(filter, ...words("0", "Let ", "me look {"), ...ours("r1"), finish())).toEqual([]);
    expect([...filter.next()]).toEqual([]);
    const shown = push(
      filter,
      part("text-start", { id: "0" }),
      ...words("0", " ", "[1", "]").slice(1),
    );
    expect(shown.map(({ type, delta }) => delta ?? type)).toEqual([
      ...["text-start", " ", "[1", "]"],
      "text-end",
    ]);
    expect(shown[0]?.providerMetadata).toEqual({
      headroom: { before: [{ type: "text", text: "Let me look {" }, ...carried("r1")] },
    });
  });

  it("keeps words where the reply ends with them", () => {
    const filter = filterOf({ wantsObject: true });
    const refusal = words("0", "I ", "cannot.");
    expect(push(filter, ...refusal, finish())).toEqual([]);
    expect([...filter.close()].slice(0, -1)).toEqual(refusal);
  });
});
