/** Rows and paths: what a request names in the JSON of an original. */
import { stringValue } from "../json/lexer.ts";
import { isContainer, type JsonNode, type JsonString } from "../json/node.ts";
import { clip, clipPlace, quoted } from "./clip.ts";
import { namesMany, type Step, stepsOf } from "./path.ts";
import { parseRanges, printRange } from "./ranges.ts";
import {
  lineAt,
  lineStarts,
  none,
  type Selection,
  type Span,
  selectLines,
  sizeOf,
  taken,
  units,
} from "./spans.ts";
import { type Original, openString } from "./values.ts";
import {
  childrenOf,
  fieldTexts,
  inside,
  type Place,
  pathsOf,
  rootsOf,
  textOf,
  walk,
} from "./walk.ts";

/** Elements of a JSON array by 0-based index: of the one at `path`, else of the largest; or of what a path with `[*]` names. */
export function selectRows(
  original: Original,
  path: string | undefined,
  rows: string,
  limit: number,
): Selection {
  const found = path === undefined ? largestArray(original) : rowsAt(original, path);
  if (typeof found === "string") return none("rows", 0, found);
  if (found === undefined) return none("rows", 0, "The original has no JSON array.");
  const { items, where } = found;
  const total = items.length;
  const ranges = parseRanges(rows, 0, total - 1);
  if (!ranges) return none("rows", total, `Cannot read rows ${quoted(rows)}: write "0-19,57".`);
  if (ranges.length === 0) {
    const what = total === 0 ? "the array is empty" : `the array has rows 0-${total - 1}`;
    return none("rows", total, `No such rows: ${what}.`);
  }
  const starts = found.lines ? lineStarts(original.text) : [];
  const spans = taken(ranges, limit).flatMap(({ from, to }): readonly Span[] => {
    const label = (range: string): string => `rows ${range} of ${total}${where}`;
    if (found.together) {
      const [first, last] = [items[from], items[to]];
      if (first === undefined || last === undefined) return [];
      const line = found.lines ? ` (line ${lineAt(starts, first.start)})` : "";
      const span = { label: `${label(printRange({ from, to }))}${line}`, start: first.start };
      return [{ ...span, end: last.end, ...sourceOf(original, first.source) }];
    }
    return items.slice(from, to + 1).map((item, at) => ({
      label: label(String(from + at)),
      name: `${from + at}: `,
      start: item.start,
      end: item.end,
      ...sourceOf(original, item.source),
    }));
  });
  return { spans, unit: "rows", total, counted: units(sizeOf(ranges), "row") };
}

/** The value at a path, or all values where it names many. */
export function selectPath(original: Original, path: string, limit?: number): Selection {
  const steps = stepsOf(path);
  const { places, missed, before } = placesAt(original, steps);
  const total = original.text.length;
  const [first] = places;
  if (!first) return none("characters", total, missingAt(original, path, missed, before));
  if (places.length === 1 && !namesMany(steps)) {
    const span = spanOf(original, first);
    return { spans: [span], unit: "characters", total, counted: contentsOf(original, first) };
  }
  return {
    spans: places.map((place) => {
      const { label, start, end, source } = spanOf(original, place);
      const own = place.key === "" ? label : clipPlace(place.key);
      return { label, start, end, name: `${own}: `, ...(source === undefined ? {} : { source }) };
    }),
    unit: "matches",
    total: places.length,
    title: clipPlace(path),
    counted: units(places.length, "value"),
    ...(limit === undefined ? {} : { perPage: limit }),
  };
}

/** Lines of the text at a path; `undefined` where there is no text of several lines. */
export function selectLinesAt(
  original: Original,
  path: string,
  lines: string,
  limit: number,
): Selection | undefined {
  const [place, second] = placesAt(original, stepsOf(path)).places;
  if (place?.node.type !== "string" || second) return undefined;
  return selectLines(textOf(place), lines, limit, { place: clipPlace(place.path) });
}

/** What a path leads to from the values of an original: from their items too, where several stand one below the other. */
export function placesAt(original: Original, steps: readonly Step[]): ReturnType<typeof walk> {
  const roots = rootsOf(original.text, original.values);
  const found = walk(roots, steps);
  if (found.places.length > 0) return found;
  const loosely = walk(roots, steps, false);
  if (loosely.places.length > 0) return loosely;
  const runs = original.values.filter(({ lines }) => lines);
  const each = walk(
    rootsOf(original.text, runs).flatMap((root) => childrenOf(root)),
    steps,
  );
  return each.places.length > 0 ? each : found;
}

/** What a reader finds at the top of an original with JSON. */
export function topLevel({ text, values }: Original): string {
  const [value, ...more] = values;
  if (!value) return "The original is not JSON.";
  const { root } = value;
  const others = more.length > 0 ? ` It has ${more.length} more JSON values.` : "";
  if (root.type === "array")
    return `The original is an array of ${root.items.length} rows.${others}`;
  if (root.type !== "object") return "The original is a single value.";
  const keys = root.members.slice(0, 40).map(({ key }) => clip(stringValue(text, key), 40));
  const rest = root.members.length > 40 ? ", …" : "";
  return `Its top-level keys: ${keys.join(", ")}${rest}.${others}`;
}

interface Rows {
  readonly items: readonly {
    readonly start: number;
    readonly end: number;
    readonly source: string;
  }[];
  /** ` of data.items`, or nothing for the original itself. */
  readonly where: string;
  /** The items stand one behind the other in one text. */
  readonly together: boolean;
  /** Each on a line of its own. */
  readonly lines: boolean;
}

