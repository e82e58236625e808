/** Settings: one table, three ways to set each, and what is wrong is refused in one sentence. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HeadroomOptions } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import type { ListenOptions, ProxyOptions } from "@headroom/proxy";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { helpFor } from "../help.ts";
import { installedPlugins } from "../optional-compressors.ts";
import { NOT_FOR_WRAP } from "../wrap/not-for-wrap.ts";
import { listenOptions, proxyOptions } from "./proxy-options.ts";
import { readArguments, readSettings } from "./read-settings.ts";
import {
  flagOf,
  GROUPS,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type Settings,
  variableOf,
} from "./settings.ts";
import { settingsTable } from "./settings-text.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-settings-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, "proxy.json");
  writeFileSync(path, text);
  return path;
}

async function read(args: readonly string[], env: Record<string, string> = {}): Promise<Settings> {
  return readSettings(readArguments("proxy", args, SETTING_KEYS), env);
}

/** A right value of each setting: as a text, and as JSON. */
const RIGHT: { readonly [Key in SettingKey]-?: readonly [string, NonNullable<Settings[Key]>] } = {
  port: ["0", 0],
  host: ["::1", "::1"],
  token: ["t".repeat(32), "t".repeat(32)],
  allowedHosts: ["a.example,b.example", ["a.example", "b.example"]],
  allowedOrigins: ["https://a.example", ["https://a.example"]],
  webSockets: ["false", false],
  anthropicUrl: ["https://a.example", "https://a.example"],
  openaiUrl: ["http://127.0.0.1:4000/v1", "http://127.0.0.1:4000/v1"],
  googleUrl: ["https://g.example/x", "https://g.example/x"],
  connectMs: ["5", 5],
  firstByteMs: ["0", 0],
  idleMs: ["7", 7],
  uploadIdleMs: ["8", 8],
  store: ["sqlite:a.db", "sqlite:a.db"],
  storeTtlSeconds: ["60", 60],
  storeTimeoutMs: ["300", 300],
  encryptionKey: ["k".repeat(32), "k".repeat(32)],
  secret: ["s".repeat(16), "s".repeat(16)],
  namespace: ["team", "team"],
  mode: ["audit", "audit"],
  retrieval: ["false", false],
  maxRetrievals: ["3", 3],
  minTokens: ["500", 500],
  roles: ["tool,user", ["tool", "user"]],
  repeats: ["false", false],
  tokenBudget: ["90000", 90_000],
  history: ["9000,4000,3", { triggerTokens: 9_000, targetTokens: 4_000, keepRecentTurns: 3 }],
  tools: ["Bash=lossless,mcp__*=exclude", { Bash: "lossless", "mcp__*": "exclude" }],
  include: ["json,log", ["json", "log"]],
  exclude: ["diff", ["diff"]],
  deadlineMs: ["100", 100],
  maxBodyBytes: ["1000", 1_000],
  cacheBytes: ["0", 0],
  workers: ["false", false],
  drainMs: ["10", 10],
  log: ["json", "json"],
};

