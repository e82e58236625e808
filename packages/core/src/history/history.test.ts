import { describe, expect, it } from "vitest";
import { findMarkers } from "../ccr/marker.ts";
import { memoryStore } from "../ccr/memory-store.ts";
import { compress } from "../compress.ts";
import { createHeadroom } from "../create.ts";
import type { HeadroomOptions } from "../options.ts";
import type { HistoryOptions } from "./options.ts";

const SOURCE = Array.from(
  { length: 60 },
  (_, index) => `${index + 1}→const value${index} = compute(${index});`,
);
const PROSE =
  "I have read it. The cache is never cleared, because close() forgets it. It has been like this for years and nobody noticed so far. Some would call it a feature. Others have asked about it now and then, without an answer. I would rather not discuss that here at any length. We could also look at the names, the comments and the order of the functions. All of that can wait for another day. There is more to say about it, but it would not help anyone. Next I change it.";

let ids = 0;
function step(name: string, args: object, output: string, more: object = {}): object[] {
  const id = `call_${ids++}`;
  return [
    {
      role: "assistant",
      content: [
        { type: "text", text: "Next." },
        { type: "tool_use", id, name, input: args },
      ],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: output, ...more }] },
  ];
}

/** Every file has its own text: what was seen before may be referred to. */
const textOf = (path: string): string =>
  SOURCE.join("\n").replaceAll("value", `${path.replaceAll(".", "")}_`);
const read = (path: string): object[] => step("Read", { file_path: path }, textOf(path));
const ask = (text: string): object => ({ role: "user", content: text });
const say = (text: string): object => ({ role: "assistant", content: [{ type: "text", text }] });

function optionsWith(history: Partial<HistoryOptions>): HeadroomOptions {
  const all = { triggerTokens: 2_000, targetTokens: 100, keepRecentTurns: 1, ...history };
  return { store: memoryStore(), mode: "lossless", history: all };
}

async function reasonsOf(messages: readonly object[], history: Partial<HistoryOptions> = {}) {
  const result = await createHeadroom(optionsWith(history)).compress(messages);
  const texts = result.messages.map((message) => JSON.stringify(message));
  const shrunk = result.blocks.flatMap(({ message, reason }) =>
    reason.startsWith("history") ? [[message, reason]] : [],
  );
  return { ...result, texts, shrunk };
}

const SESSION = [
  ask("Fix the cache."),
  ...read("src/a.ts"),
  ...step("Bash", { command: "npm test" }, textOf("test").replaceAll("→", " ok ")),
  say(PROSE),
  ask("Go on."),
  ...step(
    "Edit",
    { file_path: "src/a.ts", old_string: "x", new_string: "y" },
    "The file was changed.",
  ),
  ...read("src/b.ts"),
  ...read("src/c.ts"),
];

