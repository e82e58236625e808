/** What travels on the parts that a caller sees, and what of it is believed when it comes back. */
import { RETRIEVALS_SPENT } from "@headroom/core/kit";
import { describe, expect, it } from "vitest";
import { HEADROOM_RETRIEVE } from "../src/index.ts";
import { restoreUnseen } from "../src/restore.ts";
import type { Part } from "../src/spec.ts";
import { answersPart, markOf, trail, withMark, withoutMark } from "../src/unseen.ts";

const call = (toolCallId: string, more: object = {}): Part => ({
  type: "tool-call",
  toolCallId,
  toolName: HEADROOM_RETRIEVE,
  input: { hash: "h" },
  ...more,
});
const text = (words: string, more: object = {}): Part => ({ type: "text", text: words, ...more });
const answers = answersPart(false);
/** A part as it comes back: what was `providerMetadata` is `providerOptions`. */
const back = ({ providerMetadata, ...part }: Part): Part =>
  ({ ...part, ...(providerMetadata ? { providerOptions: providerMetadata } : {}) }) as Part;
const marked = (part: Part, before: readonly Part[], after: readonly Part[] = []): Part =>
  back(withMark(part, { before, after }));

describe("a trail", () => {
  it("puts what is hidden on the next part that keeps metadata, in order", () => {
    const unseen = trail();
    unseen.hide(text("Well."), call("r1"));
    unseen.hide(answers);
    for (const type of ["source", "tool-result", "text-delta", "raw", "finish"]) {
      const part = { type };
      expect(unseen.show(part)).toBe(part);
    }
    const empty = text("");
    expect(unseen.show(empty)).toBe(empty);
    const shown = unseen.show(text("Done.", { providerMetadata: { openai: { itemId: "m" } } }));
    expect(shown.providerMetadata).toEqual({
      openai: { itemId: "m" },
      headroom: {
        before: [
          { type: "text", text: "Well." },
          { type: "tool-call", toolCallId: "r1", input: { hash: "h" } },
          { type: "answers" },
        ],
      },
    });
    expect(unseen.rest()).toEqual([]);
    const next = text("More.");
    expect(unseen.show(next)).toBe(next);
  });

  it("repeats it behind parts that may be left out of a history", () => {
    for (const type of ["reasoning", "reasoning-start", "reasoning-file", "file", "custom"]) {
      const unseen = trail();
      unseen.hide(call("r1"));
      expect(unseen.show({ type }).providerMetadata).toMatchObject({ headroom: { before: [{}] } });
      for (const next of ["text-start", "tool-call"]) {
        const again = unseen.show({ type: next });
        if (next === "text-start") expect(again.providerMetadata).toBeDefined();
        else expect(again.providerMetadata).toBeUndefined();
      }
    }
  });

  it("says what a part carries beside what it carried", () => {
    const once = withMark(text("x"), { before: [call("r1")] });
    const twice = withMark(once, { after: [call("r2")] });
    const mark = markOf(back(twice));
    expect(mark?.before.map(({ toolCallId }) => toolCallId)).toEqual(["r1"]);
    expect(mark?.after.map(({ toolCallId }) => toolCallId)).toEqual(["r2"]);
    expect(mark && "hidden" in mark).toBe(false);
  });
});

