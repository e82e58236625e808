/** An original goes through a store and comes back from another instance of it. */
import assert from "node:assert/strict";
import { createHeadroom } from "@headroom/core";
import { json } from "./original.mjs";

/** Whether a package works is asked, not how fast: machines that run tests are busy. */
export const PATIENT_MS = 30_000;

export async function roundTrip(makeStore) {
  const writer = createHeadroom({ store: makeStore(), storeTimeoutMs: PATIENT_MS });
  const { ref, block } = await writer.compressText(json);
  assert.equal(block.outcome, "compressed", block.reason);
  await writer.close();
  const store = makeStore();
  const reader = createHeadroom({ store, storeTimeoutMs: PATIENT_MS });
  const { slices } = await reader.retrieve({ hash: ref, path: "[251].status" });
  assert.match(slices[0].text, /connection refused/);
  assert.ok((await store.get(ref)).text === json, "the original comes back");
  await reader.close();
}
