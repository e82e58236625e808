/**
 * `rg --json`: one JSON record a line (begin, match, context, end, summary), and its lossless form.
 *
 * A record becomes `12:text` plus its byte offset and match columns; everything else in it follows from those. Each record
 * is rebuilt and compared with its line, so a record of another ripgrep version, or with bytes instead of text, simply
 * stays as it is. Format: https://docs.rs/grep-printer, "JSON".
 *
 * Trap: match columns count UTF-8 bytes, not characters.
 */
import type { Entry } from "./entry.ts";

const JSON_LEGEND =
  '# rg --json by file: PATH, then LINE:match or LINE-context with @byte offset and match columns; "=" end record, "|" any other line';

interface TextField {
  readonly text?: unknown;
}

interface RipgrepRecord {
  readonly type?: unknown;
  readonly data?: {
    readonly path?: TextField;
    readonly lines?: TextField;
    readonly line_number?: unknown;
    readonly absolute_offset?: unknown;
    readonly submatches?: readonly { readonly start?: unknown; readonly end?: unknown }[];
    readonly binary_offset?: unknown;
    readonly stats?: Readonly<Record<string, unknown>>;
  };
}

const FIRST = '{"type":"begin","data":{"path":';
const PREFIXES: readonly string[] = [
  FIRST,
  '{"type":"match","data":{"path":',
  '{"type":"context","data":{"path":',
  '{"type":"end","data":{"path":',
  '{"type":"summary","data":',
  '{"data":{"elapsed_total":',
];
const STATS = [
  "searches",
  "searches_with_match",
  "bytes_searched",
  "bytes_printed",
  "matched_lines",
  "matches",
] as const;

/** Whether these lines are ripgrep records; looks at the first ones only. */
export function isRipgrepJson(text: string): boolean {
  if (!text.startsWith(FIRST)) return false;
  let start = 0;
  for (let seen = 0; seen < 6 && start < text.length; seen++) {
    if (!PREFIXES.some((prefix) => text.startsWith(prefix, start))) return false;
    const end = text.indexOf("\n", start);
    if (end === -1) break;
    start = end + 1;
  }
  return true;
}

/** One line of the lossless form per record; a record that cannot be rebuilt goes whole after `|`. */
export function encodeRipgrepJson(lines: readonly string[], closed: boolean): string {
  const out: string[] = [JSON_LEGEND];
  let path: string | undefined;
  for (const line of lines) {
    const short = shortOf(line, path);
    if (short === undefined) {
      out.push(`|${line}`);
      continue;
    }
    if (short.path !== undefined) path = short.path;
    out.push(short.text);
  }
  return out.join("\n") + (closed ? "\n" : "");
}

function shortOf(
  line: string,
  current: string | undefined,
): { readonly text: string; readonly path?: string } | undefined {
  const record = recordOf(line);
  const path = record?.data?.path?.text;
  if (record === undefined || typeof path !== "string" || path === "") return undefined;
  if (record.type === "begin") {
    const isPlain = !/^[0-9=|]/.test(path) && !path.includes("\n");
    return isPlain && rebuildBegin(path) === line ? { text: path, path } : undefined;
  }
  if (path !== current) return undefined;
  const text = record.type === "end" ? shortEnd(record) : shortHit(record);
  return text !== undefined && rebuild(text, path) === line ? { text } : undefined;
}

function recordOf(line: string): RipgrepRecord | undefined {
  if (!PREFIXES.some((prefix) => line.startsWith(prefix))) return undefined;
  try {
    return JSON.parse(line) as RipgrepRecord;
  } catch {
    return undefined;
  }
}

/** `12:text @345 0-3 7-9`; `!` after the offset where the file ends without a line end. */
function shortHit({ type, data }: RipgrepRecord): string | undefined {
  const text = data?.lines?.text;
  if (typeof text !== "string" || !Array.isArray(data?.submatches)) return undefined;
  const closed = text.endsWith("\n");
  const content = closed ? text.slice(0, -1) : text;
  if (content.includes("\n")) return undefined;
  const mark = type === "match" ? ":" : "-";
  const spans = data.submatches.map((each) => ` ${String(each?.start)}-${String(each?.end)}`);
  const offset = `@${String(data.absolute_offset)}${closed ? "" : "!"}`;
  return `${String(data.line_number)}${mark}${content} ${offset}${spans.join("")}`;
}

