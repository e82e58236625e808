import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type SqliteStoreOptions, withDefaults } from "./options.ts";

describe("options of a store", () => {
  it("have the defaults that are documented", () => {
    expect(withDefaults({ path: "a.db" })).toEqual({
      path: "a.db",
      file: resolve("a.db"),
      maxBytes: 1_073_741_824,
      ttlSeconds: 2_592_000,
      protectSeconds: 3_600,
      busyTimeoutMs: 800,
      now: Date.now,
    });
    expect(withDefaults({ path: ":memory:" }).file).toBe(":memory:");
  });

  it("arrive", () => {
    const options: Required<SqliteStoreOptions> = {
      path: "a.db",
      maxBytes: 1,
      ttlSeconds: 2,
      protectSeconds: 0,
      busyTimeoutMs: 3,
      now: () => 4,
    };
    expect(withDefaults(options)).toEqual({ ...options, file: resolve("a.db") });
  });

  it.each<[string, unknown, string]>([
    ["path", "", "the path of a file"],
    ["path", "a\0b", "the path of a file"],
    ["path", 5, "the path of a file"],
    ["maxBytes", 0, "a positive number"],
    ["maxBytes", Number.NaN, "a positive number"],
    ["ttlSeconds", 0, "a positive number"],
    ["busyTimeoutMs", 0, "a positive number"],
    ["protectSeconds", -1, "a number of seconds, 0 or more"],
    ["protectSeconds", Number.NaN, "a number of seconds, 0 or more"],
  ])("throw at once: %s %j", (name, value, accepted) => {
    expect(() => withDefaults({ path: "a.db", [name]: value })).toThrow(
      `Invalid option "${name}": expected ${accepted}, received `,
    );
  });
});
