/**
 * Snapshots of pages as browser tools print them (Playwright MCP, Chrome DevTools MCP, agent-browser), for agents that click by what
 * they read: no ref of what can be clicked, filled in or chosen is ever left out or changed.
 */
import type { Compressor } from "@headroom/core";
import { readNodeLine } from "./node-line.ts";
import { decodeSnapshot, encodeSnapshot } from "./notation.ts";
import { originalOfSnapshot, viewOfSnapshot } from "./view.ts";

/** Of the lines of a text, so many are elements, and so many have refs. */
const ELEMENT_SHARE = 0.6;
const REF_SHARE = 0.2;
const MIN_REFS = 5;

/** Snapshots of pages, beside the built-in compressors. */
export function snapshotCompressor(): Compressor {
  return {
    name: "snapshot",
    kind: "snapshot",
    detect: detectSnapshot,
    encode: encodeSnapshot,
    decode: decodeSnapshot,
    shorten: viewOfSnapshot,
    original: originalOfSnapshot,
  };
}

/** 0 or 1: nobody else knows what a ref is. */
function detectSnapshot(sample: string): number {
  if (!sample.includes("ref=") && !sample.includes("uid=")) return 0;
  let lines = 0;
  let elements = 0;
  let refs = 0;
  for (const line of sample.split("\n")) {
    if (line.trim() === "") continue;
    lines++;
    const node = readNodeLine(line);
    if (node === undefined) continue;
    elements++;
    if (node.ref !== "") refs++;
  }
  const isOne = refs >= MIN_REFS && refs >= lines * REF_SHARE && elements >= lines * ELEMENT_SHARE;
  return isOne ? 1 : 0;
}
