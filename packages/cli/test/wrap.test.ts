/** `headroom wrap`: the agent's environment, signals and exit code; nothing else of the machine changes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHAT, post, provider, start } from "./command.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-wrap-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a program on the PATH of the test. It notes how it was started in `started.json`. */
function agent(name: string, code = ""): Record<string, string> {
  const script = `#!${process.execPath}
const fs = require("node:fs");
const note = { args: process.argv.slice(2), env: process.env, pid: process.pid };
fs.writeFileSync(${JSON.stringify(folder)} + "/new", JSON.stringify(note));
fs.renameSync(${JSON.stringify(folder)} + "/new", ${JSON.stringify(join(folder, "started.json"))});
${code}
`;
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "bin", name), script, { mode: 0o755 });
  return { PATH: join(folder, "bin"), HOME: folder };
}

interface Started {
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly pid: number;
}

async function started(): Promise<Started> {
  const file = join(folder, "started.json");
  while (!existsSync(file)) await sleep(10);
  return JSON.parse(readFileSync(file, "utf8")) as Started;
}

/** Runs an agent that ends at once; what it was started with. */
async function wrapped(args: readonly string[], env: Record<string, string>): Promise<Started> {
  const { ended, err } = start(["wrap", ...args], env);
  expect([await ended, err()]).toEqual([0, ""]);
  return started();
}

const WAITS = "setInterval(() => {}, 1000);";

