import type { CompressorPlugin } from "@headroom/core";
import { pluginModule } from "@headroom/core/kit";
import { codeCompressor } from "./code.ts";

/**
 * The compressor of this package with its default options, for `plugins` of an instance: it works beside the built-in ones, in worker
 * threads too. It makes outlines only for tools that `tools` names, or in mode `"aggressive"`.
 */
export const codePlugin: CompressorPlugin = {
  module: pluginModule(import.meta.url, "@headroom/code"),
  name: "codePlugin",
  compressors: () => [codeCompressor()],
};
