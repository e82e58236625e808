import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "./errors.ts";
import { defaultAdapters } from "./messages/index.ts";
import {
  type HeadroomOptions,
  isSignal,
  isToolModes,
  losslessOnly,
  type ResolvedOptions,
  resolveOptions,
  TOOL_MODES,
} from "./options.ts";

const resolved = (options: HeadroomOptions = {}): ResolvedOptions =>
  resolveOptions(options, defaultAdapters);
const noop = (): void => undefined;
const store = { name: "s", put: noop, get: noop, delete: noop };
const compressor = { kind: "mine", name: "mine", detect: noop, encode: noop, decode: noop };
const adapter = { read: noop, write: noop, calls: noop, detect: noop };
const tokenCounter = { name: "c", count: () => 0 };

const MODES = '"audit", "lossless", "balanced", "aggressive"';
const KINDS =
  'an array of kinds: "json", "read", "diff", "commits", "hexdump", "search", "tree", "table", "log", "blobs", "text", "structured", "lines" or those of your own compressors';
const ROLES = 'an array of "assistant", "document", "system", "tool", "user"';
const HOOKS = "an object of beforeCompress, onBlock, afterCompress";
const ON_REQUEST = "views that one of the compressors makes on request: ";
const TOOLS = `an object from tool name or glob to ${MODES}, "exclude" or views by kind, such as { code: "outline" }`;

