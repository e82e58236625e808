/** Bundled into one file: four kinds, a store and retrieval, each named. */
import { createHeadroom, memoryStore, openaiMessages, retrieval } from "@headroom/core/bare";
import {
  jsonCompressor,
  linesCompressor,
  logCompressor,
  searchCompressor,
} from "@headroom/core/compressors";

const headroom = createHeadroom({
  compressors: [jsonCompressor(), searchCompressor(), logCompressor(), linesCompressor()],
  parts: { retrieval },
  adapter: openaiMessages,
  store: memoryStore(),
});
const content = JSON.stringify(Array.from({ length: 400 }, (_, id) => ({ id, state: "done" })));
const messages = [{ role: "tool", tool_call_id: "1", content }];
const { savings, refs } = await headroom.compress(messages);
if (savings < 0.8) throw new Error("Nothing is shorter.");
const { slices } = await headroom.retrieve({ hash: refs[0], rows: "399" });
if (slices[0]?.text !== '{"id":399,"state":"done"}') throw new Error("No way back.");
