/** Runs a suite in a vitest of its own, with its own configuration: the tests of a package on another version of an SDK. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export interface SuiteReport {
  /** Names and messages of failed tests, and of files that could not be run. */
  readonly failed: readonly string[];
  readonly passedCount: number;
  readonly success: boolean;
}

interface FileReport {
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages: readonly string[];
  }[];
}

const vitest = fileURLToPath(new URL("../../node_modules/.bin/vitest", import.meta.url));

/** @param project one of the projects of the configuration. @default all */
export async function childSuite(config: string, project?: string): Promise<SuiteReport> {
  const file = join(mkdtempSync(join(tmpdir(), "headroom-suite-")), "report.json");
  const only = project === undefined ? [] : ["--project", project];
  const report = ["--reporter", "json", "--outputFile", file];
  // A failing child says what failed in its report.
  await promisify(execFile)(vitest, ["run", "--config", config, ...only, ...report]).catch(
    () => undefined,
  );
  const { success, numPassedTests, testResults } = JSON.parse(readFileSync(file, "utf8"));
  rmSync(dirname(file), { recursive: true });
  const failed = (testResults as readonly FileReport[]).flatMap(({ message, assertionResults }) => [
    ...(message ? [message] : []),
    ...assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`),
  ]);
  return { failed, passedCount: numPassedTests, success };
}
