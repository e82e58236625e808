/**
 * `tree -p -u -s -h -D`: a drawing whose entries have columns in brackets, `[-rw-r--r-- 4.5K Nov 28 08:56]  block.ts`.
 *
 * It is a long listing of paths that was drawn: that is how it is written without loss, and how it is shown.
 */
import type { Steps } from "../../types/compressor.ts";
import { nameStart } from "./folder-line.ts";
import { decodeLong, encodeLong } from "./long-form.ts";
import type { ListedRow, LongListing } from "./long-listing.ts";
import { type ColumnRole, readColumns } from "./long-row.ts";
import { drawOutline, type OutlineLine, readOutline } from "./outline.ts";

export interface LongDrawing {
  readonly style: string;
  readonly root: string;
  readonly listing: LongListing;
  /** `META  PATH` of each entry, then the lines after the drawing. */
  readonly lines: readonly string[];
}

const GAP = "  ";
const LEGEND_START = "[tree, drawn in ";
const LEGEND_MIDDLE = ", of ";
const LEGEND_END = "]";
const MAX_TAIL = 4;
/** Keeps the lines after a drawing from being taken for entries. */
const TAIL = "\t";

/** `undefined` where an entry has no columns, or other ones. */
export function readLongDrawing(lines: readonly string[]): LongDrawing | undefined {
  const [first = ""] = lines;
  if (!first.startsWith("[")) return undefined;
  const outline = readOutline(lines);
  if (outline === undefined || outline.lines[0]?.depth !== undefined) return undefined;
  let end = lines.length;
  while (end > 1 && outline.lines[end - 1]?.depth === undefined) end--;
  if (lines.length - end > MAX_TAIL) return undefined;
  const rows: ListedRow[] = [];
  const made: string[] = [];
  const open: string[] = [];
  let roles: readonly ColumnRole[] | undefined;
  let root = "";
  for (const [at, { depth, text }] of outline.lines.slice(0, end).entries()) {
    const close = text.indexOf(`]${GAP}`);
    if (!text.startsWith("[") || close < 2 || (at > 0 && depth === undefined)) return undefined;
    const meta = text.slice(1, close);
    const entry = text.slice(close + 1 + GAP.length);
    const read = readColumns(meta);
    if (read === undefined || (roles !== undefined && roles.join() !== read.roles.join()))
      return undefined;
    roles = read.roles;
    const arrow = meta.startsWith("l") ? entry.indexOf(" -> ") : -1;
    const name = arrow > 0 ? entry.slice(0, arrow) : entry;
    if (at === 0) root = name;
    else if (name.includes("/") && !name.endsWith("/")) return undefined;
    if (depth !== undefined) open.length = Math.min(open.length, depth);
    const top = root.endsWith("/") ? root : `${root}/`;
    const parent = depth === undefined ? "" : (open.at(-1) ?? top);
    const path = parent + name;
    if (depth !== undefined) open.push(path.endsWith("/") ? path : `${path}/`);
    const start = nameStart(path);
    rows.push({
      ...read,
      nameAt: meta.length + GAP.length,
      line: made.length,
      rest: parent + entry,
      folder: path.slice(0, start),
      name: path.slice(start),
    });
    made.push(meta + GAP + parent + entry);
  }
  if (roles === undefined || root === "") return undefined;
  return {
    style: outline.style,
    root,
    listing: { roles, rows, headings: new Map(), others: [], gap: GAP },
    lines: [...made, ...lines.slice(end).map((line) => TAIL + line)],
  };
}

export function* encodeLongDrawing({
  style,
  root,
  listing,
  lines,
}: LongDrawing): Steps<string | undefined> {
  const inner = yield* encodeLong(lines, listing);
  return inner && `${LEGEND_START}${style}${LEGEND_MIDDLE}${root}${LEGEND_END}\n${inner}`;
}

/** The inverse of `encodeLongDrawing`; `undefined` where the text is none. */
export function decodeLongDrawing(encoded: string): readonly string[] | undefined {
  const end = encoded.indexOf("\n");
  const legend = encoded.slice(0, Math.max(0, end));
  if (!legend.startsWith(LEGEND_START) || !legend.endsWith(LEGEND_END)) return undefined;
  const middle = legend.indexOf(LEGEND_MIDDLE);
  const style = legend.slice(LEGEND_START.length, middle);
  const root = legend.slice(middle + LEGEND_MIDDLE.length, -LEGEND_END.length);
  const inner = decodeLong(encoded.slice(end + 1));
  if (inner === undefined || middle < 0) return undefined;
  const top = root.endsWith("/") ? root : `${root}/`;
  const lines: OutlineLine[] = [];
  for (const line of inner) {
    if (line.startsWith(TAIL)) {
      lines.push({ depth: undefined, text: line.slice(TAIL.length) });
      continue;
    }
    const at = line.indexOf(GAP + root);
    if (at < 0) return undefined;
    const meta = line.slice(0, at);
    const rest = line.slice(at + GAP.length);
    if (lines.length === 0) {
      lines.push({ depth: undefined, text: `[${meta}]${GAP}${rest}` });
      continue;
    }
    const arrow = meta.startsWith("l") ? rest.indexOf(" -> ") : -1;
    const path = (arrow > 0 ? rest.slice(0, arrow) : rest).slice(top.length);
    const start = nameStart(path);
    let depth = 0;
    for (let slash = 0; slash < start; slash++) if (path[slash] === "/") depth++;
    lines.push({ depth, text: `[${meta}]${GAP}${rest.slice(top.length + start)}` });
  }
  return drawOutline({ style, lines });
}
