/** Reading goes on where writing is refused, nothing blocks the event loop, and nobody else can read the files. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Database, entries, entry, longestBlock, missing, workplace } from "./support.ts";

const { folder, newPath, store } = workplace();
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

/** A folder of its own with a store that is closed, or was killed so that its log is left. */
async function place(name: string, isKilled: boolean): Promise<string> {
  const path = join(folder, name, "store.db");
  const source = join(folder, `${name} first`, "store.db");
  const writer = store({ path: source });
  await writer.putMany?.(entries(0, 5));
  if (!isKilled) await writer.close?.();
  mkdirSync(join(folder, name), { mode: 0o700 });
  for (const file of readdirSync(join(folder, `${name} first`)))
    if (!file.endsWith("-lock") && !(isKilled && file.endsWith("-shm")))
      cpSync(join(folder, `${name} first`, file), join(folder, name, file));
  return path;
}

/** Runs as a user who is not root: root may write everywhere. */
async function asUser<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!isRoot) return work();
  chownSync(folder, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

function give(path: string, mode: number): void {
  if (isRoot) chownSync(path, NOBODY, NOBODY);
  chmodSync(path, mode);
}

describe.skipIf(process.platform === "win32")("where nothing can be written", () => {
  it.each([
    ["a file", false, 0o400, 0o700],
    ["a folder", false, 0o600, 0o500],
    ["a file in a folder", false, 0o400, 0o500],
    ["a folder with the log of a killed writer", true, 0o600, 0o500],
  ])(
    "%s that is read-only is read, and only a put is refused",
    async (name, isKilled, fileMode, folderMode) => {
      const path = await place(`read-only ${name}`, isKilled);
      const parent = join(path, "..");
      for (const file of readdirSync(parent)) give(join(parent, file), fileMode);
      give(parent, folderMode);
      await asUser(async () => {
        const reader = store({ path });
        expect(await missing(reader, entries(0, 5))).toBe(0);
        expect(await reader.get(entry("never put").ref)).toBeUndefined();
        await expect(reader.put(entry("more"))).rejects.toThrow(/failed to put/);
        expect(await missing(reader, entries(0, 5))).toBe(0);
        chmodSync(parent, 0o700);
        for (const file of readdirSync(parent)) chmodSync(join(parent, file), 0o600);
        await reader.put(entry("more"));
        expect(await missing(reader, [entry("more"), ...entries(0, 5)])).toBe(0);
      });
    },
  );

  it.runIf(isRoot).each([false, true])(
    "a full disk is read (its writer killed: %s)",
    async (isKilled) => {
      const path = await place(`full, killed ${isKilled}`, isKilled);
      const disk = join(folder, `disk ${isKilled}`);
      mkdirSync(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
      try {
        cpSync(join(path, ".."), disk, { recursive: true });
        const fill = openSync(join(disk, "fill"), "w");
        expect(() => {
          for (;;) writeSync(fill, "x".repeat(4_096));
        }).toThrow(/ENOSPC/);
        closeSync(fill);
        const reader = store({ path: join(disk, "store.db") });
        expect(await missing(reader, entries(0, 5))).toBe(0);
        await expect(reader.put(entry("no room"))).rejects.toThrow(/failed to put/);
        expect(await missing(reader, entries(0, 5))).toBe(0);
        await reader.close?.();
      } finally {
        execFileSync("umount", ["-l", disk]);
      }
    },
  );
});

describe("another process that holds the file", () => {
  it("exclusively costs a call its time, never the event loop", async () => {
    const path = newPath();
    const first = store({ path });
    await first.put(entry("there"));
    await first.close?.();
    const holder = new Database(path);
    holder.exec(
      "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE totals SET bytes = bytes",
    );
    const waiting = store({ path, busyTimeoutMs: 900 });
    const start = performance.now();
    const blocked = await longestBlock(async () => {
      await expect(waiting.put(entry("waits"))).rejects.toThrow(/locked/);
      await expect(waiting.get(entry("there").ref)).rejects.toThrow(/locked/);
    });
    expect(performance.now() - start).toBeGreaterThan(1_750);
    expect(blocked).toBeLessThan(700);
    holder.exec("COMMIT");
    holder.close();
    await waiting.put(entry("waits"));
    expect(await missing(waiting, [entry("waits"), entry("there")])).toBe(0);
  });

  it("to replace it keeps others from opening it meanwhile", async () => {
    const path = newPath();
    const holder = new Database(`${path}-lock`);
    holder.exec("BEGIN EXCLUSIVE");
    const waiting = store({ path, busyTimeoutMs: 100 });
    await expect(waiting.put(entry("too early"))).rejects.toThrow(/locked/);
    expect(existsSync(path)).toBe(false);
    holder.exec("COMMIT");
    await waiting.put(entry("in time"));
    holder.close();
  });

  it("for writing lets others read, and put once it is done", async () => {
    const path = newPath();
    const waiting = store({ path, busyTimeoutMs: 5_000 });
    await waiting.put(entry("there"));
    const holder = new Database(path);
    holder.exec("BEGIN IMMEDIATE");
    setTimeout(() => holder.exec("COMMIT"), 200);
    const [got] = await Promise.all([
      waiting.get(entry("there").ref),
      waiting.put(entry("waits for the other")),
    ]);
    expect(got?.text).toBe("there");
    holder.close();
  });
});

describe.skipIf(process.platform === "win32")("something else at the path", () => {
  it.each([
    ["a folder", (path: string) => mkdirSync(path)],
    ["a FIFO", (path: string) => execFileSync("mkfifo", [path])],
    ["a device", (path: string) => symlinkSync("/dev/zero", path)],
  ])("%s is refused at once", async (_, plant) => {
    const path = newPath();
    plant(path);
    await expect(store({ path }).put(entry("x"))).rejects.toThrow(/is not a file/);
    await expect(store({ path }).get(entry("x").ref)).rejects.toThrow(/is not a file/);
  });
});

describe.skipIf(process.platform === "win32")("the files", () => {
  const modes = (path: string): string[] =>
    ["", "-wal", "-shm", "-lock"].map((end) => (statSync(path + end).mode & 0o777).toString(8));

  it("are for their owner only, whatever the umask, and so is a new folder", async () => {
    const umask = process.umask(0);
    try {
      const path = join(folder, "made", "deeper", "store.db");
      const made = store({ path });
      await made.put(entry("private"));
      expect(modes(path)).toEqual(["600", "600", "600", "600"]);
      expect((statSync(join(path, "..")).mode & 0o777).toString(8)).toBe("700");
      expect(made.warnings?.()).toEqual([]);
    } finally {
      process.umask(umask);
    }
  });

  it("that were there with more rights lose them", async () => {
    const path = newPath();
    writeFileSync(path, "");
    chmodSync(path, 0o644);
    const tightened = store({ path });
    await tightened.put(entry("private"));
    expect(modes(path).slice(0, 3)).toEqual(["600", "600", "600"]);
    await tightened.put(entry("with a log"));
    for (const end of ["", "-wal", "-shm"]) chmodSync(path + end, 0o666);
    await store({ path }).put(entry("again"));
    expect(modes(path).slice(0, 3)).toEqual(["600", "600", "600"]);
  });

  it("in a folder that others can write to come with a warning", async () => {
    const open = join(folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    const warned = store({ path: join(open, "store.db") });
    await warned.put(entry("x"));
    expect(warned.warnings?.()).toEqual([
      "the folder of store.db can be written by other users of this machine (mode 0777): they could replace the file.",
    ]);
  });

  it("of somebody else that they let everybody read come with a warning", async () => {
    if (!isRoot) return;
    const path = join(folder, "foreign.db");
    writeFileSync(path, "");
    chmodSync(path, 0o666);
    await asUser(async () => {
      const warned = store({ path });
      await warned.put(entry("x"));
      expect(warned.warnings?.().join()).toMatch(/foreign\.db can be used by other users.*0666/);
    });
  });
});
