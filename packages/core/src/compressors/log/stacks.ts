/**
 * Stack traces: which lines are frames, and whose.
 *
 * Python, JavaScript and TypeScript, Java and Kotlin, C#, Go, Rust, Ruby. A frame of the reader's own code is worth keeping;
 * frames of the runtime and of installed packages are folded. Shapes follow what each runtime prints; there is no parser, only
 * a look at how the line starts and whether it names a place.
 */

import { Meter } from "../../steps.ts";
import { isDigit } from "../../text/chars.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";

export const NOT_A_FRAME = 0;
export const APP_FRAME = 1;
export const LIBRARY_FRAME = 2;
export type Frame = 0 | 1 | 2;

/** Parts of a path, or starts of a qualified name, of code nobody edits while debugging. */
const LIBRARY_PARTS: readonly string[] = [
  "site-packages/",
  "dist-packages/",
  "node_modules/",
  "node:",
  "(internal/",
  "/lib/python",
  "\\lib\\python",
  "importlib",
  "<frozen ",
  "/rustc/",
  "/.cargo/registry",
  "std::",
  "core::",
  "alloc::",
  "tokio::runtime",
  "/usr/local/go/",
  "/go/pkg/mod/",
  "runtime.",
  "testing.",
  "/gems/",
  "/ruby/",
  "java.",
  "javax.",
  "jdk.",
  "sun.",
  "kotlin.",
  "kotlinx.",
  "scala.",
  "groovy.",
  "org.junit",
  "junit.",
  "org.apache.maven",
  "org.gradle",
  "org.springframework",
  "org.codehaus",
  "org.hibernate",
  "io.netty",
  "reactor.core",
  "System.",
  "Microsoft.",
  "Xunit.",
  "NUnit.",
  "webpack",
  "anonymous>",
  "native)",
];

/** What kind of frame a shown line is. */
export function frameOf(line: string): Frame {
  const text = line.slice(0, 600);
  let indent = 0;
  while (indent < text.length && text.charCodeAt(indent) <= 32) indent++;
  const body = text.slice(indent);
  if (!isFrame(body, indent)) return NOT_A_FRAME;
  return isLibrary(body) ? LIBRARY_FRAME : APP_FRAME;
}

function isFrame(body: string, indent: number): boolean {
  if (body.startsWith("at ")) {
    return body.includes("(") || hasPlace(body) || body.includes(" in ");
  }
  if (body.startsWith('File "')) return body.includes('", line ');
  if (body.startsWith("from ")) return body.includes(":in ") && hasPlace(body);
  if (body.startsWith("... "))
    return body.endsWith(" more") || body.endsWith("common frames omitted");
  if (indent > 0 && isRustFrame(body)) return true;
  if (indent > 0 && (body.startsWith("/") || body.startsWith("_")) && body.includes(".go:"))
    return true;
  return false;
}

/** `12: core::panicking::panic` */
function isRustFrame(body: string): boolean {
  let at = 0;
  while (at < body.length && at < 4 && isDigit(body.charCodeAt(at))) at++;
  return (
    at > 0 &&
    body[at] === ":" &&
    body[at + 1] === " " &&
    (body.includes("::") || body.includes("main"))
  );
}

/** `:12` or `:12:5` somewhere: a place in a file. */
function hasPlace(body: string): boolean {
  for (let at = body.indexOf(":"); at >= 0; at = body.indexOf(":", at + 1)) {
    if (isDigit(body.charCodeAt(at + 1))) return true;
  }
  return false;
}

function isLibrary(body: string): boolean {
  const at = body.startsWith("at ") ? body.slice(3) : body;
  for (const part of LIBRARY_PARTS) {
    // Qualified names count only at their start; parts of paths count anywhere.
    if (
      part.includes("/") || part.includes("<") || part.includes("\\")
        ? at.includes(part)
        : at.startsWith(part)
    )
      return true;
  }
  return at.includes("(node:") || at.includes("anonymous>") || at.includes("(native)");
}

/** Frames at each end of a stack that stay. */
const APP_HEAD = 5;
const APP_TAIL = 4;
const LONELY_HEAD = 3;

/**
 * Shows the frames worth it in the first stack of each kind. Returns the lines of all stacks that stay hidden, so that no
 * other rule takes them for rare lines.
 */
export function* showStacks(
  lines: readonly string[],
  frames: Uint8Array,
  shown: Uint8Array,
): Steps<Uint8Array> {
  const meter = new Meter();
  const hidden = new Uint8Array(lines.length);
  const kinds = new Set<string>();
  for (let i = 0; i < lines.length; i++) {
    if (frames[i] === NOT_A_FRAME) continue;
    const start = i;
    const places: number[] = [i];
    let end = i + 1;
    while (end < lines.length) {
      if (frames[end] !== NOT_A_FRAME) places.push(end);
      else if (!isSourceOf(lines, frames, end, places.at(-1) ?? end)) break;
      end++;
    }
    i = end - 1;
    if (meter.isDue(places.length * LINE_WORK)) yield;
    if (places.length < 2) continue;
    for (let at = start; at < end; at++) hidden[at] = 1;
    const own = places.filter((at) => (frames[at] as Frame) === APP_FRAME);
    const picked = own.length > 0 ? ends(own, APP_HEAD, APP_TAIL) : ends(places, LONELY_HEAD, 1);
    const kind = picked.map((at) => withoutDigits(lines[at] ?? "")).join("\n");
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    // The frame that threw and the one it was thrown from are the first or the last, by language.
    const [top, bottom] = [places[0] ?? start, places.at(-1) ?? start];
    for (const at of [top, bottom, ...picked]) {
      hidden[at] = 0;
      shown[at] = 1;
      for (let below = at + 1; below < end && frames[below] === NOT_A_FRAME; below++) {
        hidden[below] = 0;
        shown[below] = 1;
      }
    }
  }
  return hidden;
}

/** A line between frames that belongs to the one above: Python's source line, Rust's `at`, a caret. */
function isSourceOf(
  lines: readonly string[],
  frames: Uint8Array,
  at: number,
  frame: number,
): boolean {
  const line = lines[at] ?? "";
  if (line === "" || at - frame > 2) return false;
  return indentOf(line) > indentOf(lines[frame] ?? "") && frames[at] === NOT_A_FRAME;
}

function ends(places: readonly number[], head: number, tail: number): readonly number[] {
  if (places.length <= head + tail) return places;
  return [...places.slice(0, head), ...places.slice(-tail)];
}

function withoutDigits(line: string): string {
  return line.replace(/\d+/g, "0");
}

export function indentOf(line: string): number {
  let at = 0;
  while (at < line.length && (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9)) at++;
  return at;
}
