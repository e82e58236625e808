/**
 * `npm run sdks`: which SDK, in which version, passes which tests: a table of what the suites of the plug-ins say. The suites run
 * real SDKs against local servers that enforce the providers' rules.
 *
 * `npm run sdks -- --only openai` runs one SDK. Exits with 1 when a test fails, or when a version or a mode has none.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suiteTests } from "../../test/support/child-suite.ts";
import { print, report } from "./report.ts";

/** One run of a suite on one version of an SDK; or on several, which the names of its tests tell apart. */
interface Suite {
  readonly sdk: string;
  /** Folder in `packages/`. */
  readonly folder: string;
  /** Arguments of vitest. */
  readonly args: readonly string[];
  /** Dependencies of the folder whose versions are tested, and the names of their tests where a run has several. */
  readonly versions: readonly { readonly dependency: string; readonly named?: RegExp }[];
}

const latest = (folder: string, dependency: string, without: readonly string[] = []): Suite => ({
  sdk: dependency,
  folder,
  args: [`packages/${folder}/test`, ...without.flatMap((path) => ["--exclude", `**/${path}`])],
  versions: [{ dependency }],
});
const older = (
  folder: string,
  sdk: string,
  dependency: string,
  project: string,
  config: string,
): Suite => ({
  sdk,
  folder,
  args: ["--config", `packages/${folder}/test/${config}/vitest.config.ts`, "--project", project],
  versions: [{ dependency }],
});

const SUITES: readonly Suite[] = [
  {
    sdk: "ai",
    folder: "ai-sdk",
    args: ["packages/ai-sdk/test"],
    versions: [5, 6, 7].map((major) => ({
      dependency: `ai${major}`,
      named: new RegExp(`\\bai ?${major}\\b`),
    })),
  },
  latest("openai", "openai", ["versions.test.ts"]),
  older("openai", "openai", "openai-6", "openai-6", "versions"),
  older("openai", "openai", "openai-5", "openai-5", "versions"),
  latest("anthropic", "@anthropic-ai/sdk", ["oldest.test.ts"]),
  older("anthropic", "@anthropic-ai/sdk", "anthropic-oldest", "anthropic-oldest", "oldest"),
  latest("langchain", "@langchain/core", ["oldest.test.ts"]),
  older("langchain", "@langchain/core", "langchain-core-oldest", "core", "oldest"),
  older("langchain", "langchain", "langchain-oldest", "langchain", "oldest"),
  latest("google", "@google/genai"),
  latest("strands", "@strands-agents/sdk"),
];

function isStreamed(test: string): boolean {
  return /stream/i.test(test) && !/stream: false/.test(test);
}

const MODES: readonly { readonly name: string; has(test: string): boolean }[] = [
  { name: "whole", has: (test) => !isStreamed(test) },
  { name: "stream", has: isStreamed },
];

const root = fileURLToPath(new URL("../..", import.meta.url));

function versionOf(folder: string, dependency: string): string {
  const require = createRequire(join(root, "packages", folder, "package.json"));
  const paths = require.resolve.paths(dependency) ?? [];
  for (const path of paths) {
    try {
      return JSON.parse(readFileSync(join(path, dependency, "package.json"), "utf8")).version;
    } catch {
      // In one of the next folders.
    }
  }
  return "not installed";
}

const [flag, only] = process.argv.slice(2).filter((argument) => argument !== "--");
const wanted = SUITES.filter(
  ({ sdk, folder }) => only === undefined || [sdk, folder].includes(only),
);
if ((flag !== undefined && flag !== "--only") || wanted.length === 0) {
  print(
    `Usage: npm run sdks [-- --only SDK]. SDKs: ${[...new Set(SUITES.map(({ sdk }) => sdk))].join(", ")}.`,
  );
  process.exitCode = 2;
} else {
  const { heading, table, text, save } = report("sdks", "SDKs, versions and modes", {
    command: "sdks",
  });
  const rows: string[][] = [];
  const problems: string[] = [];
  for (const suite of wanted) {
    const { tests } = await suiteTests(suite.args, root);
    for (const { dependency, named } of suite.versions) {
      const own = tests.filter(({ fullName }) => named?.test(fullName) ?? true);
      const row = [suite.sdk, versionOf(suite.folder, dependency)];
      for (const { name, has } of MODES) {
        const some = own.filter(({ fullName }) => has(fullName));
        const passed = some.filter(({ status }) => status === "passed").length;
        const failed = some.filter(({ status }) => status === "failed");
        problems.push(...failed.map(({ fullName }) => `${row.join(" ")}: ${fullName}`));
        if (passed === 0) problems.push(`${row.join(" ")}: no test of mode ${name} passed`);
        row.push(
          failed.length === 0 ? `${passed} passed` : `${passed} passed, ${failed.length} failed`,
        );
      }
      rows.push(row);
    }
  }
  heading("Tests against servers that enforce the providers' rules");
  table(["SDK", "version", ...MODES.map(({ name }) => name)], rows);
  text(
    problems.length === 0
      ? "All pass."
      : `Not passed:\n\n${problems.map((line) => `- ${line}`).join("\n")}`,
  );
  if (only === undefined) save();
  if (problems.length > 0) process.exitCode = 1;
}
