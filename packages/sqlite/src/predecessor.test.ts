import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect } from "./connect.ts";
import { isCarriedOver, Predecessor } from "./predecessor.ts";
import { encode } from "./record.ts";
import { Rows } from "./rows.ts";
import { createTables } from "./schema.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-predecessor-"));
  file = join(folder, "a.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MAX = 100_000_000;

/** A file that was set aside, with originals of so many characters. */
function setAside(count: number, characters = 10, name = "a.db.carry-5"): string {
  const path = join(folder, name);
  connect(path, {}, (db) => {
    createTables(db);
    const rows = new Rows(db, MAX);
    db.exec("BEGIN");
    for (let n = 0; n < count; n++)
      rows.write(`ref ${n}`, encode(`ref ${n}`, `${n}`.padEnd(characters, "x")), n, 1_000);
    db.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
  });
  return path;
}
function overwrite(path: string, from: number, bytes: number): void {
  const open = openSync(path, "r+");
  writeSync(open, Buffer.alloc(bytes, 0xff), 0, bytes, from);
  closeSync(open);
}
/** What stands in the folder, without the log and the index that SQLite makes to read a file. */
const found = (): string[] =>
  readdirSync(folder)
    .filter((name) => !/-(?:wal|shm)$/.test(name))
    .sort();
const only = (): Predecessor => {
  const [predecessor, ...others] = Predecessor.of(file, MAX);
  if (predecessor === undefined || others.length > 0) throw new Error("not one predecessor");
  return predecessor;
};
/** Refs of all slices, in order, and how many slices there were. */
function carried(predecessor: Predecessor): { readonly refs: string[]; readonly slices: number } {
  const refs: string[] = [];
  let slices = 0;
  do {
    slices++;
    const slice = predecessor.slice();
    // Until they are carried over they are the next ones.
    expect(predecessor.slice()).toBe(slice);
    refs.push(...slice.map(({ ref }) => ref));
  } while (predecessor.advance());
  return { refs, slices };
}
const refsUpTo = (count: number): string[] => Array.from({ length: count }, (_, n) => `ref ${n}`);

describe("files that were set aside", () => {
  it("are those of this store's file, in the order of their names", () => {
    for (const name of [
      "a.db.carry-5",
      "a.db.carry-10-1",
      "b.db.carry-1",
      "a.db.carry-7-x",
      "a.db.corrupt-1",
    ])
      setAside(1, 10, name);
    const predecessors = Predecessor.of(file, MAX);
    expect(predecessors.map(({ path }) => path)).toEqual(
      ["a.db.carry-10-1", "a.db.carry-5"].map((name) => join(folder, name)),
    );
    for (const predecessor of predecessors) predecessor.close();
    expect(isCarriedOver(file)).toBe(true);
    expect(isCarriedOver(join(folder, "c.db"))).toBe(false);
    expect(isCarriedOver(join(folder, "none", "a.db"))).toBe(false);
  });

  it("are finished at once where nothing can be read, and kept for a person", () => {
    writeFileSync(`${file}.carry-1`, "no database".repeat(100));
    connect(`${file}.carry-2`, {}, (db) => {
      db.exec("CREATE TABLE x (y)");
      db.close();
    });
    connect(`${file}.carry-3`, {}, (db) => {
      db.exec("PRAGMA user_version = 0; VACUUM");
      db.close();
    });
    expect(Predecessor.of(file, MAX)).toEqual([]);
    expect(found()).toEqual(["a.db.corrupt-1", "a.db.corrupt-2", "a.db.corrupt-3"]);
  });
});

describe("a sound file", () => {
  it("is read to its end, each original once, and kept", () => {
    setAside(600);
    const predecessor = only();
    expect(carried(predecessor).refs).toEqual(refsUpTo(600));
    predecessor.finish();
    expect(found()).toEqual(["a.db.corrupt-5"]);
    expect(isCarriedOver(file)).toBe(false);
  });

  it("is read for eight milliseconds at a time", () => {
    setAside(3);
    const predecessor = only();
    const now = vi.spyOn(performance, "now");
    const sliceAt = (...times: number[]): string[] => {
      for (const time of times) now.mockReturnValueOnce(time);
      const refs = predecessor.slice().map(({ ref }) => ref);
      predecessor.advance();
      return refs;
    };
    try {
      expect(sliceAt(100, 108)).toEqual([]);
      expect(sliceAt(100, 107.9, 108)).toEqual(["ref 0"]);
    } finally {
      now.mockRestore();
    }
    expect(carried(predecessor).refs).toEqual(["ref 1", "ref 2"]);
    predecessor.close();
  });

  it.each([0, 1, 255, 256, 257])("of %i originals ends where they end", (count) => {
    setAside(count);
    const predecessor = only();
    expect(carried(predecessor).refs).toEqual(refsUpTo(count));
    predecessor.close();
  });

  it("is read four megabytes at a time, whatever the time", () => {
    setAside(5, 2_000_000);
    const predecessor = only();
    const first = predecessor.slice();
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(3);
    expect(carried(predecessor).refs).toEqual(refsUpTo(5));
    predecessor.close();
  });

  it("serves its originals by their refs, and no other", () => {
    setAside(3);
    const predecessor = only();
    expect(predecessor.find("ref 1")).toMatchObject({
      ref: "ref 1",
      used_at: 1,
      expires_at: 1_000,
    });
    expect(predecessor.find("ref 3")).toBeUndefined();
    predecessor.close();
    expect(predecessor.find("ref 1")).toBeUndefined();
  });

  it("serves no original that is too long, or not what was stored", () => {
    const path = setAside(3);
    connect(path, {}, (db) => {
      db.exec("UPDATE originals SET bytes = x'00' WHERE ref = 'ref 1'");
      db.close();
    });
    const [predecessor] = Predecessor.of(file, 9);
    expect(predecessor?.find("ref 0")).toBeUndefined();
    predecessor?.close();
    const other = only();
    expect(other.find("ref 1")).toBeUndefined();
    expect(carried(other).refs).toEqual(["ref 0", "ref 2"]);
    other.close();
  });
});

describe("a file of format 1", () => {
  const make = (): void => {
    connect(`${file}.carry-5`, {}, (db) => {
      db.exec(
        "CREATE TABLE originals (ref TEXT PRIMARY KEY, encoding INTEGER, digest BLOB, size INTEGER, used_at INTEGER, expires_at INTEGER, bytes BLOB)",
      );
      db.close();
    });
  };

  it("that was read to its end has served its time", () => {
    make();
    const predecessor = only();
    expect(carried(predecessor).refs).toEqual([]);
    predecessor.finish();
    expect(found()).toEqual([]);
  });

  it("that holds anything unreadable is kept", () => {
    make();
    connect(`${file}.carry-5`, {}, (db) => {
      db.exec("INSERT INTO originals VALUES ('a', 0, x'00', 1, 1, 1, x'00')");
      db.close();
    });
    const predecessor = only();
    expect(carried(predecessor).refs).toEqual([]);
    predecessor.finish();
    expect(found()).toEqual(["a.db.corrupt-5"]);
  });
});

describe("a damaged file", () => {
  it("gives what stands before and behind the damage, each original once", () => {
    const path = setAside(600, 3_000);
    const pages = statSync(path).size / 4_096;
    overwrite(path, 4_096 * Math.floor(pages / 2), 4_096 * 3);
    const predecessor = only();
    const { refs } = carried(predecessor);
    expect(new Set(refs).size).toBe(refs.length);
    expect(refs.length).toBeGreaterThan(590);
    expect(refs.length).toBeLessThan(600);
    expect(refs).toContain("ref 0");
    expect(refs).toContain("ref 599");
    predecessor.finish();
    expect(existsSync(`${file}.corrupt-5`)).toBe(true);
  });

  it("whose first page is gone gets that of a new file; the old one is kept", () => {
    const path = setAside(600);
    overwrite(path, 0, 4_096);
    const predecessor = only();
    expect(carried(predecessor).refs).toEqual(refsUpTo(600));
    predecessor.finish();
    expect(found()).toEqual(["a.db.corrupt-5", "a.db.corrupt-5.first-page"]);
    expect(statSync(`${file}.corrupt-5.first-page`).size).toBe(4_096);
  });
});
