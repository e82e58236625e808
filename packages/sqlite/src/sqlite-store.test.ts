import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refOf, refScope } from "@headroom/core";
import { expect, it } from "vitest";
import { connect } from "./connect.ts";
import { sqliteStore } from "./sqlite-store.ts";

it("a get writes down its time once a second has gone, and not before: it answers with the new end all the same", async () => {
  const folder = mkdtempSync(join(tmpdir(), "headroom-store-"));
  const path = join(folder, "a.db");
  let time = 5_000;
  const store = sqliteStore({ path, ttlSeconds: 10, now: () => time });
  const ref = refOf("text", refScope("default"));
  const written = (): unknown =>
    connect(path, { readOnly: true }, (db) => {
      const row = db.prepare("SELECT used_at, expires_at FROM originals").get();
      db.close();
      return [row?.used_at, row?.expires_at];
    });
  try {
    await store.put({ ref, text: "text" });
    expect(written()).toEqual([5_000, 15_000]);
    time = 6_000;
    expect(await store.get(ref)).toEqual({ ref, text: "text", expiresAt: 16_000 });
    expect(written()).toEqual([5_000, 15_000]);
    time = 6_001;
    expect(await store.get(ref)).toEqual({ ref, text: "text", expiresAt: 16_001 });
    expect(written()).toEqual([6_001, 16_001]);
    time = 16_000;
    expect((await store.get(ref))?.text).toBe("text");
    time = 26_000;
    expect(await store.get(ref)).toBeUndefined();
  } finally {
    await store.close?.();
    rmSync(folder, { recursive: true, force: true });
  }
});

it("what was used within the time that protects it makes no room, what was used before does", async () => {
  let time = 100_000;
  const store = sqliteStore({
    path: ":memory:",
    maxBytes: 10,
    protectSeconds: 10,
    now: () => time,
  });
  const entry = (text: string) => ({ ref: refOf(text, refScope("default")), text });
  const [old, fresh] = [entry("old text"), entry("new text")];
  await store.put(old);
  time = 110_000;
  await expect(store.put(fresh)).rejects.toThrow(
    /8 bytes do not fit: maxBytes is 10 and what is kept was used in the last 10 s\.$/,
  );
  expect(await store.get(old.ref)).toMatchObject({ text: "old text" });
  time = 120_001;
  await store.put(fresh);
  expect([await store.get(old.ref), (await store.get(fresh.ref))?.text]).toEqual([
    undefined,
    "new text",
  ]);
  await store.close?.();
});
