/**
 * The lossless form of a hex dump: bytes in hex, what can be read as text in quotes, repeated bytes counted.
 *
 * Offsets follow from the bytes, and so does the column with their text. Where bytes do not follow those above, `@` says where they
 * stand; every so many lines it does so too, for whoever looks for a place.
 */
import { joinInSteps, Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { type HexLine, isPrintable, STYLES, type Style } from "./styles.ts";

const LEGEND_START = "[bytes of ";
const LEGEND_END =
  ': in hex, "text" as it is, 00×9 = nine times 00; @ is the offset in hex of what follows; "|" any other line]';
/** Lines of a dump in one line of the form. */
const LINES_TOGETHER = 4;
const LINE_BYTES = 16;
const LINE_CHARACTERS = 78;
/** An offset is said after so many lines of the form. */
const OFFSET_EVERY = 16;
const MIN_TEXT = 3;
const MIN_REPEAT = 4;

export interface Dump {
  readonly style: Style;
  /** The bytes of each line; `undefined` for lines that are none. */
  readonly lines: readonly (HexLine | undefined)[];
}

const MIN_LINES = 4;
const MIN_SHARE = 0.8;

/** `undefined` where most lines are something else than bytes. */
export function* readDump(lines: readonly string[]): Steps<Dump | undefined> {
  for (const style of STYLES) {
    // Most texts are none: a look at the first lines is enough to know.
    if (!lines.slice(0, 12).some((line) => style.read(line))) continue;
    const read = yield* mapTexts(lines, (line) => style.read(line));
    const count = read.filter((line) => line !== undefined).length;
    if (count >= MIN_LINES && count >= lines.length * MIN_SHARE) return { style, lines: read };
  }
  return undefined;
}

export function* encodeDump(texts: readonly string[], { style, lines }: Dump): Steps<string> {
  const meter = new Meter();
  const out: string[] = [`${LEGEND_START}${style.name}${LEGEND_END}`];
  let next = -1;
  let pending: number[] = [];
  let silent = 0;
  const flush = (): void => {
    if (pending.length > 0) out.push(writeBytes(pending));
    pending = [];
  };
  for (const [at, line] of lines.entries()) {
    if (meter.isDue(LINE_CHARACTERS)) yield;
    if (line === undefined) {
      flush();
      out.push(`|${texts[at] ?? ""}`);
      continue;
    }
    const isFull = pending.length >= LINES_TOGETHER * LINE_BYTES;
    if (isFull || line.offset !== next || pending.length % LINE_BYTES !== 0) {
      flush();
      silent++;
    }
    if (line.offset !== next || silent > OFFSET_EVERY) {
      flush();
      out.push(`@${line.offset.toString(16)}`);
      silent = 0;
    }
    pending.push(...line.bytes);
    next = line.offset + line.bytes.length;
  }
  flush();
  return yield* joinInSteps(out, "\n");
}

/** The inverse of `encodeDump`; `undefined` where the text is none. */
export function decodeDump(encoded: string): readonly string[] | undefined {
  const [legend = "", ...body] = encoded.split("\n");
  if (!legend.startsWith(LEGEND_START) || !legend.endsWith(LEGEND_END)) return undefined;
  const name = legend.slice(LEGEND_START.length, -LEGEND_END.length);
  const style = STYLES.find((each) => each.name === name);
  if (!style) return undefined;
  const out: string[] = [];
  let offset = 0;
  for (const line of body) {
    if (line.startsWith("|")) {
      out.push(line.slice(1));
      continue;
    }
    if (line.startsWith("@")) {
      offset = Number.parseInt(line.slice(1), 16);
      continue;
    }
    const bytes = readBytes(line);
    if (bytes === undefined) return undefined;
    for (let at = 0; at < bytes.length; at += LINE_BYTES) {
      const own = bytes.slice(at, at + LINE_BYTES);
      out.push(style.print({ offset, bytes: own }));
      offset += own.length;
    }
  }
  return out;
}

/** `7f "ELF" 02 01 01 00×9`. */
function writeBytes(bytes: readonly number[]): string {
  const words: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    let same = at;
    while (same < bytes.length && bytes[same] === byte) same++;
    if (same - at >= MIN_REPEAT) {
      words.push(`${hexOf(byte)}×${same - at}`);
      at = same;
      continue;
    }
    const end = textEnd(bytes, at);
    if (end - at >= MIN_TEXT) {
      words.push(`"${String.fromCharCode(...bytes.slice(at, end))}"`);
      at = end;
      continue;
    }
    words.push(hexOf(byte));
    at++;
  }
  return words.join(" ");
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** The end of what can stand in quotes: no quotes themselves, and no long run of one letter. */
function textEnd(bytes: readonly number[], from: number): number {
  let at = from;
  let same = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (!isPrintable(byte) || byte === QUOTE) break;
    same = byte === bytes[at - 1] ? same + 1 : 1;
    // A run is counted instead, as long as no word goes on through it.
    if (same === LONG_RUN) return Math.max(from, at - LONG_RUN + 1);
    at++;
  }
  return at;
}

const QUOTE = 34;
const LONG_RUN = 24;

function readBytes(line: string): readonly number[] | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '"') {
      const end = line.indexOf('"', at + 1);
      if (end < 0) return undefined;
      for (let each = at + 1; each < end; each++) bytes.push(line.charCodeAt(each));
      at = end + 1;
      continue;
    }
    const byte = Number.parseInt(line.slice(at, at + 2), 16);
    if (Number.isNaN(byte)) return undefined;
    at += 2;
    let count = 1;
    if (line[at] === "×") {
      const space = line.indexOf(" ", at);
      const end = space < 0 ? line.length : space;
      count = Number(line.slice(at + 1, end));
      if (!Number.isSafeInteger(count) || count < 1 || count > MAX_COUNT) return undefined;
      at = end;
    }
    for (let each = 0; each < count; each++) bytes.push(byte);
  }
  return bytes;
}

const MAX_COUNT = LINES_TOGETHER * LINE_BYTES;
