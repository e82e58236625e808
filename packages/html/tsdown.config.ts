import { defineConfig } from "tsdown";
import { library } from "../../scripts/library.ts";

const [esm, cjs] = library("src/index.ts", { platform: "node" });

export default defineConfig([
  // Threads run ESM, whoever starts them: what they share with this thread is messages.
  { ...esm, entry: { index: "src/index.ts", thread: "src/thread.ts" } },
  cjs,
  // The pool inside the CommonJS build starts its threads with a file at this place beside itself.
  {
    ...esm,
    entry: { "entry/worker": "node_modules/tinypool/dist/entry/worker.js" },
    dts: false,
    deps: { alwaysBundle: [/tinypool/], onlyBundle: false },
  },
]);
