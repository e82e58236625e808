/** The command, as a shell would run it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { json } from "./original.mjs";

const manifestPath = createRequire(import.meta.url).resolve("headroom/package.json");
const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
const command = join(dirname(manifestPath), manifest.bin.headroom);
const folder = mkdtempSync(join(tmpdir(), "headroom-packed-"));
function headroom(args, input = "") {
  const ran = spawnSync(process.execPath, [command, ...args], { input, encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout;
}
try {
  const store = join(folder, "originals");
  const short = headroom(["compress", "--store", store], json);
  assert.ok(short.length < json.length / 4);
  const ref = /\[\[hr:([a-z]{22})/.exec(short)?.[1];
  assert.ok(headroom(["retrieve", ref, "--store", store]) === json, "the original comes back");
  assert.match(headroom(["retrieve", ref, "--store", store, "--rows", "251"]), /refused/);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