describe("headroom wrap", () => {
  it("gives the agent a proxy of its own, which ends with it, and its exit code", async () => {
    const { url: upstream, bodies } = await provider();
    const env = {
      ...agent("claude", `process.on("SIGTERM", () => process.exit(7)); ${WAITS}`),
      KEPT: "yes",
    };
    const options = [
      "--anthropic-url",
      upstream,
      "--openai-url",
      upstream,
      "--deadline-ms",
      "60000",
    ];
    const { ended, signal, out, err } = start(
      ["wrap", "claude", ...options, "--", "-p", "--x=1", "a b"],
      env,
    );
    const { args, env: given } = await started();
    expect(args).toEqual(["-p", "--x=1", "a b"]);
    expect(given.KEPT).toBe("yes");
    const base = given.ANTHROPIC_BASE_URL ?? "";
    expect(base).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await (await post(`${base}/v1/chat/completions`, CHAT)).text();
    expect(bodies[0]?.length).toBeLessThan(CHAT.length / 2);
    signal("SIGTERM");
    expect(await ended).toBe(7);
    await expect(fetch(base)).rejects.toThrow();
    expect(out() + err()).toBe("");
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "passes %s on, and ends as the agent ends",
    async (name) => {
      const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
      const { ended, signal, listeners } = start(["wrap", "aider"], agent("aider", WAITS));
      await started();
      signal(name);
      expect(await ended).toBe(codes[name]);
      expect(listeners()).toBe(0);
    },
  );

  it("stays, with its proxy, as long as an agent does not end for a signal", async () => {
    const stubborn =
      'process.on("SIGTERM", () => {}); process.on("SIGINT", () => process.exit(3));';
    const { ended, signal } = start(["wrap", "claude"], agent("claude", `${stubborn} ${WAITS}`));
    const { env } = await started();
    signal("SIGTERM");
    await sleep(150);
    expect((await fetch(`${env.ANTHROPIC_BASE_URL}/healthz`)).status).toBe(200);
    signal("SIGINT");
    expect(await ended).toBe(3);
  });

  it("does not wait for what the agent leaves behind", async () => {
    const leaves = `
      const child = require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 20000)"], { stdio: "inherit" });
      fs.writeFileSync(${JSON.stringify(join(folder, "left"))}, String(child.pid)); child.unref(); process.exit(0);`;
    const from = performance.now();
    await wrapped(["claude"], agent("claude", leaves));
    expect(performance.now() - from).toBeLessThan(10_000);
    process.kill(Number(readFileSync(join(folder, "left"), "utf8")), "SIGKILL");
  });

  it("writes no file", async () => {
    const env = agent("claude");
    await wrapped(["claude"], env);
    rmSync(join(folder, "started.json"));
    expect(readdirSync(folder)).toEqual(["bin"]);
  });

  it("starts no agent where the proxy cannot start", async () => {
    const { ended, err } = start(["wrap", "claude", "--store", "disk"], agent("claude"));
    expect(await ended).toBe(2);
    expect(err()).toMatch(/--store takes/);
    expect(existsSync(join(folder, "started.json"))).toBe(false);
  });

  it.each([
    [
      "an agent that is not installed",
      ["claude"],
      /claude is not on PATH\. Install it: npm install -g @anthropic-ai\/claude-code$/,
    ],
    [
      "an agent that it does not know",
      ["cursor"],
      /no agent "cursor"\. Agents: claude, codex, opencode, gemini, aider/,
    ],
    ["no agent", [], /takes an agent: claude, /],
    ["arguments without --", ["claude", "exec"], /comes after "--": headroom wrap claude -- exec/],
    ["a host", ["claude", "--host", "0.0.0.0"], /Unknown option '--host'/],
  ] as const)("says in one line what is wrong with %s", async (_, args, words) => {
    const { ended, err } = start(["wrap", ...args], { PATH: folder, HOME: folder });
    expect(await ended).toBe(2);
    expect(err().trimEnd()).toMatch(words);
    expect(err().trimEnd()).not.toContain("\n");
  });

  it("shows what it would set, and starts nothing", async () => {
    const { ended, out } = start(
      ["wrap", "claude", "--print", "--", "-p", "it's"],
      agent("claude"),
    );
    expect(await ended).toBe(0);
    expect(out()).toBe(`# beside: headroom proxy --port 8787
export ANTHROPIC_BASE_URL=http://127.0.0.1:8787
export ENABLE_TOOL_SEARCH=true
export CLAUDE_CODE_ENABLE_FINE_GRAINED_TOOL_STREAMING=1
export _CLAUDE_CODE_ASSUME_FIRST_PARTY_BASE_URL=1
export CLAUDE_CODE_ATTRIBUTION_HEADER=0
claude -p 'it'\\''s'
`);
    expect(existsSync(join(folder, "started.json"))).toBe(false);
  });

  it("keeps a company's proxy from what goes to this machine", async () => {
    const env = {
      ...agent("claude"),
      HTTPS_PROXY: "http://proxy.example:3128",
      NO_PROXY: "intranet",
    };
    const { env: given } = await wrapped(["claude"], env);
    expect([given.NO_PROXY, given.no_proxy]).toEqual(["intranet,127.0.0.1", "intranet,127.0.0.1"]);
  });
});

describe("the requests of an agent that has an address already go there", () => {
  it("of Claude Code, from its environment, and it is no Anthropic then", async () => {
    const { url: gateway, bodies } = await provider();
    const code = `fetch(process.env.ANTHROPIC_BASE_URL + "/v1/messages/batches", { method: "POST", body: "x" }).then(() => process.exit(0));`;
    const env = { ...agent("claude", code), ANTHROPIC_BASE_URL: gateway };
    const { env: given } = await wrapped(["claude"], env);
    expect(bodies).toHaveLength(1);
    expect(given.ENABLE_TOOL_SEARCH).toBeUndefined();
    expect(given._CLAUDE_CODE_ASSUME_FIRST_PARTY_BASE_URL).toBeUndefined();
  });

  it("of Claude Code, from its settings file, which goes before the environment", async () => {
    const { url: gateway, bodies } = await provider();
    const code = `
      const { env } = JSON.parse(process.argv[process.argv.indexOf("--settings") + 1]);
      fetch(env.ANTHROPIC_BASE_URL + "/v1/messages/batches", { method: "POST", body: "x" }).then(() => process.exit(0));`;
    const env = agent("claude", code);
    mkdirSync(join(folder, ".claude"));
    const settings = JSON.stringify({ env: { ANTHROPIC_BASE_URL: gateway } });
    writeFileSync(join(folder, ".claude", "settings.json"), settings);
    const { args } = await wrapped(["claude", "--", "-p", "x"], env);
    expect(args.slice(-2)).toEqual(["-p", "x"]);
    expect(bodies).toHaveLength(1);
    expect(readFileSync(join(folder, ".claude", "settings.json"), "utf8")).toBe(settings);
    const { ended, err } = start(["wrap", "claude", "--", "--settings", "{}"], env);
    expect(await ended).toBe(2);
    expect(err()).toMatch(/settings files set ANTHROPIC_BASE_URL/);
  });

  it("what a user set for Claude Code stays as it is", async () => {
    const env = { ...agent("claude"), ENABLE_TOOL_SEARCH: "auto:5" };
    expect((await wrapped(["claude"], env)).env.ENABLE_TOOL_SEARCH).toBe("auto:5");
    for (const name of ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX"]) {
      const { ended, err } = start(["wrap", "claude"], { ...env, [name]: "1" });
      expect(await ended).toBe(2);
      expect(err()).toMatch(`${name} is set`);
    }
  });

  it.each([
    ["not logged in", "Not logged in", "", "/v1"],
    ["an API key", "Logged in using an API key - sk-***", "", "/v1"],
    ["ChatGPT", "Logged in using ChatGPT", "", ""],
    [
      "ChatGPT and a gateway",
      "Logged in using ChatGPT",
      'openai_base_url = "https://gw.example/openai/v1"\n[x]\n',
      "/v1",
    ],
    [
      "a gateway without a version",
      "Not logged in",
      'model = "m"\nopenai_base_url = "https://gw.example/x"\n',
      "",
    ],
  ])("of Codex, logged in with: %s", async (_, status, config, version) => {
    const says = `if (process.argv[2] === "login") { console.error(${JSON.stringify(status)}); process.exit(1); }`;
    const env = agent("codex", says);
    mkdirSync(join(folder, ".codex"));
    writeFileSync(join(folder, ".codex", "config.toml"), config);
    const { args } = await wrapped(["codex", "--", "exec", "hi"], env);
    expect(args[0]).toBe("-c");
    expect(args[1]).toMatch(
      new RegExp(`^openai_base_url="http://127\\.0\\.0\\.1:\\d+${version}"$`),
    );
    expect(args.slice(2)).toEqual(["exec", "hi"]);
    const { ended, out } = start(["wrap", "codex", "--print"], env);
    expect(await ended).toBe(0);
    expect(out()).toContain("--no-web-sockets");
    expect(out().includes("https://chatgpt.com/backend-api/codex")).toBe(version === "" && !config);
    const gateway = /https:[^"]+/.exec(config)?.[0];
    if (gateway) expect(out()).toContain(`--openai-url ${gateway} `);
  });

  it("of Codex on Bedrock nowhere", async () => {
    const says =
      'if (process.argv[2] === "login") console.log("Logged in using Amazon Bedrock API key");';
    const { ended, err } = start(["wrap", "codex"], agent("codex", says));
    expect(await ended).toBe(2);
    expect(err()).toMatch(/Bedrock/);
  });

  it.each([
    ["opencode", {}, { ANTHROPIC_BASE_URL: "/v1", OPENAI_BASE_URL: "/v1" }],
    [
      "opencode",
      { OPENAI_BASE_URL: "https://gw.example/x" },
      { ANTHROPIC_BASE_URL: "/v1", OPENAI_BASE_URL: "" },
    ],
    ["gemini", {}, { GOOGLE_GEMINI_BASE_URL: "" }],
    [
      "aider",
      {},
      {
        OPENAI_API_BASE: "/v1",
        OPENAI_BASE_URL: "/v1",
        ANTHROPIC_API_BASE: "",
        GEMINI_API_BASE: "/v1beta",
      },
    ],
  ])("%s with %o", async (name, more, expected) => {
    const { env } = await wrapped([name], { ...agent(name), ...more });
    for (const [variable, path] of Object.entries(expected))
      expect(env[variable], variable).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+${path}$`));
  });
});

describe("the executable", () => {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

  it("hands standard input and output over, and dies of the agent's signal", async () => {
    const code =
      'process.stdin.on("data", (part) => process.stdout.write(part)); process.stdin.on("end", () => process.stdout.write("", () => process.kill(process.pid, "SIGTERM")));';
    const env = { ...agent("claude", code), HEADROOM_PROXY_MODE: "audit" };
    const child = spawn(
      process.execPath,
      ["--conditions=@headroom/source", main, "wrap", "claude"],
      { env },
    );
    let out = "";
    child.stdout.on("data", (part) => {
      out += part;
    });
    const text = "a line\n".repeat(20_000);
    child.stdin.end(text);
    const [exit, signal] = await once(child, "close");
    expect([exit, signal, out === text]).toEqual([null, "SIGTERM", true]);
  });
});
