import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { createHeadroom, memoryStore } from "@headroom/core";
import { createHeadroomMcp } from "@headroom/mcp";
import { wrapServer } from "@headroom/mcp/gateway";
import { json } from "./original.mjs";

const mcp = createHeadroomMcp({ store: memoryStore() });
const server = await mcp.listen({ port: 0 });

async function call(name, args) {
  const response = await fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name, arguments: args },
    }),
  });
  const body = await response.text();
  return JSON.parse(/\{.*\}/.exec(body)[0]).result;
}

const { structuredContent: short } = await call("headroom_compress", { content: json });
assert(short.tokensAfter < short.tokensBefore);
const { content } = await call("headroom_retrieve", { hash: short.hash, rows: "251" });
assert.match(content[0].text, /251/);
await server.close();
await mcp.close();

const client = { input: new PassThrough(), output: new PassThrough() };
const wrapped = wrapServer({
  ...client,
  command: process.execPath,
  args: ["-e", 'process.stdout.write("said\\n", () => process.exit(3))'],
  headroom: createHeadroom({ store: memoryStore() }),
});
assert.deepEqual(await wrapped, { code: 3 });
assert.equal(String(client.output.read()), "said\n");
