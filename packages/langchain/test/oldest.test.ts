/** The package accepts `@langchain/core` and `langchain` from 1.0 on; here its tests run on 1.0.1 of both. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { childSuite } from "../../../test/support/child-suite.ts";

const run = promisify(execFile);
const folder = join(import.meta.dirname, "oldest");
const bin = (name: string) => join(import.meta.dirname, "../../../node_modules/.bin", name);

describe("@langchain/core and langchain 1.0.1", () => {
  it.each(["langchain-core-oldest", "langchain-oldest"])("are what is tested: %s", (name) => {
    const path = join(import.meta.dirname, "../node_modules", name, "package.json");
    expect(JSON.parse(readFileSync(path, "utf8")).version).toBe("1.0.1");
  });

  it("pass the tests that the latest pass", { timeout: 240_000 }, async () => {
    const { failed, passedCount, success } = await childSuite(join(folder, "vitest.config.ts"));
    expect(failed).toEqual([]);
    expect([success, passedCount > 60]).toEqual([true, true]);
  });

  it("have the types that the package uses (core)", async () => {
    const { stdout } = await run(bin("tsc"), ["-p", folder, "--listFiles"]).catch((error) => error);
    const lines: string[] = stdout.split("\n");
    // Errors in core are its own tests' business.
    const errors = lines.filter((line) => /langchain.*error TS/.test(line));
    expect(errors).toEqual([]);
    const files = lines.filter((line) => /langchain[+_]core@|langchain-core-oldest/.test(line));
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((line) => !line.includes("core@1.0.1"))).toEqual([]);
  });
});
