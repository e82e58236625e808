import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ccrStoreCases } from "@headroom/conformance";
import { type CcrRef, StoreError } from "@headroom/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderStore } from "./folder-store.ts";

const REF = "abcdefghijklmnopqrstuv" as CcrRef;
const OTHER = "vutsrqponmlkjihgfedcba" as CcrRef;

let folder: string;
let clock: number;
const now = (): number => clock;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "headroom-store-")), "originals");
  clock = 1_000;
});
afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

describe("folderStore keeps the laws of every store", () => {
  let count = 0;
  const create = (now: () => number) => folderStore({ folder: join(folder, `${count++}`), now });
  for (const law of ccrStoreCases({ create, runs: 25 })) it(law.name, law.run);
});

describe("folderStore", () => {
  it("gives back what was put, byte for byte, in another instance too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        const store = folderStore({ folder });
        await store.delete(REF);
        await store.put({ ref: REF, text });
        expect((await folderStore({ folder }).get(REF))?.text).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["lone surrogates", "a\ud800b\udc00"],
    ["a byte order mark", "\ufefftext"],
    ["nothing", ""],
    ["text that looks like the trailer", "x\nuntil 5 end\nuntil forever end\n"],
    ["CRLF and NUL", "a\r\nb\0c\r"],
  ])("keeps %s", async (_, text) => {
    await folderStore({ folder }).put({ ref: REF, text, expiresAt: 2_000 });
    expect(await folderStore({ folder, now }).get(REF)).toEqual({
      ref: REF,
      text,
      expiresAt: 2_000,
    });
  });

  it("creates the folder and the files for the owner only", async () => {
    if (process.platform === "win32") return;
    await folderStore({ folder }).put({ ref: REF, text: "secret" });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, `${REF}.ccr`))).mode & 0o777).toBe(0o600);
  });

  it("creates nothing by being made or read", async () => {
    const store = folderStore({ folder });
    expect(await store.get(REF)).toBeUndefined();
    expect(await store.delete(REF)).toBe(false);
    await expect(stat(folder)).rejects.toThrow("ENOENT");
  });

  it("holds an entry until its deadline and not a moment longer", async () => {
    const store = folderStore({ folder, now });
    await store.put({ ref: REF, text: "x", expiresAt: 2_000 });
    clock = 1_999;
    expect(await store.get(REF)).toBeDefined();
    clock = 2_000;
    expect(await store.get(REF)).toBeUndefined();
  });

  it("only ever lengthens a life", async () => {
    const store = folderStore({ folder, now });
    await store.put({ ref: REF, text: "x", expiresAt: 2_000 });
    await store.put({ ref: REF, text: "x", expiresAt: 1_500 });
    expect((await store.get(REF))?.expiresAt).toBe(2_000);
    await store.put({ ref: REF, text: "x", expiresAt: 3_000 });
    expect((await store.get(REF))?.expiresAt).toBe(3_000);
    await store.put({ ref: REF, text: "x" });
    await store.put({ ref: REF, text: "x", expiresAt: 4_000 });
    expect(await store.get(REF)).not.toHaveProperty("expiresAt");
  });

  it("takes an expired entry up again", async () => {
    const store = folderStore({ folder, now });
    await store.put({ ref: REF, text: "x", expiresAt: 2_000 });
    clock = 5_000;
    await store.put({ ref: REF, text: "x", expiresAt: 6_000 });
    expect((await store.get(REF))?.text).toBe("x");
  });

  it("refuses another text under a ref that is taken", async () => {
    const store = folderStore({ folder });
    await store.put({ ref: REF, text: "first" });
    await expect(store.put({ ref: REF, text: "second" })).rejects.toThrow(StoreError);
    expect((await store.get(REF))?.text).toBe("first");
  });

  it("never serves bytes that changed on disk, and a new put heals them", async () => {
    const store = folderStore({ folder });
    await store.put({ ref: REF, text: "the original text" });
    const path = join(folder, `${REF}.ccr`);
    const bytes = await readFile(path);
    for (const damaged of [
      Buffer.from(bytes.toString("latin1").replace("original text", "another  text"), "latin1"),
      bytes.subarray(0, bytes.length - 20),
      bytes.subarray(0, 10),
      Buffer.alloc(0),
      Buffer.concat([bytes.subarray(0, 5), bytes]),
    ]) {
      await writeFile(path, damaged);
      await expect(store.get(REF)).rejects.toThrow("damaged");
      await store.put({ ref: REF, text: "the original text" });
      expect((await store.get(REF))?.text).toBe("the original text");
    }
  });

  it("does not serve a file that was renamed to another ref", async () => {
    const store = folderStore({ folder });
    await store.put({ ref: REF, text: "mine" });
    await writeFile(join(folder, `${OTHER}.ccr`), await readFile(join(folder, `${REF}.ccr`)));
    await expect(store.get(OTHER)).rejects.toThrow("damaged");
  });

  it("ignores a life line that a crash has torn", async () => {
    const store = folderStore({ folder, now });
    await store.put({ ref: REF, text: "x", expiresAt: 2_000 });
    await writeFile(join(folder, `${REF}.ccr`), "\nuntil 99", { flag: "a" });
    expect((await store.get(REF))?.expiresAt).toBe(2_000);
    await store.put({ ref: REF, text: "x", expiresAt: 3_000 });
    expect((await store.get(REF))?.expiresAt).toBe(3_000);
  });

  it.each(["../outside", "a/b", "a\\b", ".", "", "a.b", "C:x", "x\0y", "a".repeat(200)])(
    "has nothing under %j and writes nothing for it",
    async (name) => {
      const store = folderStore({ folder });
      const ref = name as CcrRef;
      await expect(store.put({ ref, text: "x" })).rejects.toThrow(StoreError);
      expect(await store.get(ref)).toBeUndefined();
      expect(await store.delete(ref)).toBe(false);
      await expect(stat(folder)).rejects.toThrow("ENOENT");
    },
  );

  it("does not read through a symbolic link", async () => {
    if (process.platform === "win32") return;
    const store = folderStore({ folder });
    await store.put({ ref: REF, text: "x" });
    const elsewhere = join(folder, "..", "elsewhere");
    await writeFile(elsewhere, await readFile(join(folder, `${REF}.ccr`)));
    await rm(join(folder, `${REF}.ccr`));
    await symlink(elsewhere, join(folder, `${REF}.ccr`));
    await expect(store.get(REF)).rejects.toThrow(StoreError);
  });

  it("leaves no temporary files behind", async () => {
    const store = folderStore({ folder });
    await Promise.all(Array.from({ length: 20 }, () => store.put({ ref: REF, text: "same" })));
    await store.put({ ref: REF, text: "other" }).catch(() => undefined);
    expect(await readdir(folder)).toEqual([`${REF}.ccr`]);
  });

  it("rejects with a StoreError when the folder cannot be used", async () => {
    await mkdir(join(folder, ".."), { recursive: true });
    await writeFile(folder, "a file");
    const store = folderStore({ folder });
    await expect(store.put({ ref: REF, text: "x" })).rejects.toThrow(StoreError);
    await expect(store.get(REF)).rejects.toThrow(StoreError);
  });

  it("is shared by processes that write at the same time", async () => {
    const script = `
      import { folderStore } from ${JSON.stringify(new URL("./folder-store.ts", import.meta.url).href)};
      const store = folderStore({ folder: process.argv[1], now: () => 0 });
      const own = Number(process.argv[2]);
      for (let i = 0; i < 40; i++) {
        const text = "shared text ".repeat(2_000) + i;
        const ref = "shared" + String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26));
        await store.put({ ref, text, expiresAt: 1_000 + ((own * 7 + i * 3) % 10) });
        if ((await store.get(ref))?.text !== text) throw new Error("read something else");
      }`;
    const child = (own: number) =>
      promisify(execFile)(process.execPath, [
        "--conditions=@headroom/source",
        "--input-type=module",
        "--eval",
        script,
        folder,
        String(own),
      ]);
    await Promise.all([child(0), child(1), child(2)]);
    const names = await readdir(folder);
    expect(names).toHaveLength(40);
    for (const [i, name] of names.sort().entries()) {
      const entry = await folderStore({ folder, now: () => 0 }).get(
        name.replace(".ccr", "") as CcrRef,
      );
      const asked = [0, 1, 2].map((own) => 1_000 + ((own * 7 + i * 3) % 10));
      expect(entry?.expiresAt).toBe(Math.max(...asked));
    }
  });
});
