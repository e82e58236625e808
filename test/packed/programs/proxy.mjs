import assert from "node:assert/strict";
import { createServer } from "node:http";
import * as zlib from "node:zlib";
import { memoryStore } from "@headroom/core";
import { createProxy } from "@headroom/proxy";
import { json } from "./original.mjs";

const bodies = [];
const provider = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts);
    bodies.push(body);
    const hash = /\[\[hr:([a-z]{22})/.exec(body.toString())?.[1];
    const args = JSON.stringify({ hash, rows: "251" });
    const call = { name: "headroom_retrieve", arguments: args };
    const message =
      bodies.length === 1
        ? { role: "assistant", tool_calls: [{ id: "r1", type: "function", function: call }] }
        : { role: "assistant", content: "Row 251 is down." };
    const finish_reason = bodies.length === 1 ? "tool_calls" : "stop";
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason }] }));
  });
});
await new Promise((resolve) => provider.listen(0, "127.0.0.1", resolve));
const proxy = createProxy({
  upstreams: { openai: `http://127.0.0.1:${provider.address().port}` },
  store: memoryStore(),
  deadlineMs: 60_000,
});
const base = await proxy.listen({ port: 0 });
const list = { name: "list", arguments: "{}" };
const messages = [
  { role: "user", content: "Is anything down?" },
  { role: "assistant", tool_calls: [{ id: "c1", type: "function", function: list }] },
  { role: "tool", tool_call_id: "c1", content: json },
];
const tools = [{ type: "function", function: { name: "list" } }];
const text = JSON.stringify({ model: "gpt-5", messages, tools });
const post = async (path, body, headers = {}) => {
  const all = { "content-type": "application/json", ...headers };
  const response = await fetch(base + path, { method: "POST", headers: all, body });
  assert.equal(response.status, 200);
  return response.json();
};

const reply = await post("/v1/chat/completions", text);
assert.equal(reply.choices[0].message.content, "Row 251 is down.");
assert.ok(bodies[0].length < json.length / 3);
assert.match(bodies[1].toString(), /connection refused/);

// Node.js knows zstd since 22.15; before, such a body goes through as it came.
const packed = zlib.zstdCompressSync?.(text) ?? Buffer.from("(µ/ý", "latin1");
await post("/v1/chat/completions", packed, { "content-encoding": "zstd" });
if (zlib.zstdCompressSync) assert.match(bodies[2].toString(), /\[\[hr:/);
else assert.deepEqual(bodies[2], packed);

const { ccr_hashes } = await post("/v1/compress", `{"config":{"mode":"ccr"},${text.slice(1)}`);
assert.match(ccr_hashes[0], /^[a-f0-9]{24}$/);
const got = await (await fetch(`${base}/v1/retrieve/${ccr_hashes[0]}`)).json();
assert.equal(got.original_content, json);

// Loaded when they are asked for.
const [metrics, dashboard] = await Promise.all(
  ["/metrics", "/dashboard"].map(async (path) => (await fetch(base + path)).text()),
);
assert.match(metrics, /^headroom_proxy_retrievals_total 2$/m);
assert.match(dashboard, /<title>Headroom proxy<\/title>/);

await proxy.close(100);
provider.close();
provider.closeAllConnections();