describe("options", () => {
  it("have the defaults that are documented", () => {
    const defaults = {
      namespace: "default",
      secret: "",
      mode: "lossless",
      minTokens: 200,
      tools: {},
      roles: ["tool"],
      storeTimeoutMs: 1_000,
      refSpelling: "letters",
      frozenMessages: 0,
      repeats: true,
      adapters: defaultAdapters,
      cacheBytes: 67_108_864,
    };
    expect(resolved()).toEqual(defaults);
    expect(resolved({ store } as unknown as HeadroomOptions)).toEqual({
      ...defaults,
      store,
      mode: "balanced",
    });
  });

  it("arrive", () => {
    const { signal } = new AbortController();
    const options = {
      model: "m",
      query: "q",
      namespace: "n",
      secret: "s",
      mode: "aggressive",
      minTokens: 0,
      deadlineMs: 0.5,
      storeTimeoutMs: 2,
      refSpelling: "hex",
      frozenMessages: 3,
      repeats: true,
      cacheBytes: 0,
      compressors: [compressor],
      include: ["json"],
      exclude: ["mine"],
      roles: ["assistant", "document", "system", "tool", "user"],
      tools: { a: "audit", b: "lossless", c: "balanced", d: "aggressive", e: "exclude" },
      hooks: { beforeCompress: noop, onBlock: undefined, afterCompress: noop },
      store,
      tokenCounter,
      adapter,
      signal,
    };
    const found = resolved(options as unknown as HeadroomOptions);
    expect(found).toEqual({ ...options, adapters: [adapter] });
    const runner = (): never => expect.unreachable();
    expect(resolved({ runner } as unknown as HeadroomOptions).runner).toBe(runner);
  });

  it.each<[string, unknown, string, string]>([
    ["model", 5, "a string", "5"],
    ["query", null, "a string", "null"],
    ["mode", "fast", MODES, '"fast"'],
    ["minTokens", -1, "a whole number of tokens, 0 or more", "-1"],
    ["minTokens", 1.5, "a whole number of tokens, 0 or more", "1.5"],
    ["minTokens", "1", "a whole number of tokens, 0 or more", '"1"'],
    ["deadlineMs", 0, "a positive number of milliseconds", "0"],
    ["deadlineMs", "5", "a positive number of milliseconds", '"5"'],
    ["storeTimeoutMs", -1, "a positive number of milliseconds", "-1"],
    ["storeTimeoutMs", Number.NaN, "a positive number of milliseconds", "NaN"],
    ["frozenMessages", -1, "a whole number of messages, 0 or more", "-1"],
    ["refSpelling", "base64", '"letters", "hex"', '"base64"'],
    ["cacheBytes", -1, "a whole number of bytes, 0 or more", "-1"],
    ["compressors", {}, "an array of compressors", "an object"],
    ["compressors", [{ ...compressor, detect: 5 }], "an array of compressors", "an array of 1"],
    ["compressors", [{ ...compressor, encode: 5 }], "an array of compressors", "an array of 1"],
    ["compressors", [{ ...compressor, decode: 5 }], "an array of compressors", "an array of 1"],
    ["compressors", [compressor, null], "an array of compressors", "an array of 2"],
    ["include", "json", KINDS, '"json"'],
    ["exclude", [5], KINDS, "an array of 1"],
    ["roles", ["bot"], ROLES, "an array of 1"],
    ["roles", "tool", ROLES, '"tool"'],
    ["tools", ["audit"], TOOLS, "an array of 1"],
    ["tools", { a: "none" }, TOOLS, "an object"],
    ["tools", null, TOOLS, "null"],
    ["tools", { a: {} }, TOOLS, "an object"],
    ["tools", { a: { code: 5 } }, TOOLS, "an object"],
    ["tools", { a: { "": "outline" } }, TOOLS, "an object"],
    ["tools", { a: ["outline"] }, TOOLS, "an object"],
    ["tools", { a: { code: "outline" } }, `${ON_REQUEST}none does`, "an object"],
    ["hooks", { beforeCompress: 5 }, HOOKS, "an object"],
    ["hooks", { before: noop }, HOOKS, "an object"],
    ["hooks", noop, HOOKS, "a function"],
    ["hooks", null, HOOKS, "null"],
    ["store", { ...store, put: 5 }, "a CcrStore, for example memoryStore()", "an object"],
    ["store", { ...store, get: 5 }, "a CcrStore, for example memoryStore()", "an object"],
    ["store", { ...store, delete: 5 }, "a CcrStore, for example memoryStore()", "an object"],
    ["store", "redis://x", "a CcrStore, for example memoryStore()", '"redis://x"'],
    ["tokenCounter", {}, "a TokenCounter: { name, count(text) }", "an object"],
    ["adapter", { ...adapter, read: 5 }, "a MessageAdapter", "an object"],
    ["adapter", { ...adapter, write: 5 }, "a MessageAdapter", "an object"],
    ["adapter", { ...adapter, calls: 5 }, "a MessageAdapter", "an object"],
    ["adapter", { ...adapter, detect: 5 }, "a MessageAdapter", "an object"],
    ["signal", { aborted: false }, "an AbortSignal", "an object"],
    ["runner", {}, "workerRunner() or the like", "an object"],
  ])("throw at once, and say what is accepted: %s %o", (name, value, accepted, received) => {
    let said: unknown;
    try {
      resolved({ [name]: value });
    } catch (error) {
      said = error;
    }
    expect(said).toBeInstanceOf(InvalidOptionError);
    expect(said).toMatchObject({
      message: `Invalid option "${name}": expected ${accepted}, received ${received}.`,
      code: "invalid-option",
      option: name,
      received: value,
    });
  });

  it.each(["", "A", "Json", "1json", "-json", "js_on", "json "])(
    "name a kind of lower-case letters, digits and hyphens: not %j",
    (kind) => {
      expect(() =>
        resolved({ compressors: [{ ...compressor, kind }] } as unknown as HeadroomOptions),
      ).toThrow(
        `Invalid option "compressors": expected compressors whose kind is lower-case letters, digits and hyphens, a letter first, received ${JSON.stringify(kind)}.`,
      );
    },
  );

  it("name no kind but with words", () => {
    for (const kind of ["a", "z9-", "my-kind"])
      expect(() =>
        resolved({ compressors: [{ ...compressor, kind }] } as unknown as HeadroomOptions),
      ).not.toThrow();
    expect(() =>
      resolved({ compressors: [{ ...compressor, kind: 5 }] } as unknown as HeadroomOptions),
    ).toThrow(/whose kind is/);
  });

  it("are an object of names that are known", () => {
    for (const [options, received] of [
      [null, "null"],
      ["text", '"text"'],
    ] as const)
      expect(() => resolved(options as unknown as HeadroomOptions)).toThrow(
        `Invalid option "options": expected an object, received ${received}.`,
      );
    expect(() => resolved({ modus: undefined } as HeadroomOptions)).toThrow(
      'Invalid option "modus": expected one of adapter, cacheBytes, compressors, deadlineMs, exclude, frozenMessages, history, hooks, include, ' +
        "minTokens, mode, model, namespace, plugins, query, refSpelling, repeats, roles, runner, secret, signal, store, storeTimeoutMs, tokenBudget, tokenCounter, tools, " +
        'received "an unknown option".',
    );
  });

  it("that are functions do not go with a runner", () => {
    const runner = (): never => expect.unreachable();
    for (const other of [{ tokenCounter }, { compressors: [compressor] }])
      expect(() => resolved({ runner, ...other } as unknown as HeadroomOptions)).toThrow(
        'Invalid option "runner": expected no tokenCounter and no compressors beside it: functions cannot be sent to another thread, received a function.',
      );
  });

  it("without any mode that leaves something out keep audit and exclude", () => {
    const tools = {
      a: "audit",
      b: "lossless",
      c: "balanced",
      d: "aggressive",
      e: "exclude",
    } as const;
    for (const mode of ["lossless", "balanced", "aggressive"] as const)
      expect(losslessOnly(resolved({ mode, tools, minTokens: 7 }))).toMatchObject({
        mode: "lossless",
        minTokens: 7,
        tools: { a: "audit", b: "lossless", c: "lossless", d: "lossless", e: "exclude" },
      });
    expect(losslessOnly(resolved({ mode: "audit" })).mode).toBe("audit");
  });

  it("tell signals and modes of tools of other realms from what is none", () => {
    expect(isSignal({ aborted: true, throwIfAborted: noop })).toBe(true);
    for (const none of [
      null,
      "aborted",
      {},
      { throwIfAborted: noop },
      { aborted: false, throwIfAborted: 5 },
    ])
      expect(isSignal(none)).toBe(false);
    expect(isToolModes({})).toBe(true);
    for (const none of [undefined, "audit", { a: undefined }])
      expect(isToolModes(none)).toBe(false);
    expect(TOOL_MODES).toBe(TOOLS);
  });
});
