/** All tests of this package once more, on the oldest version of the SDK that the package accepts. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const name = "anthropic-oldest";

export default defineConfig({
  test: {
    // Message threads came with 1.2, the helper for tools made with zod with 0.61.
    testNamePattern: /^(?!.*(?:a message thread|runs tools))/,
    projects: [
      {
        root: fileURLToPath(new URL("../..", import.meta.url)),
        ssr: { resolve: { conditions: ["@headroom/source"] } },
        resolve: { alias: [{ find: /^@anthropic-ai\/sdk(?=\/|$)/, replacement: name }] },
        test: {
          name,
          include: ["test/*.test.ts", "test/oldest/*.check.ts"],
          exclude: ["test/oldest.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          isolate: false,
        },
      },
    ],
  },
});
