/** What opening a file tries, how often, and how long it waits between. */
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Connection, openFile, readOnly } from "./open.ts";

let folder: string;
let file: string;
let opened: { close(): void }[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-open-"));
  file = join(folder, "a.db");
  opened = [];
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const each of opened) each.close();
  rmSync(folder, { recursive: true, force: true });
});
const open = (): Connection => {
  const connection = openFile({ file, maxBytes: 1_000, now: () => 7 }, true);
  opened.push(connection);
  return connection;
};

describe("an open file that something else writes to", () => {
  it("is looked at once in a second", () => {
    const connection = open();
    let time = 5_000;
    vi.spyOn(performance, "now").mockImplementation(() => time);
    const looks = vi.spyOn(connection.db, "prepare");
    let stamp = 1;
    const changed = (): number => {
      utimesSync(file, stamp, stamp);
      stamp++;
      const before = looks.mock.calls.length;
      connection.forgetIfChanged();
      return looks.mock.calls.length - before;
    };
    expect(changed()).toBe(1);
    time += 999;
    expect(changed()).toBe(0);
    time += 1;
    expect(changed()).toBe(1);
    time += 1_000;
    connection.forgetIfChanged();
    expect(looks).toHaveBeenCalledTimes(2);
  });

  it("is not looked at where this connection wrote", () => {
    const connection = open();
    const looks = vi.spyOn(connection.db, "prepare");
    connection.forgetIfChanged();
    utimesSync(file, 1, 1);
    connection.rememberOwnChange();
    connection.forgetIfChanged();
    expect(looks).not.toHaveBeenCalled();
  });
});

describe("a file whose log is not beside it", () => {
  const holder = (pragma: string): void => {
    open().close();
    opened.pop();
    const db = new DatabaseSync(file);
    opened.push(db);
    db.exec(pragma);
    db.prepare("SELECT 1 FROM sqlite_schema").get();
  };
  const waits = (): unknown[][] => {
    const wait = vi.spyOn(Atomics, "wait").mockReturnValue("timed-out");
    try {
      open();
    } catch (error) {
      expect(String(error)).toMatch(/locked/);
    }
    return wait.mock.calls.map(([, ...rest]) => rest);
  };

  it("is asked three times, 3 ms apart, whether another connection has it", () => {
    holder("PRAGMA journal_mode = WAL");
    for (const name of ["-wal", "-shm"]) rmSync(file + name, { force: true });
    expect(waits()).toEqual([
      [0, 0, 3],
      [0, 0, 3],
      [0, 0, 3],
    ]);
    expect(readdirSync(folder)).toContain("a.db.carry-7");
  });

  it("is not waited for where nobody has it", () => {
    open().close();
    opened.pop();
    expect(waits()).toEqual([]);
    expect(readdirSync(folder)).not.toContain("a.db.carry-7");
  });
});

it("puts the log of a file that is gone aside under the time", () => {
  writeFileSync(`${file}-wal`, "a log");
  open();
  expect(readdirSync(folder)).toContain("a.db.corrupt-7-wal");
});

describe("reading what cannot be opened for writing", () => {
  it.each([
    ["no log", undefined, 2],
    ["an empty log", "", 2],
    ["a log", "some", 1],
  ])("passes SQLite's locks by only where there is no log: %s", (_, log, times) => {
    writeFileSync(file, "no database at all, and longer than a hundred bytes. ".repeat(9));
    if (log !== undefined) writeFileSync(`${file}-wal`, log);
    const encoded = vi.spyOn(globalThis, "encodeURI");
    expect(() => readOnly({ file, maxBytes: 9, now: () => 0 }, () => "read")).toThrow(
      "file is not a database",
    );
    expect(encoded).toHaveBeenCalledTimes(times - 1);
  });
});
