import { syncBuiltinESMExports } from "node:module";
import type { DatabaseSync } from "node:sqlite";
import timers from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { requireSqlite } from "./connect.ts";
import { Maintenance } from "./maintenance.ts";
import type { Connection } from "./open.ts";
import type { Predecessor } from "./predecessor.ts";
import { encode } from "./record.ts";
import { type Row, Rows } from "./rows.ts";
import { createTables } from "./schema.ts";
import type { Session } from "./session.ts";

let db: DatabaseSync;
let rows: Rows;
let connection: Connection;
let isInPlace: boolean;
beforeEach(() => {
  const { DatabaseSync: Database } = requireSqlite();
  db = new Database(":memory:");
  createTables(db);
  rows = new Rows(db, 100);
  isInPlace = true;
  connection = { db, rows, predecessors: [], isInPlace: () => isInPlace } as unknown as Connection;
});
afterEach(() => db.close());

function maintained(now = 10_000, protectSeconds = 1): Maintenance {
  const session = { current: connection } as unknown as Session;
  return new Maintenance(session, { maxBytes: 100, protectSeconds, now: () => now });
}
const write = (ref: string, length: number, usedAt: number, expiresAt = 99_999): void =>
  rows.write(ref, encode(ref, "x".repeat(length)), usedAt, expiresAt);
const refs = (): unknown[] =>
  db
    .prepare("SELECT ref FROM originals ORDER BY id")
    .all()
    .map(({ ref }) => ref);

describe("maintenance", () => {
  it("does nothing where there is nothing to do", async () => {
    write("a", 100, 0, 10_001);
    const looks = vi.spyOn(rows, "shrink");
    await maintained().startIfNeeded();
    expect(refs()).toEqual(["a"]);
    expect(looks).not.toHaveBeenCalled();
  });

  it("drops what has expired, though there is room", async () => {
    write("a", 1, 10_000, 10_000);
    write("b", 1, 0, 10_001);
    await maintained().startIfNeeded();
    expect(refs()).toEqual(["b"]);
  });

  it("drops what was unused for longest, down to the bound and not below", async () => {
    for (const [ref, usedAt] of [
      ["a", 3],
      ["b", 1],
      ["c", 2],
    ] as const)
      write(ref, 50, usedAt);
    await maintained().startIfNeeded();
    expect(refs()).toEqual(["a", "c"]);
  });

  it("takes what has expired off what has to go", async () => {
    write("old", 50, 1);
    write("gone", 50, 2, 5);
    write("new", 50, 3);
    await maintained().startIfNeeded();
    expect(refs()).toEqual(["old", "new"]);
  });

  it("leaves alone what was used within the time that protects it", async () => {
    write("protected", 60, 9_000);
    write("unused", 60, 8_999);
    await maintained().startIfNeeded();
    expect(refs()).toEqual(["protected"]);
    write("protected too", 60, 9_500);
    await maintained().startIfNeeded();
    expect(refs()).toEqual(["protected", "protected too"]);
  });

  it("counts the bytes before it drops anything for them", async () => {
    write("a", 50, 1);
    db.exec("UPDATE totals SET bytes = 500");
    await maintained().startIfNeeded();
    expect(refs()).toEqual(["a"]);
    expect(rows.totalBytes()).toBe(50);
  });

  it("stops where the file is not in its place any more", async () => {
    write("a", 1, 0, 1);
    isInPlace = false;
    await maintained().startIfNeeded();
    expect(refs()).toEqual(["a"]);
  });

  it("runs once at a time, and again when it is needed again", async () => {
    const looks = vi.spyOn(rows, "evict");
    const maintenance = maintained();
    write("a", 1, 0, 1);
    await Promise.all([maintenance.startIfNeeded(), maintenance.startIfNeeded()]);
    const once = looks.mock.calls.length;
    write("b", 1, 0, 1);
    await maintenance.startIfNeeded();
    expect(refs()).toEqual([]);
    expect(looks.mock.calls.length).toBe(2 * once);
  });

  it("carries over what has not expired, slice by slice, and finishes the file", async () => {
    const other = (ref: string, expiresAt: number): Row => {
      const { encoding, digest, bytes } = encode(ref, "text");
      return { ref, encoding, digest, bytes, size: 4, used_at: 7, expires_at: expiresAt };
    };
    const slices = [[other("a", 10_001), other("b", 10_000)], [], [other("c", 10_002)]];
    let finished = 0;
    const predecessor = {
      slice: () => slices[0] ?? [],
      advance: () => slices.shift() !== undefined && slices.length > 0,
      finish: () => void finished++,
    } as unknown as Predecessor;
    connection.predecessors.push(predecessor);
    await maintained().startIfNeeded();
    expect(refs()).toEqual(["a", "c"]);
    expect(rows.head("a")).toMatchObject({ used_at: 7, expires_at: 10_001 });
    expect([finished, connection.predecessors]).toEqual([1, []]);
  });
});

describe("the pauses of maintenance", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  const pausesOf = async (): Promise<unknown[]> => {
    const pauses: unknown[] = [];
    vi.spyOn(timers, "setTimeout").mockImplementation(async (milliseconds, _, options) => {
      pauses.push(milliseconds);
      isInPlace = false;
      await new Promise((resolve) => setImmediate(resolve));
      isInPlace = true;
      expect(options).toEqual({ ref: false });
      return undefined as never;
    });
    syncBuiltinESMExports();
    await maintained().startIfNeeded();
    return pauses;
  };

  it("are 5 ms between slices", async () => {
    write("a", 1, 0, 1);
    expect(await pausesOf()).toEqual([5, 5]);
  });

  it("are 50 ms behind each of 20 failures, and then it is given up", async () => {
    write("a", 1, 0, 1);
    const evict = vi.spyOn(rows, "evict").mockImplementation(() => {
      throw new Error("busy");
    });
    expect(await pausesOf()).toEqual([5, ...Array.from({ length: 19 }, () => 50)]);
    expect(evict).toHaveBeenCalledTimes(20);
  });

  it("are no more where the bytes were only counted wrong", async () => {
    write("a", 50, 1);
    db.exec("UPDATE totals SET bytes = 500");
    expect(await pausesOf()).toEqual([5]);
  });

  it("are 5 ms again behind a slice that succeeds", async () => {
    write("a", 1, 0, 1);
    vi.spyOn(rows, "evict").mockImplementationOnce(() => {
      throw new Error("busy");
    });
    expect(await pausesOf()).toEqual([5, 50, 5]);
  });
});
