/** The package accepts openai from 5 on; here its tests run on the first versions of 5 and 6 too. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const here = import.meta.dirname;
const vitest = join(here, "../../../node_modules/.bin/vitest");

describe.each([
  ["openai-5", "5.0.1"],
  ["openai-6", "6.0.0"],
])("%s", (name, version) => {
  it(`is version ${version}`, () => {
    const path = join(here, "../node_modules", name, "package.json");
    expect(JSON.parse(readFileSync(path, "utf8")).version).toBe(version);
  });

  it("passes the tests that the latest passes", { timeout: 240_000 }, async () => {
    const file = join(mkdtempSync(join(tmpdir(), "headroom-openai-")), "report.json");
    // A failing child says what failed in its report.
    await run(vitest, [
      "run",
      ...["--config", join(here, "versions/vitest.config.ts"), "--project", name],
      ...["--reporter", "json", "--outputFile", file],
    ]).catch(() => undefined);
    const { success, numPassedTests, testResults } = JSON.parse(readFileSync(file, "utf8"));
    rmSync(dirname(file), { recursive: true });
    const failed = testResults.flatMap(
      (file: {
        message: string;
        assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
      }) => [
        ...(file.message ? [file.message] : []),
        ...file.assertionResults
          .filter(({ status }) => status === "failed")
          .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`),
      ],
    );
    expect(failed).toEqual([]);
    expect([success, numPassedTests > 150]).toEqual([true, true]);
  });
});
