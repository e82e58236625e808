import { defineConfig } from "vitest/config";

const ssr = { resolve: { conditions: ["@headroom/source"] } };

const common = {
  setupFiles: ["./test/support/seed.ts"],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // A busy machine may take longer than the second that is the default.
  expect: { poll: { timeout: 30_000 } },
};

/**
 * Files that replace modules, measure the memory of their process, or start and end servers by signals and timers: each has a worker of
 * its own. All others share workers, so that modules are loaded, and compiled by the engine, once a worker and not once a file.
 */
const alone = ["packages/{cli,mcp,proxy}/test/**/*.test.ts", "packages/redis/test/bounds.test.ts"];

/** Files beside the source that start processes. */
const processes = [
  "benchmarks/src/{targets,chaos/row,mutation/mutation}.test.ts",
  "packages/cli/src/{folder-store,run}.test.ts",
];

/** Files beside the source that work on hundreds of kilobytes: every change runs them in `npm test`, not with every save. */
const large = ["packages/*/src/**/{steps,bounds,*.pictures}.test.ts"];

/** One group of tests that run alike. `vitest run --project unit` runs one group. */
function project(name: string, include: readonly string[], more: object = {}): object {
  const shared = { isolate: false, exclude: [...alone, "**/node_modules/**"] };
  return { ssr, test: { ...common, ...shared, name, include: [...include], ...more } };
}

export default defineConfig({
  test: {
    // A fifth of the time tests wait for servers and processes: more workers than cores.
    maxWorkers: "150%",
    projects: [
      project("alone", alone, { isolate: true, exclude: [] }),
      // Beside the source, without servers or processes.
      project("unit", ["packages/*/src/**/*.test.ts", "benchmarks/src/**/*.test.ts"], {
        exclude: [...processes, ...large, "**/node_modules/**"],
      }),
      project("large", large),
      project("laws", ["test/laws/**/*.test.ts"]),
      // Real servers, files, frameworks and processes.
      project("packages", ["packages/*/test/**/*.test.ts", ...processes]),
      project("repo", ["test/*.test.ts", "test/!(laws)/**/*.test.ts"]),
    ],
  },
});
