/** Where texts refer to texts above, and these grow old: in calls that go wrong, too. */
import { describe, expect, it } from "vitest";
import { memoryStore } from "../ccr/memory-store.ts";
import { createHeadroom } from "../create.ts";
import type { HeadroomOptions } from "../options.ts";
import type { CcrStore } from "../types/store.ts";

const estimate = { name: "characters", count: (text: string) => Math.ceil(text.length / 4) };
const lines = Array.from({ length: 60 }, (_, at) => `const value${at} = compute(${at * 7}, "x");`);
const other = (name: string): string => lines.join("\n").replaceAll("value", name);

let ids = 0;
function step(command: string, output: string): object[] {
  const id = `call_${ids++}`;
  return [
    {
      role: "assistant",
      content: [{ type: "tool_use", id, name: "Bash", input: { command } }],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: output }] },
  ];
}

const first = lines.join("\n");
/** It refers to the first, but for its own lines. */
const second = `${first}\n${other("own")}`;
const messages = [
  { role: "user", content: "Fix it." },
  ...step("cat a", first),
  ...step("cat b", second),
  ...step("cat c", other("c")),
  ...step("cat d", other("d")),
];
const options = (store: CcrStore, more: HeadroomOptions = {}): HeadroomOptions => ({
  store,
  mode: "lossless",
  tokenCounter: estimate,
  minTokens: 40,
  compressors: [],
  history: { triggerTokens: 1_500, targetTokens: 100, keepRecentTurns: 1 },
  ...more,
});
const textsOf = (sent: readonly unknown[]): readonly string[] =>
  sent.map((message) => JSON.stringify(message));

describe("a text that refers to another one, when both grow old", () => {
  it("stands there whole where the store has failed for it alone", async () => {
    const honest = memoryStore();
    const { putMany: _, ...rest } = honest;
    const put: CcrStore["put"] = async (entry) => {
      if (entry.text === second) throw new Error("disk full");
      await honest.put(entry);
    };
    const { history: __, ...plain } = options(honest);
    const young = await createHeadroom(plain).compress(messages);
    expect(textsOf(young.messages)[4]).toContain("the same as Bash");
    const result = await createHeadroom(options({ ...rest, put })).compress(messages);
    const texts = textsOf(result.messages);
    expect(texts[2]).not.toContain("value30");
    expect(texts[4]).toContain("value30");
    expect(result.blocks.find(({ message }) => message === 4)?.outcome).toBe("store-down");
  });

  it("keeps its bytes for a model that cannot retrieve, whatever epochs there would be", async () => {
    const headroom = createHeadroom(options(memoryStore()));
    const call = { lossless: "new" } as const;
    const before = textsOf((await headroom.compress(messages.slice(0, 5), call)).messages);
    expect(before[4]).toContain("the same as Bash");
    for (let time = 0; time < 2; time++) {
      const { messages: sent, epochs } = await headroom.compress(messages, call);
      expect(textsOf(sent).slice(0, 5)).toEqual(before);
      expect(epochs).toEqual([]);
    }
    const { messages: shrunk, epochs = [] } = await headroom.compress(messages);
    expect(epochs).toHaveLength(1);
    expect(textsOf((await headroom.compress(messages, call)).messages)).toEqual(textsOf(shrunk));
  });

  it("stays as it was in an earlier call where a later one has no time", async () => {
    let isLate = false;
    const hooks = {
      beforeCompress({ tokens }: { readonly tokens: number }): boolean {
        if (isLate && tokens > 40)
          throw Object.assign(new Error("late"), { "~headroom.interruption": true });
        return true;
      },
    };
    const headroom = createHeadroom(options(memoryStore(), { hooks }));
    const before = await headroom.compress(messages);
    expect(before.epochs).toHaveLength(1);
    isLate = true;
    const late = await headroom.compress([...messages, ...step("true", "ok")]);
    expect(late.messages.slice(0, messages.length)).toEqual(before.messages);
  });
});
