/** A ledger in a file: what `memoryLedger` does, over restarts and between processes. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CcrRef, memoryLedger, type SharedLedger, type SharedRecord } from "@headroom/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqliteLedger } from "./sqlite-ledger.ts";

let folder: string;
let path: string;
const open: SharedLedger[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
  path = join(folder, "new", "shared.db");
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close?.();
  rmSync(folder, { recursive: true, force: true });
});

function ledger(more: object = {}): SharedLedger {
  const made = sqliteLedger({ path, ...more });
  open.push(made);
  return made;
}

const ref = (letter: string): CcrRef => letter.repeat(22) as CcrRef;
const record = (name: string, letter = "a", agent = "one"): Omit<SharedRecord, "version"> => ({
  name,
  ref: ref(letter),
  agent,
  at: 1_000,
  tokens: 7,
});

/** Everything a ledger can be asked, after some use of it. */
async function used(one: SharedLedger): Promise<unknown> {
  const first = await one.append(record("plan"));
  const again = await one.append(record("plan", "b", "two"));
  const other = await one.append(record("'; DROP TABLE seen; --", "a"));
  await one.first(ref("a"), first);
  await one.markSeen("one", { name: "plan", version: 1, ref: ref("a"), whole: true });
  await one.markSeen("two", { name: "plan", version: 2, ref: ref("b"), whole: false });
  await one.add({ puts: 2, tokensPut: 14 });
  await one.add({ puts: 1 });
  return {
    again,
    other,
    first: await one.first(ref("a"), other),
    latest: await one.latest("plan"),
    none: await one.latest("nothing"),
    list: await one.list(),
    seen: [
      await one.seen("one", "plan"),
      await one.seen("two", "plan"),
      await one.seen("x", "plan"),
    ],
    content: [await one.seenContent("one", ref("a")), await one.seenContent("two", ref("b"))],
    counts: await one.counts(),
  };
}

describe("sqliteLedger", () => {
  it("answers as memoryLedger does", async () => {
    expect(await used(ledger())).toEqual(await used(memoryLedger()));
  });

  it("knows after a restart what it knew before", async () => {
    const one = ledger();
    await used(one);
    await one.close?.();
    const again = ledger();
    expect((await again.list()).map(({ name }) => name)).toEqual([
      "plan",
      "'; DROP TABLE seen; --",
    ]);
    expect(await again.seenContent("one", ref("a"))).toMatchObject({ whole: true });
    expect(await again.append(record("plan"))).toMatchObject({ version: 3 });
  });

  it("gives no version twice, whoever appends at the same time", async () => {
    const many = [ledger(), ledger(), ledger()];
    const made = await Promise.all(
      Array.from({ length: 60 }, (_, at) => (many[at % 3] as SharedLedger).append(record("plan"))),
    );
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, at) => at + 1),
    );
  });

  it("keeps sessions apart", async () => {
    await ledger({ session: "a" }).append(record("plan"));
    const other = ledger({ session: "b" });
    expect(await other.list()).toEqual([]);
    expect(await other.append(record("plan"))).toMatchObject({ version: 1 });
  });

  it("tells what another one appends", async () => {
    const heard: SharedRecord[] = [];
    const stop = await ledger().subscribe((one) => heard.push(one));
    await ledger().append(record("plan"));
    await expect.poll(() => heard).toEqual([{ ...record("plan"), version: 1 }]);
    await stop();
  });

  it("forgets what was read long ago, and keeps the newest versions", async () => {
    const one = ledger({ now: () => 0 });
    await used(one);
    await one.close?.();
    const later = ledger({ now: () => 10_000_000, ttlSeconds: 1 });
    expect(await later.seen("one", "plan")).toBeUndefined();
    expect(await later.latest("plan")).toMatchObject({ version: 2 });
  });

  it.skipIf(process.platform === "win32")("is for its owner only", async () => {
    await ledger().list();
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it("refuses wrong options at once", () => {
    expect(() => sqliteLedger({ path: "" })).toThrow(/path/);
    expect(() => sqliteLedger({ path, ttlSeconds: 0 })).toThrow(/ttlSeconds/);
  });
});
