import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "@headroom/sqlite";
import { roundTrip } from "./round-trip.mjs";

const folder = mkdtempSync(join(tmpdir(), "headroom-packed-"));
try {
  const path = join(folder, "originals.db");
  await roundTrip(() => sqliteStore({ path }));
  const full = sqliteStore({ path, maxBytes: 1_000 });
  await assert.rejects(full.put({ ref: "large", text: "x".repeat(2_000) }), /do not fit/);
  await full.close();
  await roundTrip(() => sqliteStore({ path }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
