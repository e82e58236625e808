/** What is acknowledged is in the file that other processes open, whatever happened to it meanwhile. */
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { checkpoint, entries, missing, withDatabase, workplace } from "./support.ts";

const { folder, newPath, store, peer } = workplace();

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
    expect(await peer({ path }).missing(later)).toBe(0);
    expect(await missing(writer, later)).toBe(0);
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
    expect(await peer({ path }).missing(acknowledged)).toBe(0);
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
    expect(await peer({ path }).missing(acknowledged.flat())).toBe(0);
  });
});
