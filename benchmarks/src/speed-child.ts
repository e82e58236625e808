/**
 * One cold request in a process of its own; prints milliseconds as JSON. Run by `speed.ts`.
 *
 * With `--loaded` the encoder is loaded first, as in a process that has served a request before.
 */
import { createHeadroom, loadCounter, memoryStore } from "@headroom/core";
import { searchResults } from "./generate.ts";

const loaded = process.argv.includes("--loaded");
const rows = searchResults(1000);
const messages = [
  { role: "user", content: "Which results failed?" },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "a", type: "function", function: { name: "search", arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: "a", content: JSON.stringify(rows) },
];
if (loaded) (await loadCounter("o200k_base")).count("warm");

const instance = createHeadroom({ store: memoryStore() });
const cpu = process.cpuUsage();
const start = performance.now();
const first = await instance.compress(messages);
const cold = performance.now() - start;
const used = process.cpuUsage(cpu);

const next = [
  ...messages,
  { role: "assistant", content: "One of them did." },
  { role: "user", content: "Which one?" },
];
const restart = performance.now();
await instance.compress(next);
const turn = performance.now() - restart;

const fresh = createHeadroom({ store: memoryStore() });
const again = performance.now();
await fresh.compress(messages);
const warm = performance.now() - again;

process.stdout.write(
  JSON.stringify({
    cold,
    coldCpu: (used.user + used.system) / 1000,
    turn,
    warm,
    tokens: first.tokensBefore,
    savings: first.savings,
  }),
);
