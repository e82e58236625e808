/**
 * Whether a text lists files. Sees a bounded sample and reads each line once.
 *
 * Trap: many things have slashes. Search hits (`a.ts:12:`), rows with commas, URLs, base64 and ordered or bulleted lists
 * are not paths, and single words without a slash or an extension are not files.
 */

import { finish } from "../../steps.ts";
import { readDiffstat } from "./diffstat.ts";
import { nameStart } from "./folder-line.ts";
import { readLongListing } from "./long-listing.ts";
import { isPathLine } from "./path-list.ts";

/** 0 (not a listing) to 1. */
export function detectTree(sample: string): number {
  const lines = sample.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  if (lines.length < 4) return 0;
  // What a long listing says of files is more than a table knows of its rows, and its time stamps are no log's.
  const isListing = !areNamed(lines) && finish(readLongListing(lines)) !== undefined;
  if (isListing || readDiffstat(lines)) return 0.97;
  let drawn = 0;
  let filled = 0;
  let paths = 0;
  let slashes = 0;
  let extensions = 0;
  let status = 0;
  let headings = 0;
  let blank = true;
  const folders = new Set<string>();
  for (const line of lines) {
    if (line === "") {
      blank = true;
      continue;
    }
    filled++;
    if (isDrawn(line)) drawn++;
    else if (blank && line.endsWith(":") && isFolderHeading(line)) headings++;
    else if (isPathLine(line) && !isOther(line)) {
      paths++;
      const at = nameStart(line);
      if (at > 0) {
        slashes++;
        folders.add(line.slice(0, at));
      }
      const dot = line.lastIndexOf(".");
      if (dot >= at && line.length - dot <= 8) extensions++;
    } else if (isStatus(line)) {
      status++;
    }
    blank = false;
  }
  if (drawn >= 3 && drawn / filled >= 0.6) return 0.95;
  if (headings >= 2 && (headings + paths + slashes) / filled >= 0.8) return 0.9;
  if (status >= 4 && (status + paths) / filled >= 0.6) return 0.85;
  const grouped = slashes === 0 || folders.size <= Math.max(3, slashes * 0.8);
  if (paths / filled >= 0.8 && grouped) {
    if (slashes / filled >= 0.3) return 0.9;
    if (extensions / filled >= 0.6) return 0.7;
  }
  return 0;
}

/** Whether names stand over columns that tabs separate: a table, whatever its rows are about. */
function areNamed([names = "", row = ""]: readonly string[]): boolean {
  const tabs = names.split("\t").length;
  return tabs > 3 && tabs === row.split("\t").length && !/\d/.test(names);
}

function isDrawn(line: string): boolean {
  let at = line.startsWith("[INFO] ") ? "[INFO] ".length : 0;
  while (
    at < line.length &&
    (line[at] === " " || line[at] === "│" || line[at] === "|" || line[at] === "\u00a0")
  )
    at++;
  return ART.some((art) => line.startsWith(art, at));
}

const ART: readonly string[] = [
  "├──",
  "└──",
  "|--",
  "`--",
  "+--",
  "\\--",
  "-- ",
  "├─┬",
  "└─┬",
  "├─ ",
  "└─ ",
  "+- ",
  "\\- ",
];

function isFolderHeading(line: string): boolean {
  return (line[0] === "." || line.includes("/")) && !line.includes(" ") && !line.includes("::");
}

/** `M  src/a.ts`, `?? docs/`, `A\tsrc/a.ts`, `\tmodified:   src/a.ts`. */
function isStatus(line: string): boolean {
  if (line[0] === "\t") return isStated(line.slice(1));
  const code = line.slice(0, 2);
  if (
    line[2] === " " &&
    line.length > 3 &&
    STATUS.has(code[0] ?? "") &&
    STATUS.has(code[1] ?? "")
  ) {
    return code !== "  " && !line.slice(3).includes("  ");
  }
  return line[1] === "\t" && STATUS.has(code[0] ?? "") && line.length > 2;
}

/** `modified:   src/a.ts`, or a path alone. */
function isStated(text: string): boolean {
  const colon = text.indexOf(":   ");
  if (colon > 0) return STATES.has(text.slice(0, colon));
  return text !== "" && !text.includes("\t") && !text.includes(" ");
}

const STATES: ReadonlySet<string> = new Set([
  "modified",
  "new file",
  "deleted",
  "renamed",
  "copied",
  "typechange",
  "both modified",
  "both added",
  "both deleted",
  "added by us",
  "added by them",
  "deleted by us",
  "deleted by them",
]);

const STATUS: ReadonlySet<string> = new Set(" MADRCUT?!");

/** Looks like a path, but is a search hit, a row, or data. */
function isOther(line: string): boolean {
  const first = line[0] ?? "";
  if (first === "{" || first === "<" || first === '"' || first === "#") return true;
  let commas = 0;
  for (let at = 0; at < line.length; at++) {
    const char = line[at];
    if (char === ",") commas++;
    if (char === ":" && at > 1) {
      const next = line.charCodeAt(at + 1);
      if (next >= 48 && next <= 57) return true;
      // `tests/test_a.py::test_b PASSED`: what a runner says of a test.
      if (next === 58 && line.includes(" ", at)) return true;
    }
    if (char === "=" || char === ";") return true;
  }
  return commas > 1;
}
