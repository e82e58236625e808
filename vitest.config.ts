import { defineConfig } from "vitest/config";

const ssr = { resolve: { conditions: ["@headroom/source"] } };

const setupFiles = ["./test/support/seed.ts"];

/** One group of tests that run alike. `vitest run --project unit` runs one group. */
function project(name: string, include: readonly string[], more: object = {}): object {
  return { ssr, test: { name, include: [...include], setupFiles, testTimeout: 60_000, ...more } };
}

export default defineConfig({
  test: {
    // A fifth of the time tests wait for servers and processes: more workers than cores.
    maxWorkers: "150%",
    projects: [
      // Beside the source, without servers or processes: they share workers.
      project("unit", ["packages/*/src/**/*.test.ts", "benchmarks/src/**/*.test.ts"], {
        isolate: false,
      }),
      project("laws", ["test/laws/**/*.test.ts"]),
      // Real servers, files, frameworks and processes.
      project("packages", ["packages/*/test/**/*.test.ts"]),
      project("repo", ["test/*.test.ts", "test/!(laws)/**/*.test.ts"]),
    ],
  },
});
