/** The command, as a shell would run it. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { json } from "./original.mjs";

const manifestPath = createRequire(import.meta.url).resolve("headroom/package.json");
const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
const command = join(dirname(manifestPath), manifest.bin.headroom);
const folder = mkdtempSync(join(tmpdir(), "headroom-packed-"));
// Nothing is written outside of that folder.
process.env.HEADROOM_LEDGER = join(folder, "ledger");
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

  // A proxy that a child of `wrap` finds, and one that ends when it is told to.
  const agent = join(folder, "claude");
  const asks =
    "fetch(process.env.ANTHROPIC_BASE_URL + '/readyz').then((r) => process.exit(r.status - 193))";
  writeFileSync(agent, `#!${process.execPath}\n${asks};\n`, { mode: 0o755 });
  const env = { PATH: folder, HOME: folder };
  const wrapped = spawnSync(process.execPath, [command, "wrap", "claude"], {
    env,
    encoding: "utf8",
  });
  assert.deepEqual([wrapped.status, wrapped.stderr], [7, ""]);

  const hasSqlite = process.getBuiltinModule?.("node:sqlite") !== undefined;
  const kept = hasSqlite ? `sqlite:${join(folder, "proxy.db")}` : "memory";
  const config = join(folder, "proxy.json");
  writeFileSync(config, `{ "port": 0, // any\n "store": ${JSON.stringify(kept)} }`);
  const proxy = spawn(process.execPath, [command, "proxy", "--config", config], { env });
  const [line] = await once(proxy.stdout, "data");
  const [, base] = /at (http:\S+):/.exec(String(line));
  const list = { name: "list", arguments: "{}" };
  const messages = [
    { role: "user", content: "Is anything down?" },
    { role: "assistant", tool_calls: [{ id: "c1", type: "function", function: list }] },
    { role: "tool", tool_call_id: "c1", content: json },
  ];
  const answer = await fetch(`${base}/v1/compress`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ config: { mode: "ccr" }, messages }),
  });
  const { ccr_hashes } = await answer.json();
  const got = await (await fetch(`${base}/v1/retrieve/${ccr_hashes[0]}`)).json();
  assert.ok(got.original_content === json, "the original comes back from the proxy");
  proxy.kill("SIGTERM");
  assert.deepEqual(await once(proxy, "exit"), [0, null]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
