import { fork } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
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
import { ccrStoreCases } from "@headroom/conformance";
import { type CcrStore, refOf, refScope } from "@headroom/core";
import { type SqliteStoreOptions, sqliteStore } from "@headroom/sqlite";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "headroom-sqlite-"));
let files = 0;
const newPath = (): string => join(folder, `${files++}.db`);
const open: CcrStore[] = [];
const make = (options: Partial<SqliteStoreOptions> = {}): CcrStore => {
  const store = sqliteStore({ path: newPath(), ...options });
  open.push(store);
  return store;
};
const scope = refScope("default");
const entry = (text: string) => ({ ref: refOf(text, scope), text });

afterAll(async () => {
  for (const store of open) await store.close?.();
  rmSync(folder, { recursive: true, force: true });
});

describe("sqliteStore keeps the laws of stores", () => {
  for (const law of ccrStoreCases({
    create: (now) => sqliteStore({ path: newPath(), now }),
    runs: 20,
  }))
    it(law.name, law.run);
});

describe("sqliteStore", () => {
  it("finds what another instance wrote, in a file only its owner reads", async () => {
    const path = join(folder, "new folder", "store.db");
    await make({ path }).put(entry("kept"));
    expect((await make({ path }).get(entry("kept").ref))?.text).toBe("kept");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
  });

  it("drops the least recently used when full, never what was just handed out", async () => {
    let now = 0;
    const store = make({ maxBytes: 100, protectSeconds: 60, now: () => now });
    const old = ["a", "b", "c"].map((letter) => entry(letter.repeat(30)));
    for (const original of old) {
      now += 1_000;
      await store.put(original);
    }
    await expect(store.put(entry("d".repeat(30)))).rejects.toThrow(/do not fit/);
    now += 120_000;
    await store.get(old[0]?.ref ?? entry("").ref);
    await store.put(entry("d".repeat(30)));
    expect(
      await Promise.all(old.map(async ({ ref }) => (await store.get(ref)) !== undefined)),
    ).toEqual([true, false, true]);
  });

  it("reports one original that does not fit and keeps the others of the batch", async () => {
    const store = make({ maxBytes: 100 });
    const errors = await store.putMany?.([entry("small"), entry("x".repeat(200))]);
    expect(errors?.map((error) => error?.message)).toEqual([
      undefined,
      expect.stringMatching(/do not fit/),
    ]);
    expect((await store.get(entry("small").ref))?.text).toBe("small");
  });

  it("sets a file that is no database aside and begins a new one", async () => {
    const path = newPath();
    writeFileSync(path, "this is not a database".repeat(400));
    await make({ path, now: () => 77 }).put(entry("fresh"));
    expect(readdirSync(folder).some((name) => name.endsWith(".corrupt-77"))).toBe(true);
  });

  it("never serves bytes that were changed behind its back", async () => {
    const path = newPath();
    const store = make({ path });
    const text = "needle in the file ".repeat(2_000);
    await store.put(entry(text));
    await store.close?.();
    const { readFileSync } = await import("node:fs");
    const at = readFileSync(path).indexOf("needle");
    const file = openSync(path, "r+");
    writeSync(file, "NEEDLE", at);
    closeSync(file);
    await expect(make({ path }).get(entry(text).ref)).rejects.toThrow(
      /not the ones that were stored/,
    );
  });

  it("lets two processes write at once, and keeps all they acknowledged", async () => {
    const path = newPath();
    const writers = await Promise.all([0, 1].map((id) => write(path, id, 60)));
    const store = make({ path });
    for (const texts of writers) {
      expect(texts).toHaveLength(60);
      for (const text of texts) expect((await store.get(entry(text).ref))?.text).toBe(text);
    }
  });

  it("throws on options that cannot be", () => {
    expect(() => sqliteStore({ path: "" })).toThrow(/path of a file/);
    expect(() => make({ maxBytes: 0 })).toThrow(/maxBytes/);
  });
});

/** Lets another process put `count` texts and resolves to those it acknowledged. */
async function write(path: string, id: number, count: number): Promise<string[]> {
  const child = fork(new URL("writer.ts", import.meta.url), [path, String(id), String(count)], {
    execArgv: ["--conditions=@headroom/source"],
  });
  const acknowledged: string[] = [];
  child.on("message", (text) => acknowledged.push(String(text)));
  await once(child, "exit");
  return acknowledged;
}
