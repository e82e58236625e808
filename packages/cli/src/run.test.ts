import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CcrRef } from "@headroom/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderStore } from "./folder-store.ts";
import { run } from "./run.ts";
import type { Terminal } from "./terminal.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

/** Rows as an API gives them: enough tokens to be worth shortening, one that stands out. */
const rows = Array.from({ length: 400 }, (_, id) => ({
  id,
  service: "checkout",
  status: id === 251 ? "FATAL: connection refused" : "ok",
  latencyMs: 20 + ((id * 7) % 13),
  region: "eu-west-1",
}));
const json = JSON.stringify(rows, undefined, 2);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function headroom(
  args: readonly string[],
  {
    stdin = "",
    ...more
  }: { stdin?: string | Uint8Array; isTTY?: boolean; env?: Terminal["env"] } = {},
): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const code = await run(args, {
    stdin: (async function* () {
      if (stdin.length > 0) yield stdin;
    })(),
    stdout: { isTTY: more.isTTY === true, write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: more.env ?? {},
  });
  return { code, stdout, stderr };
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, content);
  return path;
}

const refOf = (text: string): string => /\[\[hr:([a-z]{22}) /.exec(text)?.[1] ?? "no ref";

describe("headroom compress", () => {
  it("without a store prints a smaller text that leaves nothing out", async () => {
    const { code, stdout, stderr } = await headroom(["compress", await file("rows.json", json)]);
    expect(code).toBe(0);
    expect(stdout.length).toBeLessThan(json.length / 2);
    expect(stdout).toContain("FATAL: connection refused");
    expect(stderr).toMatch(/^headroom: json, [\d,]+ → [\d,]+ tokens, [\d.]+ % saved, lossless\n$/);
  });

  it("with a store may leave out, says how to have it back, and the next command has it", async () => {
    const store = join(folder, "originals");
    const compressed = await headroom(["compress", "-", "--store", store], { stdin: json });
    expect(compressed.stdout).toContain("FATAL: connection refused");
    const ref = refOf(compressed.stdout);
    expect(compressed.stderr).toContain(`headroom retrieve ${ref} --store ${store}`);
    expect(compressed.stderr.trim().split("\n")).toHaveLength(1);

    const whole = await headroom(["retrieve", ref, "--store", store]);
    expect(whole).toMatchObject({ code: 0, stdout: json });
    const row = await headroom(["retrieve", ref, "--store", store, "--rows", "251"]);
    expect(JSON.parse(row.stdout)).toEqual(rows[251]);
    const lines = await headroom(["retrieve", ref, "--store", store, "--lines", "1-2"]);
    expect(lines.stdout.trimEnd()).toBe("[\n  {");
    const found = await headroom(["retrieve", ref, "--store", store, "--query", "FATAL"]);
    expect(found.stdout).toContain("connection refused");
    const count = await headroom([
      "retrieve",
      ref,
      "--store",
      store,
      "--query",
      "FATAL",
      "--count",
    ]);
    expect(count).toMatchObject({ code: 0, stdout: "1 match\n" });
  });

  it("leaves nothing out when the store fails, and says so", async () => {
    const store = join(folder, "originals");
    // A folder stands where the database file has to go.
    await mkdir(join(store, "originals.db"), { recursive: true });
    const down = await headroom(["compress", "--store", store], { stdin: json });
    const lossless = await headroom(["compress"], { stdin: json });
    expect(down).toMatchObject({ code: 0, stdout: lossless.stdout });
    expect(down.stderr).toContain("The store failed, so nothing was left out: ");
  });

  it("goes on with a folder of plain files, as a Node.js without SQLite makes it", async () => {
    const store = join(folder, "plain");
    await folderStore({ folder: store }).put({ ref: "a".repeat(22) as CcrRef, text: "earlier" });
    const { stdout } = await headroom(["compress", "--store", store], { stdin: json });
    expect((await headroom(["retrieve", refOf(stdout), "--store", store])).stdout).toBe(json);
    expect(await readdir(store)).not.toContain("originals.db");
  });

  it("takes the store from HEADROOM_STORE", async () => {
    const env = { HEADROOM_STORE: join(folder, "originals") };
    const { stdout } = await headroom(["compress"], { stdin: json, env });
    expect((await headroom(["retrieve", refOf(stdout)], { env })).stdout).toBe(json);
  });

  it("keeps a message document's shape and every byte that is not a changed tool result", async () => {
    const request = `{ "model": "m", "temperature": 1.0, "seed": 12345678901234567890,
      "messages": [
        {"role": "user", "content": "which call \\u0066ailed?"},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function",
          "function": {"name": "list", "arguments": "{ }"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": ${JSON.stringify(json)}}
      ] }\n`;
    const { code, stdout, stderr } = await headroom(["compress"], { stdin: request });
    expect(code).toBe(0);
    const { messages } = JSON.parse(stdout);
    const { content } = messages[2];
    expect(content.length).toBeLessThan(json.length / 2);
    expect(stdout).toBe(request.replace(JSON.stringify(json), JSON.stringify(content)));
    expect(stderr).toMatch(/^headroom: 1 of 2 blocks \(json\), .* lossless\n$/);
  });

  it("prints what it cannot shorten byte for byte, with the reason", async () => {
    const text = "\uFEFFtwo\r\nlines, no newline at the end";
    const { stdout, stderr } = await headroom(["compress"], { stdin: text });
    expect(stdout).toBe(text);
    expect(stderr).toMatch(/^headroom: unchanged, \d+ tokens: under minTokens/);
  });

  it("puts the whole report on standard output with --json", async () => {
    const { stdout } = await headroom(["compress", "--json"], { stdin: json });
    const report = JSON.parse(stdout);
    expect(report.blocks).toHaveLength(1);
    expect(report.tokensBefore - report.tokensAfter).toBe(report.tokensSaved);
    expect(report.output).toContain("FATAL");
    const messages = JSON.stringify([{ role: "user", content: "hi" }]);
    expect(
      JSON.parse((await headroom(["compress", "--json"], { stdin: messages })).stdout).output,
    ).toEqual([{ role: "user", content: "hi" }]);
  });

  it("gives a terminal the newline that the text lacks", async () => {
    expect((await headroom(["compress"], { stdin: "x", isTTY: true })).stdout).toBe("x\n");
  });
});

describe("headroom measure", () => {
  it("sums files, folders and sessions up and says what stayed as it was", async () => {
    await file("rows.json", json);
    await file("sub/note.txt", "short");
    await file("sub/photo.png", Buffer.from([0x89, 0x50, 0, 1]));
    await file("node_modules/dep/index.js", json);
    const events = [
      { type: "user", message: { role: "user", content: "look at the rows" } },
      {
        type: "assistant",
        message: {
          role: "assistant",
          content: [{ type: "tool_use", id: "t", name: "Bash", input: {} }],
        },
      },
      {
        type: "user",
        message: {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "t", content: json }],
        },
      },
    ];
    await file("session.jsonl", events.map((event) => JSON.stringify(event)).join("\n"));
    const before = await readdir(folder, { recursive: true });
    const { code, stdout, stderr } = await headroom(["measure", folder]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toContain("3 files, 1 transcript among them");
    expect(stdout).toMatch(/json +2 +2 +[\d,]+ +[\d,]+ +\d\d\.\d %/);
    expect(stdout).toMatch(/Bash +1 +1/);
    expect(stdout).toMatch(/protected: under minTokens +1 +1/);
    expect(stdout).toMatch(/1 file left out, binary, not text .*photo\.png/);
    expect(await readdir(folder, { recursive: true })).toEqual(before);

    const { kinds, tools, total, skipped } = JSON.parse(
      (await headroom(["measure", folder, "--json"])).stdout,
    );
    const sum = (key: string) =>
      kinds.reduce((all: number, kind: Record<string, number>) => all + (kind[key] ?? 0), 0);
    expect(sum("tokensBefore")).toBe(total.tokensBefore);
    expect(sum("tokensAfter")).toBe(total.tokensAfter);
    expect(tools).toHaveLength(1);
    expect(skipped).toHaveLength(1);
  });
});

describe("headroom measure", () => {
  const rounds = [
    { role: "user", content: "look at the rows" },
    {
      role: "assistant",
      content: [{ type: "tool_use", id: "t", name: "Bash", input: {} }],
      usage: { input_tokens: 3, cache_creation_input_tokens: 5_000, cache_read_input_tokens: 0 },
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: json }] },
    { role: "assistant", content: "Seen." },
  ];

  it("--cost simulates transcripts with what the provider counted in front of them", async () => {
    await file("session.jsonl", rounds.map((message) => JSON.stringify({ message })).join("\n"));
    const { code, stdout } = await headroom(["measure", folder, "--cost", "--prices", "10,0,20"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "at 10 for input, 0 for output, 20 to write the cache and 1 to read it",
    );
    expect(stdout).toMatch(/session\.jsonl +2 +[\d.]+ +[\d.]+ +\d+\.\d %/);
    const args = ["measure", folder, "--prices", "10,0,20", "--json"];
    const { costs } = JSON.parse((await headroom(args)).stdout);
    expect(costs).toMatchObject([{ turns: 2, retrievals: 0, breaks: 0 }]);
    const [{ without, with: less }] = costs;
    // 5,000 tokens are written once at 20 per million.
    expect(without).toBeGreaterThan(0.1);
    expect(less).toBeLessThan(without);
    const bare = await headroom(["measure", folder]);
    expect(bare.stdout).not.toContain("Simulated cost");
  });

  it("--token-budget shrinks older turns of what is measured", async () => {
    // Each result says something else: what was seen before is referred to.
    const textOf = (turn: number): string =>
      Array.from({ length: 80 }, (_, at) => `${(at + 1) * (turn + 3) * 48_271}`).join("\n");
    const turns = Array.from({ length: 8 }, (_, turn) => [
      {
        role: "assistant",
        content: [{ type: "tool_use", id: `${turn}`, name: "Bash", input: {} }],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: `${turn}`, content: textOf(turn) }],
      },
    ]);
    await file("session.json", JSON.stringify([rounds[0], ...turns.flat()]));
    const args = ["measure", folder, "--mode", "lossless", "--json", "--token-budget"];
    const after = async (budget: string): Promise<number> =>
      JSON.parse((await headroom([...args, budget])).stdout).total.tokensAfter;
    expect(await after("2000")).toBeLessThan(await after("1000000"));
    expect(await headroom([...args, "0"])).toMatchObject({ code: 2 });
  });

  it("compares requests that begin alike and says what changed between them", async () => {
    const system = "Today is 2026-11-28. Be brief.";
    const request = (day: string, count: number): string =>
      JSON.stringify({ system: system.replace("28", day), messages: rounds.slice(0, count) });
    await file("1.json", request("28", 1));
    await file("2.json", request("28", 3));
    const stable = await headroom(["measure", folder]);
    expect(stable.stdout).toContain("2 requests of 1 conversation, 0 of them");
    await file("3.json", request("29", 4));
    const { stdout } = await headroom(["measure", folder]);
    expect(stdout).toContain("3 requests of 1 conversation, 1 of them");
    expect(stdout).toMatch(/3\.json: system +date +[\d,]+/);
    expect(stdout).toContain("say it in the newest message");
    const { stability } = JSON.parse((await headroom(["measure", folder, "--json"])).stdout);
    expect(stability).toMatchObject({ requests: 3, broken: 1, changes: [{ part: "system" }] });
  });
});

