import assert from "node:assert/strict";
import { createHeadroom, memoryStore } from "@headroom/core";
import { workerRunner } from "@headroom/worker";
import { json } from "./original.mjs";

const there = createHeadroom({
  store: memoryStore(),
  runner: workerRunner({ threads: 1, minCharacters: 0 }),
});
const here = createHeadroom({ store: memoryStore() });
const { text, block, ref } = await there.compressText(json);
assert.equal(block.outcome, "compressed");
assert.equal(text, (await here.compressText(json)).text, "a thread gives the same bytes");
const { slices } = await there.retrieve({ hash: ref, path: "[251].status" });
assert.match(slices[0].text, /connection refused/);
await there.close();
