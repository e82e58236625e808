import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "js-tiktoken": "src/tokens/js-tiktoken.ts",
    wire: "src/wire/index.ts",
  },
  dts: true,
  platform: "neutral",
  publint: true,
  attw: { profile: "esm-only" },
});
