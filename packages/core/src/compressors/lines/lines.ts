/**
 * Text of lines that no stricter kind claims: what tools print.
 *
 * The lossless form writes blocks and lines of one shape as rows, and gives the beginning that neighbours share once.
 */
import type { Compressor, Steps } from "../../types/compressor.ts";
import { decodingBy } from "../shared/decoding.ts";
import { decodeLines } from "./decode.ts";
import { detectLines } from "./detect.ts";
import { encodeLines } from "./encode.ts";
import { unitsOf } from "./fields.ts";
import { viewOf } from "./view.ts";

/** Any text of lines, as the kind of last resort. */
export function linesCompressor(): Compressor {
  return {
    name: "lines",
    kind: "lines",
    detect: detectLines,
    encode,
    ...decodingBy(decodeLines),
    shorten: viewOf,
    original: unitsOf,
  };
}

function* encode(text: string): Steps<string | undefined> {
  const encoded = yield* encodeLines(text);
  return encoded !== undefined && encoded.length < text.length ? encoded : undefined;
}
