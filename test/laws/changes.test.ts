/**
 * Laws 1, 3 and 9 where an output that grows is asked for again and again: what is sent as the changes since an output that was shortened
 * tells the text exactly from the one before, has an original of its own, and keeps its bytes.
 */
import { createHeadroom, type HeadroomOptions, memoryStore } from "@headroom/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { describeLaw, estimate, lying, rewriting } from "./law.ts";

interface Poll {
  /** Which of a few tasks is asked about. */
  readonly task: number;
  /** Lines that came since. */
  readonly grown: number;
  readonly isDone: boolean;
  readonly isError: boolean;
}

interface Polls {
  readonly polls: readonly Poll[];
  readonly first: number;
  readonly triggerTokens: number | undefined;
}

function manyPolls(): fc.Arbitrary<Polls> {
  return fc.record({
    first: fc.integer({ min: 180, max: 260 }),
    triggerTokens: fc.constantFrom(undefined, undefined, 3_000, 6_000),
    polls: fc.array(
      fc.record({
        task: fc.nat(1),
        grown: fc.constantFrom(0, 1, 3, 30, 250),
        isDone: fc.boolean(),
        isError: fc.constantFrom(false, false, false, true),
      }),
      { minLength: 2, maxLength: 5 },
    ),
  });
}

function messagesOf({ polls, first }: Polls): readonly object[] {
  const lines = [first, first];
  const messages: object[] = [{ role: "user", content: "Is it built?" }];
  for (const [at, { task, grown, isDone, isError }] of polls.entries()) {
    lines[task] = (lines[task] ?? 0) + grown;
    const log = Array.from({ length: lines[task] ?? 0 }, (_, line) => lineOf(task, line));
    const content = [`<status>${isDone ? "completed" : "running"}</status>`, "", ...log].join("\n");
    messages.push(
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: `${at}`, name: "TaskOutput", input: { task_id: `t${task}` } },
        ],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: `${at}`,
            content,
            ...(isError ? { is_error: true } : {}),
          },
        ],
      },
    );
  }
  return messages;
}

function lineOf(task: number, line: number): string {
  if (line % 41 === 7) return `warning: unused variable x${line} in module ${task} of the build`;
  if (line % 3 === 0) return `==> package_${(line * 7) % 60}`;
  return line % 3 === 1
    ? `Compiling ${(line * 7_919) % 97} files (.ex) of ${(line * 31) % 89}`
    : `Generated app_${(line * 7_919) % 997} with ${(line * 13) % 71} modules`;
}

function optionsOf({ triggerTokens }: Polls): HeadroomOptions {
  const history = { triggerTokens: triggerTokens ?? 1, keepRecentTurns: 1 };
  const own = { tokenCounter: estimate, minTokens: 40, store: memoryStore() };
  return triggerTokens === undefined ? own : { ...own, history };
}

function resultOf(message: unknown): string {
  const { content } = message as { content: string | { content?: string }[] };
  return typeof content === "string" ? content : (content[0]?.content ?? "");
}

const HEAD = /^\[\[hr:(\w+) changes, .*\]\]\n(.*)(?:\n([\s\S]*))?$/;

/** The text that changes make of another one. */
function changed(before: string, [head = "", diff = ""]: readonly [string?, string?]): string {
  if (/^\[\d+ lines, all the same as /.test(head)) return before;
  const old = before.split("\n");
  const out: string[] = [];
  let at = 0;
  for (const line of diff === "" ? [] : diff.split("\n")) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (hunk) while (at < Number(hunk[1]) - (hunk[2] === "0" ? 0 : 1)) out.push(old[at++] ?? "");
    else if (line.startsWith("+")) out.push(line.slice(1));
    else expect(`-${old[at++]}`).toBe(line);
  }
  return [...out, ...old.slice(at)].join("\n");
}

