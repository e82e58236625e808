/** Bundled into one file, for bundlers that do not split. */
import { compressModelMessages, headroomMiddleware } from "@headroom/ai-sdk/estimate";
import { memoryStore } from "@headroom/core";

const store = memoryStore();
const value = JSON.stringify(Array.from({ length: 400 }, (_, id) => ({ id, state: "done" })));
const result = { type: "tool-result", toolCallId: "1", toolName: "list" };
const content = [{ ...result, output: { type: "text", value } }];
const compressed = await compressModelMessages([{ role: "tool", content }], { store });
if (JSON.stringify(compressed).length > value.length / 4) throw new Error("Nothing is shorter.");

export const middleware = headroomMiddleware({ store });
