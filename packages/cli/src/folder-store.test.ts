import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { createServer, type Server } from "node:net";
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

  describe.skipIf(process.platform === "win32")("with something else under a ref", () => {
    const plants: [string, (path: string) => Promise<unknown>][] = [
      ["a FIFO", (path) => promisify(execFile)("mkfifo", [path])],
      ["a symbolic link to an original", async (path) => symlink(await elsewhere(), path)],
      ["a symbolic link to a FIFO", (path) => fifoBehindLink(path)],
      ["a symbolic link to nothing", (path) => symlink(join(folder, "nowhere"), path)],
      ["a symbolic link to a device", (path) => symlink("/dev/zero", path)],
      ["a socket", (path) => socket(path)],
    ];
    const elsewhere = async (): Promise<string> => {
      const other = folderStore({ folder: join(folder, "..", "other") });
      await other.put({ ref: REF, text: "of another folder" });
      return join(folder, "..", "other", `${REF}.ccr`);
    };
    const fifoBehindLink = async (path: string): Promise<void> => {
      await promisify(execFile)("mkfifo", [join(folder, "..", "fifo")]);
      await symlink(join(folder, "..", "fifo"), path);
    };
    const servers: Server[] = [];
    const socket = (path: string): Promise<unknown> => {
      const server = createServer().listen(path);
      servers.push(server);
      return once(server, "listening");
    };
    afterEach(() => {
      for (const server of servers.splice(0)) server.close();
    });

    it.each(plants)(
      "never waits for %s nor follows it, and a put takes its place",
      async (_, plant) => {
        const store = folderStore({ folder });
        await store.put({ ref: OTHER, text: "beside it" });
        await plant(join(folder, `${REF}.ccr`));
        await expect(store.get(REF)).rejects.toThrow("is not a regular file");
        await store.put({ ref: REF, text: "the original" });
        expect((await folderStore({ folder }).get(REF))?.text).toBe("the original");
        expect((await lstat(join(folder, `${REF}.ccr`))).isFile()).toBe(true);
        const other = folderStore({ folder: join(folder, "..", "other") });
        expect((await other.get(REF))?.text ?? "of another folder").toBe("of another folder");
        await rm(join(folder, `${REF}.ccr`));
        for (const server of servers.splice(0)) server.close();
        await rm(join(folder, "..", "fifo"), { force: true });
        await plant(join(folder, `${REF}.ccr`));
        expect(await store.delete(REF)).toBe(true);
        await expect(lstat(join(folder, `${REF}.ccr`))).rejects.toThrow("ENOENT");
      },
    );

    it("refuses a put over a folder, and answers", async () => {
      const store = folderStore({ folder });
      await mkdir(join(folder, `${REF}.ccr`), { recursive: true });
      await expect(store.get(REF)).rejects.toThrow(StoreError);
      await expect(store.put({ ref: REF, text: "x" })).rejects.toThrow(StoreError);
      await expect(store.delete(REF)).rejects.toThrow(StoreError);
    });
  });

  it("clears what killed writers left an hour ago, and nothing else", async () => {
    await folderStore({ folder }).put({ ref: REF, text: "x" });
    const old = `.${REF}.0123456789abcdef.tmp`;
    const kept = [`.${REF}.fedcba9876543210.tmp`, "notes.tmp", ".hidden.tmp"];
    for (const name of [old, ...kept]) await writeFile(join(folder, name), "");
    for (const name of [old, "notes.tmp", ".hidden.tmp"])
      await utimes(join(folder, name), 1, Date.now() / 1_000 - 4_000);
    await folderStore({ folder }).put({ ref: OTHER, text: "y" });
    const left = await readdir(folder);
    expect(left.sort()).toEqual([...kept, `${REF}.ccr`, `${OTHER}.ccr`].sort());
  });

  it("clears what a process left that was killed while it wrote", async () => {
    const script = `
      import { folderStore } from ${JSON.stringify(new URL("./folder-store.ts", import.meta.url).href)};
      const store = folderStore({ folder: process.argv[1] });
      for (let i = 0; ; i++) {
        await store.put({ ref: "killed" + String(i), text: (i + " ").repeat(2_000_000) });
        process.stdout.write(".");
      }`;
    for (let kill = 0; kill < 20; kill++) {
      const child = spawn(
        process.execPath,
        ["--conditions=@headroom/source", "--input-type=module", "--eval", script, folder],
        { stdio: ["ignore", "pipe", "ignore"] },
      );
      await once(child.stdout, "data");
      await new Promise((resolve) => setTimeout(resolve, kill));
      child.kill("SIGKILL");
      await once(child, "exit");
      if ((await readdir(folder)).some((name) => name.endsWith(".tmp"))) break;
    }
    const store = folderStore({ folder, now: () => Date.now() + 4_000_000 });
    await store.put({ ref: REF, text: "x" });
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect((await store.get("killed0" as CcrRef))?.text).toBe("0 ".repeat(2_000_000));
  });

  it.skipIf(process.platform === "win32")(
    "takes the rights of others from a file, and tells of a folder they can write to",
    async () => {
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o777);
      const store = folderStore({ folder });
      expect(store.warnings?.()).toEqual([]);
      await store.put({ ref: REF, text: "x" });
      expect(store.warnings?.().join()).toMatch(/can be written by other users.*0777/);
      await chmod(join(folder, `${REF}.ccr`), 0o644);
      await store.put({ ref: REF, text: "x" });
      expect((await stat(join(folder, `${REF}.ccr`))).mode & 0o777).toBe(0o600);
    },
  );

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