describe("a setting", () => {
  it.each(SETTING_KEYS)("%s is read from a flag, a variable and the file alike", async (key) => {
    const [text, value] = RIGHT[key];
    const flag = SETTINGS[key].isSwitch ? [`--no-${flagOf(key)}`] : [`--${flagOf(key)}`, text];
    expect(await read(flag)).toEqual({ [key]: value });
    expect(await read([], { [variableOf(key)]: text })).toEqual({ [key]: value });
    const config = file(`{ // why\n "${key}": ${JSON.stringify(value)},\n}`);
    expect(await read(["--config", config])).toEqual({ [key]: value });
  });

  it.each(SETTING_KEYS)("%s refuses what it cannot be, and shows no secret", async (key) => {
    const isText = SETTINGS[key].type === "NAME" || key === "host" || key === "store";
    const bad = SETTINGS[key].isList ? "a,,=" : isText ? "" : "wr0ng-value";
    const config = file(`{\n "${key}": [[]]\n}`);
    const ways: [() => Promise<unknown>, string][] = [
      [() => read(["--config", config]), `${config}, line 2: "${key}" takes`],
    ];
    // A variable that is empty says nothing.
    if (bad !== "")
      ways.push([() => read([], { [variableOf(key)]: bad }), `${variableOf(key)} takes`]);
    if (!SETTINGS[key].isSwitch)
      ways.push([() => read([`--${flagOf(key)}=${bad}`]), `--${flagOf(key)} takes`]);
    for (const [way, words] of ways) {
      const error = await way().then(
        () => new Error("It was taken."),
        (one: Error) => one,
      );
      expect(error.message.startsWith(words), error.message).toBe(true);
      if (SETTINGS[key].isSecret) expect(error.message).not.toContain("wr0ng-value");
    }
  });

  it("is what the flag says, else the variable, else the file", async () => {
    const config = file('{ "port": 1, "minTokens": 1, "drainMs": 1 }');
    const env = { HEADROOM_PROXY_PORT: "2", HEADROOM_PROXY_MIN_TOKENS: "2" };
    expect(await read(["--config", config, "--port", "3"], env)).toEqual({
      port: 3,
      minTokens: 2,
      drainMs: 1,
    });
    expect(await read([], { HEADROOM_PROXY_CONFIG: config })).toMatchObject({ port: 1 });
  });

  it("stands under a heading, in the help, and in the document", () => {
    expect([...SETTING_KEYS].sort()).toEqual(Object.keys(SETTINGS).sort());
    expect(Object.values(GROUPS).flat()).toHaveLength(Object.keys(SETTINGS).length);
    for (const [command, left] of [
      ["proxy", []],
      ["wrap", NOT_FOR_WRAP],
    ] as const) {
      const told = [...helpFor(command).matchAll(/^ {2}--(?:no-)?([a-z-]+)/gm)].map(
        ([, name]) => name,
      );
      const own = command === "wrap" ? ["print"] : [];
      const taken = SETTING_KEYS.filter((key) => !left.includes(key as never)).map(flagOf);
      expect(told.sort()).toEqual([...taken, ...own, "config"].sort());
    }
    const document = readFileSync(new URL("../../../../docs/proxy.md", import.meta.url), "utf8");
    const [, rest = ""] = document.split("<!-- settings -->\n\n");
    const [between] = rest.split("\n<!-- /settings -->");
    expect(between, "run: node scripts/proxy-settings.ts").toBe(settingsTable());
  });
});

describe("history", () => {
  it("takes a trigger alone, and refuses what the core would refuse", async () => {
    expect(await read(["--history", "9000"])).toEqual({ history: { triggerTokens: 9_000 } });
    const bad = ["0", "9000,9000", "9000,1,0", "9000,1,2,3", "9000,", "-1", "many"];
    for (const value of bad)
      await expect(read([`--history=${value}`])).rejects.toThrow(/--history takes TRIGGER/);
    const unknown = file('{ "history": { "triggerTokens": 9, "keep": 1 } }');
    await expect(read(["--config", unknown])).rejects.toThrow(/"history" takes TRIGGER/);
  });
});

it("names the kinds of content that there are, those of optional packages too", async () => {
  const plugins = await installedPlugins();
  const optional = plugins.flatMap((plugin) => plugin.compressors());
  const kinds = [...new Set([...defaultCompressors(), ...optional].map(({ kind }) => kind))];
  expect(SETTINGS.include.fromJson(kinds)).toEqual(kinds);
  expect(
    SETTINGS.include.expects
      .split(/, or several/)[0]
      ?.split(/, | or /)
      .sort(),
  ).toEqual(kinds.sort());
});

