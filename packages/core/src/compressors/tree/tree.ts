/**
 * Listings of files: find, ls -R, tree, git ls-files, git status, globs.
 *
 * Without loss each folder becomes one line and order and names come back byte for byte; `path-list.ts`, `drawing.ts` and
 * `ls-recursive.ts` hold the forms. With loss every folder is still named, what the question asks for stands there as a full
 * path, and a large folder keeps examples and counts by extension; see `summary.ts`.
 *
 * Trap: a short answer must not look complete. Each folder that lost entries says how many, and the counts add up to the
 * declared total.
 */

import { linesOf } from "../../text/lines.ts";
import type { Compressor, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { pathsOriginal } from "./claims.ts";
import { detectTree } from "./detect.ts";
import { decodeDiffstat, encodeDiffstat, readDiffstat } from "./diffstat.ts";
import { drawPaths, readDrawing } from "./drawing.ts";
import { foldersOf } from "./folders.ts";
import { decodeLongDrawing, encodeLongDrawing, readLongDrawing } from "./long-drawing.ts";
import { decodeLong, encodeLong, isLongForm } from "./long-form.ts";
import { readLongListing } from "./long-listing.ts";
import { longOriginal, summarizeLong } from "./long-view.ts";
import { decodeLsBlocks, encodeLsBlocks, LS_LEGEND, readLsBlocks } from "./ls-recursive.ts";
import { decodeOutline, encodeOutline, outlinePaths, readOutline } from "./outline.ts";
import { cutList, decodePaths, encodePaths } from "./path-list.ts";
import { summarizePaths } from "./summary.ts";

/** One line a folder; examples and counts over budget. */
export function treeCompressor(): Compressor {
  return { name: "tree", kind: "tree", detect: detectTree, encode, decode, shorten, original };
}

function* encode(text: string): Steps<readonly string[]> {
  if (text === "") return [];
  const { lines, closed } = yield* linesOf(text);
  const forms: string[] = [];
  const columns = yield* longFormOf(lines);
  for (const form of columns === undefined ? formsOf(lines) : [columns]) {
    forms.push(closed ? `${form}\n` : form);
    yield;
  }
  return forms;
}

function* shorten(text: string, context: ShortenContext): Steps<View | undefined> {
  const { lines } = yield* linesOf(text);
  const drawing = readLongDrawing(lines);
  if (drawing) return yield* summarizeLong(drawing.lines, drawing.listing, context);
  const long = readDiffstat(lines)?.listing ?? (yield* readLongListing(lines));
  yield;
  if (long) return yield* summarizeLong(lines, long, context);
  const listing = readListing(lines);
  yield;
  return listing && summarizePaths(listing, context);
}

/** The original again, for the check of what its view says. */
function* original(text: string): Steps<OriginalUnits> {
  const { lines } = yield* linesOf(text);
  const long =
    readLongDrawing(lines)?.listing ??
    readDiffstat(lines)?.listing ??
    (yield* readLongListing(lines));
  if (long) return longOriginal(long);
  const { paths } = readListing(lines) ?? { paths: [] };
  return pathsOriginal(paths, foldersOf(paths));
}

/** The form of a listing that says more of files than their names. */
function* longFormOf(lines: readonly string[]): Steps<string | undefined> {
  const stat = readDiffstat(lines);
  if (stat) return encodeDiffstat(lines, stat);
  const drawing = readLongDrawing(lines);
  if (drawing) return yield* encodeLongDrawing(drawing);
  const long = yield* readLongListing(lines);
  return long && (yield* encodeLong(lines, long));
}

function* formsOf(lines: readonly string[]): Generator<string> {
  const drawing = readDrawing(lines);
  if (drawing && drawPaths(drawing)?.every((line, at) => line === lines[at])) {
    const inner = [...drawing.paths, ...drawing.tail.map((line) => TAIL + line)];
    for (const form of encodePaths(inner)) yield `[${drawing.style}${DRAWN}${form.slice(1)}`;
  }
  const outline = readOutline(lines);
  if (outline) yield encodeOutline(outline);
  if (drawing || outline) return;
  const blocks = readLsBlocks(lines);
  if (blocks) yield encodeLsBlocks(blocks);
  yield* encodePaths(lines);
}

function decode(encoded: string): string | undefined {
  const closed = encoded.endsWith("\n");
  const body = closed ? encoded.slice(0, -1) : encoded;
  const lines = decodeLines(body);
  return lines && lines.join("\n") + (closed ? "\n" : "");
}

function decodeLines(body: string): readonly string[] | undefined {
  if (!body.startsWith("[")) return undefined;
  if (isLongForm(body)) return decodeLong(body);
  const outline = decodeLongDrawing(body) ?? decodeOutline(body) ?? decodeDiffstat(body);
  if (outline) return outline;
  if (body.startsWith(LS_LEGEND)) return decodeLsBlocks(body);
  const drawn = body.indexOf(DRAWN);
  if (drawn === -1 || drawn > 20) return decodePaths(body);
  const inner = decodePaths(`[${body.slice(drawn + DRAWN.length)}`);
  if (!inner) return undefined;
  let end = inner.length;
  while (end > 0 && inner[end - 1]?.startsWith(TAIL)) end--;
  return drawPaths({
    style: body.slice(1, drawn),
    paths: inner.slice(0, end),
    tail: inner.slice(end).map((line) => line.slice(TAIL.length)),
  });
}

/** What is listed, whatever drew it. */
function readListing(
  lines: readonly string[],
): { head: readonly string[]; paths: readonly string[]; tail: readonly string[] } | undefined {
  const drawing = readDrawing(lines);
  if (drawing) return { head: [], paths: drawing.paths, tail: drawing.tail };
  const outline = readOutline(lines);
  if (outline) {
    const { paths, others } = outlinePaths(outline);
    return { head: [], paths, tail: others };
  }
  const blocks = readLsBlocks(lines);
  if (blocks) {
    const paths = blocks.flatMap(({ folder, names }) => names.map((name) => `${folder}/${name}`));
    return { head: [], paths, tail: [] };
  }
  return cutList(lines);
}

const DRAWN = " tree of ";
/** Keeps the words after a drawing from being taken for paths. */
const TAIL = "\t";
