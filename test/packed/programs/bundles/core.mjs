/** Bundled into files that load one another: the whole library. */
import { createHeadroom } from "@headroom/core";

const text = JSON.stringify(Array.from({ length: 400 }, (_, id) => ({ id, state: "done" })));
if ((await createHeadroom().compressText(text)).savings < 0.5)
  throw new Error("Nothing is shorter.");
