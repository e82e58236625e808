import { describe, expect, it } from "vitest";
import { admission } from "./admission.ts";

type Five<Item> = [Item, Item, Item, Item, Item];

const never = new Promise<void>(() => {});
const KB = 1_024;

/** Whether a promise has settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe("admission", () => {
  it("lets bodies in as long as there is room, in the order they came", async () => {
    const { enter } = admission();
    const entering = Array.from({ length: 5 }, () => enter(512 * KB, never));
    const [first, second, third, fourth, fifth] = entering as Five<Promise<() => void>>;
    expect(await Promise.all(entering.map(isDone))).toEqual([true, true, false, false, false]);
    (await first)();
    expect(await Promise.all([third, fourth].map(isDone))).toEqual([true, false]);
    // What left twice gives its room back once.
    (await first)();
    expect(await isDone(fourth)).toBe(false);
    (await second)();
    expect(await Promise.all([fourth, fifth].map(isDone))).toEqual([true, false]);
  });

  it("never lets small bodies wait", async () => {
    const { enter } = admission();
    for (let at = 0; at < 4; at++) void enter(5_000 * KB, never);
    expect(await isDone(enter(64 * KB, never))).toBe(true);
    expect(await isDone(enter(64 * KB + 1, never))).toBe(false);
  });

  it("lets a large body in beside another one", async () => {
    const { enter } = admission();
    void enter(60_000 * KB, never);
    expect(await isDone(enter(400 * KB, never))).toBe(true);
  });

  it("lets one in that is late, and keeps no place and no room for it", async () => {
    const { enter } = admission();
    const first = enter(60_000 * KB, never);
    void enter(60_000 * KB, never);
    const leave = await enter(400 * KB, Promise.resolve());
    leave();
    const next = enter(400 * KB, never);
    expect(await isDone(next)).toBe(false);
    (await first)();
    expect(await isDone(next)).toBe(true);
  });

  it("lets those in one after another that are late at once", async () => {
    const { enter } = admission();
    for (let at = 0; at < 2; at++) void enter(60_000 * KB, never);
    const inside: number[] = [];
    const late = new Promise<void>((resolve) => setImmediate(resolve));
    const entering = [0, 1, 2].map((at) => enter(400 * KB, late).then(() => inside.push(at)));
    await late;
    const seen: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(inside.length);
    }
    await Promise.all(entering);
    expect(inside).toEqual([0, 1, 2]);
    expect(new Set(seen).size).toBeGreaterThan(2);
  });
});
