/**
 * One cold request in a process of its own; prints milliseconds as JSON. Run by `speed.ts`.
 *
 * With `--loaded` the encoder is loaded first, as in a process that has served a request before. The code of all kinds is loaded before any
 * time is taken: here it is read from TypeScript, which costs ten times what the built package does.
 */
import { parseArgs } from "node:util";
import { createHeadroom, loadCounter, memoryStore } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import { searchResults, unseenResults } from "./generate.ts";

const { values } = parseArgs({
  options: {
    loaded: { type: "boolean", default: false },
    rows: { type: "string", default: "1000" },
    sabotage: { type: "string" },
  },
});
const rows = Number(values.rows);
// Loaded only where it is asked for: it loads the encoder.
const make =
  values.sabotage === undefined
    ? createHeadroom
    : (await import("./sabotage/list.ts")).sabotaged(values.sabotage).make;

const conversation = (results: unknown): Record<string, unknown>[] => [
  { role: "user", content: "Which results failed?" },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "a", type: "function", function: { name: "search", arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: "a", content: JSON.stringify(results) },
];
const messages = conversation(searchResults(rows));
const later = [
  { role: "assistant", content: "One of them did." },
  { role: "user", content: "Which one?" },
];

defaultCompressors();
if (values.loaded) (await loadCounter("o200k_base")).count("warm");
const instance = make({ store: memoryStore() });
const cold = await time(() => instance.compress(messages));
const turn = await time(() => instance.compress([...messages, ...later]));
const fresh = make({ store: memoryStore() });
const warm = await time(() => fresh.compress(messages));
// Code that has run a few times, on rows that it has not seen, beside counting rows that nobody has seen either.
const unseen: number[] = [];
const counting: number[] = [];
const counter = await loadCounter("o200k_base");
for (let run = 1; run <= 3; run++) {
  const request = conversation(unseenResults(rows, run * 10_000));
  const other = JSON.stringify(unseenResults(rows, run * 10_000 + 5_000));
  const instance = make({ store: memoryStore() });
  unseen.push((await time(() => instance.compress(request))).thread);
  counting.push((await time(async () => counter.count(other))).thread);
}
const middle = (times: number[]): number => times.sort((a, b) => a - b)[1] ?? Number.NaN;
const { tokensBefore } = cold.value;
// What was saved is what got shorter, whatever the result says of itself.
const characters = (all: readonly unknown[]): number => JSON.stringify(all).length;
const savings = 1 - characters(cold.value.messages) / characters(messages);
process.stdout.write(
  JSON.stringify({
    cold: cold.clock,
    coldThread: cold.thread,
    turn: turn.clock,
    turnThread: turn.thread,
    warm: warm.clock,
    warmThread: warm.thread,
    unseenThread: middle(unseen),
    countingThread: middle(counting),
    tokens: tokensBefore,
    savings,
  }),
);

async function time<Value>(
  run: () => Promise<Value>,
): Promise<{ value: Value; clock: number; thread: number }> {
  const used = process.threadCpuUsage();
  const start = performance.now();
  const value = await run();
  const clock = performance.now() - start;
  const { user, system } = process.threadCpuUsage(used);
  return { value, clock, thread: (user + system) / 1000 };
}
