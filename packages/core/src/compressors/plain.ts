import type { Compressor } from "../types/compressor.ts";
import { blobsCompressor } from "./blobs/blobs.ts";
import { commitsCompressor } from "./commits/commits.ts";
import { diffCompressor } from "./diff/diff.ts";
import { hexdumpCompressor } from "./hexdump/hexdump.ts";
import { jsonCompressor } from "./json/json.ts";
import { linesCompressor } from "./lines/lines.ts";
import { logCompressor } from "./log/log.ts";
import { readCompressor } from "./read/read.ts";
import { searchCompressor } from "./search/search.ts";
import { tableCompressor } from "./table/table.ts";
import { textCompressor } from "./text/text.ts";
import { treeCompressor } from "./tree/tree.ts";

/** The built-in compressors that need no parser of another package, strictest detector first: for bundles that must stay small. */
export function plainCompressors(): readonly Compressor[] {
  return [
    jsonCompressor(),
    readCompressor(),
    diffCompressor(),
    commitsCompressor(),
    hexdumpCompressor(),
    searchCompressor(),
    treeCompressor(),
    tableCompressor(),
    logCompressor(),
    blobsCompressor(),
    textCompressor(),
    linesCompressor(),
  ];
}
