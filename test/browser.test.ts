/** Core runs where there is no Node: bundled for the browser, run in a realm that has web globals and nothing else. */
import { createContext, runInContext } from "node:vm";
import { rolldown } from "rolldown";
import { expect, it } from "vitest";

const WEB_GLOBALS = {
  AbortController,
  AbortSignal,
  clearTimeout,
  performance,
  setTimeout,
  structuredClone,
  TextDecoder,
  TextEncoder,
};

it("core bundles for the browser without Node built-ins and compresses there", async () => {
  const bundle = await rolldown({
    input: new URL("../packages/core/src/index.ts", import.meta.url).pathname,
    platform: "browser",
    onLog(level, log) {
      if (level === "warn" && log.code === "UNRESOLVED_IMPORT") throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", name: "core", codeSplitting: false });
  expect(output).toHaveLength(1);
  const [{ code, imports }] = output;
  expect(imports).toEqual([]);

  const realm = createContext({ ...WEB_GLOBALS });
  runInContext(code, realm);
  const json = JSON.stringify(
    Array.from({ length: 60 }, (_, id) => ({
      id,
      status: "ok",
      url: `https://example.org/items/${id}`,
    })),
  );
  const answer: unknown = await runInContext(
    `(async () => {
      const headroom = core.createHeadroom({ store: core.memoryStore() });
      const { messages, refs, savings } = await headroom.compress([{ role: "tool", tool_call_id: "1", content: ${JSON.stringify(json)} }]);
      const original = await headroom.retrieve({ hash: refs[0] ?? "" });
      return JSON.stringify({ savings, text: messages[0].content, original: original.slices.map(({ text }) => text).join("") });
    })()`,
    realm,
  );
  const { savings, original } = JSON.parse(String(answer));
  expect(savings).toBeGreaterThan(0.5);
  expect(original).toBe(json);
});