describe("what is no setting", () => {
  it.each([
    ["a flag", () => read(["--prot", "1"]), /^Unknown option '--prot'/],
    [
      "a variable",
      () => read([], { HEADROOM_PROXY_PROT: "1" }),
      /^There is no setting HEADROOM_PROXY_PROT/,
    ],
    [
      "a key of the file",
      () => read(["--config", file('{\n"prot": 1}')]),
      /line 2: there is no setting "prot"/,
    ],
    [
      "a key of every object",
      () => read(["--config", file('{"__proto__": 1}')]),
      /no setting "__proto__"/,
    ],
    [
      "a key that is there twice",
      () => read(["--config", file('{"port":1,\n"port":2}')]),
      /line 2: "port" is there twice/,
    ],
    [
      "JSON that is broken",
      () => read(["--config", file('{\n"port":1\n"mode":2}')]),
      /line 3 is not valid JSON: comma expected/,
    ],
    ["a file that is no object", () => read(["--config", file("[]")]), /has to be one JSON object/],
  ] as const)("is refused: %s", async (_, way, words) => {
    await expect(way()).rejects.toThrow(words);
  });

  it("is overlooked where Kubernetes wrote it for a service of the name", async () => {
    const env = {
      HEADROOM_PROXY_SERVICE_HOST: "10.0.0.7",
      HEADROOM_PROXY_SERVICE_PORT_HTTP: "8787",
      HEADROOM_PROXY_PORT: "tcp://10.0.0.7:8787",
      HEADROOM_PROXY_PORT_8787_TCP_ADDR: "10.0.0.7",
      HEADROOM_PROXY_TOKEN: "",
    };
    expect(await read([], env)).toEqual({});
  });
});

/** Options that a command line cannot have: functions, and questions that are asked anew with each request. */
type Elsewhere =
  | "log"
  | "tracer"
  | "onError"
  | "ownsProcess"
  | "store"
  | "adapter"
  | "compressors"
  | "frozenMessages"
  | "hooks"
  | "model"
  | "plugins"
  | "ownsProcess"
  | "query"
  | "refSpelling"
  | "runner"
  | "signal"
  | "tokenCounter"
  | "tracer";

/** Where each other option of `createProxy`, of compression and of `listen` comes from. One that is new does not compile. */
const FROM: Readonly<
  Record<
    Exclude<keyof ProxyOptions | keyof HeadroomOptions | keyof ListenOptions, Elsewhere>,
    readonly SettingKey[]
  >
> = {
  upstreams: ["anthropicUrl", "openaiUrl", "googleUrl"],
  times: ["connectMs", "firstByteMs", "idleMs", "uploadIdleMs"],
  compression: [
    "minTokens",
    "roles",
    "repeats",
    "tokenBudget",
    "history",
    "tools",
    "include",
    "exclude",
    "secret",
    "storeTimeoutMs",
    "cacheBytes",
  ],
  minTokens: ["minTokens"],
  roles: ["roles"],
  repeats: ["repeats"],
  tokenBudget: ["tokenBudget"],
  history: ["history"],
  tools: ["tools"],
  include: ["include"],
  exclude: ["exclude"],
  secret: ["secret"],
  storeTimeoutMs: ["storeTimeoutMs"],
  cacheBytes: ["cacheBytes"],
  mode: ["mode"],
  retrieval: ["retrieval"],
  maxRetrievals: ["maxRetrievals"],
  namespace: ["namespace"],
  workers: ["workers"],
  deadlineMs: ["deadlineMs"],
  maxBodyBytes: ["maxBodyBytes"],
  token: ["token"],
  allowedHosts: ["allowedHosts"],
  allowedOrigins: ["allowedOrigins"],
  webSockets: ["webSockets"],
  port: ["port"],
  host: ["host"],
};

describe("every option of createProxy", () => {
  const values = Object.fromEntries(SETTING_KEYS.map((key) => [key, RIGHT[key][1]])) as Settings;

  it("gets what its settings say", () => {
    const options = { ...proxyOptions(values), ...listenOptions(values) } as Record<
      string,
      unknown
    >;
    const all = { ...options, ...(options.compression as object) } as Record<string, unknown>;
    for (const [option, keys] of Object.entries(FROM))
      for (const key of keys)
        expect(JSON.stringify(all[option]), `${option} of ${key}`).toContain(
          JSON.stringify(values[key]).replace(/\]$/, ""),
        );
  });

  it("is left to its default where nothing is set", () => {
    expect(proxyOptions({})).toEqual({
      upstreams: {},
      times: {},
      compression: { plugins: installedPlugins },
      allowedHosts: [],
    });
    expect(listenOptions({})).toEqual({});
  });
});
