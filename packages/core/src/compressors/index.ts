import type { Compressor } from "../types/compressor.ts";
import { blobsCompressor } from "./blobs/blobs.ts";
import { commitsCompressor } from "./commits/commits.ts";
import { diffCompressor } from "./diff/diff.ts";
import { hexdumpCompressor } from "./hexdump/hexdump.ts";
import { jsonCompressor } from "./json/json.ts";
import { linesCompressor } from "./lines/lines.ts";
import { logCompressor } from "./log/log.ts";
import { plainCompressors } from "./plain.ts";
import { readCompressor } from "./read/read.ts";
import { searchCompressor } from "./search/search.ts";
import { structuredCompressor } from "./structured/structured.ts";
import { tableCompressor } from "./table/table.ts";
import { type ScorerOptions, textCompressor, type UnitScorer } from "./text/text.ts";
import { treeCompressor } from "./tree/tree.ts";

/** The built-in compressors, strictest detector first. */
export function defaultCompressors(): readonly Compressor[] {
  const plain = plainCompressors();
  // Before the kind of last resort.
  return [...plain.slice(0, -1), structuredCompressor(), ...plain.slice(-1)];
}

export {
  blobsCompressor,
  commitsCompressor,
  diffCompressor,
  hexdumpCompressor,
  jsonCompressor,
  linesCompressor,
  logCompressor,
  readCompressor,
  type ScorerOptions,
  searchCompressor,
  structuredCompressor,
  tableCompressor,
  textCompressor,
  treeCompressor,
  type UnitScorer,
};
