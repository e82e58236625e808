/** CommonJS, and both builds in one process, as where a CommonJS library and an ESM application use the same package. */
const assert = require("node:assert/strict");
const {
  createHeadroom,
  HeadroomError,
  InvalidOptionError,
  memoryStore,
} = require("@headroom/core");
const { HeadroomCompressor } = require("@headroom/langchain");
const { Runnable } = require("@langchain/core/runnables");

const loaded = (name) => Object.keys(require.cache).some((path) => path.includes(name));

async function main() {
  assert.ok(new HeadroomCompressor({ store: memoryStore() }) instanceof Runnable);
  assert.throws(() => new HeadroomCompressor({ mode: "none" }), InvalidOptionError);

  const { json } = await import("./original.mjs");
  const headroom = createHeadroom({ store: memoryStore() });
  assert.ok(!loaded("o200k_base"), "a vocabulary is loaded when it is needed");
  const { text, ref } = await headroom.compressText(json);
  assert.ok(loaded("o200k_base"));
  assert.ok(text.length < json.length / 4);
  const { slices } = await headroom.retrieve({ hash: ref, path: "[251].status" });
  assert.match(slices[0].text, /connection refused/);

  const esm = await import("@headroom/core");
  assert.notEqual(esm.HeadroomError, HeadroomError);
  assert.ok(HeadroomError.isInstance(new esm.InvalidOptionError("a", 1, "b")));
  assert.ok(esm.HeadroomError.isInstance(new InvalidOptionError("a", 1, "b")));
  const twin = await esm.createHeadroom({ store: memoryStore() }).compressText(json);
  assert.equal(twin.text, text, "both builds give the same bytes");

  // Runners of the other build do the work, and their end of it is known as such.
  const { workerRunner } = await import("@headroom/worker");
  const runner = workerRunner({ threads: 1, minCharacters: 0 });
  const threaded = createHeadroom({ store: memoryStore(), runner });
  assert.equal((await threaded.compressText(json)).text, text);
  await threaded.close();
  const { Interruption } = await import("@headroom/core/runner");
  const late = async () => {
    throw new Interruption();
  };
  const { block } = await createHeadroom({
    runner: (_, inline) => ({ ...inline, count: late }),
  }).compressText(json);
  assert.match(block.reason, /deadlineMs/);
}
void main();
