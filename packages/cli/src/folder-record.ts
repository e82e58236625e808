/**
 * One original as a file: a header line, the body, then one line for each life it was given.
 *
 *     headroom-original-1 utf8 LENGTH SHA256
 *     …body…
 *     until 1790000000000 end
 *
 * The digest covers ref and body, and is checked whenever a file is read. The longest life counts.
 */
import { createHash } from "node:crypto";
import type { CcrEntry, CcrRef } from "@headroom/core";

const FORMAT = "headroom-original-1";
/** More than this after the body means that something else is writing into the file. */
const MAX_TRAILER_BYTES = 1 << 20;

export type StoredRecord =
  | { readonly isIntact: true; readonly text: string; readonly expiresAt: number | undefined }
  | { readonly isIntact: false };

/**
 * One header line, the body, then one `until` line for each life it was given.
 *
 * The body is UTF-8, or UTF-16 where UTF-8 would not give the text back (lone surrogates).
 */
export function formatRecord({ ref, text, expiresAt }: CcrEntry): Buffer {
  const encoding = text.isWellFormed() ? "utf8" : "utf16le";
  const body = Buffer.from(text, encoding);
  const header = [FORMAT, encoding, body.length, digest(ref, encoding, body)].join(" ");
  return Buffer.concat([
    Buffer.from(`${header}\n`),
    body,
    Buffer.from(`\n${formatLife(expiresAt)}`),
  ]);
}

export function parseRecord(ref: CcrRef, bytes: Buffer): StoredRecord {
  const damaged: StoredRecord = { isIntact: false };
  const headerEnd = bytes.indexOf(0x0a);
  if (headerEnd < 0 || headerEnd > 200) return damaged;
  const [format, encoding, length, sum] = bytes.toString("latin1", 0, headerEnd).split(" ");
  if (format !== FORMAT || (encoding !== "utf8" && encoding !== "utf16le")) return damaged;
  const bodyEnd = headerEnd + 1 + Number(length);
  if (!(bodyEnd < bytes.length) || bytes.length - bodyEnd > MAX_TRAILER_BYTES) return damaged;
  const body = bytes.subarray(headerEnd + 1, bodyEnd);
  if (digest(ref, encoding, body) !== sum) return damaged;
  const lives = bytes
    .toString("latin1", bodyEnd)
    .split("\n")
    .flatMap((line) => parseLife(line) ?? []);
  if (lives.length === 0) return damaged;
  const longest = Math.max(...lives);
  return {
    isIntact: true,
    text: body.toString(encoding),
    expiresAt: longest === Number.POSITIVE_INFINITY ? undefined : longest,
  };
}

/** The ref is part of what is digested: a file renamed to another ref is not served. */
function digest(ref: CcrRef, encoding: string, body: Buffer): string {
  return createHash("sha256").update(`${ref}\n${encoding}\n`).update(body).digest("hex");
}

/** Ends in a word of its own, so that a line torn by a crash is not taken for a shorter number. */
export function formatLife(expiresAt: number | undefined): string {
  return `until ${expiresAt ?? "forever"} end\n`;
}

function parseLife(line: string): number | undefined {
  const [until, time, end, more] = line.split(" ");
  if (until !== "until" || end !== "end" || more !== undefined) return undefined;
  const value = time === "forever" ? Number.POSITIVE_INFINITY : Number(time);
  return Number.isNaN(value) ? undefined : value;
}
