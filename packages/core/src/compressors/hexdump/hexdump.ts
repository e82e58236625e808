/**
 * Hex dumps: hexdump, xxd, od, objdump -s.
 *
 * Lossless: bytes once, what reads as text in quotes; offsets and the column of text follow from them. Lossy: the head, the end, the
 * number of bytes, and the strings.
 */
import { finish } from "../../steps.ts";
import { linesOf } from "../../text/lines.ts";
import type { Compressor, Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { decodeDump, encodeDump, readDump } from "./form.ts";
import { dumpOriginal, summarizeDump } from "./view.ts";

/** Bytes and strings of hex dumps. */
export function hexdumpCompressor(): Compressor {
  return {
    name: "hexdump",
    kind: "hexdump",
    detect: (sample) => (finish(readDump(finish(linesOf(sample)).lines)) ? 1 : 0),
    *encode(text) {
      const { lines, closed } = yield* linesOf(text);
      const dump = yield* readDump(lines);
      yield;
      return dump && (yield* encodeDump(lines, dump)) + (closed ? "\n" : "");
    },
    decode(encoded) {
      const closed = encoded.endsWith("\n");
      const lines = decodeDump(closed ? encoded.slice(0, -1) : encoded);
      return lines && lines.join("\n") + (closed ? "\n" : "");
    },
    *shorten(text, context): Steps<View | undefined> {
      const { lines } = yield* linesOf(text);
      const dump = yield* readDump(lines);
      yield;
      return dump && summarizeDump(dump, context);
    },
    *original(text): Steps<OriginalUnits> {
      const { lines } = yield* linesOf(text);
      return dumpOriginal(yield* readDump(lines));
    },
  };
}
