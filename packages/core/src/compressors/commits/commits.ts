/**
 * `git log`: lists of commits, in full or one a line, drawn as a graph or not, with statistics or names of files.
 *
 * Lossless: the author and the day stand once above the commits that share them. Lossy: one line a commit with a short hash, its time
 * and subject; messages and files are counted, the newest commits come first.
 *
 * `git blame` says the commits of a file's lines: `blame.ts`.
 *
 * Trap: with patches it is a diff, and that kind's.
 */
import { linesOf } from "../../text/lines.ts";
import type { Compressor, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { decodeBlame, encodeBlame, readBlame } from "./blame.ts";
import { blameOriginal, summarizeBlame } from "./blame-view.ts";
import { decodeCommits, encodeCommits } from "./form.ts";
import { readCommits, readOneLiners } from "./read.ts";
import { commitsOriginal, summarizeCommits } from "./view.ts";

/** Lists of commits; the newest in one line each over the cap. */
export function commitsCompressor(): Compressor {
  return {
    name: "commits",
    kind: "commits",
    detect,
    *encode(text) {
      const { lines, closed } = yield* linesOf(text);
      const blame = readBlame(lines);
      const form = blame ? encodeBlame(lines, blame) : encodeCommits(lines);
      return form === undefined || form.length >= text.length ? [] : [closed ? `${form}\n` : form];
    },
    decode(encoded) {
      const closed = encoded.endsWith("\n");
      const form = closed ? encoded.slice(0, -1) : encoded;
      const lines = decodeBlame(form) ?? decodeCommits(form);
      return lines && lines.join("\n") + (closed ? "\n" : "");
    },
    *shorten(text, context: ShortenContext): Steps<View | undefined> {
      const { lines } = yield* linesOf(text);
      const blame = readBlame(lines);
      if (blame) return summarizeBlame(lines, blame, context);
      const list = readCommits(lines) ?? readOneLiners(lines);
      yield;
      return list && summarizeCommits(lines, list, context);
    },
    *original(text): Steps<OriginalUnits> {
      const { lines } = yield* linesOf(text);
      const blame = readBlame(lines);
      if (blame) return blameOriginal(lines, blame);
      return commitsOriginal(lines, readCommits(lines) ?? readOneLiners(lines));
    },
  };
}

function detect(sample: string): number {
  const lines = sample.split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (readBlame(lines) || readCommits(lines)) return 0.97;
  return readOneLiners(lines) ? 0.95 : 0;
}
