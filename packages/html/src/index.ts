export { type HtmlCompressorOptions, htmlCompressor } from "./html.ts";
export { htmlPlugin } from "./plugin.ts";
export { snapshotCompressor } from "./snapshot/snapshot.ts";
