/** Bundled into one file: JSON and logs, lossless. */
import { createHeadroom } from "@headroom/core/bare";
import { jsonCompressor, logCompressor } from "@headroom/core/compressors";

const headroom = createHeadroom({ compressors: [jsonCompressor(), logCompressor()] });
const text = JSON.stringify(Array.from({ length: 400 }, (_, id) => ({ id, state: "done" })));
if ((await headroom.compressText(text)).savings < 0.5) throw new Error("Nothing is shorter.");
