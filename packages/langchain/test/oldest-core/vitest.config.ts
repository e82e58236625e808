/** The tests that need nothing but `@langchain/core`, run on the oldest version the package accepts. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  ssr: { resolve: { conditions: ["@headroom/source"] } },
  resolve: { alias: [{ find: /^@langchain\/core(?=\/|$)/, replacement: "langchain-core-oldest" }] },
  test: {
    include: [
      "oldest-core/version.check.ts",
      "callback-handler",
      "chat-model",
      "compressor",
      "documents-and-history",
      "messages",
      "retrieve-tool",
    ].map((name) => `test/${name.endsWith(".ts") ? name : `${name}.test.ts`}`),
    testTimeout: 60_000,
  },
});
