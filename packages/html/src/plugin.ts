import type { CompressorPlugin } from "@headroom/core";
import { pluginModule } from "@headroom/core/kit";
import { htmlCompressor } from "./html.ts";
import { snapshotCompressor } from "./snapshot/snapshot.ts";

/**
 * The compressors of this package with their default options, for `plugins` of an instance: they work beside the built-in ones, in
 * worker threads too.
 */
export const htmlPlugin: CompressorPlugin = {
  module: pluginModule(import.meta.url, "@headroom/html"),
  name: "htmlPlugin",
  compressors: () => [htmlCompressor(), snapshotCompressor()],
};
