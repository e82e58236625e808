export { type HtmlCompressorOptions, htmlCompressor } from "./html.ts";
