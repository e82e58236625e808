import type { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { requireSqlite, transaction } from "./connect.ts";
import { encode, keyOf } from "./record.ts";
import { EvictionSlice, isWhole, type Row, Rows } from "./rows.ts";
import { contentOf, createTables } from "./schema.ts";
import { DamageError } from "./sqlite-errors.ts";

const NEVER = 1_000_000;
const slice = (): EvictionSlice => new EvictionSlice();

describe("rows", () => {
  let db: DatabaseSync;
  let rows: Rows;
  beforeEach(() => {
    const { DatabaseSync: Database } = requireSqlite();
    db = new Database(":memory:");
    createTables(db);
    rows = new Rows(db, 100);
  });
  afterEach(() => db.close());
  const write = (ref: string, text: string, usedAt = 0, expiresAt = NEVER): void =>
    rows.write(ref, encode(ref, text), usedAt, expiresAt);
  const refs = (): unknown[] =>
    db
      .prepare("SELECT ref FROM originals ORDER BY id")
      .all()
      .map(({ ref }) => ref);
  const rowOf = (ref: string): Row => rows.find(ref) as Row;

  it("are found by their ref, whole and with their times", () => {
    write("a", "text", 5, 10);
    expect(rowOf("a")).toMatchObject({
      ref: "a",
      used_at: 5,
      expires_at: 10,
      size: 4,
      encoding: 0,
    });
    expect(rows.head("a")).toMatchObject({ ref: "a", used_at: 5, expires_at: 10 });
    expect(rows.find("b")).toBeUndefined();
    expect(rows.head("b")).toBeUndefined();
  });

  it("are read up to the longest original, and no byte more", () => {
    write("a", "x".repeat(100));
    write("b", "x".repeat(101));
    expect(rowOf("a").size).toBe(100);
    expect(rows.find("b")).toBe("damaged");
    expect(rows.prove("b")).toBe("damaged");
  });

  it("live longer when touched, never shorter", () => {
    write("a", "text", 5, 10);
    rows.touch("a", 6, 9);
    expect(rows.head("a")).toMatchObject({ used_at: 6, expires_at: 10 });
    rows.touch("a", 7, 11);
    expect(rows.head("a")).toMatchObject({ used_at: 7, expires_at: 11 });
  });

  it("are written once, and again in place of a damaged one", () => {
    write("a", "text");
    db.exec("UPDATE originals SET bytes = x'00000000'");
    expect(rows.find("a")).toBe("damaged");
    write("a", "newer text", 3, 4);
    expect(rowOf("a")).toMatchObject({ size: 10, used_at: 3, expires_at: 4 });
    expect(refs()).toEqual(["a"]);
    expect(rows.totalBytes()).toBe(10);
  });

  it("never take the place of a sound row of another ref", () => {
    write("a", "text");
    db.prepare("UPDATE originals SET key = ?").run(keyOf("b"));
    expect(rows.find("b")).toBe("damaged");
    expect(() => write("b", "other")).toThrow(new DamageError("an index leads to another row."));
    db.exec("UPDATE originals SET bytes = x'00000000'");
    write("b", "other");
    expect(refs()).toEqual(["b"]);
  });

  it("are removed by key and ref, and say whether there was one", () => {
    write("a", "text");
    expect([rows.remove("b"), rows.remove("a"), rows.remove("a")]).toEqual([false, true, false]);
    expect(rows.totalBytes()).toBe(0);
  });

  it("are carried over unless they are here or there is no room", () => {
    write("a", "x".repeat(40), 1, 50);
    const other = rowOf("a");
    rows.carry({ ...other, used_at: 9, expires_at: 99 });
    expect(rows.head("a")).toMatchObject({ used_at: 1, expires_at: 50 });
    rows.remove("a");
    write("b", "x".repeat(61));
    rows.carry(other);
    expect(refs()).toEqual(["b"]);
    rows.remove("b");
    write("c", "x".repeat(60));
    rows.carry({ ...other, digest: new Uint8Array(32) });
    expect(rowOf("a")).toMatchObject({ used_at: 1, expires_at: 50, size: 40 });
  });

  it("are over the bound one byte above it", () => {
    write("a", "x".repeat(100));
    expect([rows.totalBytes(), rows.isOver()]).toEqual([100, false]);
    write("b", "x");
    expect([rows.totalBytes(), rows.isOver()]).toEqual([101, true]);
  });

  it("are counted anew once on a connection", () => {
    write("a", "text");
    db.exec("UPDATE totals SET bytes = 70");
    rows.recount();
    expect(rows.totalBytes()).toBe(4);
    db.exec("UPDATE totals SET bytes = 70");
    rows.recount();
    expect(rows.totalBytes()).toBe(70);
  });

  it("have expired at the moment they say", () => {
    expect(rows.hasExpired(10)).toBe(false);
    write("a", "text", 0, 10);
    expect([rows.hasExpired(9), rows.hasExpired(10), rows.hasExpired(11)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("go in order, until enough has gone: expired ones, then those unused for longest", () => {
    const fill = (): void => {
      write("newest", "12345", 9);
      write("old", "12345", 2);
      write("oldest", "12345", 1);
      write("gone 2", "12345", 9, 20);
      write("gone 1", "12345", 9, 10);
    };
    const cases: readonly (readonly [number, number, string[]])[] = [
      [0, 0, ["newest", "old", "oldest", "gone 2", "gone 1"]],
      [1, 5, ["newest", "old", "oldest", "gone 2"]],
      [5, 5, ["newest", "old", "oldest", "gone 2"]],
      [6, 10, ["newest", "old", "oldest"]],
      [11, 15, ["newest", "old"]],
      [20, 20, ["newest"]],
      [99, 20, ["newest"]],
    ];
    for (const [enough, gone, left] of cases) {
      fill();
      expect([rows.evict(enough, 20, 9, slice()), refs()]).toEqual([gone, left]);
      for (const ref of refs()) rows.remove(ref as string);
    }
  });

  it("do not go where all that may go is not enough", () => {
    write("a", "12345", 1);
    write("b", "12345", 9);
    expect(rows.evictIfEnough(6, 0, 9, slice())).toBe(0);
    expect(refs()).toEqual(["a", "b"]);
    expect(rows.evictIfEnough(5, 0, 9, slice())).toBe(5);
    expect(refs()).toEqual(["b"]);
  });

  it("go all the same where the slice is used up before it is known, 16 at a time", () => {
    for (let n = 0; n < 17; n++) write(`${n}`, "12345", n);
    const used = slice();
    for (let n = 0; n < 255; n++) used.spend();
    expect(rows.evictIfEnough(100, 0, 99, used)).toBe(80);
    expect(refs()).toEqual(["16"]);
    expect(rows.evict(5, 0, 99, used)).toBe(0);
  });

  it("are whole with values of the right types alone", () => {
    write("a", "text");
    const row = rowOf("a");
    expect(isWhole(row)).toBe(true);
    for (const wrong of [
      { ref: 5 },
      { used_at: "0" },
      { expires_at: null },
      { digest: "text" },
      { bytes: null },
      { bytes: "text" },
      { size: 5 },
    ])
      expect(isWhole({ ...row, ...wrong } as unknown as Row)).toBe(false);
  });

  it.each([
    ["few", [255], false, 0],
    ["few afterwards", [256, 255], false, 1],
    ["just as many as are kept", [512, 256], true, 1],
    ["many", [5_000, 4_744], true, 1],
    ["those that cannot be given back", [300, 300], false, 1],
  ])("gives 256 pages back at a time, down to 256: %s", (_, counts, more, times) => {
    const left = [...counts];
    vi.spyOn(db, "prepare").mockImplementation((sql) => {
      expect(sql).toBe("PRAGMA freelist_count");
      return { get: () => ({ freelist_count: left.shift() }) } as never;
    });
    const run = vi.spyOn(db, "exec");
    expect(rows.shrink()).toBe(more);
    expect(run.mock.calls).toEqual(
      Array.from({ length: times }, () => ["PRAGMA incremental_vacuum(256)"]),
    );
  });

  it("are rolled back when a transaction throws", () => {
    const failing = (): void =>
      transaction(db, () => {
        write("a", "text");
        throw new Error("half way");
      });
    expect(failing).toThrow("half way");
    expect(refs()).toEqual([]);
    const removing = (): boolean => transaction(db, () => rows.remove("none"));
    expect(removing()).toBe(false);
    transaction(db, () => write("b", "text"));
    expect(db.isTransaction).toBe(false);
    expect(refs()).toEqual(["b"]);
  });
});

describe("a slice of making room", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  it("ends after 256 rows", () => {
    const one = slice();
    for (let n = 1; n < 256; n++) one.spend();
    expect(one.isUsedUp()).toBe(false);
    one.spend();
    expect(one.isUsedUp()).toBe(true);
  });

  it("ends after eight milliseconds, but not without a row", () => {
    const one = slice();
    vi.advanceTimersByTime(100);
    expect(one.isUsedUp()).toBe(false);
    one.spend();
    expect(one.isUsedUp()).toBe(true);
    const other = slice();
    other.spend();
    vi.advanceTimersByTime(8);
    expect(other.isUsedUp()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(other.isUsedUp()).toBe(true);
  });
});

describe("what stands in a file", () => {
  const opened: DatabaseSync[] = [];
  afterEach(() => {
    for (const db of opened.splice(0)) db.close();
  });
  const holding = (...statements: readonly string[]): DatabaseSync => {
    const { DatabaseSync: Database } = requireSqlite();
    const db = new Database(":memory:");
    opened.push(db);
    for (const statement of statements) db.exec(statement);
    return db;
  };

  it("is nothing, a store's tables, or those of format 1", () => {
    const db = holding();
    expect(contentOf(db)).toBe("empty");
    createTables(db);
    expect(contentOf(db)).toBe("current");
    expect(db.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 2 });
    createTables(db);
    expect(contentOf(db)).toBe("current");
    expect(db.prepare("SELECT * FROM totals").all()).toMatchObject([{ id: 1, bytes: 0 }]);
    expect(contentOf(holding("CREATE TABLE originals (ref TEXT)"))).toBe("format 1");
    expect(contentOf(holding("PRAGMA user_version = 1"))).toBe("empty");
  });

  it.each([
    [
      ["PRAGMA user_version = 3"],
      'Store "sqlite" failed to open: the file has format 3 of a newer version.',
    ],
    [
      ["CREATE TABLE x (y)"],
      'Store "sqlite" failed to open: the file is a database of something else.',
    ],
    [
      ["CREATE TABLE originals (ref)", "PRAGMA user_version = 1"],
      'Store "sqlite" failed to open: the file is a database of something else.',
    ],
    [["CREATE TABLE originals (ref)", "PRAGMA user_version = 2"], "its schema is damaged."],
    [["PRAGMA user_version = 2"], "its schema is damaged."],
  ])("is refused: %o", (statements, message) => {
    let said: unknown;
    try {
      contentOf(holding(...statements));
    } catch (error) {
      said = error;
    }
    expect((said as Error).message).toBe(message);
    expect(said instanceof DamageError).toBe(message === "its schema is damaged.");
  });

  it("is damaged where one part of the schema is missing", () => {
    for (const part of [
      "INDEX originals_key",
      "INDEX originals_used",
      "INDEX originals_expiry",
      "TABLE totals",
      "TRIGGER originals_added",
      "TRIGGER originals_removed",
      "TRIGGER originals_resized",
    ]) {
      const db = holding();
      createTables(db);
      db.exec(`DROP ${part}`);
      expect(() => contentOf(db)).toThrow("its schema is damaged.");
    }
  });
});