/** `= 0 26239 null 1 1 3203 784 1 1`: seconds, nanoseconds, binary offset, then the statistics. */
function shortEnd({ data }: RipgrepRecord): string | undefined {
  const elapsed = data?.stats?.elapsed as Readonly<Record<string, unknown>> | undefined;
  if (elapsed === undefined || elapsed === null) return undefined;
  const numbers = STATS.map((name) => String(data?.stats?.[name]));
  const binary = String(data?.binary_offset);
  return `= ${String(elapsed.secs)} ${String(elapsed.nanos)} ${binary} ${numbers.join(" ")}`;
}

function rebuildBegin(path: string): string {
  return `{"type":"begin","data":{"path":{"text":${JSON.stringify(path)}}}}`;
}

/** The record that a short line stands for; an unlike text where it stands for none. */
function rebuild(short: string, path: string): string | undefined {
  return short.startsWith("= ") ? rebuildEnd(short, path) : rebuildHit(short, path);
}

function rebuildEnd(short: string, path: string): string | undefined {
  const [secs, nanos, binary, ...numbers] = short.slice(2).split(" ");
  if (numbers.length !== STATS.length) return undefined;
  const human = (Number(secs) + Number(nanos) / 1e9).toFixed(6);
  const stats = STATS.map((name, at) => `"${name}":${numbers[at]}`).join(",");
  return `{"type":"end","data":{"path":{"text":${JSON.stringify(path)}},"binary_offset":${binary},"stats":{"elapsed":{"secs":${secs},"nanos":${nanos},"human":"${human}s"},${stats}}}}`;
}

function rebuildHit(short: string, path: string): string | undefined {
  let end = 0;
  while (short.charCodeAt(end) >= 48 && short.charCodeAt(end) <= 57) end++;
  const at = short.lastIndexOf(" @");
  if (end === 0 || at < end) return undefined;
  const type = short[end] === ":" ? "match" : "context";
  const content = short.slice(end + 1, at);
  const [first = "", ...spans] = short.slice(at + 2).split(" ");
  const open = first.endsWith("!");
  const offset = open ? first.slice(0, -1) : first;
  const lines = open ? content : `${content}\n`;
  const bytes = isAscii(lines) ? undefined : new TextEncoder().encode(lines);
  const submatches: string[] = [];
  for (const span of spans) {
    const dash = span.indexOf("-");
    const from = Number(span.slice(0, dash));
    const to = Number(span.slice(dash + 1));
    const match =
      bytes === undefined
        ? lines.slice(from, to)
        : new TextDecoder().decode(bytes.subarray(from, to));
    submatches.push(`{"match":{"text":${JSON.stringify(match)}},"start":${from},"end":${to}}`);
  }
  return `{"type":"${type}","data":{"path":{"text":${JSON.stringify(path)}},"lines":{"text":${JSON.stringify(lines)}},"line_number":${short.slice(0, end)},"absolute_offset":${offset},"submatches":[${submatches.join(",")}]}}`;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

export function decodeRipgrepJson(text: string): string | undefined {
  if (!text.startsWith(`${JSON_LEGEND}\n`)) return undefined;
  const closed = text.endsWith("\n");
  const lines = text.slice(JSON_LEGEND.length + 1, closed ? -1 : undefined).split("\n");
  const out: string[] = [];
  let path = "";
  for (const line of lines) {
    const first = line.charCodeAt(0);
    if (first === 124) out.push(line.slice(1));
    else if (first === 61 || (first >= 48 && first <= 57)) {
      const record = rebuild(line, path);
      if (record === undefined) return undefined;
      out.push(record);
    } else {
      path = line;
      out.push(rebuildBegin(path));
    }
  }
  return out.join("\n") + (closed ? "\n" : "");
}

/** The same records as entries of a search, one a line, for the lossy form. `records` counts those without a hit. */
export function entriesOfRipgrepJson(lines: readonly string[]): {
  readonly entries: readonly Entry[];
  readonly records: number;
} {
  let records = 0;
  const entries = lines.map((line): Entry => {
    const record = recordOf(line);
    const path = record?.data?.path?.text;
    const text = record?.data?.lines?.text;
    const number = record?.data?.line_number;
    if (typeof path === "string" && typeof text === "string" && typeof number === "number") {
      const content = text.endsWith("\n") ? text.slice(0, -1) : text;
      const kind = record?.type === "match" ? "match" : "context";
      const start = `${number}${kind === "match" ? ":" : "-"}`;
      return { kind, path, rest: start + content, number, body: start.length };
    }
    if (record !== undefined) records++;
    return { kind: "other", path: "", rest: record === undefined ? line : "", number: 0, body: 0 };
  });
  return { entries, records };
}
