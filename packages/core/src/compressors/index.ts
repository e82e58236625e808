import type { Compressor } from "../types/compressor.ts";
import { jsonCompressor } from "./json/json.ts";
import { logCompressor } from "./log/log.ts";
import { readCompressor } from "./read/read.ts";
import { searchCompressor } from "./search/search.ts";
import { treeCompressor } from "./tree/tree.ts";

/** The built-in compressors, strictest detector first. */
export function defaultCompressors(): readonly Compressor[] {
  return [
    jsonCompressor(),
    readCompressor(),
    searchCompressor(),
    treeCompressor(),
    logCompressor(),
  ];
}
