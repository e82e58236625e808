import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@headroom/source"] } },
  test: {
    include: [
      "packages/*/{src,test}/**/*.test.ts",
      "test/**/*.test.ts",
      "benchmarks/src/**/*.test.ts",
    ],
    testTimeout: 60_000,
  },
});
