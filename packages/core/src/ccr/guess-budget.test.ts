import { expect, it } from "vitest";
import { createHeadroom } from "../create.ts";
import type { CcrRef, CcrStore } from "../types/store.ts";
import { guessBudget } from "./guess-budget.ts";
import { memoryStore } from "./memory-store.ts";
import { refOf, refScope } from "./ref.ts";

const scope = refScope("default");
const refs = Array.from({ length: 1_200 }, (_, i) => refOf(`missing ${i}`, scope));
const at = (index: number): CcrRef => refs[index] as CcrRef;

it("refuses what was missed, after twenty others, until a minute has passed or it is stored", () => {
  let time = 0;
  const guesses = guessBudget(() => time);
  for (const ref of refs.slice(0, 20)) guesses.missed(ref);
  expect(guesses.refuses(at(0))).toBe(false);
  guesses.missed(at(20));
  expect(guesses.refuses(at(0))).toBe(true);
  expect(guesses.refuses(at(21))).toBe(false);
  guesses.stored(at(3));
  guesses.missed(at(22));
  expect(guesses.refuses(at(3))).toBe(false);
  time = 59_999;
  expect(guesses.refuses(at(0))).toBe(true);
  time = 60_000;
  expect(guesses.refuses(at(0))).toBe(false);
});

it("remembers a bounded number of misses, the latest", () => {
  const guesses = guessBudget(() => 0);
  for (const ref of refs) guesses.missed(ref);
  expect(guesses.refuses(at(0))).toBe(false);
  expect(guesses.refuses(at(1_199))).toBe(true);
});

function counting(): { store: CcrStore; looked: () => number } {
  const kept = memoryStore();
  let looked = 0;
  const get = (ref: CcrRef) => {
    looked++;
    return kept.get(ref);
  };
  return { store: { ...kept, get }, looked: () => looked };
}

it("an instance asks the store for what its scope can have issued, once each when many are missed", async () => {
  const { store, looked } = counting();
  const headroom = createHeadroom({ store });
  for (let round = 0; round < 3; round++)
    for (const hash of refs.slice(0, 30)) await headroom.retrieve({ hash });
  expect(looked()).toBe(30);
  expect((await headroom.retrieve({ hash: at(0) })).note).toMatch(/not looked up again/);
});

it("junk, and refs of others, never keep anybody from what is there", async () => {
  const { store, looked } = counting();
  const headroom = createHeadroom({ store, minTokens: 20 });
  const text = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, status: "active" })));
  const { ref = "" } = await headroom.compressText(text);
  const before = looked();
  const another = refScope("another");
  for (let i = 0; i < 50; i++) {
    await headroom.retrieve({ hash: `planted-by-a-web-page-${i}` });
    await headroom.retrieve({ hash: refOf(`${i}`, another) });
  }
  expect(looked() - before).toBeLessThan(2);
  for (const hash of refs.slice(0, 50)) await headroom.retrieve({ hash });
  expect((await headroom.retrieve({ hash: ref })).found).toBe(true);
  // One that another process stored: never missed here, so looked up.
  await store.put({ ref: refOf("theirs", scope), text: "theirs" });
  expect((await headroom.retrieve({ hash: refOf("theirs", scope) })).found).toBe(true);
});

it("what was missed and is then compressed here is found again", async () => {
  const { store } = counting();
  const headroom = createHeadroom({ store, minTokens: 20 });
  const text = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, status: "idle" })));
  const hash = refOf(text, scope);
  for (const other of [hash, ...refs.slice(0, 30)]) await headroom.retrieve({ hash: other });
  expect((await headroom.retrieve({ hash })).found).toBe(false);
  await headroom.compressText(text);
  expect((await headroom.retrieve({ hash })).found).toBe(true);
});
