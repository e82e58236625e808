/** The oldest Node.js with SQLite, which lacks what later ones have: `isTransaction`, `isOpen`, `timeout`, addresses of files. */
import { chmodSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodes } from "../../../test/support/node-versions.ts";
import { entries, entry, withDatabase, workplace } from "./support.ts";

const node22 = nodes.oldestWithSqlite;
const { newPath, peer } = workplace();

describe("on Node.js 22.13", () => {
  it("a refused put ends neither this process's writing nor another one's", async () => {
    const path = newPath();
    const old = peer({ path, maxBytes: 10_000 }, node22);
    const large = [entry("x".repeat(9_000)), entry("y".repeat(9_000)), entry("z".repeat(20_000))];
    expect(await old.put([entry("before")])).toHaveLength(1);
    for (const original of large.slice(0, 2)) await old.put([original]);
    expect(await old.put(large.slice(1))).toHaveLength(0);
    expect(await old.put([{ ...entry("taken"), ref: entry("before").ref }])).toHaveLength(0);
    expect(await old.put([entry("after")])).toHaveLength(1);
    const other = peer({ path, maxBytes: 10_000 });
    expect(await other.put([entry("of another")])).toHaveLength(1);
    expect(await other.missing([entry("before"), entry("after"), entry("of another")])).toBe(0);
  });

  it("a put that fails inside its transaction is rolled back", async () => {
    const path = newPath();
    const old = peer({ path }, node22);
    await old.put([entry("before")]);
    withDatabase(path, (db) =>
      db.exec(`CREATE TRIGGER refusal BEFORE INSERT ON originals WHEN new.size > 1000
        BEGIN SELECT raise(ABORT, 'not this one'); END`),
    );
    await expect(old.put([entry("large ".repeat(1_000))])).rejects.toThrow(/not this one/);
    expect(await old.put([entry("after")])).toHaveLength(1);
    const other = peer({ path });
    expect(await other.put([entry("of another")])).toHaveLength(1);
    expect(await other.missing([entry("before"), entry("after"), entry("of another")])).toBe(0);
  });

  it("a file that cannot be written is read", async () => {
    const path = newPath();
    const writer = peer({ path });
    await writer.put(entries(0, 3));
    chmodSync(path, 0o400);
    expect(await peer({ path }, node22).missing(entries(0, 3))).toBe(0);
  });
});
