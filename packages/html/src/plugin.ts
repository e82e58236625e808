import type { CompressorPlugin } from "@headroom/core";
import { htmlCompressor } from "./html.ts";
import { snapshotCompressor } from "./snapshot/snapshot.ts";

/**
 * The compressors of this package with their default options, for `plugins` of an instance: they work beside the built-in ones, in
 * worker threads too.
 */
export const htmlPlugin: CompressorPlugin = {
  module: ownModule(import.meta.url),
  name: "htmlPlugin",
  compressors: () => [htmlCompressor(), snapshotCompressor()],
};

/** What a thread imports, whichever build this one is. In a bundle that knows no address, the name of the package. */
function ownModule(url: string | undefined): string {
  if (url === undefined) return "@headroom/html";
  return new URL(url.endsWith(".ts") ? "./index.ts" : "./index.js", url).href;
}