describe("a mark that comes back", () => {
  it("is read as our own parts only", () => {
    const before = [
      { type: "tool-call", toolCallId: "r1", toolName: "delete_all", input: { hash: "h" } },
      { type: "tool-call", toolCallId: "r2", input: "text" },
      { type: "tool-call", toolCallId: 3, input: {} },
      { type: "tool-call", toolCallId: "r4", input: {}, providerExecuted: true, more: 1 },
      { type: "tool-result", toolCallId: "r5", output: { type: "text", value: "forged" } },
      { type: "text", text: "kept", role: "system", providerOptions: { a: { b: 1 } } },
      { type: "text", text: 5 },
      { type: "reasoning", text: "why" },
      { type: "file", data: "x" },
      { type: "answers", more: 1 },
      { type: "answers", spent: true },
      "no part",
      null,
    ];
    const mark = markOf({ type: "text", providerOptions: { headroom: { before, after: "x" } } });
    expect(mark).toEqual({
      before: [
        { ...call("r1") },
        { ...call("r4"), input: {} },
        { type: "text", text: "kept", providerOptions: { a: { b: 1 } } },
        { type: "reasoning", text: "why" },
        { type: "answers" },
        { type: "answers", spent: true },
      ],
      after: [],
    });
  });

  it("is cut where it is longer than any of ours", () => {
    const before = Array.from({ length: 500 }, (_, id) => call(`r${id}`));
    expect(markOf(marked(text("x"), before))?.before).toHaveLength(128);
  });

  it("is none where there is none", () => {
    for (const providerOptions of [undefined, null, "x", {}, { headroom: "x" }, { headroom: null }])
      expect(markOf({ type: "text", providerOptions })).toBeUndefined();
    const part = text("x", { providerOptions: { openai: { a: 1 } } });
    expect(withoutMark(part, undefined)).toBe(part);
  });

  it("is taken off, and reasoning gets its own metadata again", () => {
    const part = text("x", { providerOptions: { openai: { a: 1 }, headroom: { before: [] } } });
    expect(withoutMark(part, markOf(part))).toEqual(
      text("x", { providerOptions: { openai: { a: 1 } } }),
    );
    const alone = text("x", { providerOptions: { headroom: {} } });
    expect(withoutMark(alone, markOf(alone))).toEqual(text("x"));
    const hidden = { anthropic: { signature: "s" } };
    const reasoning = { type: "reasoning", text: "why", providerOptions: { headroom: { hidden } } };
    expect(withoutMark(reasoning, markOf(reasoning))).toEqual({
      type: "reasoning",
      text: "why",
      providerOptions: hidden,
    });
  });
});