describe("an epoch", () => {
  it("shrinks superseded reads first, then old results, then old prose, as far as it has to", async () => {
    const stale = "history: left out, original kept";
    const view = "history: an old result shortened, original kept";
    const prose = "history: sentences of an old answer, original kept";
    const { tokensAfter } = await reasonsOf(SESSION, { triggerTokens: 1_000_000 });
    const least = { triggerTokens: tokensAfter - 100, targetTokens: tokensAfter - 300 };
    const one = await reasonsOf(SESSION, least);
    expect(one.shrunk).toEqual([[2, stale]]);
    expect(one.texts[2]).toContain("src/a.ts was changed after this was read.");
    const [epoch] = one.epochs ?? [];
    expect(epoch?.tokensBefore).toBeGreaterThan(least.triggerTokens);
    expect(one.tokensAfter).toBeLessThanOrEqual(least.targetTokens);
    const more = { ...least, targetTokens: tokensAfter - 700 };
    expect((await reasonsOf(SESSION, more)).shrunk).toEqual([
      [2, stale],
      [4, view],
    ]);
    const all = await reasonsOf(SESSION);
    expect(all.shrunk).toContainEqual([4, stale]);
    expect(all.shrunk).toContainEqual([5, prose]);
    expect(all.texts[5]).toContain("because close() forgets it.");
  });

  it("leaves recent turns, people, errors, instructions and pinned messages whole", async () => {
    const messages = [
      ask(textOf("ask")),
      ...step("Skill", { skill: "review" }, textOf("skill")),
      ...step("Bash", { command: "make" }, `error: ${textOf("error")}`, { is_error: true }),
      ...read("pinned.ts"),
      ...step("Excluded", {}, textOf("excluded")),
      ...read("a.ts"),
      ...read("b.ts"),
      ...read("c.ts"),
    ];
    const headroom = createHeadroom({
      ...optionsWith({
        targetTokens: 1_500,
        keepRecentTurns: 2,
        isPinned: (_, index) => index === 6,
      }),
      tools: { Excluded: "exclude" },
    });
    const { blocks } = await headroom.compress(messages);
    const shrunk = blocks.filter(({ reason }) => reason.startsWith("history"));
    expect(shrunk.map(({ message }) => message)).toEqual([10]);
  });

  it("is asked of beforeCompress, too", async () => {
    const seen: string[] = [];
    const headroom = createHeadroom({
      ...optionsWith({}),
      hooks: {
        beforeCompress({ role, toolName }) {
          seen.push(`${role} ${toolName ?? ""}`);
          return toolName !== "Read";
        },
      },
    });
    const { blocks } = await headroom.compress(SESSION);
    const shrunk = blocks.filter(({ reason }) => reason.startsWith("history"));
    expect(new Set(shrunk.map(({ toolName }) => toolName))).toEqual(new Set(["Bash", undefined]));
    expect(seen).toContain("assistant ");
  });

  it("happens where the transcript got too long and not before", async () => {
    const headroom = createHeadroom(optionsWith({}));
    const counts: number[] = [];
    for (let length = 1; length <= SESSION.length; length++)
      counts.push((await headroom.compress(SESSION.slice(0, length))).epochs?.length ?? -1);
    expect(counts[0]).toBe(0);
    expect(counts.at(-1)).toBeGreaterThan(0);
    expect(counts).toEqual([...counts].sort());
  });

  it("does not happen over and over where nothing more can go", async () => {
    const messages = [
      ask("word ".repeat(5_000)),
      ...SESSION,
      ...read("d.ts"),
      ...read("e.ts"),
      say("Done."),
    ];
    const { epochs = [] } = await reasonsOf(messages);
    expect(epochs.length).toBeGreaterThan(0);
    expect(epochs.length).toBeLessThan(messages.length / 2);
    for (const { tokensBefore, tokensAfter } of epochs)
      expect(tokensBefore - tokensAfter).toBeGreaterThanOrEqual(475);
  });
});

describe("a read", () => {
  const rest = [...step("Bash", { command: "ls" }, "a.ts"), say("Done.")];
  const superseded = async (messages: readonly object[], history: Partial<HistoryOptions> = {}) => {
    const all = [...messages, ...rest];
    // An epoch at the end, when everything is known.
    const { tokensAfter } = await reasonsOf(all, { triggerTokens: 1_000_000, ...history });
    const { texts } = await reasonsOf(all, { triggerTokens: tokensAfter - 1, ...history });
    return texts.flatMap((text, index) => (text.includes("superseded") ? [index] : []));
  };
  /** The file as it is at one time or another. */
  const part = (offset: number, limit: number, time = ""): object[] =>
    step("Read", { file_path: "a.ts", offset, limit }, textOf(`a${time}`));
  const again = step("Read", { file_path: "a.ts" }, textOf("again"));

  it("is superseded by a later one that shows as much, and by no other", async () => {
    expect(await superseded([ask("Go"), ...read("a.ts"), ...again])).toEqual([2]);
    expect(await superseded([ask("Go"), ...part(1, 60), ...part(1, 60, "later")])).toEqual([2]);
    expect(await superseded([ask("Go"), ...part(1, 60), ...again])).toEqual([2]);
    expect(await superseded([ask("Go"), ...read("a.ts"), ...part(1, 60)])).toEqual([]);
    expect(await superseded([ask("Go"), ...read("a.ts"), ...read("b.ts")])).toEqual([]);
  });

  it("is not superseded by an edit that failed", async () => {
    const edit = { file_path: "a.ts", old_string: "x", new_string: "y" };
    const failures: [string, object][] = [
      ["String to replace not found", { is_error: true }],
      ["<tool_use_error>File has not been read yet.</tool_use_error>", {}],
      ["Process exited with code 1\nnot applied", {}],
    ];
    for (const [output, more] of failures)
      expect(
        await superseded([ask("Go"), ...read("a.ts"), ...step("Edit", edit, output, more)]),
      ).toEqual([]);
    expect(await superseded([ask("Go"), ...read("a.ts"), ...step("Edit", edit, "ok")])).toEqual([
      2,
    ]);
  });

  it("is known by the names the caller gives", async () => {
    const messages = [ask("Go"), ...read("a.ts"), ...step("save", { path: "a.ts" }, "ok")];
    expect(await superseded(messages)).toEqual([]);
    expect(await superseded(messages, { files: { save: "edit" } })).toEqual([2]);
  });
});

