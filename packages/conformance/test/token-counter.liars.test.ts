import { describe, expect, it } from "vitest";
import { type TokenCounterSubject, tokenCounterCases } from "../src/index.ts";
import { honestCounter } from "./honest-counter.ts";
import { describeLiars, failures } from "./liars.ts";

const { count } = honestCounter;

function liar(change: () => (text: string) => number): { subject: TokenCounterSubject } {
  return {
    subject: { create: () => ({ name: "liar", count: change() }), oracle: count, runs: 50 },
  };
}

describeLiars<TokenCounterSubject>(
  tokenCounterCases,
  { create: () => honestCounter, oracle: count },
  {
    "the empty text costs nothing": liar(() => (text) => count(text) + (text === "" ? 3 : 0)),
    "any text has a count, and nothing throws": liar(() => (text) => {
      if (text.includes("\ud800\ud800")) throw new Error("not well-formed");
      return count(text);
    }),
    "text that looks like a special token counts as text": liar(
      () => (text) => (/^<\|\w+\|>$/.test(text) ? 1 : count(text)),
    ),
    "same text, same count, in any order and across instances": liar(() => {
      // A cache that takes texts of the same length and ends for one another.
      const cache = new Map<string, number>();
      return (text) => {
        if (text.length < 300 || text.length > 400) return count(text);
        const key = text.slice(0, 5) + text.slice(-5);
        const known = cache.get(key) ?? count(text) + (text.includes("aaaa") ? 1 : 0);
        cache.set(key, known);
        return known;
      };
    }),
    "a joined text costs about what its parts cost": liar(() => (text) => {
      const lines = text.includes("dog.") && text.includes("const rows");
      return count(text) + (lines ? 30 : 0);
    }),
    "a hundred copies of a text cost about a hundred times as much": liar(
      // Counts no further than a page of lines.
      () => (text) =>
        count(text.length < 100_000 && text.split("\n").length > 90 ? text.slice(0, 500) : text),
    ),
    "an unbroken run twice as long costs about twice as much": liar(
      // A guard that stops counting where runs get long.
      () => (text) => count(text.length > 400_000 ? text.slice(0, 300_000) : text),
    ),
    "the count is the oracle's": liar(
      () => (text) => count(text) + (text === "Hello, world!" ? 1 : 0),
    ),
  },
);

describe("a counter fails without an oracle that", () => {
  it.each([
    ["returns a constant", () => 5],
    ["returns a constant for any text but the empty one", (text: string) => (text ? 5 : 0)],
    ["returns nothing ever", () => 0],
    [
      "counts calls",
      (
        (calls) => () =>
          calls++
      )(0),
    ],
  ])("%s", async (_, constant) => {
    const { subject } = liar(() => constant);
    const { oracle: _oracle, ...without } = subject;
    expect(await failures(tokenCounterCases(without))).toContain(
      "a hundred copies of a text cost about a hundred times as much",
    );
  });
});
