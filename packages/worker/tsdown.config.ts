import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { index: "src/index.ts", thread: "src/thread.ts" },
  dts: true,
  platform: "node",
  fixedExtension: false,
  publint: true,
  attw: { profile: "esm-only" },
});
