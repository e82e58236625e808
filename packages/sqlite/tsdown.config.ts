import { defineConfig } from "tsdown";

export default defineConfig({
  entry: "src/index.ts",
  dts: true,
  platform: "node",
  fixedExtension: false,
  publint: true,
  attw: { profile: "esm-only" },
});