function rowsAt(original: Original, path: string): Rows | string {
  const steps = stepsOf(path);
  const { places, missed, before } = placesAt(original, steps);
  const [place, second] = places;
  if (!place) return missingAt(original, path, missed, before);
  if (second || namesMany(steps)) {
    const items = places.map(({ node, source }) => ({ ...extent(node), source }));
    return { items, where: ` of ${clipPlace(path)}`, together: false, lines: false };
  }
  const [array] = place.node.type === "string" ? inside(place, 0) : [place];
  if (array && isContainer(array.node)) return rowsOf(original, array);
  return `There is no array at ${clipPlace(path)}.${place.node.type === "string" ? " It is a text: ask for its lines." : ""}`;
}

function rowsOf(original: Original, { node, source, path }: Place): Rows {
  const value = original.values.find(({ root }) => root === node);
  const items =
    node.type === "array"
      ? node.items.map((item) => ({ ...extent(item), source }))
      : node.type === "object"
        ? node.members.map(({ key, value: own }) => ({ start: key.start, end: own.end, source }))
        : [];
  const lines = value?.lines ?? false;
  // Broken lines between those of a run are no rows.
  return { items, where: path === "" ? "" : ` of ${clipPlace(path)}`, together: true, lines };
}

function extent({ start, end }: JsonNode): { readonly start: number; readonly end: number } {
  return { start, end };
}

/** Arrays inside larger ones are rows of rows; only short ones, as of an MCP result, are looked into. */
const MAX_WRAPPER = 4;
/** A shorter text is no table of its own. */
const MIN_TEXT = 200;

/** The array with the most items outside other arrays, those in strings included; its path is named with real keys. */
function largestArray(original: Original): Rows | undefined {
  let best: Place | undefined;
  const sizeOfArray = (place: Place | undefined): number =>
    place?.node.type === "array" ? place.node.items.length : -1;
  const texts: Place[] = [];
  const search = (from: readonly Place[]): void => {
    const stack: { place: Place; wrapped: boolean }[] = from
      .toReversed()
      .map((place) => ({ place, wrapped: false }));
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { place, wrapped } = next;
      const { node } = place;
      if (node.type === "string" && mayHoldJson(place.source, node)) texts.push(place);
      if (!wrapped && sizeOfArray(place) > sizeOfArray(best)) best = place;
      if (node.type === "array" && node.items.length > MAX_WRAPPER) continue;
      if (!isContainer(node)) continue;
      for (const child of childrenOf(place))
        if (isContainer(child.node) || child.node.type === "string")
          stack.push({ place: child, wrapped: wrapped || node.type === "array" });
    }
  };
  search(rootsOf(original.text, original.values));
  for (let at = 0; at < texts.length && at < 1_000; at++) search(inside(texts[at] as Place, 0));
  return best && rowsOf(original, best);
}

function mayHoldJson(source: string, { start, end }: JsonString): boolean {
  return end - start >= MIN_TEXT && source.slice(start, end).search(/[[{]/) >= 0;
}

function spanOf(original: Original, { node, source, path }: Place): Span {
  const label = clipPlace(path) || "the whole value";
  // A text of several lines, or of JSON, reads better as what it says than as it is written.
  if (node.type === "string" && node.escaped) {
    const text = stringValue(source, node);
    if (text.includes("\n") || openString(source, node))
      return {
        label: `the text at ${label} (${units(lineStarts(text).length - 1, "line")})`,
        start: 0,
        end: text.length,
        source: text,
      };
  }
  return { label, start: node.start, end: node.end, ...sourceOf(original, source) };
}

function sourceOf(original: Original, source: string): { source?: string } {
  return source === original.text ? {} : { source };
}

function contentsOf(original: Original, place: Place): string {
  const [own] = place.node.type === "string" ? inside(place, 0) : [place];
  const node = own?.node;
  if (node?.type === "array") return units(node.items.length, "row");
  if (node?.type === "object") return units(node.members.length, "key");
  const { source = original.text, start, end } = spanOf(original, place);
  const lines = lineStarts(source.slice(start, end)).length - 1;
  return lines > 1 ? units(lines, "line") : "1 value";
}

/** Why a path leads nowhere, and where what it may mean is. */
function missingAt(
  original: Original,
  path: string,
  missed: Step | undefined,
  before: readonly Place[],
): string {
  if (missed?.kind === "where") {
    const children = before.flatMap((place) => childrenOf(place));
    const nobody = `None of ${units(children.length, "element")} meets ${quoted(missed.text)}.`;
    const field = missed.condition[0]?.[0]?.field ?? [];
    const values = valueCounts(children, field);
    const name = field.join(".") || "the values";
    return values === ""
      ? `${nobody} None has ${clip(name, 40)}.`
      : `${nobody} ${clip(name, 40)}: ${values}.`;
  }
  const roots = rootsOf(original.text, original.values);
  const last = stepsOf(path).at(-1);
  const names = [last, missed].flatMap((step) =>
    step?.kind === "key" || step?.kind === "deep" ? [step.key] : [],
  );
  for (const name of names) {
    const elsewhere = pathsOf(roots, name, 3).map(clipPlace);
    if (elsewhere.length > 0)
      return `${nothingAt(path)} ${clip(name, 40)} is at ${elsewhere.join(", ")}. ${topLevel(original)}`;
  }
  return `${nothingAt(path)} ${topLevel(original)}`;
}

function nothingAt(path: string): string {
  return `There is nothing at ${clipPlace(path)}.`;
}

function valueCounts(places: readonly Place[], field: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const place of places)
    for (const text of fieldTexts(place, field)) counts.set(text, (counts.get(text) ?? 0) + 1);
  const all = [...counts].sort((a, b) => b[1] - a[1]);
  const named = all.slice(0, 8).map(([text, count]) => `${clip(text, 30)} ×${count}`);
  return all.length > 8 ? `${named.join(", ")}, ${all.length - 8} more values` : named.join(", ");
}
