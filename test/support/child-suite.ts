/** Runs a suite in a vitest of its own, with its own configuration: the tests of a package on another version of an SDK. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export interface SuiteTest {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

export interface SuiteReport {
  /** Names and messages of failed tests, and of files that could not be run. */
  readonly failed: readonly string[];
  readonly passedCount: number;
  readonly success: boolean;
}

interface FileReport {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly SuiteTest[];
}

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Every test of a run with these arguments. A file that could not be run counts as a failed test of its name. */
export async function suiteTests(
  args: readonly string[],
  cwd?: string,
): Promise<{ readonly tests: readonly SuiteTest[]; readonly success: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), "headroom-suite-"));
  const file = join(folder, "report.json");
  const vitest = join(root, "node_modules", ".bin", "vitest");
  const report = ["--reporter", "json", "--outputFile", file];
  try {
    // A failing child says what failed in its report.
    await promisify(execFile)(vitest, ["run", ...args, ...report], {
      maxBuffer: 1 << 28,
      ...(cwd === undefined ? {} : { cwd }),
    }).catch(() => undefined);
    const { success, testResults } = JSON.parse(readFileSync(file, "utf8"));
    const tests = (testResults as readonly FileReport[]).flatMap(
      ({ name, message, assertionResults }): readonly SuiteTest[] => [
        ...(message ? [{ fullName: name, status: "failed", failureMessages: [message] }] : []),
        ...assertionResults,
      ],
    );
    return { tests, success };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param project one of the projects of the configuration. @default all */
export async function childSuite(config: string, project?: string): Promise<SuiteReport> {
  const only = project === undefined ? [] : ["--project", project];
  const { tests, success } = await suiteTests(["--config", config, ...only]);
  const failed = tests
    .filter(({ status }) => status === "failed")
    .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`);
  return {
    failed,
    passedCount: tests.filter(({ status }) => status === "passed").length,
    success,
  };
}
