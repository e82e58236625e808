import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts", "src/middleware.ts"],
  dts: true,
  platform: "neutral",
  publint: true,
  attw: { profile: "esm-only" },
});
