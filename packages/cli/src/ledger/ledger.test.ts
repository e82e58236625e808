import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../run.ts";
import { statsCommand } from "../stats-command.ts";
import { ledgerFolder, note, readLedger } from "./ledger.ts";
import { noteProxy } from "./proxy-ledger.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const DAY = 86_400_000;
const NOON = new Date(2026, 10, 28, 12).getTime();
const row = (tool: string, tokensBefore = 1_000, tokensAfter = 200) => ({
  tool,
  texts: 1,
  tokensBefore,
  tokensAfter,
});

function terminal(env: Record<string, string>, stdin = "") {
  const written = { stdout: "", stderr: "" };
  return {
    written,
    stdin: (async function* () {
      if (stdin !== "") yield stdin;
    })(),
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    env,
  };
}

describe("the ledger", () => {
  it("lies where the variables say, or nowhere", () => {
    expect(ledgerFolder({})).toBeUndefined();
    expect(ledgerFolder({ HOME: "/h" })).toBe(join("/h", ".local", "state", "headroom"));
    expect(ledgerFolder({ HOME: "/h", XDG_STATE_HOME: "/s" })).toBe(join("/s", "headroom"));
    expect(ledgerFolder({ HOME: "/h", HEADROOM_LEDGER: "/l" })).toBe("/l");
    expect(ledgerFolder({ HOME: "/h", HEADROOM_LEDGER: "off" })).toBeUndefined();
  });

  it("keeps whole lines of many writers, by month, for its owner only, and overlooks broken ones", async () => {
    const env = { HEADROOM_LEDGER: join(folder, "new") };
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => note(env, "proxy", [row(`t${at}`)], NOON)),
    );
    await note(env, "compress", [row("old")], NOON - 40 * DAY);
    const names = readdirSync(env.HEADROOM_LEDGER);
    expect(names.sort()).toEqual(["2026-10.jsonl", "2026-11.jsonl"]);
    expect(statSync(join(env.HEADROOM_LEDGER, "2026-11.jsonl")).mode & 0o777).toBe(0o600);
    appendFileSync(join(env.HEADROOM_LEDGER, "2026-11.jsonl"), '{"at":1}\nnot JSON\n');
    const entries = await readLedger(env.HEADROOM_LEDGER, NOON - DAY);
    expect(new Set(entries.map(({ tool }) => tool)).size).toBe(50);
  });

  it("is no reason to fail where it cannot be written", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await note({ HEADROOM_LEDGER: join(file, "inside") }, "proxy", [row("x")]);
    expect(readFileSync(file, "utf8")).toBe("");
  });

  it("gets the difference of a proxy's counters, and nothing where nothing happened", async () => {
    const env = { HEADROOM_LEDGER: folder };
    const tools = [{ name: "Bash", blocks: 2, tokensBefore: 50, tokensAfter: 10 }];
    const end = noteProxy(env, "proxy", () => ({ tools }));
    await end();
    tools[0] = { name: "Bash", blocks: 5, tokensBefore: 90, tokensAfter: 30 };
    await end();
    await end();
    const entries = await readLedger(folder, 0);
    expect(
      entries.map(({ texts, tokensBefore, tokensAfter }) => [texts, tokensBefore, tokensAfter]),
    ).toEqual([
      [2, 50, 10],
      [3, 40, 20],
    ]);
  });
});

describe("headroom stats", () => {
  it("sums the last days up, by day and by tool", async () => {
    const env = { HEADROOM_LEDGER: folder };
    await note(env, "proxy", [row("Bash"), row("Read", 500, 400)], NOON);
    await note(env, "compress", [row("Bash", 100, 100)], NOON - DAY);
    await note(env, "compress", [row("Bash", 7_000, 0)], NOON - 2 * DAY);
    const json = terminal(env);
    await statsCommand(["--days", "2", "--json"], json, NOON);
    expect(JSON.parse(json.written.stdout)).toEqual({
      folder,
      days: [
        { day: "2026-11-27", texts: 1, tokensBefore: 100, tokensAfter: 100 },
        { day: "2026-11-28", texts: 2, tokensBefore: 1_500, tokensAfter: 600 },
      ],
      tools: [
        { name: "Bash", texts: 2, tokensBefore: 1_100, tokensAfter: 300 },
        { name: "Read", texts: 1, tokensBefore: 500, tokensAfter: 400 },
      ],
      sources: [
        { name: "proxy", texts: 2, tokensBefore: 1_500, tokensAfter: 600 },
        { name: "compress", texts: 1, tokensBefore: 100, tokensAfter: 100 },
      ],
      total: { texts: 3, tokensBefore: 1_600, tokensAfter: 700 },
    });
    const words = terminal(env);
    await statsCommand([], words, NOON);
    expect(words.written.stdout).toMatch(
      /^30 days: 8,600 → 700 tokens, 7,900 saved \(91\.9 %\), by compress, proxy\n/,
    );
    expect(words.written.stdout).toMatch(/2026-11-28 +2 +1,500 +600 +900 +60\.0 %/);
  });

  it("says how to begin where nothing is there yet, and has what compress saved after it", async () => {
    const env = { HEADROOM_LEDGER: folder };
    const empty = terminal(env);
    await run(["stats"], empty);
    expect(empty.written.stdout).toContain("Begin with: headroom wrap claude");
    const text = JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, canary: "ok" })));
    expect(await run(["compress"], terminal(env, text))).toBe(0);
    const after = terminal(env);
    await run(["stats", "--json"], after);
    const { total, sources } = JSON.parse(after.written.stdout);
    expect(total.tokensBefore).toBeGreaterThan(total.tokensAfter);
    expect(sources).toMatchObject([{ name: "compress", texts: 1 }]);
    const [name = ""] = readdirSync(folder);
    expect(readFileSync(join(folder, name), "utf8")).not.toContain("canary");
  });
});
