import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  clearOrphans,
  fileAt,
  filesAt,
  lockFiles,
  makeFolderOf,
  makePrivate,
  renameAll,
  renameAside,
  stampOf,
  withoutLinks,
} from "./files.ts";
import { hasWholePages } from "./first-page.ts";
import { isBusy } from "./sqlite-errors.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "headroom-files-")));
  file = join(folder, "a.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes files that hold their own names. */
function put(...names: readonly string[]): void {
  for (const name of names) writeFileSync(join(folder, name), name);
}
/** What stands in the folder: each file with the name it had at first. */
function found(): Readonly<Record<string, string>> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("a file that is set aside", () => {
  it("takes SQLite's files beside it along", () => {
    put("a.db", "a.db-wal", "a.db-shm", "a.db-lock");
    expect(renameAside(file, "x-1")).toBe(`${file}.x-1`);
    expect(found()).toEqual({
      "a.db-lock": "a.db-lock",
      "a.db.x-1": "a.db",
      "a.db.x-1-shm": "a.db-shm",
      "a.db.x-1-wal": "a.db-wal",
    });
  });

  it("gets a name that is free, with all that would stand beside it", () => {
    put("a.db", "a.db.x", "a.db.x-1-wal", "a.db.x-2-shm");
    expect(renameAside(file, "x")).toBe(`${file}.x-3`);
    expect(found()["a.db.x-3"]).toBe("a.db");
    expect(existsSync(file)).toBe(false);
  });

  it("may not be there, nor any of those beside it", () => {
    put("a.db-wal");
    expect(renameAll(file, join(folder, "b"))).toBe(join(folder, "b"));
    expect(found()).toEqual({ "b-wal": "a.db-wal" });
  });
});

describe("what SQLite would take for its own", () => {
  it("is left alone beside the file and its log", () => {
    put("a.db", "a.db-wal", "a.db-shm");
    clearOrphans(file, "corrupt-1");
    expect(Object.keys(found())).toEqual(["a.db", "a.db-shm", "a.db-wal"]);
  });

  it("is put away where the file is gone: the log is kept, its index is not", () => {
    put("a.db-wal", "a.db-shm", "a.db.corrupt-1");
    clearOrphans(file, "corrupt-1");
    expect(found()).toEqual({
      "a.db.corrupt-1": "a.db.corrupt-1",
      "a.db.corrupt-1-1-wal": "a.db-wal",
    });
  });

  it("is removed where it is the index of a log that is gone", () => {
    put("a.db", "a.db-shm");
    clearOrphans(file, "corrupt-1");
    expect(found()).toEqual({ "a.db": "a.db" });
    clearOrphans(join(folder, "none"), "corrupt-1");
    expect(found()).toEqual({ "a.db": "a.db" });
  });
});

describe.skipIf(process.platform === "win32")("a file for its owner only", () => {
  it("is made so, and its folder too", () => {
    const inside = join(folder, "one", "two", "a.db");
    makeFolderOf(inside);
    expect(modeOf(join(folder, "one", "two"))).toBe(0o700);
    expect(makePrivate(inside)).toEqual([]);
    expect(modeOf(inside)).toBe(0o600);
  });

  it("loses the rights of others, with those beside it, and keeps what stands in it", () => {
    put("a.db", "a.db-wal", "a.db-shm", "b.db");
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o666);
    chmodSync(`${file}-shm`, 0o640);
    expect(makePrivate(file)).toEqual([]);
    expect(["", "-wal", "-shm"].map((companion) => modeOf(file + companion))).toEqual([
      0o600, 0o600, 0o600,
    ]);
    expect(modeOf(join(folder, "b.db"))).toBe(0o666);
    expect(found()["a.db"]).toBe("a.db");
  });

  it.each([
    [0o720, "0720"],
    [0o702, "0702"],
    [0o777, "0777"],
  ])("comes with a warning in a folder that others can write: %o", (mode, shown) => {
    chmodSync(folder, mode);
    expect(makePrivate(file)).toEqual([
      `the folder of a.db can be written by other users of this machine (mode ${shown}): they could replace the file.`,
    ]);
  });

  it("comes without one in a folder that others can read", () => {
    chmodSync(folder, 0o755);
    expect(makePrivate(file)).toEqual([]);
  });

  it("is a file", () => {
    mkdirSync(file);
    expect(() => makePrivate(file)).toThrow('Store "sqlite" failed to open: a.db is not a file.');
  });
});

describe("a path", () => {
  it("leads where its links lead, whether or not anything is there", () => {
    symlinkSync("b.db", join(folder, "link"));
    symlinkSync(join(folder, "link"), file);
    expect(withoutLinks(file)).toBe(join(folder, "b.db"));
    expect(withoutLinks(join(folder, "none"))).toBe(join(folder, "none"));
  });

  it("of 39 links is followed, and one of 40 leads nowhere", () => {
    for (let n = 0; n < 40; n++) symlinkSync(`${n}`, join(folder, `${n + 1}`));
    expect(withoutLinks(join(folder, "39"))).toBe(join(folder, "0"));
    expect(() => withoutLinks(join(folder, "40"))).toThrow(
      'Store "sqlite" failed to open: 40 is a link that leads nowhere.',
    );
  });

  it("names another file once it was replaced, written to or removed", () => {
    put("a.db", "b.db");
    const [at, all, stamp] = [fileAt(file), filesAt(file), stampOf(file)];
    expect([fileAt(file), filesAt(file), stampOf(file)]).toEqual([at, all, stamp]);
    expect(fileAt(join(folder, "b.db"))).not.toBe(at);
    expect(all).toBe(`${at} none none`);
    put("a.db-wal");
    expect(filesAt(file)).toBe(`${at} ${fileAt(`${file}-wal`)} none`);
    writeFileSync(file, "longer than before");
    expect(stampOf(file)).not.toBe(stamp);
    expect(fileAt(file)).toBe(at);
    rmSync(file);
    expect([fileAt(file), stampOf(file)]).toEqual([undefined, "none"]);
  });

  it("has whole pages where it holds more than one of them", () => {
    for (const [bytes, isWhole] of [
      [0, false],
      [4_096, false],
      [8_191, false],
      [8_192, true],
      [8_193, false],
    ] as const) {
      writeFileSync(file, Buffer.alloc(bytes));
      expect(hasWholePages(file)).toBe(isWhole);
    }
    expect(hasWholePages(join(folder, "none"))).toBe(false);
  });
});

describe("the lock", () => {
  it("is one at a time, on a file of its own, and free again when it is given back", () => {
    const unlock = lockFiles(file);
    expect(unlock).toBeDefined();
    expect(modeOf(`${file}-lock`)).toBe(0o600);
    let said: unknown;
    try {
      lockFiles(file);
    } catch (error) {
      said = error;
    }
    expect(isBusy(said)).toBe(true);
    unlock?.();
    const again = lockFiles(file);
    expect(again).toBeDefined();
    again?.();
  });

  it("is none where it cannot be made", () => {
    expect(lockFiles(join(folder, "none", "a.db"))).toBeUndefined();
  });
});
