import type { CompressorPlugin } from "@headroom/core";
import { codeCompressor } from "./code.ts";

/**
 * `codeCompressor` with its default options, for `plugins` of an instance: it works beside the built-in ones, in worker threads too.
 * Outlines are made on request: in `mode: "aggressive"`, or for `tools: { Read: { code: "outline" } }`.
 */
export const codePlugin: CompressorPlugin = {
  module: addressOf(import.meta.url),
  name: "codePlugin",
  compressors: () => [codeCompressor()],
};

/** What a thread imports; in a bundle that knows no address, the name of the package. */
function addressOf(url: string | undefined): string {
  const file = url?.endsWith(".ts") ? "./index.ts" : "./index.js";
  return url === undefined ? "@headroom/code" : new URL(file, url).href;
}
