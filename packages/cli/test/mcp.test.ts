/** `headroom mcp serve`: what it says to a person, where it keeps things, and when it ends. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { start } from "./command.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-mcp-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function said(...args: readonly string[]): Promise<string> {
  let text = "";
  const write = (more: string): void => {
    text += more;
  };
  const stdin = (async function* () {})();
  const streams = { stdin, stdout: { write }, stderr: { write } };
  const code = await run(["mcp", ...args], { ...streams, env: { HOME: folder } });
  return `${code} ${text}`;
}

it.each([
  [["sing"], /^2 headroom: headroom mcp takes serve.*not "sing"/],
  [["serve", "now"], /^2 headroom: mcp serve takes options only, not "now"/],
  [["serve", "--port", "many"], /^2 headroom: --port takes a whole number from 0 to 65535/],
  [["serve", "--token", "short"], /^2 headroom: --token takes a secret .*, not what is there/],
  [["serve", "--store", "none"], /^2 headroom: --store none keeps nothing/],
  [["serve", "--http", "--host", "0.0.0.0", "--store", "memory"], /^2 .*HEADROOM_MCP_TOKEN/],
  [["serve", "--rot", "."], /^2 headroom: Unknown option '--rot'.* headroom mcp --help/],
  [["--help"], /^0 headroom mcp serve[\s\S]*--root FOLDER[\s\S]*--store STORE/],
])("mcp %j says what is right", async (args, words) => {
  expect(await said(...args)).toMatch(words);
});

it("keeps originals in ~/.headroom, serves over HTTP, and ends when it is told to", async () => {
  const served = start(["mcp", "serve", "--http", "--port", "0"], { HOME: folder });
  const [url] = await served.until(/http:\S+\/mcp/);
  const call = async (name: string, args: object): Promise<string> => {
    const params = { name, arguments: args };
    const response = await fetch(url ?? "", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
    });
    return response.text();
  };
  expect(await call("headroom_share", { name: "a", content: "b" })).toContain(
    "Shared a, version 1",
  );
  const rows = Array.from({ length: 300 }, (_, id) => ({ id, state: "up" }));
  await call("headroom_compress", { content: JSON.stringify(rows) });
  expect(existsSync(join(folder, ".headroom", "originals.db"))).toBe(true);
  expect(existsSync(join(folder, ".headroom", "originals.shared.db"))).toBe(true);
  served.signal("SIGTERM");
  expect([await served.ended, served.listeners(), served.err()]).toEqual([0, 0, ""]);
  // What was saved is in the figures of headroom stats.
  const stats = start(["stats", "--json"], { HOME: folder });
  await stats.ended;
  const { sources, tools } = JSON.parse(stats.out());
  expect(sources).toMatchObject([{ name: "mcp", texts: 1 }]);
  expect(tools).toMatchObject([{ name: "headroom_compress", texts: 1 }]);
});
