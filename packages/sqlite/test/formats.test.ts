/** Files of other formats and other owners. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { CcrEntry } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { entries, entry, missing, withDatabase, workplace } from "./support.ts";

const { newPath, store } = workplace();

/** A file as the first version wrote it. */
function format1(path: string, originals: readonly CcrEntry[]): void {
  withDatabase(path, (db) => {
    db.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE originals (ref TEXT PRIMARY KEY NOT NULL, encoding INTEGER NOT NULL, digest BLOB NOT NULL,
        bytes BLOB NOT NULL, size INTEGER NOT NULL, used_at INTEGER NOT NULL, expires_at INTEGER) STRICT;
      CREATE INDEX originals_used ON originals (used_at, size);`);
    const insert = db.prepare("INSERT INTO originals VALUES (?, 0, ?, ?, ?, ?, ?)");
    for (const { ref, text } of originals) {
      const bytes = Buffer.from(text);
      const digest = createHash("sha256").update(Uint8Array.of(0)).update(bytes).digest();
      insert.run(ref, digest, bytes, bytes.length, Date.now() - 5_000, Date.now() + 1e9);
    }
  });
}

describe("a file of format 1", () => {
  it("is carried over, readable all the while, and then gone", async () => {
    const path = newPath();
    const originals = entries(0, 300);
    format1(path, originals);
    const now = (): number => Math.max(77, Date.now());
    const opened = store({ path, now });
    await opened.put(entry("new"));
    expect(await missing(opened, originals)).toBe(0);
    const left = () =>
      withDatabase(path, (db) =>
        Number(db.prepare("SELECT count(*) AS n FROM originals").get()?.n),
      );
    await expect.poll(left, { timeout: 30_000 }).toBe(301);
    await opened.close?.();
    const again = store({ path });
    expect(await missing(again, [...originals, entry("new")])).toBe(0);
    expect(withDatabase(path, (db) => db.prepare("PRAGMA user_version").get()?.user_version)).toBe(
      2,
    );
  });

  it("is carried over by a get too", async () => {
    const path = newPath();
    format1(path, entries(0, 3));
    expect(await missing(store({ path }), entries(0, 3))).toBe(0);
  });
});

describe("a file that a tool has rewritten", () => {
  it("is written with a log again", async () => {
    const path = newPath();
    const first = store({ path });
    await first.put(entry("kept"));
    await first.close?.();
    withDatabase(path, (db) => db.exec("PRAGMA journal_mode = DELETE; VACUUM"));
    const again = store({ path });
    await again.put(entry("more"));
    expect(existsSync(`${path}-wal`)).toBe(true);
    expect(await missing(store({ path }), [entry("kept"), entry("more")])).toBe(0);
  });
});

describe("a file that is not this store's", () => {
  it.each([
    ["of a newer version", "PRAGMA user_version = 3", /newer version/],
    ["of something else", "CREATE TABLE customers (name)", /database of something else/],
  ])("%s is refused and left as it is", async (_, sql, message) => {
    const path = newPath();
    withDatabase(path, (db) => db.exec(sql));
    const refused = store({ path });
    await expect(refused.put(entry("x"))).rejects.toThrow(message);
    await expect(refused.get(entry("x").ref)).rejects.toThrow(message);
    expect(
      withDatabase(path, (db) =>
        db.prepare("SELECT name FROM sqlite_schema WHERE name = 'originals'").all(),
      ),
    ).toEqual([]);
  });

  it("is not made by a get", async () => {
    const path = newPath();
    expect(await store({ path }).get(entry("x").ref)).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });
});
