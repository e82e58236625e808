/** Which parts of an original a request names. Spans are offsets, so what is served is the original's own bytes. */
import type { JsonDocument } from "../json/document.ts";
import { stringValue } from "../json/lexer.ts";
import type { JsonArray, JsonNode } from "../json/node.ts";
import { clip, clipPlace, quoted } from "./clip.ts";
import { parseRanges, printRange } from "./ranges.ts";

/** A slice of the original and how to name it. */
export interface Span {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** Spans, or why there are none, for the model to read. */
export interface Selection {
  readonly spans: readonly Span[];
  /** What `shown` and `total` count. */
  readonly unit: "characters" | "lines" | "rows" | "matches";
  /** Units the original (or the array at `path`) has. */
  readonly total: number;
  readonly note?: string;
}

/** Offsets at which lines start, and the length of the text at the end. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (
    let at = text.indexOf("\n");
    at >= 0 && at + 1 < text.length;
    at = text.indexOf("\n", at + 1)
  )
    starts.push(at + 1);
  starts.push(text.length);
  return starts;
}

/** Lines by 1-based numbers. */
export function selectLines(text: string, lines: string, limit: number): Selection {
  const starts = lineStarts(text);
  const total = starts.length - 1;
  const ranges = parseRanges(lines, 1, total);
  if (!ranges)
    return none("lines", total, `Cannot read lines ${quoted(lines)}: write "120-180,201".`);
  if (ranges.length === 0)
    return none("lines", total, `No such lines: the original has lines 1-${total}.`);
  let left = limit;
  const spans: Span[] = [];
  for (const range of ranges) {
    if (left <= 0) break;
    const to = Math.min(range.to, range.from + left - 1);
    left -= to - range.from + 1;
    spans.push({
      label: `lines ${printRange({ from: range.from, to })} of ${total}`,
      start: starts[range.from - 1] ?? 0,
      end: starts[to] ?? text.length,
    });
  }
  return { spans, unit: "lines", total };
}

/** Elements of a JSON array by 0-based index. */
export function selectRows(
  document: JsonDocument,
  path: string | undefined,
  rows: string,
  limit: number,
): Selection {
  const found = path === undefined ? largestArray(document) : nodeAt(document, path);
  const array =
    found && found.node.type === "array" ? { path: found.path, node: found.node } : undefined;
  if (!array)
    return none(
      "rows",
      0,
      path === undefined
        ? "The original has no JSON array."
        : `There is no array at ${clipPlace(path)}.`,
    );
  const { items } = array.node;
  const total = items.length;
  const ranges = parseRanges(rows, 0, total - 1);
  if (!ranges) return none("rows", total, `Cannot read rows ${quoted(rows)}: write "0-19,57".`);
  if (ranges.length === 0)
    return none("rows", total, `No such rows: the array has rows 0-${total - 1}.`);
  let left = limit;
  const spans: Span[] = [];
  for (const range of ranges) {
    if (left <= 0) break;
    const to = Math.min(range.to, range.from + left - 1);
    left -= to - range.from + 1;
    const start = items[range.from]?.start;
    const end = items[to]?.end;
    if (start === undefined || end === undefined) continue;
    const where = array.path === "" ? "" : ` of ${clipPlace(array.path)}`;
    spans.push({
      label: `rows ${printRange({ from: range.from, to })} of ${total}${where}`,
      start,
      end,
    });
  }
  return { spans, unit: "rows", total };
}

/** The value at a path. */
export function selectPath(document: JsonDocument, path: string): Selection {
  const found = nodeAt(document, path);
  const total = document.source.length;
  if (!found)
    return none(
      "characters",
      total,
      `There is nothing at ${clipPlace(path)}. ${topLevel(document)}`,
    );
  return {
    spans: [
      {
        label: clipPlace(found.path) || "the whole value",
        start: found.node.start,
        end: found.node.end,
      },
    ],
    unit: "characters",
    total,
  };
}

/** What a reader finds at the top of a JSON original. */
export function topLevel({ root, source }: JsonDocument): string {
  if (root.type === "array") return `The original is an array of ${root.items.length} rows.`;
  if (root.type !== "object") return "The original is a single value.";
  const keys = root.members.slice(0, 40).map(({ key }) => clip(stringValue(source, key), 40));
  return `Its top-level keys: ${keys.join(", ")}${root.members.length > 40 ? ", …" : ""}.`;
}

export function none(unit: Selection["unit"], total: number, note: string): Selection {
  return { spans: [], unit, total, note };
}

interface Found<Node extends JsonNode = JsonNode> {
  readonly path: string;
  readonly node: Node;
}

/** Walks `data.items[3].name`, `$.data["odd key"]` and `items.3`. */
function nodeAt({ root, source }: JsonDocument, path: string): Found | undefined {
  let node = root;
  let walked = "";
  for (const step of stepsOf(path)) {
    if (node.type === "array") {
      const item = isIndex(step) ? node.items[Number(step)] : undefined;
      if (!item) return undefined;
      node = item;
      walked += `[${step}]`;
    } else if (node.type === "object") {
      const member = node.members.findLast(({ key }) => stringValue(source, key) === step);
      if (!member) return undefined;
      node = member.value;
      walked += walked === "" ? step : `.${step}`;
    } else return undefined;
  }
  return { path: walked, node };
}

function isIndex(step: string): boolean {
  for (let i = 0; i < step.length; i++)
    if (step.charCodeAt(i) < 48 || step.charCodeAt(i) > 57) return false;
  return step !== "";
}

function stepsOf(path: string): readonly string[] {
  const steps: string[] = [];
  let step = "";
  const end = (): void => {
    if (step !== "" && !(step === "$" && steps.length === 0)) steps.push(step);
    step = "";
  };
  for (let i = 0; i < path.length; i++) {
    const char = path[i];
    const quote = path[i + 1];
    if (char === "[" && (quote === '"' || quote === "'")) {
      end();
      const close = path.indexOf(`${quote}]`, i + 2);
      if (close < 0) return [...steps, path.slice(i)];
      steps.push(path.slice(i + 2, close));
      i = close + 1;
    } else if (char === "." || char === "[" || char === "]") end();
    else step += char;
  }
  end();
  return steps;
}

/** The array with the most items outside other arrays; its path is named with real keys. */
function largestArray({ root, source }: JsonDocument): Found<JsonArray> | undefined {
  let best: Found<JsonArray> | undefined;
  const queue: Found[] = [{ path: "", node: root }];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { node, path } = next;
    if (node.type === "array" && node.items.length > (best?.node.items.length ?? -1))
      best = { path, node };
    if (node.type !== "object") continue;
    for (const { key, value } of node.members) {
      if (value.type !== "array" && value.type !== "object") continue;
      const name = stringValue(source, key);
      queue.push({ path: clipPlace(path === "" ? name : `${path}.${name}`), node: value });
    }
  }
  return best;
}
