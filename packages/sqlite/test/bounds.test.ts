/** The bound on bytes: what goes, in what steps, and what the file looks like afterwards. */
import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { entries, entry, longestBlock, missing, withDatabase, workplace } from "./support.ts";

const { newPath, store } = workplace();
const HOUR = 3_600_000;

const total = (path: string): number =>
  withDatabase(path, (db) => Number(db.prepare("SELECT bytes FROM totals").get()?.bytes));
const counted = (path: string): number =>
  withDatabase(path, (db) => Number(db.prepare("SELECT sum(size) AS s FROM originals").get()?.s));

describe("the bound", () => {
  it("knows the total without counting: after puts, rewrites, deletions and eviction", async () => {
    const path = newPath();
    let time = 0;
    const kept = store({ path, maxBytes: 100_000, protectSeconds: 0, now: () => time });
    for (const original of entries(0, 100)) {
      time += 10;
      await kept.put(original);
      await kept.put(original);
      if (time % 70 === 0) await kept.delete(original.ref);
    }
    withDatabase(path, (db) =>
      db.exec("UPDATE originals SET bytes = x'00', size = 1, digest = x'00' WHERE used_at > 900"),
    );
    for (const original of entries(85, 15)) await kept.put(original);
    expect(total(path)).toBe(counted(path));
    expect(total(path)).toBeLessThanOrEqual(100_000);
    expect(await missing(kept, entries(95, 5))).toBe(0);
  });

  it("that was lowered is reached in steps: no put waits for it, and the file shrinks", async () => {
    const path = newPath();
    let time = Date.now() - HOUR * 5;
    const full = store({ path, now: () => time });
    await full.putMany?.(entries(0, 6_000));
    await full.close?.();
    const before = statSync(path).size;
    time = Date.now();
    const lowered = store({ path, maxBytes: 1_000_000, now: () => time });
    const fresh = entries(10_000, 20);
    await lowered.put(entry("the first"));
    expect(rows(path)).toBeGreaterThan(5_400);
    const blocked = await longestBlock(async () => {
      for (const original of fresh) {
        const start = performance.now();
        await lowered.put(original);
        expect(performance.now() - start).toBeLessThan(2_000);
      }
      await expect.poll(() => total(path), { timeout: 30_000 }).toBeLessThanOrEqual(1_000_000);
      await expect.poll(() => free(path), { timeout: 30_000 }).toBeLessThan(300);
    });
    expect(blocked).toBeLessThan(1_000);
    expect(await missing(lowered, fresh)).toBe(0);
    await lowered.close?.();
    expect(statSync(path).size).toBeLessThan(before / 5);
  });

  const rows = (path: string): number =>
    withDatabase(path, (db) => Number(db.prepare("SELECT count(*) AS n FROM originals").get()?.n));
  const free = (path: string): number =>
    withDatabase(path, (db) => Number(db.prepare("PRAGMA freelist_count").get()?.freelist_count));

  it("drops nothing for an original that would not fit anyway", async () => {
    let time = 0;
    const path = newPath();
    const kept = store({ path, maxBytes: 100, protectSeconds: 60, now: () => time });
    const old = entry("o".repeat(30));
    await kept.put(old);
    time = 100_000;
    await kept.put(entry("p".repeat(60)));
    await expect(kept.put(entry("q".repeat(80)))).rejects.toThrow(/do not fit/);
    expect(await missing(kept, [old])).toBe(0);
  });

  it("lets expired originals go first", async () => {
    let time = 0;
    const kept = store({ path: newPath(), maxBytes: 100, protectSeconds: 60, now: () => time });
    await kept.put(entry("a".repeat(40)));
    await kept.put({ ...entry("b".repeat(40)), expiresAt: 5_000 });
    time = 10_000;
    await kept.put(entry("c".repeat(40)));
    expect(await missing(kept, [entry("a".repeat(40)), entry("c".repeat(40))])).toBe(0);
  });

  it("deletes what expired, though there is room", async () => {
    let time = 0;
    const path = newPath();
    const kept = store({ path, ttlSeconds: 10, now: () => time });
    await kept.putMany?.(entries(0, 600));
    time = 10_000;
    await kept.put(entry("still alive"));
    await expect.poll(() => rows(path), { timeout: 30_000 }).toBe(1);
    expect(total(path)).toBe("still alive".length);
  });

  it("makes room for one large original in place of many small ones", async () => {
    let time = 0;
    const kept = store({ path: newPath(), maxBytes: 100_000, protectSeconds: 1, now: () => time });
    await kept.putMany?.(entries(0, 1_600, 50));
    time = 10_000;
    await kept.put(entry("large ".repeat(16_000)));
    expect(await missing(kept, [entry("large ".repeat(16_000))])).toBe(0);
  });

  it("survives a total that has rotted", async () => {
    const path = newPath();
    const kept = store({ path, maxBytes: 1_000_000, protectSeconds: 0 });
    await kept.putMany?.(entries(0, 50));
    withDatabase(path, (db) => db.exec("UPDATE totals SET bytes = 9223372036854775807"));
    await kept.put(entry("one more"));
    expect(await missing(kept, entries(0, 50))).toBe(0);
    expect(total(path)).toBe(counted(path));
  });
});