describeLaw(
  "changes since an output that was shortened tell the text, in every process and every longer session",
  manyPolls(),
  async (polls, make) => {
    const input = messagesOf(polls);
    const headroom = make(optionsOf(polls));
    const { messages, blocks } = await headroom.compress(input);
    for (const [at, message] of messages.entries()) {
      const [, hash, ...told] = HEAD.exec(resultOf(message)) ?? [];
      if (hash === undefined) continue;
      const { task, isError } = polls.polls[at / 2 - 1] as Poll;
      expect(isError).toBe(false);
      const earlier = polls.polls.slice(0, at / 2 - 1).findLastIndex((poll) => poll.task === task);
      const base = blocks.find(({ message }) => message === 2 * earlier + 2);
      // What has grown old is shown no more.
      expect(base?.reason).not.toMatch(/^history/);
      expect(base?.lossless).toBe(false);
      const text = resultOf(input[at]);
      expect(changed(resultOf(input[2 * earlier + 2]), told as [string?, string?])).toBe(text);
      const { slices } = await headroom.retrieve({ hash }, { maxTokens: 1e6 });
      expect(slices.map((slice) => slice.text).join("")).toBe(text);
    }
    if (polls.triggerTokens !== undefined) return;
    const lasting = make(optionsOf(polls));
    for (let length = 3; length <= input.length; length += 2)
      for (const instance of [lasting, make(optionsOf(polls))])
        expect((await instance.compress(input.slice(0, length))).messages).toEqual(
          messages.slice(0, length),
        );
  },
  {
    "forgets a change": rewriting((text) => text.replace(/\n\+.*/, "")),
    "says that lines were added elsewhere": rewriting((text) =>
      text.replace(/\n@@ -(\d+),0/, (_, line: string) => `\n@@ -${+line + 1},0`),
    ),
    "gives the newest output in full": lying((result, input) => ({
      ...result,
      messages: result.messages.map((message, at) => (at < input.length - 1 ? message : input[at])),
    })),
  },
  0.15,
);

const grown: Polls = {
  first: 250,
  triggerTokens: undefined,
  polls: [0, 40, 0, 3].map((lines, at) => ({
    task: 0,
    grown: lines,
    isDone: at === 3,
    isError: false,
  })),
};

it("an output that grew is told by its changes, and one that did not in a line", async () => {
  const { messages, blocks } = await createHeadroom(optionsOf(grown)).compress(messagesOf(grown));
  expect(blocks.filter(({ role }) => role === "tool").map(({ kind }) => kind)).toEqual([
    "log",
    "changes",
    "changes",
    "changes",
  ]);
  expect(resultOf(messages[6])).toMatch(/\n\[292 lines, all the same as TaskOutput "t0" .*\]$/);
  expect(resultOf(messages[8]).split("\n").length).toBeLessThan(10);
});

it("is told without leaving anything out where that is short", async () => {
  const [ask, firstCall, first] = messagesOf(grown);
  const lines = resultOf(first).split("\n").slice(0, -12).join("\n");
  const write = { type: "tool_use", id: "w", name: "Write", input: { path: "a", content: lines } };
  const input = [
    ask,
    firstCall,
    first,
    { role: "assistant", content: [write] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "w", content: "Written." }] },
    ...messagesOf({ ...grown, polls: grown.polls.map((poll) => ({ ...poll, grown: 0 })) }).slice(3),
  ];
  const headroom = createHeadroom(optionsOf(grown));
  const { blocks, messages } = await headroom.compress(input);
  expect(blocks.find(({ message }) => message === 2)?.lossless).toBe(false);
  expect(blocks.find(({ message }) => message === 6)?.lossless).toBe(true);
  expect(resultOf(messages[6])).toContain("the same as content of Write");
});

it("is not told so where nothing may be left out", async () => {
  const input = messagesOf(grown);
  const { store: _, ...bare } = optionsOf(grown);
  for (const options of [bare, { ...optionsOf(grown), mode: "lossless" as const }])
    for (const { kind } of (await createHeadroom(options).compress(input)).blocks)
      expect(kind).not.toBe("changes");
  const { blocks } = await createHeadroom(optionsOf(grown)).compress(input, { lossless: true });
  for (const { lossless } of blocks) expect(lossless).not.toBe(false);
});

it("has its lossless form where the store has failed for it alone", async () => {
  const input = messagesOf(grown);
  const texts = input.map(resultOf);
  const store = memoryStore();
  const failing = {
    ...store,
    put: async (entry: { ref: string; text: string }) => {
      if (entry.text === texts[4]) throw new Error("disk full");
      return store.put(entry as never);
    },
  };
  const options = { ...optionsOf(grown), store: failing as typeof store };
  const { messages, blocks } = await createHeadroom(options).compress(input);
  const row = blocks.find(({ message }) => message === 4);
  expect(row?.outcome).toBe("store-down");
  expect(row?.lossless).not.toBe(false);
  expect(resultOf(messages[4])).not.toContain("the same as");
});
