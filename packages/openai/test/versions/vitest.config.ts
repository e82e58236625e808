/** All tests of this package once more, on the first versions of openai 5 and 6. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const suite = (name: string, skipped: string): object => ({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  ssr: { resolve: { conditions: ["@headroom/source"] } },
  resolve: { alias: [{ find: /^openai(?=\/|$)/, replacement: name }] },
  test: {
    name,
    include: ["test/*.test.ts", `test/versions/${name}.check.ts`],
    exclude: ["test/versions.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    isolate: false,
    testNamePattern: new RegExp(`^(?!.*(?:${skipped}))`),
  },
});

export default defineConfig({
  test: {
    projects: [suite("openai-5", "\\(from 6\\)|\\(from 7\\)"), suite("openai-6", "\\(from 7\\)")],
  },
});
