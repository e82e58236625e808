/**
 * The route handler, bundled and run in an edge runtime: web globals, no Node. Prints what Headroom adds to the bundle.
 */
import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { EdgeVM } from "@edge-runtime/vm";
import { type OutputChunk, rolldown } from "rolldown";
import { rows } from "./model.ts";

async function bundle(input: URL, splits: boolean): Promise<readonly OutputChunk[]> {
  const build = await rolldown({
    input: fileURLToPath(input),
    platform: "browser",
    resolve: { conditionNames: ["@headroom/source", "edge-light", "browser", "import", "default"] },
    logLevel: "silent",
  });
  const format = splits ? "esm" : "iife";
  const { output } = await build.generate({
    format,
    name: "route",
    minify: true,
    codeSplitting: splits,
  });
  await build.close();
  return output.filter((file) => file.type === "chunk");
}

// What Headroom adds: the middleware and core at once, the compressors with the first text that needs one. Vocabularies are
// loaded only where no counter is given.
const [entry, ...others] = await bundle(new URL("./headroom.ts", import.meta.url), true);
assert.ok(entry?.isEntry);
const start = [entry, ...others.filter(({ fileName }) => entry.imports.includes(fileName))];
const compressors = others.filter(({ fileName }) => fileName.startsWith("compressors"));
const gzipped = (chunks: readonly OutputChunk[]): number =>
  chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0) / 1000;
process.stdout.write(
  `Headroom in an edge bundle, gzip: ${gzipped(start).toFixed(1)} kB at the start,` +
    ` ${gzipped(compressors).toFixed(1)} kB with the first text to compress; vocabularies: not loaded\n`,
);
assert.ok(gzipped(start) <= 60, "60 kB at the start");
for (const { code } of [...start, ...compressors])
  assert.ok(!/["']node:/.test(code), "no Node built-ins");

const [handler] = await bundle(new URL("./route.ts", import.meta.url), false);
assert.ok(handler);
const runtime = new EdgeVM();
runtime.evaluate(handler.code);
const body = JSON.stringify({
  messages: [
    {
      id: "1",
      role: "user",
      parts: [{ type: "text", text: "Pick an order and name its parcel." }],
    },
  ],
});
const streamed: string = await runtime.evaluate(`
  route.POST(new Request("https://example.org/api/chat", { method: "POST", body: ${JSON.stringify(body)} }))
    .then((response) => response.text())
`);
const parts = streamed
  .split("\n\n")
  .filter((line) => line.startsWith("data: {"))
  .map((line) => JSON.parse(line.slice(6)) as { type: string; delta?: string; toolName?: string });
const text = parts.map(({ delta }) => delta ?? "").join("");
process.stdout.write(`The handler, on the edge runtime, answers: ${text}\n`);
assert.equal(text, `It is ${rows[617]?.parcel}.`);
assert.ok(!parts.some(({ toolName }) => toolName === "headroom_retrieve"), "retrieval is unseen");