describe("what can be put right is said in one line, with exit code 2 and nothing on standard output", () => {
  const cases: readonly [string, readonly string[], RegExp][] = [
    ["an unknown command", ["shrink"], /no command "shrink".*compress, retrieve, measure/],
    ["a command that is misspelled", ["mesure"], /Did you mean measure\?/],
    ["an option that is misspelled", ["compress", "--mod", "x"], /Did you mean --mode\?/],
    ["a shell that there is no script for", ["completion", "tcsh"], /takes bash, zsh or fish/],
    ["stats of no days", ["stats", "--days", "0"], /--days takes 1/],
    ["stats without a ledger", ["stats"], /No ledger is kept/],
    ["diff in audit mode", ["diff", "--mode", "audit"], /changes nothing/],
    ["doctor of something", ["doctor", "x"], /takes options only/],
    ["an unknown option", ["compress", "--fast"], /Unknown option '--fast'.*compress --help/],
    ["an option without its value", ["compress", "--store"], /--store/],
    ["two files", ["compress", "a", "b"], /takes one FILE/],
    ["a missing file", ["compress", "no/such/file"], /no\/such\/file: no such file/],
    ["a folder for a file", ["compress", "."], /folder, not a file/],
    ["a wrong mode", ["compress", "--mode", "max"], /"mode": expected "audit"/],
    ["a wrong format", ["compress", "--format", "xml"], /--format is "text" or "messages"/],
    ["a wrong number", ["compress", "--min-tokens", "many"], /--min-tokens takes a whole number/],
    [
      "text where messages were promised",
      ["compress", "--format", "messages"],
      /not a message list/,
    ],
    ["lossy without a store", ["compress", "--mode", "balanced"], /needs --store DIR/],
    ["a store that is a file", ["compress", "--store", main], /is not a folder/],
    ["retrieve without a ref", ["retrieve"], /takes one REF/],
    ["retrieve without a store", ["retrieve", "abc"], /Which store\?/],
    [
      "retrieve from a store that is not there",
      ["retrieve", "abc", "--store", "no/such"],
      /no store at no\/such/,
    ],
    ["retrieve of what is no ref", ["retrieve", "abc", "--store", tmpdir()], /"abc" is not a hash/],
    [
      "measure where there are no sessions",
      ["measure"],
      /no sessions of Claude Code, Codex or OpenCode/,
    ],
    ["measure of a missing path", ["measure", "no/such"], /no\/such: no such file/],
    ["prices that are none", ["measure", ".", "--prices", "5"], /--prices takes INPUT,OUTPUT/],
    ["prices that are words", ["measure", ".", "--prices", "5,x"], /not "5,x"/],
    ["measure in a wrong mode", ["measure", ".", "--mode", "max"], /"mode": expected/],
  ];
  it.each(cases)("%s", async (_, args, words) => {
    const { code, stdout, stderr } = await headroom(args, { stdin: "some text" });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(words);
    expect(stderr.trimEnd()).not.toContain("\n");
  });

  it.each([
    ["NUL bytes", Buffer.from("PK\x03\x04\0\0"), /binary/],
    ["invalid UTF-8", Buffer.from([0x61, 0xff, 0xfe, 0x62]), /not valid UTF-8/],
  ])("%s", async (_, bytes, words) => {
    const store = join(folder, "store");
    const ran = await headroom(["compress", "--store", store], { stdin: bytes });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(words);
    expect(await readdir(folder)).toEqual([]);
  });

  it("a ref that the store does not have", async () => {
    const store = join(folder, "store");
    const { stdout } = await headroom(["compress", "--store", join(folder, "other")], {
      stdin: json,
    });
    await headroom(["compress", "--store", store], { stdin: json.replace("FATAL", "fatal") });
    const ref = refOf(stdout);
    const ran = await headroom(["retrieve", ref, "--store", store]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(/^headroom: No original under .*\n$/);
  });
});

it("a defect shows its stack and exit code 1", async () => {
  let stderr = "";
  const code = await run(["compress"], {
    stdin: (async function* (): AsyncGenerator<string> {
      yield await Promise.reject(new RangeError("unforeseen"));
    })(),
    stdout: { write: () => undefined },
    stderr: { write: (text) => (stderr += text) },
    env: {},
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/defect.*\nRangeError: unforeseen\n +at /);
});

it("help, version and the list of commands are there", async () => {
  expect((await headroom([])).stdout).toContain("headroom compress [FILE|-]");
  expect((await headroom(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe("the executable", () => {
  const start = (...args: readonly string[]) =>
    spawn(process.execPath, ["--conditions=@headroom/source", main, ...args], {
      env: { ...process.env, HEADROOM_LEDGER: "off" },
    });
  const ended = (child: ReturnType<typeof start>): Promise<Ran> =>
    new Promise((resolve) => {
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk) => (stdout += chunk));
      child.stderr.on("data", (chunk) => (stderr += chunk));
      child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
    });

  it("reads standard input to its end and writes all of a large result", async () => {
    const text = "a line that is no log and no list, 42\n".repeat(60_000);
    const child = start("compress", "--mode", "audit");
    const whole = ended(child);
    child.stdin.end(text);
    const { code, stdout } = await whole;
    expect({ code, same: stdout === text }).toEqual({ code: 0, same: true });
  });

  it("ends in peace when nobody reads its output any more", async () => {
    const child = start("compress", "--mode", "audit");
    const whole = ended(child);
    child.stdout.destroy();
    child.stdin.end("a line\n".repeat(300_000));
    const { code, stderr } = await whole;
    expect(stderr).not.toContain("EPIPE");
    expect(code).toBe(0);
  });
});
