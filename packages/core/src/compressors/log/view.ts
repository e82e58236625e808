/**
 * What a person sees of a log in a terminal: no colour codes, the last state of a progress line, no collector's stamps.
 *
 * For the lossy form; the lossless form keeps all of it. Line `i` of the view is line `i` of the original, so that line
 * ranges stay true. Stamps are cut only where a collector put them (GitHub Actions, Docker: ISO with a fraction of six
 * digits or more) and on most lines; stamps the program printed itself are part of the message.
 *
 * Trap: `\r` ends a state of a progress line, but `\r` as the last character is only a Windows line end.
 */

import { Meter } from "../../steps.ts";
import { isDigit } from "../../text/chars.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { SPEAKS_OF_ERROR } from "./patterns.ts";

/** Lines as shown, and what was taken off. */
export interface View {
  readonly lines: readonly string[];
  /** The collector's stamp of each line that lost one; empty where no line has. */
  readonly stamps: readonly (string | undefined)[];
  /** What stood before the stamp of each line, job and step of `gh run view --log` for one; empty where nothing did. */
  readonly origins: readonly string[];
  /** Lines that lost colour codes. */
  readonly cleaned: number;
  /** Texts before a carriage return, which a terminal writes over: all of them, and those that are cut. */
  readonly overwritten: { readonly cut: number; readonly total: number };
}

const ESCAPE = "\u001b";
/** Enough lines to tell whether a collector stamped the log. */
const PROBE = 200;

/** The view of a log. Linear. */
export function* viewOf(raw: readonly string[]): Steps<View> {
  const meter = new Meter();
  const isStamped = isCollected(raw);
  const lines: string[] = [];
  const stamps: (string | undefined)[] = [];
  const origins: string[] = [];
  let cleaned = 0;
  let hasOrigins = false;
  const overwritten = { cut: 0, total: 0 };
  for (const [i, original] of raw.entries()) {
    let line = original;
    if (i === 0 && line.charCodeAt(0) === 0xfeff) line = line.slice(1);
    if (isStamped) {
      const stamp = collectorStamp(line);
      stamps.push(stamp && line.slice(stamp.start, stamp.end));
      const origin = stamp ? line.slice(0, stamp.start).replace("\ufeff", "") : "";
      origins.push(origin);
      if (origin !== "") hasOrigins = true;
      if (stamp) line = line.slice(line.charCodeAt(stamp.end) === 32 ? stamp.end + 1 : stamp.end);
    }
    const plain = withoutEscapes(line);
    if (plain.length !== line.length) cleaned++;
    const { text, cut, total } = lastStates(plain);
    overwritten.cut += cut;
    overwritten.total += total;
    lines.push(text.trimEnd());
    if (meter.isDue(original.length + LINE_WORK)) yield;
  }
  return { lines, stamps, origins: hasOrigins ? origins : [], cleaned, overwritten };
}

/** Whether most lines carry a collector's stamp. */
function isCollected(raw: readonly string[]): boolean {
  const step = Math.max(1, Math.floor(raw.length / PROBE));
  let seen = 0;
  let stamped = 0;
  for (let i = 0; i < raw.length; i += step) {
    const line = raw[i] ?? "";
    if (line === "") continue;
    seen++;
    if (collectorStamp(line) !== undefined) stamped++;
  }
  return stamped * 2 > seen;
}

/** Whether a collector stamped the line: what stands before its stamp is job and step. */
export function isCollectedLine(line: string): boolean {
  return collectorStamp(line) !== undefined;
}

/** `2026-04-22T16:09:37.3317193Z`, at the start or after the two tab-ended names `gh run view --log` prints. */
function collectorStamp(line: string): { start: number; end: number } | undefined {
  let start = line.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (!isDigit(line.charCodeAt(start))) {
    const job = line.indexOf("\t");
    if (job < 0 || job > 200) return undefined;
    const step = line.indexOf("\t", job + 1);
    if (step < 0 || step > 400) return undefined;
    start = step + 1;
    if (line.charCodeAt(start) === 0xfeff) start++;
  }
  const shape = "dddd-dd-ddTdd:dd:dd.dddddd";
  if (line.length < start + shape.length + 1) return undefined;
  for (let at = 0; at < shape.length; at++) {
    const code = line.charCodeAt(start + at);
    if (shape[at] === "d" ? !isDigit(code) : code !== shape.charCodeAt(at)) return undefined;
  }
  let end = start + shape.length;
  while (isDigit(line.charCodeAt(end))) end++;
  if (line[end] !== "Z") return undefined;
  end++;
  return end === line.length || line.charCodeAt(end) <= 32 ? { start, end } : undefined;
}

/** Without CSI and OSC sequences and other two-character escapes (ECMA-48), also where a tool spelt ESC as `^[`. */
export function withoutEscapes(line: string): string {
  return line.includes("^[[")
    ? withoutRealEscapes(line.replaceAll("^[[", "\u001b["))
    : withoutRealEscapes(line);
}

function withoutRealEscapes(line: string): string {
  let at = line.indexOf(ESCAPE);
  if (at < 0) return line;
  let out = "";
  let start = 0;
  while (at >= 0) {
    out += line.slice(start, at);
    start = endOfEscape(line, at);
    at = line.indexOf(ESCAPE, start);
  }
  return out + line.slice(start);
}

function endOfEscape(line: string, at: number): number {
  const kind = line[at + 1];
  let end = at + 2;
  if (kind === "[") {
    while (end < line.length && line.charCodeAt(end) >= 0x20 && line.charCodeAt(end) < 0x40) end++;
    return isFinal(line.charCodeAt(end)) ? end + 1 : end;
  }
  if (kind === "]") {
    // An operating system command ends with BEL or ESC backslash; without one it is not a command.
    for (; end < line.length && end < at + 500; end++) {
      if (line.charCodeAt(end) === 7) return end + 1;
      if (line[end] === ESCAPE && line[end + 1] === "\\") return end + 2;
    }
    return at + 2;
  }
  return isFinal(line.charCodeAt(at + 1)) ? end : at + 1;
}

/** Only ASCII ends a sequence: taking whatever stands there would cut a character outside the BMP in half. */
function isFinal(code: number): boolean {
  return code >= 0x20 && code < 0x7f;
}

/** States of one line that are told apart. */
const MAX_STATES = 8;
/** Letters that tell the states of a progress line from other texts. */
const STATE_LETTERS = 16;

/**
 * The last state of a line that a program wrote over with carriage returns, and what else stood there: texts that begin with other
 * words, and texts that speak of an error.
 */
function lastStates(line: string): { text: string; cut: number; total: number } {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) === 13) end--;
  if (line.lastIndexOf("\r", end - 1) < 0) return { text: line.slice(0, end), cut: 0, total: 0 };
  const states = line.slice(0, end).split("\r");
  const kept: string[] = [];
  const seen = new Set<string>();
  for (let at = states.length - 1; at >= 0; at--) {
    const state = states[at] ?? "";
    const letters = state.replace(/[^A-Za-z]+/g, "");
    const key = SPEAKS_OF_ERROR.test(state) ? letters : letters.slice(0, STATE_LETTERS);
    const isNew = letters !== "" && !seen.has(key) && seen.size < MAX_STATES;
    if (at < states.length - 1 && !isNew) continue;
    seen.add(key);
    kept.push(state);
  }
  const total = states.filter((state) => state.trim() !== "").length;
  return {
    text: kept.reverse().join("\r"),
    cut: total - kept.filter((state) => state.trim() !== "").length,
    total,
  };
}
