/** The tests on the oldest versions the package accepts: what needs only `@langchain/core`, and the middleware on `langchain`. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const shared = {
  root: fileURLToPath(new URL("../..", import.meta.url)),
  ssr: { resolve: { conditions: ["@headroom/source"] } },
};
const onCore = [
  "callback-handler",
  "chat-model",
  "compressor",
  "documents-and-history",
  "messages",
  "retrieve-tool",
];

const onLangchain = ["middleware", "middleware-options", "langgraph-store", "shared-context"];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    isolate: false,
    // The summarizationMiddleware of langchain 1.0 has other options.
    testNamePattern: /^(?!.*(after summarization|summaries wait))/,
    projects: [
      {
        ...shared,
        resolve: {
          alias: [{ find: /^@langchain\/core(?=\/|$)/, replacement: "langchain-core-oldest" }],
        },
        test: {
          name: "core",
          include: ["test/oldest/core.check.ts", ...onCore.map((name) => `test/${name}.test.ts`)],
        },
      },
      {
        ...shared,
        resolve: { alias: [{ find: /^langchain$/, replacement: "langchain-oldest" }] },
        test: {
          name: "langchain",
          include: [
            "test/oldest/langchain.check.ts",
            ...onLangchain.map((name) => `test/${name}.test.ts`),
          ],
        },
      },
    ],
  },
});