describe("a store", () => {
  it("that fails keeps everything as it would be without history", async () => {
    const store = { ...memoryStore(), put: () => Promise.reject(new Error("full")) };
    const { history: _, ...rest } = optionsWith({});
    const plain = await createHeadroom({ ...rest, mode: "lossless" }).compress(SESSION);
    const failing = createHeadroom({ ...optionsWith({}), store });
    const { messages, refs } = await failing.compress(SESSION);
    expect(refs).toEqual([]);
    for (const [index, message] of messages.entries())
      if (JSON.stringify(SESSION[index]).includes('"assistant"'))
        expect(message).toBe(SESSION[index]);
    expect(JSON.stringify(messages).replaceAll(/\[\[hr[^\]]*]]/g, "")).toBe(
      JSON.stringify(plain.messages).replaceAll(/\[\[hr[^\]]*]]/g, ""),
    );
  });

  it("has every original before it leaves", async () => {
    const store = memoryStore();
    const headroom = createHeadroom({ ...optionsWith({}), store });
    const { refs, blocks } = await headroom.compress(SESSION);
    const shrunk = blocks.filter(({ reason }) => reason.startsWith("history"));
    expect(shrunk.length).toBeGreaterThan(2);
    for (const { ref } of shrunk) {
      expect(refs).toContain(ref);
      expect(ref && (await store.get(ref))).toBeDefined();
    }
  });
});

describe("a call whose model cannot retrieve", () => {
  it("leaves nothing out, and with new keeps what had left before", async () => {
    const headroom = createHeadroom(optionsWith({}));
    const strict = await headroom.compress(SESSION, { lossless: true });
    expect(strict.epochs).toBeUndefined();
    expect(strict.blocks.some(({ lossless }) => lossless === false)).toBe(false);
    const fresh = await createHeadroom(optionsWith({})).compress(SESSION, { lossless: "new" });
    expect(fresh.blocks.some(({ lossless }) => lossless === false)).toBe(false);
    const open = await headroom.compress(SESSION);
    expect((await headroom.compress(SESSION, { lossless: "new" })).messages).toEqual(open.messages);
  });
});

describe("options", () => {
  const store = memoryStore();
  it.each<[options: object, expected: string]>([
    [{ history: { triggerTokens: 10 } }, "a store beside it"],
    [{ tokenBudget: 10 }, "a store beside it"],
    [{ store, history: {} }, "history.triggerTokens"],
    [{ store, history: null }, "history"],
    [{ store, history: { triggerTokens: 10, targetTokens: 10 } }, "less than triggerTokens"],
    [{ store, history: { triggerTokens: 10, keepRecentTurns: 0 } }, "history.keepRecentTurns"],
    [{ store, history: { triggerTokens: 10, files: { a: "b" } } }, "history.files"],
    [{ store, history: { triggerTokens: 10, isPinned: true } }, "history.isPinned"],
    [{ store, history: { triggerTokens: 10, keep: 1 } }, "history.keep"],
    [{ store, tokenBudget: 0 }, "tokenBudget"],
    [{ store, tokenBudget: 10, history: { triggerTokens: 10 } }, "no history beside it"],
  ])("that cannot be are refused at once: %j", (options, expected) => {
    expect(() => createHeadroom(options as HeadroomOptions)).toThrow(expected);
  });

  it("tokenBudget is a history of its own", async () => {
    const { epochs = [] } = await createHeadroom({ store, tokenBudget: 2_000 }).compress([
      ...SESSION,
      ...read("d.ts"),
      ...read("e.ts"),
      ...read("f.ts"),
      ...read("g.ts"),
    ]);
    expect(epochs[0]?.tokensBefore).toBeGreaterThan(1_600);
    expect(epochs[0]?.tokensAfter).toBeLessThan(epochs[0]?.tokensBefore ?? 0);
    expect((await compress(SESSION, { store })).epochs).toBeUndefined();
  });

  it("compress without an instance keeps histories apart", async () => {
    const [loose, tight] = [1_000_000, 2_000].map((triggerTokens) => ({
      store,
      history: { triggerTokens, keepRecentTurns: 1 },
    }));
    expect((await compress(SESSION, loose)).epochs).toEqual([]);
    expect((await compress(SESSION, tight)).epochs?.length).toBeGreaterThan(0);
    expect((await compress(SESSION, loose)).epochs).toEqual([]);
  });
});

it("what is compressed again is the same", async () => {
  const headroom = createHeadroom(optionsWith({}));
  const { messages } = await headroom.compress(SESSION);
  const marked = messages.filter((message) => findMarkers(JSON.stringify(message)).length > 0);
  expect(marked.length).toBeGreaterThan(2);
  const again = await headroom.compress(messages);
  for (const [index, message] of messages.entries())
    if (marked.includes(message)) expect(again.messages[index]).toBe(message);
});
