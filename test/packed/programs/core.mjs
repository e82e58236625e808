import assert from "node:assert/strict";
import { createHeadroom, memoryStore } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import * as wire from "@headroom/core/wire";
import { json } from "./original.mjs";

const store = memoryStore();
const headroom = createHeadroom({ store });
const { ref, text, block } = await headroom.compressText(json);
assert.equal(block.outcome, "compressed");
assert.ok(text.length < json.length / 4);
const { slices } = await headroom.retrieve({ hash: ref, path: "[251].status" });
assert.match(slices[0].text, /connection refused/);
assert.ok((await store.get(ref)).text === json, "the original comes back");
assert.ok(defaultCompressors().length > 0);
assert.ok(Object.keys(wire).length > 0);
