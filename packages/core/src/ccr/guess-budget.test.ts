import { expect, it } from "vitest";
import { createHeadroom } from "../headroom.ts";
import { guessBudget } from "./guess-budget.ts";
import { memoryStore } from "./memory-store.ts";
import { refOf, refScope } from "./ref.ts";

it("gives the budget back after a minute", () => {
  let time = 0;
  const guesses = guessBudget(() => time);
  for (let i = 0; i < 21; i++) guesses.count();
  expect(guesses.exhausted()).toBe(true);
  time = 60_000;
  expect(guesses.exhausted()).toBe(false);
});

it("an instance stops looking after twenty misses, and never looked at the wrong place before", async () => {
  let looked = 0;
  const kept = memoryStore();
  const store = {
    ...kept,
    get: (ref: Parameters<typeof kept.get>[0]) => {
      looked++;
      return kept.get(ref);
    },
  };
  const headroom = createHeadroom({ store });
  const answers = [];
  for (let i = 0; i < 40; i++)
    answers.push(await headroom.retrieve({ hash: refOf(`guess ${i}`, refScope("default")) }));
  expect(answers.every(({ found }) => !found)).toBe(true);
  expect(looked).toBe(21);
  expect(answers.at(-1)?.note).toMatch(/More than 20 unknown hashes/);
});