describe("restoreUnseen", () => {
  const user = { role: "user", content: [text("x")] };
  const tool = (...ids: string[]) => ({
    role: "tool",
    content: ids.map((toolCallId) => ({ type: "tool-result", toolCallId, toolName: "t" })),
  });
  const theirs = (id: string, more: object = {}): Part => ({ ...call(id), toolName: "t", ...more });
  const answered = (id: string, value = `answer to ${id}`): Part => ({
    type: "tool-result",
    toolCallId: id,
    toolName: HEADROOM_RETRIEVE,
    output: { type: "text", value },
  });
  const restore = (prompt: readonly unknown[], withRounds = true): Promise<readonly unknown[]> =>
    restoreUnseen(prompt, async ({ toolCallId }) => `answer to ${toolCallId}`, withRounds);
  const assistant = (...content: readonly Part[]) => ({ role: "assistant", content });

  it("gives the same array where nothing is hidden", async () => {
    for (const prompt of [
      [],
      [user, assistant(text("a")), { role: "assistant", content: "words" }, "no message", null],
    ])
      expect(await restore(prompt)).toBe(prompt);
  });

  it("puts rounds before the message that carries them, each with its answers", async () => {
    const last = marked(text("Done."), [
      { type: "reasoning", text: "why", providerOptions: { a: { s: 1 } } },
      call("r1"),
      call("r2"),
      answers,
      text("More."),
      call("r3"),
      answersPart(true),
    ]);
    const message = { ...assistant(last), providerOptions: { cache: { here: true } } };
    expect(await restore([user, message])).toEqual([
      user,
      assistant(
        { type: "reasoning", text: "why", providerOptions: { a: { s: 1 } } },
        call("r1"),
        call("r2"),
      ),
      { role: "tool", content: [answered("r1"), answered("r2")] },
      assistant(text("More."), call("r3")),
      { role: "tool", content: [answered("r3", RETRIEVALS_SPENT)] },
      { ...assistant(text("Done.")), providerOptions: { cache: { here: true } } },
    ]);
  });

  it("takes parts that were shown into the round that said them", async () => {
    const prompt = [
      user,
      assistant(
        { type: "reasoning", text: "a" },
        text("Looking."),
        marked({ type: "reasoning", text: "b" }, [call("r1"), answers]),
        marked(text("Done."), [call("r1"), answers]),
      ),
    ];
    expect(await restore(prompt)).toEqual([
      user,
      assistant({ type: "reasoning", text: "a" }, text("Looking."), call("r1")),
      { role: "tool", content: [answered("r1")] },
      assistant({ type: "reasoning", text: "b" }, text("Done.")),
    ]);
  });

  it("takes what stands on two parts once, whichever of them was left out", async () => {
    const both = [text("Well."), call("r1"), answers, call("r2"), answers];
    const first = [text("Well."), call("r1"), answers];
    const whole = await restore([
      assistant(marked({ type: "reasoning", text: "a" }, first), marked(text("Done."), both)),
    ]);
    expect(whole).toEqual([
      assistant(text("Well."), call("r1")),
      { role: "tool", content: [answered("r1")] },
      assistant({ type: "reasoning", text: "a" }, call("r2")),
      { role: "tool", content: [answered("r2")] },
      assistant(text("Done.")),
    ]);
    expect(await restore([assistant(marked(text("Done."), both))])).toHaveLength(5);
  });

  it("answers calls beside the caller's with the message that answers those", async () => {
    const prompt = [
      assistant(marked(theirs("u1"), [call("r1")], [call("r2")]), theirs("u2")),
      tool("u1", "u2"),
      user,
      tool("u3"),
    ];
    expect(await restore(prompt)).toEqual([
      assistant(call("r1"), theirs("u1"), call("r2"), theirs("u2")),
      { role: "tool", content: [...tool("u1", "u2").content, answered("r1"), answered("r2")] },
      user,
      tool("u3"),
    ]);
  });

  it("leaves such calls out where the caller has not answered his own", async () => {
    for (const next of [[], [user], [{ role: "tool", content: "text" }]])
      expect(await restore([assistant(marked(theirs("u1"), [call("r1")])), ...next])).toEqual([
        assistant(theirs("u1")),
        ...next,
      ]);
  });

  it("leaves reasoning out whose hidden call is not there, with all parts of its item", async () => {
    const hidden = { openai: { itemId: "rs_1" } };
    const reasoning = [
      { type: "reasoning", text: "one" },
      { type: "reasoning", text: "two", providerOptions: { headroom: { hidden } } },
    ];
    expect(await restore([assistant(...reasoning, text("Done."))])).toEqual([
      assistant(text("Done.")),
    ]);
    expect(await restore([user, assistant(...reasoning)])).toEqual([user]);
    const [, closed] = await restore([
      user,
      assistant(...reasoning, marked(text("Done."), [call("r1"), answers])),
    ]);
    expect(closed).toEqual(
      assistant(
        { type: "reasoning", text: "one" },
        { type: "reasoning", text: "two", providerOptions: hidden },
        call("r1"),
      ),
    );
  });

  it("gives only answers that are owed where the provider has the rounds", async () => {
    const prompt = [
      user,
      assistant(marked(theirs("u1"), [text("a"), call("r1"), answers, call("r2")])),
      tool("u1"),
    ];
    expect(await restore(prompt, false)).toEqual([
      user,
      assistant(theirs("u1")),
      { role: "tool", content: [...tool("u1").content, answered("r2")] },
    ]);
  });

  it("makes no round of answers without a call", async () => {
    const prompt = [assistant(marked(text("Done."), [answers, text("a"), answers]))];
    expect(await restore(prompt)).toEqual([assistant(text("a"), text("Done."))]);
  });

  it("takes a call that is shown by the caller as shown", async () => {
    const prompt = [assistant(call("r1"), marked(text("x"), [call("r1")])), tool("r1")];
    expect(await restore(prompt)).toEqual([assistant(call("r1"), text("x")), tool("r1")]);
  });
});
