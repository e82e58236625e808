/** The command with an optional package beside it, and without. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const home = dirname(dirname(createRequire(import.meta.url).resolve("headroom/package.json")));
const folder = mkdtempSync(join(tmpdir(), "headroom-optional-"));
const words = "The bridge over the river was built in 1931, and is closed on Sundays. ";
const paragraph = `<p class="story-text" data-track="paragraph">${words.repeat(4)}</p>\n`;
const page = `<!doctype html><html><body><nav><a href="/">Home</a></nav>
<article><h1>The bridge</h1>${paragraph.repeat(80)}</article></body></html>`;

function run(modules, args, input = "") {
  const env = { ...process.env, HEADROOM_LEDGER: "off", HOME: folder, HEADROOM_PROXY_PORT: "0" };
  const command = join(modules, "headroom", "dist", "main.js");
  const ran = spawnSync(process.execPath, [command, ...args], { input, encoding: "utf8", env });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout;
}

/** What a proxy makes of the page: long enough for a worker thread. */
async function throughProxy(modules) {
  const env = { PATH: process.env.PATH, HOME: folder, HEADROOM_LEDGER: "off" };
  const command = join(modules, "headroom", "dist", "main.js");
  const proxy = spawn(process.execPath, [command, "proxy", "--port", "0"], { env });
  const [line] = await once(proxy.stdout, "data");
  const call = { id: "c1", type: "function", function: { name: "fetch", arguments: "{}" } };
  const messages = [
    { role: "user", content: "When is the bridge closed?" },
    { role: "assistant", tool_calls: [call] },
    { role: "tool", tool_call_id: "c1", content: page },
  ];
  const answer = await fetch(`${/at (http:\S+):/.exec(String(line))[1]}/v1/compress`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ config: { mode: "ccr" }, messages }),
  });
  const { messages: shown } = await answer.json();
  proxy.kill("SIGTERM");
  await once(proxy, "exit");
  return shown[2].content;
}

try {
  assert.match(run(home, ["doctor"]), /@headroom\/html is installed, and used for html, snapshot/);
  const store = ["--store", join(folder, "originals")];
  const withHtml = run(home, ["compress", ...store], page);
  assert.match(withHtml, /^# The bridge$/m);
  assert.doesNotMatch(withHtml, /<p /);
  assert.match(await throughProxy(home), /^# The bridge$/m);

  // The same packages, as an installer lays them out, without that one.
  const bare = join(folder, "node_modules");
  const html = join(home, "@headroom", "html");
  for (const name of ["headroom", "@headroom", "ioredis"])
    cpSync(join(home, name), join(bare, name), {
      recursive: true,
      filter: (path) => path !== html,
    });
  assert.match(run(bare, ["doctor"]), /@headroom\/html is not installed/);
  assert.doesNotMatch(run(bare, ["compress", ...store], page), /^# The bridge$/m);
  assert.doesNotMatch(await throughProxy(bare), /^# The bridge$/m);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
