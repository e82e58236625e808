/**
 * Logs of applications, servers, systems, builds, tests and CI.
 *
 * The lossless form names repeated line shapes once and prints only what varies. The lossy form keeps every failure with its
 * surroundings, one line of everything that happened and every line of what happened rarely, and folds the rest into counted
 * line ranges.
 */

import { Meter } from "../../steps.ts";
import type { Compressor, Steps } from "../../types/compressor.ts";
import { detectLog } from "./detect.ts";
import { encodeLog } from "./lossless.ts";
import { decodeLog, proveLog } from "./lossless-decode.ts";
import { originalLog } from "./original.ts";
import { shortenLog } from "./shorten.ts";

/** Logs and the output of builds, tests and CI. */
export function logCompressor(): Compressor {
  return {
    name: "log",
    kind: "log",
    detect: detectLog,
    encode,
    decode: decodeLog,
    prove: proveLog,
    shorten: shortenLog,
    original: originalLog,
    leastTokens,
  };
}

function* encode(text: string): Steps<string | undefined> {
  const encoded = yield* encodeLog(text);
  return encoded !== undefined && encoded.length < text.length ? encoded : undefined;
}

/** What a lossless form cannot go under: about two tokens for each line that differs from the one above. */
function* leastTokens(text: string): Steps<number> {
  const meter = new Meter();
  let runs = 0;
  let start = 0;
  let previous = "";
  while (start < text.length) {
    const at = text.indexOf("\n", start);
    const end = at < 0 ? text.length : at;
    const line = text.slice(start, end);
    if (line !== previous) runs++;
    previous = line;
    if (meter.isDue(line.length)) yield;
    start = end + 1;
  }
  return runs * 2;
}
