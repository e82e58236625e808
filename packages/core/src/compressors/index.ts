import type { Compressor } from "../types/compressor.ts";
import { blobsCompressor } from "./blobs/blobs.ts";
import { diffCompressor } from "./diff/diff.ts";
import { jsonCompressor } from "./json/json.ts";
import { logCompressor } from "./log/log.ts";
import { plainCompressors } from "./plain.ts";
import { readCompressor } from "./read/read.ts";
import { searchCompressor } from "./search/search.ts";
import { structuredCompressor } from "./structured/structured.ts";
import { tableCompressor } from "./table/table.ts";
import { treeCompressor } from "./tree/tree.ts";

/** The built-in compressors, strictest detector first. */
export function defaultCompressors(): readonly Compressor[] {
  return [...plainCompressors(), structuredCompressor()];
}

export {
  blobsCompressor,
  diffCompressor,
  jsonCompressor,
  logCompressor,
  readCompressor,
  searchCompressor,
  structuredCompressor,
  tableCompressor,
  treeCompressor,
};
