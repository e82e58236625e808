/**
 * An agent whose tool returns 1,000 rows, on `streamText` and `generateText`: three steps, and the row that the model needs is not
 * among those it is shown.
 *
 * The model is scripted (no key, no network); what it is sent is what a real one would be sent, and is counted with o200k_base.
 */
import { strict as assert } from "node:assert";
import { headroomMiddleware } from "@headroom/ai-sdk";
import { loadCounter, memoryStore } from "@headroom/core";
import {
  generateText,
  isStepCount,
  type LanguageModelMiddleware,
  streamText,
  tool,
  wrapLanguageModel,
} from "ai";
import { z } from "zod";
import { type ModelLog, scriptedModel } from "./scripted-model.ts";

const rows = (region: string) =>
  Array.from({ length: 1_000 }, (_, index) => ({
    order: `${region}-${String(10_000 + index)}`,
    customer: `customer ${(index * 7919) % 1000}`,
    state: "delivered",
    total: 20 + ((index * 31) % 400),
    depot: `depot ${index % 12}`,
    parcel: `parcel ${(index * 104_729) % 99_991}`,
  }));
const wanted = rows("south")[617];
assert.ok(wanted);

const listOrders = tool({
  description: "Lists the orders of a region.",
  inputSchema: z.object({ region: z.enum(["north", "south"]) }),
  execute: async ({ region }) => rows(region),
});
const counter = await loadCounter("o200k_base");

const task = {
  prompt: "Pick an order of the south and name its parcel.",
  tools: { listOrders },
  stopWhen: isStepCount(5),
};
/** Runs the agent; the answer, and what the model was sent. */
async function run(
  how: "generate" | "stream",
  middleware?: LanguageModelMiddleware,
): Promise<{ text: string; steps: number; log: ModelLog }> {
  const { model, log } = scriptedModel(counter, wanted?.order ?? "");
  const used = middleware ? wrapLanguageModel({ model, middleware }) : model;
  if (how === "generate") {
    const { text, steps } = await generateText({ ...task, model: used });
    return { text, steps: steps.length, log };
  }
  const result = streamText({ ...task, model: used });
  return { text: await result.text, steps: (await result.steps).length, log };
}

for (const how of ["generate", "stream"] as const) {
  const without = await run(how);
  let retrievals = 0;
  const middleware = headroomMiddleware({
    store: memoryStore(),
    onRetrieval: ({ found }) => {
      if (found) retrievals++;
    },
  });
  const withUs = await run(how, middleware);

  const saved = 1 - withUs.log.inputTokens / without.log.inputTokens;
  process.stdout.write(
    `${how.padEnd(9)} ${without.steps} steps  ${without.log.inputTokens} → ${withUs.log.inputTokens} input tokens` +
      `  ${(100 * saved).toFixed(1)} % fewer  ${retrievals} retrieval inside a step\n`,
  );
  assert.equal(without.text, `It is ${wanted.parcel}.`);
  assert.equal(withUs.text, without.text, "the omitted row is found");
  assert.equal(withUs.steps, 3, "the retrieval is not a step of its own");
  assert.equal(withUs.log.sawRow, false, "the row was not among those shown");
  assert.equal(retrievals, 1);
  assert.ok(saved >= 0.85, `85 % fewer input tokens over three steps, not ${saved}`);
}
