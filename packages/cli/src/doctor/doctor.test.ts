import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CcrStore, memoryStore } from "@headroom/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { redisStartable, startRedis } from "../../../../test/support/redis-server.ts";
import { run } from "../run.ts";
import type { Check } from "./check.ts";
import { nodeCheck } from "./machine.ts";
import { storeChecks } from "./store.ts";

let folder: string;
let closing: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-doctor-"));
});
afterEach(() => {
  for (const close of closing) close();
  closing = [];
  rmSync(folder, { recursive: true, force: true });
});

async function doctor(
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<{
  code: number;
  ok: boolean;
  checks: readonly Check[];
  of(name: string): readonly Check[];
}> {
  let stdout = "";
  const code = await run(["doctor", "--json", ...args], {
    stdin: (async function* () {})(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
    env: {
      HEADROOM_LEDGER: join(folder, "ledger"),
      HEADROOM_PROXY_PORT: "0",
      HOME: folder,
      ...env,
    },
  });
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: readonly Check[] };
  return { code, ok, checks, of: (name) => checks.filter((check) => check.name === name) };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => server.close());
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

describe("headroom doctor", () => {
  it("finds nothing wrong where nothing is", async () => {
    const { code, ok, checks, of } = await doctor();
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(checks.map(({ state }) => state)).toEqual(checks.map(() => "ok"));
    expect(of("Round trip")[0]?.says).toMatch(/400 rows, \d\d % shorter, came back byte for byte/);
  });

  it("writes to the store and reads back, whichever it is", async () => {
    for (const store of [join(folder, "new"), `sqlite:${join(folder, "a.db")}`]) {
      const { code, of } = await doctor(["--store", store]);
      expect(code).toBe(0);
      expect(of("Store")[0]).toMatchObject({ state: "ok" });
    }
  });

  it("says what to do where the store cannot be used, and ends with 2", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    mkdirSync(join(folder, "db"));
    for (const store of [file, `sqlite:${join(folder, "db")}`, "redis://127.0.0.1:1", "sqlite:"]) {
      const { code, ok, of } = await doctor(["--store", store]);
      expect({ store, code, ok }).toEqual({ store, code: 2, ok: false });
      expect(of("Store")[0], store).toMatchObject({ state: "fail", todo: expect.any(String) });
    }
  });

  it("notices a store that gives back something else", async () => {
    const store: CcrStore = { ...memoryStore(), get: async (ref) => ({ ref, text: "else" }) };
    const [check] = await storeChecks({ name: "odd", store, isRedis: false });
    expect(check).toMatchObject({ state: "fail", says: expect.stringContaining("something else") });
  });

  it.runIf(redisStartable())("tells what a real Redis does not promise", async () => {
    const redis = await startRedis(["--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"]);
    closing.push(() => void redis.stop());
    const { code, of } = await doctor(["--store", redis.url]);
    expect(code).toBe(0);
    expect(of("Redis").map(({ state, todo }) => [state, todo])).toEqual([
      ["warn", "CONFIG SET maxmemory-policy noeviction, and in redis.conf."],
      ["warn", "appendonly yes in redis.conf, or a replica."],
    ]);
  });

  it("looks where clients are pointed, and at the port", async () => {
    const port = await listening(createServer((socket) => socket.end("HTTP/1.1 404 No\r\n\r\n")));
    const env = {
      HEADROOM_PROXY_PORT: String(port),
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
    };
    const wrong = await doctor([], env);
    expect(wrong.code).toBe(2);
    expect(wrong.of("Port")[0]).toMatchObject({
      state: "warn",
      todo: expect.stringContaining("--port N"),
    });
    expect(wrong.of("Clients")[0]).toMatchObject({ state: "fail" });
    const { createProxy } = await import("@headroom/proxy");
    const proxy = createProxy({ workers: false });
    const url = await proxy.listen({ port: 0 });
    closing.push(() => void proxy.close(0));
    const right = await doctor([], {
      HEADROOM_PROXY_PORT: new URL(url).port,
      OPENAI_BASE_URL: `${url}/v1`,
    });
    expect(right.code).toBe(0);
    expect(right.of("Port")[0]?.says).toContain("headroom proxy answers");
    expect(right.of("Clients")[0]?.says).toContain("leads to a headroom proxy");
  });

  it("says where the MCP server is, and where it is not as it should be", async () => {
    const env = { PATH: "", CODEX_HOME: join(folder, ".codex") };
    expect((await doctor([], env)).of("MCP")).toMatchObject([
      { state: "ok", says: expect.stringContaining("headroom mcp install") },
    ]);
    const silent = { write: () => undefined };
    const terminal = { stdin: (async function* () {})(), stdout: silent, stderr: silent };
    const install = ["mcp", "install", "--client", "codex"];
    const to = { ...terminal, env: { HOME: folder, ...env } };
    expect(await run(install, to)).toBe(0);
    expect((await doctor([], env)).of("MCP")).toMatchObject([
      { state: "ok", says: expect.stringMatching(/^installed in Codex/) },
    ]);
    const file = join(folder, ".codex", "config.toml");
    writeFileSync(file, readFileSync(file, "utf8").replace('"serve"', '"sing"'));
    expect((await doctor([], env)).of("MCP")).toMatchObject([
      { state: "warn", todo: expect.stringContaining("--client codex") },
    ]);
    writeFileSync(file, "[mcp_servers\n");
    const { code, of } = await doctor([], env);
    expect(code).toBe(0);
    expect(of("MCP")).toMatchObject([{ state: "warn", says: expect.stringContaining(file) }]);
  });

  it("shows a setting that is wrong", async () => {
    const { code, of } = await doctor([], { HEADROOM_PROXY_MODE: "max" });
    expect(code).toBe(2);
    expect(of("Settings")[0]?.says).toContain("HEADROOM_PROXY_MODE takes audit");
  });

  it("knows versions of Node.js that are too old", () => {
    expect(nodeCheck("20.18.3").state).toBe("fail");
    expect(nodeCheck("20.19.0").state).not.toBe("fail");
    expect(nodeCheck("18.20.0")).toMatchObject({
      state: "fail",
      todo: expect.stringContaining("24"),
    });
  });

  it("prints for people, with marks and what to do", async () => {
    let stdout = "";
    const code = await run(["doctor"], {
      stdin: (async function* () {})(),
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: () => undefined },
      env: {
        HEADROOM_LEDGER: "off",
        HEADROOM_PROXY_PORT: "0",
        OPENAI_BASE_URL: "http://127.0.0.1:1/v1",
      },
    });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^✓ Settings {4}/);
    expect(stdout).toMatch(
      /✗ Clients {5}OPENAI_BASE_URL is .* nobody answers there\.\n {14}→ Start headroom proxy/,
    );
    expect(stdout).toMatch(/\n1 to put right\.\n$/);
  });
});
