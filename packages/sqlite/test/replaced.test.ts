/** What is acknowledged is in the file that other processes open, whatever happened to it meanwhile. */
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkpoint, entries, missing, withDatabase, workplace } from "./support.ts";

const { folder, newPath, store, peer, missingElsewhere } = workplace();

/** Spoils the headers of all pages but the first, as a failing disk would. */
function spoilPages(path: string): void {
  checkpoint(path);
  const bytes = readFileSync(path);
  const file = openSync(path, "r+");
  for (let page = 1; page < bytes.length / 4096; page++)
    if ([2, 5, 10, 13].includes(bytes[page * 4096] ?? 0))
      writeSync(file, Buffer.from([0xee]), 0, 1, page * 4096);
  closeSync(file);
}

describe("a file that is deleted or replaced under an open store", () => {
  const ways: [string, (path: string) => void][] = [
    ["deleted", (path) => remove(path, ["", "-wal", "-shm"])],
    ["deleted, its log left", (path) => remove(path, [""])],
    ["moved away", (path) => renameSync(path, `${path}.away`)],
    ["without its log", (path) => remove(path, ["-wal"])],
    ["without its shared memory", (path) => remove(path, ["-shm"])],
    [
      "replaced by another store's file",
      (path) => {
        const other = newPath();
        withDatabase(other, (db) => db.exec("PRAGMA user_version = 0"));
        renameSync(other, path);
        remove(path, ["-wal", "-shm"]);
      },
    ],
  ];
  function remove(path: string, companions: readonly string[]): void {
    for (const companion of companions) rmSync(path + companion, { force: true });
  }

  it.each(ways)("%s: every acknowledged original is found by another process", async (_, harm) => {
    const path = newPath();
    const writer = store({ path });
    await writer.putMany?.(entries(0, 3));
    harm(path);
    const later = entries(100, 20);
    for (const original of later) await writer.put(original);
    expect(await missingElsewhere(path, later)).toBe(0);
    expect(await missing(writer, later)).toBe(0);
  });

  it.each(ways)("%s: one that notices later writes over nothing of another", async (_, harm) => {
    const path = newPath();
    const idle = store({ path });
    const busy = peer({ path });
    await idle.putMany?.(entries(0, 3));
    await busy.put(entries(10, 3));
    harm(path);
    const acknowledged = [...(await busy.put(entries(100, 20)))];
    expect(acknowledged).toHaveLength(20);
    for (const original of entries(200, 5)) {
      await idle.put(original);
      acknowledged.push(original);
    }
    acknowledged.push(...(await busy.put(entries(300, 5))));
    expect(await missingElsewhere(path, acknowledged)).toBe(0);
    await idle.close?.();
    busy.child.kill();
    expect(await missingElsewhere(path, acknowledged)).toBe(0);
  });

  it.each(ways)("%s: closing what was open writes over nothing of another", async (_, harm) => {
    const path = newPath();
    const idle = store({ path });
    await idle.putMany?.(entries(0, 40));
    harm(path);
    const other = peer({ path });
    const acknowledged = await other.put(entries(100, 40));
    expect(acknowledged).toHaveLength(40);
    await other.close();
    await idle.close?.();
    expect(await missingElsewhere(path, acknowledged)).toBe(0);
  });

  it.each(ways)("%s, behind a link: nothing acknowledged is lost", async (_, harm) => {
    const target = newPath();
    const path = newPath();
    symlinkSync(basename(target), path);
    const writer = store({ path });
    await writer.putMany?.(entries(0, 3));
    harm(target);
    const later = entries(100, 20);
    for (const original of later) await writer.put(original);
    expect(await missingElsewhere(path, later)).toBe(0);
    expect(await missingElsewhere(target, later)).toBe(0);
  });

  it("goes to where a link leads now", async () => {
    const [first, second, path] = [newPath(), newPath(), newPath()];
    symlinkSync(first, path);
    const writer = store({ path });
    const before = entries(0, 3);
    await writer.putMany?.(before);
    rmSync(path);
    symlinkSync(second, path);
    const later = entries(100, 3);
    for (const original of later) await writer.put(original);
    expect(await missingElsewhere(second, later)).toBe(0);
    expect(await missingElsewhere(first, before)).toBe(0);
  });

  it("is refused when the link leads in a circle", async () => {
    const path = join(dirname(newPath()), "circle.db");
    symlinkSync(path, path);
    await expect(store({ path }).put(entries(0, 1)[0] as never)).rejects.toThrow(/leads nowhere/);
  });

  // The copy has the name and the number that the file had; SQLite answers from memory and from its log.
  const checkpoints = ["TRUNCATE", "RESTART", "PASSIVE"];
  it.each(
    checkpoints.flatMap((mode) =>
      [1, 2].flatMap((stores) => [40, 400].map((count) => ({ mode, stores, count }))),
    ),
  )("a copy written over it is found out by the next turn: %o", async ({ mode, stores, count }) => {
    const path = newPath();
    const early = store({ path });
    await early.putMany?.(entries(0, 10));
    await early.close?.();
    copyFileSync(path, `${path}.copy`);
    const all = entries(0, count);
    const writers = Array.from({ length: stores }, () => store({ path }));
    for (const writer of writers) await writer.putMany?.(all);
    withDatabase(path, (db) => db.exec(`PRAGMA wal_checkpoint(${mode})`));
    copyFileSync(`${path}.copy`, path);
    const again = all.slice(0, 300);
    for (const writer of writers) for (const original of again) await writer.put(original);
    expect(await missingElsewhere(path, again)).toBe(0);
    for (const writer of writers) await writer.close?.();
    expect(await missingElsewhere(path, again)).toBe(0);
  });

  it("finds what another process wrote into the new file", async () => {
    const path = newPath();
    const reader = store({ path });
    await reader.putMany?.(entries(0, 3));
    for (const companion of ["", "-wal", "-shm"]) rmSync(path + companion);
    const written = await peer({ path }).put(entries(50, 5));
    expect(written).toHaveLength(5);
    expect(await missing(reader, written)).toBe(0);
  });
});

