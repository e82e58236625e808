import { describe, expect, it } from "vitest";
import { HeadroomError, InvalidOptionError, StoreError } from "./errors.ts";

describe("errors", () => {
  it("are recognised by their mark, of another copy of the package too", () => {
    const error = new HeadroomError("store-failed", "no");
    expect(HeadroomError.isInstance(error)).toBe(true);
    expect(HeadroomError.isInstance(Object.assign(Object.create(null), error))).toBe(true);
    for (const other of [null, undefined, "text", 5, () => {}, {}, new Error("no")])
      expect(HeadroomError.isInstance(other)).toBe(false);
    const { name: _, ...marked } = { ...error };
    expect(HeadroomError.isInstance(Object.assign(() => {}, marked))).toBe(false);
  });

  it("say what was accepted and received, without showing it whole", () => {
    for (const [received, shown] of [
      ["x".repeat(80), `"${"x".repeat(80)}"`],
      ["x".repeat(81), `"${"x".repeat(80)}"`],
      [() => {}, "a function"],
      [[1, 2], "an array of 2"],
      [{}, "an object"],
      [null, "null"],
      [undefined, "undefined"],
      [5n, "5"],
    ] as const) {
      const error = new InvalidOptionError("name", received, "better");
      expect(error.message).toBe(`Invalid option "name": expected better, received ${shown}.`);
      expect([error.code, error.option, error.received]).toEqual([
        "invalid-option",
        "name",
        received,
      ]);
    }
  });

  it("of a store name it, the operation and the cause", () => {
    const cause = new Error("why");
    const error = new StoreError("redis", "get", "it is gone.", { cause });
    expect(error.message).toBe('Store "redis" failed to get: it is gone.');
    expect([error.code, error.store, error.operation, error.cause]).toEqual([
      "store-failed",
      "redis",
      "get",
      cause,
    ]);
  });
});
