/**
 * The lossless form of a log: shapes of lines named once, rows of what varies, stamps by their changed end, short names for
 * long text, counts for repeated lines.
 *
 *     #a=npm http fetch GET 200 https://registry.npmjs.org/{} {}ms (cache miss)
 *     #a lodash 26
 *     #a axios 29
 *     ^8412 a line whose stamp differs from the one above in its last digits
 *     ×3
 *
 * A shape stands where it is first used, and lines without one are printed as they are, so that the text reads from top to
 * bottom like the log. Follows the template coding of Drain and of Logzip (Liu et al., 2019), with the rows left in order.
 *
 * Trap: whatever a plain line could be mistaken for is escaped with a backslash; the decoder runs on every result.
 */
import { type LineEnd, splitLines } from "../shared/lines.ts";
import { applyAliases, chooseAliases, indexAliases, SIGN } from "./alias.ts";
import { braceLists, looksBraced } from "./braces.ts";
import type { RowTemplate } from "./columns.ts";
import { stampTail, tailOf } from "./ditto.ts";
import { type Assigned, groupLines } from "./grouping.ts";
import { FAILURE, severityOf } from "./severity.ts";
import { CRLF, type Entry, entryOf, isDefinition, LEGEND, looksLikeRow } from "./syntax.ts";

export interface EncodeOptions {
  /**
   * Print every failure in full, without shapes and names, for a reader who shall see it at once.
   * @default false
   */
  readonly plainFailures?: boolean;
}

/** `undefined` when there is nothing to gain or the text cannot be coded. */
export function encodeLog(text: string, options: EncodeOptions = {}): string | undefined {
  const { plainFailures = false } = options;
  const closed = text.endsWith("\n");
  const split = text.includes("\r\n") ? splitLines(text) : undefined;
  const crlf = split !== undefined && isAllCrlf(split.end);
  const lines = crlf ? split.text : (closed ? text.slice(0, -1) : text).split("\n");
  if (lines.length < 4 && text.length < 4_000) return undefined;
  const entries = lines.map(entryOf);
  const isPlain = (line: string): boolean => plainFailures && severityOf(line, line) === FAILURE;
  const templates = groupLines(
    entries.map(({ content }) => content),
    isPlain,
  );
  const body = printBody(lines, entries, templates);
  const aliases = text.includes(SIGN) ? [] : chooseAliases(body);
  const index = indexAliases(aliases);
  const out: string[] = [LEGEND];
  if (crlf) out.push(CRLF);
  for (const { name, text: long } of aliases) out.push(`${name}=${long}`);
  printRepeats(
    index.size === 0
      ? body
      : body.map((line) =>
          isDefinition(line) || (plainFailures && isPlain(afterTail(line)))
            ? line
            : applyAliases(line, index),
        ),
    out,
  );
  return out.join("\n") + (closed ? "\n" : "");
}

/** Lines of which some end in CRLF and some do not keep their `\r` as text. */
function isAllCrlf(ends: readonly LineEnd[]): boolean {
  return ends.every((end, i) => end === "\r\n" || (end === "" && i === ends.length - 1));
}

/** A body line without the end of its stamp. */
function afterTail(line: string): string {
  return line[0] === "^" ? line.slice(line.indexOf(" ") + 1) : line;
}

function printBody(
  lines: readonly string[],
  entries: readonly Entry[],
  assigned: readonly (Assigned | undefined)[],
): readonly string[] {
  const out: string[] = [];
  const ids = nameTemplates(assigned);
  const defined = new Set<RowTemplate>();
  const above = new Map<RowTemplate, string[]>();
  let previous: string | undefined;
  for (let i = 0; i < entries.length; i++) {
    const { content, stamp, bare } = entries[i] as Entry;
    const row = assigned[i];
    let body: string;
    if (row) {
      const id = ids.get(row.template) ?? "";
      if (!defined.has(row.template)) {
        defined.add(row.template);
        out.push(`#${id}=${row.template.text}`);
      }
      const { columns } = row.template;
      const values: string[] = new Array(columns.length);
      for (let at = 0; at < columns.length; at++) values[at] = columns[at]?.[row.row] ?? "";
      body = printRow(id, values, above.get(row.template));
      above.set(row.template, values);
    } else {
      body = content;
    }
    if (stamp === undefined) {
      out.push(row ? body : escapeLine(body));
      continue;
    }
    let tail = previous === undefined ? undefined : stampTail(previous, stamp);
    // The first space ends the tail, so that those within it (`14 10:00:05`) are written as `_`.
    if (tail?.includes("_")) tail = undefined;
    if (tail?.includes(" ")) tail = tail.replaceAll(" ", "_");
    previous = stamp;
    const head = tail === undefined ? stamp : `^${tail}`;
    if (bare) out.push(tail === undefined ? escapeLine(lines[i] ?? "") : head);
    else out.push(`${head} ${row ? body : escapeContent(body)}`);
  }
  return out;
}

/** Short names for the most used shapes. */
function nameTemplates(
  assigned: readonly (Assigned | undefined)[],
): ReadonlyMap<RowTemplate, string> {
  const uses = new Map<RowTemplate, number>();
  for (const row of assigned) if (row) uses.set(row.template, (uses.get(row.template) ?? 0) + 1);
  const ranked = [...uses.keys()].sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0));
  return new Map(ranked.map((template, at) => [template, letters(at)]));
}

function letters(index: number): string {
  let name = "";
  for (let at = index + 1; at > 0; at = Math.floor((at - 1) / 26))
    name = String.fromCharCode(97 + ((at - 1) % 26)) + name;
  return name;
}

function printRow(
  id: string,
  values: readonly string[],
  above: readonly string[] | undefined,
): string {
  let out = `#${id}`;
  // Values at the end that are those above are not given.
  let dittos = "";
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? "";
    const old = above?.[at];
    if (old === value) {
      dittos += " ^";
      continue;
    }
    out += dittos;
    dittos = "";
    const tail = old !== undefined && value.length >= 6 ? tailOf(old, value) : undefined;
    out +=
      tail !== undefined && tail.length * 2 <= value.length && !hasSpace(tail)
        ? ` ^${tail}`
        : ` ${quoted(value)}`;
  }
  return out;
}

function quoted(value: string): string {
  if (value === "" || hasSpace(value)) return `"${value}"`;
  const first = value[0];
  return first === "^" || first === "\\" || first === '"' ? `\\${value}` : value;
}

function hasSpace(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) <= 32) return true;
  return false;
}

/** A plain line that could be taken for something else. */
function escapeLine(line: string): string {
  const first = line[0];
  if (first === "^" || first === "×" || first === SIGN || line === CRLF) return `\\${line}`;
  return escapeContent(line);
}

function escapeContent(content: string): string {
  const braced = braceLists(content);
  if (braced !== undefined) return braced;
  return content[0] === "\\" || looksLikeRow(content) || looksBraced(content)
    ? `\\${content}`
    : content;
}

function printRepeats(body: readonly string[], out: string[]): void {
  for (let i = 0; i < body.length; i++) {
    const line = body[i] ?? "";
    out.push(line);
    let end = i + 1;
    while (end < body.length && body[end] === line) end++;
    // One more short line is cheaper than a count.
    if (end - i > 2 && (line.length > 0 || end - i > 3)) {
      out.push(`×${end - i - 1}`);
      i = end - 1;
    }
  }
}