describe("a file that was set aside by a process that died before it began the new one", () => {
  it.each([
    ["is read", ""],
    ["is read, behind a link", "link"],
  ])("%s", async (_, kind) => {
    const target = newPath();
    const path = kind === "link" ? newPath() : target;
    if (kind === "link") symlinkSync(target, path);
    const originals = entries(0, 10);
    const writer = store({ path });
    await writer.putMany?.(originals);
    await writer.close?.();
    renameSync(target, `${target}.carry-1700000000000`);
    expect(await missing(store({ path }), originals)).toBe(0);
    expect(await missingElsewhere(path, originals)).toBe(0);
  });

  it("is not looked for where there is no folder", async () => {
    const path = join(dirname(newPath()), "no-folder", "store.db");
    expect(await store({ path }).get(entries(0, 1)[0]?.ref as never)).toBeUndefined();
    mkdirSync(dirname(path));
    expect(await store({ path }).get(entries(0, 1)[0]?.ref as never)).toBeUndefined();
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it("does not give back what was deleted meanwhile, also not to another process", async () => {
    const path = newPath();
    const originals = entries(0, 10);
    const writer = store({ path });
    await writer.putMany?.(originals);
    await writer.close?.();
    renameSync(path, `${path}.carry-1700000000000`);
    const [gone, again, ...kept] = originals as [never, (typeof originals)[0], ...typeof originals];
    const { ref } = gone as (typeof originals)[0];
    const opened = store({ path });
    expect(await opened.delete(ref)).toBe(true);
    expect(await opened.delete(ref)).toBe(false);
    expect(await opened.get(ref)).toBeUndefined();
    expect(await opened.delete(again.ref)).toBe(true);
    await opened.put(again);
    await expect
      .poll(() => readdirSync(folder).filter((name) => name.startsWith(`${basename(path)}.carry`)))
      .toEqual([]);
    for (const one of [opened, store({ path })]) {
      expect(await one.get(ref)).toBeUndefined();
      expect(await missing(one, [again, ...kept])).toBe(0);
    }
  });
});

describe("two processes on one damaged file", () => {
  it("set it aside once, and lose nothing they acknowledge afterwards", async () => {
    const path = newPath();
    const [a, b] = [peer({ path }), peer({ path })];
    const old = await a.put(entries(0, 40));
    await b.get(old[0]?.ref ?? ("" as never));
    spoilPages(path);
    const acknowledged = [...(await a.put(entries(100, 20)))];
    acknowledged.push(...(await b.put(entries(200, 20))));
    await b.missing(old);
    acknowledged.push(...(await a.put(entries(300, 10))), ...(await b.put(entries(400, 10))));
    expect(acknowledged.length).toBe(60);
    expect(await missingElsewhere(path, acknowledged)).toBe(0);
    expect(await a.missing(acknowledged)).toBe(0);
    expect(await b.missing(acknowledged)).toBe(0);
    const aside = readdirSync(folder).filter((name) =>
      new RegExp(`^${basename(path)}\\.(corrupt|carry)-\\d+(-1)?$`).test(name),
    );
    expect(aside).toHaveLength(1);
  });

  it("set it aside once when they notice at the same moment", async () => {
    const path = newPath();
    const peers = [peer({ path }), peer({ path }), peer({ path })];
    for (const [index, one] of peers.entries()) await one.put(entries(index * 100, 20));
    spoilPages(path);
    const acknowledged = await Promise.all(
      peers.map((one, index) => one.put(entries(1_000 + index * 100, 20))),
    );
    expect(acknowledged.flat()).toHaveLength(60);
    expect(await missingElsewhere(path, acknowledged.flat())).toBe(0);
  });
});
