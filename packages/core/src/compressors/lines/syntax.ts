/** The signs that the writer and the reader of the lossless form share. Rows and shapes are written as in logs. */
import { idEnd, looksLikeRow } from "../log/syntax.ts";

/** Begins a heading: `#=net.ipv4.` */
export const HEADING = "#=";

/** The line above, so many more times: `#*12`. */
export const AGAIN = "#*";

/** The rest of the line is plain text. */
export const PLAIN = "\\";

/** The first line of a shape. */
export interface Head {
  readonly id: string;
  /** Rows. */
  readonly count: number;
  /** Lines of a row. */
  readonly height: number;
  readonly text: string;
}

export function printHead({ id, count, height }: Omit<Head, "text">): string {
  return height === 1 ? `${id}[${count}]=` : `${id}[${count}, ${height} lines]=`;
}

/** Reads `#a[9]=…` and `#a[9, 3 lines]=…`; `undefined` for any other line. */
export function readHead(line: string): Head | undefined {
  if (line.charCodeAt(0) !== 35) return undefined;
  const end = idEnd(line);
  const close = end > 1 && line.charCodeAt(end) === 91 ? line.indexOf("]=", end) : -1;
  if (close < 0) return undefined;
  const [count = "", height] = line.slice(end + 1, close).split(", ");
  const lines = height === undefined ? 1 : Number(height.replace(/ lines$/, ""));
  const head = { id: line.slice(0, end), count: Number(count), height: lines };
  const isOurs = Number.isSafeInteger(head.count) && Number.isSafeInteger(lines) && lines > 0;
  if (!isOurs || !line.startsWith(printHead(head))) return undefined;
  return { ...head, text: line.slice(close + 2) };
}

/** Whether a text could be read as something else than a plain line. */
export function looksLikeNotation(text: string): boolean {
  return (
    text.startsWith(PLAIN) ||
    text.startsWith(HEADING) ||
    text.startsWith(AGAIN) ||
    looksLikeRow(text)
  );
}
