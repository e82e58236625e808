import { defineConfig } from "tsdown";
import { library } from "../../scripts/library.ts";

export default defineConfig(
  library({ index: "src/index.ts", gateway: "src/gateway/index.ts" }, { platform: "node" }),
);
