/**
 * How tools print bytes: `hexdump -C`, `hexdump`, `xxd`, `od -t x1`, `objdump -s`.
 *
 * A line is read loosely and printed again; only what comes back byte for byte counts as read.
 */

import { isLowerHex } from "../../text/chars.ts";

export interface Style {
  readonly name: string;
  /** The bytes of a line and where they stand; `undefined` where the line is none. */
  read(line: string): HexLine | undefined;
  print(hexLine: HexLine): string;
}

export interface HexLine {
  readonly offset: number;
  readonly bytes: readonly number[];
}

const WIDTH = 16;

interface Shape {
  readonly name: string;
  /** In front of the offset, and its least digits. */
  readonly start: string;
  readonly digits: number;
  /** Between offset and bytes. */
  readonly gap: string;
  /** Bytes that stand together, and what stands between such groups. */
  readonly group: number;
  /** Characters that the bytes of a full line take; shorter lines are padded where text follows. */
  readonly hexWidth: number;
  /** Around the bytes as text; `undefined` where there is none. */
  readonly text: readonly [before: string, after: string] | undefined;
  /** Two more blanks in the middle of a line. */
  readonly isHalved?: boolean;
  /** Groups are numbers of the machine: the second byte first. */
  readonly isSwapped?: boolean;
}

const SHAPES: readonly Shape[] = [
  {
    name: "hexdump -C",
    start: "",
    digits: 8,
    gap: "  ",
    group: 1,
    hexWidth: 48,
    text: ["  |", "|"],
    isHalved: true,
  },
  { name: "xxd", start: "", digits: 8, gap: ": ", group: 2, hexWidth: 39, text: ["  ", ""] },
  { name: "od -t x1z", start: "", digits: 6, gap: " ", group: 1, hexWidth: 47, text: ["  >", "<"] },
  { name: "od -t x1", start: "", digits: 6, gap: " ", group: 1, hexWidth: 47, text: undefined },
  { name: "objdump -s", start: " ", digits: 4, gap: " ", group: 4, hexWidth: 35, text: ["  ", ""] },
  {
    name: "hexdump",
    start: "",
    digits: 7,
    gap: " ",
    group: 2,
    hexWidth: 39,
    text: undefined,
    isSwapped: true,
  },
];

export const STYLES: readonly Style[] = SHAPES.map((shape) => ({
  name: shape.name,
  read: (line) => read(line, shape),
  print: (hexLine) => print(hexLine, shape),
}));

function read(line: string, shape: Shape): HexLine | undefined {
  if (line.length > 120 || !line.startsWith(shape.start)) return undefined;
  let at = shape.start.length;
  const from = at;
  while (isLowerHex(line.charCodeAt(at))) at++;
  const digits = at - from;
  if (digits < shape.digits || digits > 16 || !line.startsWith(shape.gap, at)) return undefined;
  const offset = Number.parseInt(line.slice(from, at), 16);
  at += shape.gap.length;
  const end = Math.min(line.length, at + shape.hexWidth);
  const bytes: number[] = [];
  while (at < end && bytes.length < WIDTH) {
    if (line[at] === " ") {
      at++;
      continue;
    }
    if (!isLowerHex(line.charCodeAt(at)) || !isLowerHex(line.charCodeAt(at + 1))) return undefined;
    bytes.push(Number.parseInt(line.slice(at, at + 2), 16));
    at += 2;
  }
  if (bytes.length === 0 || !Number.isSafeInteger(offset)) return undefined;
  if (shape.isSwapped) swap(bytes);
  const hexLine = { offset, bytes };
  return print(hexLine, shape) === line ? hexLine : undefined;
}

function print({ offset, bytes }: HexLine, shape: Shape): string {
  const own = [...bytes];
  if (shape.isSwapped) swap(own);
  let hex = "";
  for (const [at, byte] of own.entries()) {
    if (at > 0 && at % shape.group === 0) hex += " ";
    if (shape.isHalved && at === WIDTH / 2) hex += " ";
    hex += byte.toString(16).padStart(2, "0");
  }
  const head = shape.start + offset.toString(16).padStart(shape.digits, "0") + shape.gap;
  if (!shape.text) return head + hex;
  const [before, after] = shape.text;
  return head + hex.padEnd(shape.hexWidth) + before + textOf(bytes) + after;
}

/** Pairs in the order of the machine; an odd last byte cannot be told from a pair, and stays. */
function swap(bytes: number[]): void {
  for (let at = 0; at + 1 < bytes.length; at += 2)
    [bytes[at], bytes[at + 1]] = [bytes[at + 1] ?? 0, bytes[at] ?? 0];
}

function textOf(bytes: readonly number[]): string {
  return bytes.map((byte) => (isPrintable(byte) ? String.fromCharCode(byte) : ".")).join("");
}

export function isPrintable(byte: number): boolean {
  return byte >= 32 && byte < 127;
}
