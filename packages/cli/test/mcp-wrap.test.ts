/** `headroom mcp wrap` as a process: whatever the server is, the client sees it so. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readLedger } from "../src/ledger/ledger.ts";
import { run } from "../src/run.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "headroom-mcp-wrap-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const ROWS = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    sku: `SKU-${(id * 7_919) % 9_973}`,
    state: "ok",
  })),
);
/** A server in a line: lists one tool, whose result is rows. */
const SERVER = `
  process.stderr.write("server is there " + process.env.WORD + "\\n");
  process.on("SIGTERM", () => process.exit(7));
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (method === "tools/list") console.log(JSON.stringify({ jsonrpc: "2.0", id, result: { tools: [] } }));
    else if (params?.name === "flood") process.stdout.write(JSON.stringify({ id, result: "x".repeat(3e6) }) + "\\n", () => process.exit(9));
    else console.log(JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text: process.argv[1] }] } }));
  }).on("close", () => process.exit(4));
`;

interface Message {
  readonly result: {
    readonly tools: readonly [{ readonly name: string }];
    readonly content: readonly [{ readonly text: string }];
  };
}

interface Wrapped {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>;
  say(message: object): void;
  /** Resolves when standard output has so many lines. */
  lines(count: number): Promise<readonly Message[]>;
}

function wrapped(
  options: readonly string[] = [],
  command: readonly string[] = [process.execPath, "-e", SERVER, ROWS],
): Wrapped {
  const child = spawn(
    process.execPath,
    [
      "--conditions=@headroom/source",
      "--no-warnings",
      main,
      "mcp",
      "wrap",
      ...options,
      "--",
      ...command,
    ],
    {
      env: {
        ...process.env,
        HOME: home,
        HEADROOM_STORE: "",
        HEADROOM_LEDGER: join(home, "ledger"),
        WORD: "word",
        HEADROOM_MCP_DEADLINE_MS: "60000",
        HEADROOM_MCP_STORE_TIMEOUT_MS: "60000",
      },
    },
  );
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    err += text;
  });
  child.stdin.on("error", () => {});
  return {
    child,
    out: () => out,
    err: () => err,
    ended: once(child, "close") as Promise<[number | null, string | null]>,
    say: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    async lines(count) {
      while (out.split("\n").length <= count) await once(child.stdout, "data");
      return out
        .split("\n")
        .slice(0, count)
        .map((line) => JSON.parse(line));
    },
  };
}

const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "rows" } };

describe.concurrent("headroom mcp wrap", () => {
  it("shortens results, keeps originals in ~/.headroom, and ends as the server ends when the client leaves", {
    timeout: 180_000,
  }, async () => {
    const first = wrapped();
    first.say(list);
    first.say(call);
    const [listed, called] = await first.lines(2);
    expect(listed?.result.tools[0].name).toBe("headroom_retrieve");
    const text = called?.result.content[0].text ?? ROWS;
    expect(text.length).toBeLessThan(ROWS.length * 0.15);
    first.child.stdin?.end();
    expect(await first.ended).toEqual([4, null]);
    expect(first.err()).toBe("server is there word\n");
    const ledger = await readLedger(join(home, "ledger"), 0);
    expect(ledger).toContainEqual(expect.objectContaining({ by: "mcp", tool: "rows", texts: 1 }));
    const second = wrapped(["--max-frame-bytes", "1000000"]);
    const args = { hash: /\[\[hr:(\w+)/.exec(text)?.[1], rows: "500" };
    second.say({ ...call, params: { name: "headroom_retrieve", arguments: args } });
    const [served] = await second.lines(1);
    expect(served?.result.content[0].text).toContain('"id":500');
    // What it says before it ends, to the last byte.
    second.say({ ...call, params: { name: "flood" } });
    expect(await second.ended).toEqual([9, null]);
    expect(second.out().length).toBeGreaterThan(3_000_000);
    expect(second.out().endsWith('x"}\n')).toBe(true);
  });

  it("passes signals on, and ends by the signal that ended the server", {
    timeout: 180_000,
  }, async () => {
    const handles = wrapped();
    handles.say(list);
    await handles.lines(1);
    handles.child.kill("SIGTERM");
    expect(await handles.ended).toEqual([7, null]);
    const dies = wrapped();
    dies.say(list);
    await dies.lines(1);
    dies.child.kill("SIGHUP");
    expect(await dies.ended).toEqual([null, "SIGHUP"]);
  });

  it("changes nothing in audit mode", async () => {
    const { say, lines, child } = wrapped(["--mode", "audit"]);
    say(list);
    say(call);
    const [listed, called] = await lines(2);
    expect(listed?.result).toEqual({ tools: [] });
    expect(called?.result.content).toEqual([{ type: "text", text: ROWS }]);
    child.kill();
  });

  it("says in a line what is wrong", async () => {
    const said: string[] = [];
    const terminal = {
      stdin: (async function* () {})(),
      stdout: { write: () => {} },
      stderr: { write: (text: string) => said.push(text) },
      env: { HOME: home },
    };
    const wrong: readonly (readonly [string, readonly string[]])[] = [
      ['after "--"', []],
      ['after "--"', ["--"]],
      ["headroom mcp wrap -- npx server", ["npx", "server"]],
      ["there is no such program", ["--store", "memory", "--", join(home, "no-such-program")]],
      ["--structured takes auto, keep or drop", ["--structured", "some", "--", "x"]],
      ["needs a store", ["--store", "none", "--mode", "balanced", "--", "x"]],
      ["Unknown option '--nothing'", ["--nothing", "--", "x"]],
    ];
    for (const [words, args] of wrong) {
      said.length = 0;
      expect(await run(["mcp", "wrap", ...args], terminal)).toBe(2);
      expect(said.join("")).toContain(words);
      expect(said).toHaveLength(1);
    }
  });
});
