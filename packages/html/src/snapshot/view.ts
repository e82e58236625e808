/**
 * The view of a snapshot: everything that can be clicked, filled in or chosen with its ref and its name, headings and alerts; the other
 * texts as far as there is room, those first that the question asks for.
 */
import type { Compressor, Omission, ShortenContext, Steps, View } from "@headroom/core";
import { asItStands, type Item, type Part, partOf, printItems, printPart } from "./items.ts";
import type { NodeLine } from "./node-line.ts";
import { ITEM, REGION } from "./roles.ts";
import { readTree, type SnapshotTree } from "./tree.ts";
import { isInteractive, type Wanted, wantedOf } from "./wanted.ts";

type Statement = NonNullable<View["statements"]>[number];
type Original = Exclude<Awaited<ReturnType<NonNullable<Compressor["original"]>>>, Steps<unknown>>;

const TARGETS = "link targets";
const ROLE = "role";
/** Characters of an item that is shown on one line. */
const MAX_ITEM = 300;
/** Of the room, what can be clicked may have so much with where it leads. */
const TARGETS_SHARE = 0.5;
/** Characters of a token, at least: for texts that are chosen before they are counted. */
const TOKEN_CHARACTERS = 3;
/** How often the choice is made smaller until it has room. */
const MAX_TRIES = 4;
/** Characters and lines of words that are left out in one place, for it to be told there. */
const MIN_GAP = 400;
const MIN_GAP_LINES = 3;
const MAX_ROLES = 4;
const LEGEND =
  "[snapshot] e7 is [ref=e7], as tools take it; a line with - or | is one item or row; … ends a line behind which text is left out";
const UID_LEGEND = LEGEND.replace("e7 is [ref=e7]", "1_7 is uid=1_7");

interface Rendered {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** Lines that are left out. */
  readonly gone: readonly number[];
}

/** `undefined` where there is nothing to leave out. */
export function* viewOfSnapshot(
  text: string,
  { counter, budgetTokens, query, firstLine = 1 }: ShortenContext,
): Steps<View | undefined> {
  const tree = yield* readTree(text);
  if (!tree.nodes.some((node) => node !== undefined && isInteractive(node))) return undefined;
  const wanted = wantedOf(tree, query);
  const { always, others } = wanted;
  yield;
  const layout = layoutOf(tree);
  const render = (shown: readonly boolean[], hasTargets: boolean): Rendered =>
    rendered(tree, wanted, layout, shown, hasTargets, firstLine);
  let best = render(always, true);
  let tokens = counter.count(best.text);
  yield;
  const hasTargets = tokens <= budgetTokens * TARGETS_SHARE;
  if (!hasTargets) {
    best = render(always, false);
    tokens = counter.count(best.text);
  }
  let room = budgetTokens - tokens;
  for (let tries = 0; tries < MAX_TRIES && room > 0; tries++) {
    yield;
    const shown = always.slice();
    let left = room * TOKEN_CHARACTERS;
    for (const at of others) {
      left -= (tree.lines[at] ?? "").trimStart().length;
      if (left < 0) break;
      shown[at] = true;
    }
    const more = render(shown, hasTargets);
    if (counter.count(more.text) <= budgetTokens) {
      best = more;
      break;
    }
    room = Math.floor(room * 0.7);
  }
  const { gone, statements } = best;
  if (gone.length === 0) return undefined;
  const targets = targetsOf(tree);
  const omitted: Omission[] = [{ unit: "lines", count: gone.length, total: tree.lines.length }];
  if (!hasTargets && targets.length > 0)
    omitted.push({ unit: TARGETS, count: targets.length, total: targets.length });
  return { text: best.text, omitted, statements };
}

/** What the check of a view reads. */
export function* originalOfSnapshot(text: string): Steps<Original> {
  const tree = yield* readTree(text);
  return {
    values(of, field) {
      if (of === "" && field === ROLE) return tree.nodes.map(roleOf);
      return of === TARGETS && field === undefined ? targetsOf(tree) : undefined;
    },
  };
}

function roleOf(node: NodeLine | undefined): string | undefined {
  return node && (node.role || "text");
}

/** Where the links of a page lead, in its order. */
function targetsOf({ nodes, urls }: SnapshotTree): readonly string[] {
  return nodes.flatMap((node, at) => {
    const target = node && (urls.has(at) ? node.value : urlOf(node));
    return target === undefined ? [] : [target];
  });
}

/** Of Chrome DevTools. */
function urlOf({ attributes }: NodeLine): string | undefined {
  return attributes.find((each) => each.startsWith('url="'))?.slice(5, -1);
}

/** By line: the line behind all that an element holds. */
function layoutOf({ nodes }: SnapshotTree): readonly number[] {
  const ends: number[] = nodes.map((_, at) => at + 1);
  const open: { readonly at: number; readonly depth: number }[] = [];
  /** Behind the last element so far: what is no element belongs to none. */
  let end = 0;
  const close = (depth: number): void => {
    for (let last = open.at(-1); last && last.depth >= depth; last = open.at(-1)) {
      ends[last.at] = end;
      open.pop();
    }
  };
  for (const [at, node] of nodes.entries()) {
    if (node === undefined) continue;
    close(node.depth);
    open.push({ at, depth: node.depth });
    end = at + 1;
  }
  close(0);
  return ends;
}

function rendered(
  tree: SnapshotTree,
  { speaks }: Wanted,
  ends: readonly number[],
  shown: readonly boolean[],
  hasTargets: boolean,
  firstLine: number,
): Rendered {
  const { lines, nodes, urls } = tree;
  const isUid = nodes.some((node) => node !== undefined && !node.hasBullet);
  const out: (string | Item)[] = [isUid ? UID_LEGEND : LEGEND];
  const statements: Statement[] = [];
  const gone: number[] = [];
  /** Sums over the lines before each: how many are shown, and their characters. */
  const counts: number[] = [0];
  const sizes: number[] = [0];
  /** By line: where it leads, where that is told. */
  const targets: (string | undefined)[] = [];
  for (const [at, node] of nodes.entries()) {
    const target = urls.has(at + 1) ? nodes[at + 1]?.value : node && urlOf(node);
    targets.push(hasTargets ? target : undefined);
    const size = node === undefined || !shown[at] ? 0 : printPart(partOf(node, targets[at])).length;
    counts.push((counts[at] ?? 0) + (shown[at] ? 1 : 0));
    sizes.push((sizes[at] ?? 0) + size);
  }
  const shownIn = (from: number, to: number): number => (counts[to] ?? 0) - (counts[from] ?? 0);
  /** Since the last line that is written. */
  let gap: number[] = [];
  const tellGap = (level: number): void => {
    const words = gap.filter((at) => speaks[at]);
    const characters = words.reduce((sum, at) => sum + (lines[at] ?? "").trim().length, 0);
    if (words.length >= MIN_GAP_LINES && characters >= MIN_GAP) {
      const [first = 0, last = 0] = [gap[0], gap.at(-1)];
      const count = last - first + 1;
      const text = `… ${count} lines (lines ${first + firstLine}-${last + firstLine})`;
      statements.push({ text, of: "", about: [[first, last + 1]], facts: [] });
      out.push(" ".repeat(level) + text);
    } else if (words.length > 0 && out.length > 1) markCut();
    gap = [];
  };
  const markCut = (): void => {
    const last = out.at(-1) ?? "";
    if (typeof last !== "string") out[out.length - 1] = { ...last, isCut: true };
    else if (!last.endsWith(" …") && !last.trimStart().startsWith("…")) out.push(`${out.pop()} …`);
  };
  const leave = (at: number): void => {
    gone.push(at);
    gap.push(at);
  };
  /** Levels of the elements that are written around a line. */
  const around: { readonly end: number; readonly level: number }[] = [];
  let at = 0;
  while (at < nodes.length) {
    while ((around.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= at) around.pop();
    const level = around.at(-1)?.level ?? 0;
    const node = nodes[at];
    const end = ends[at] ?? at + 1;
    if (node === undefined) {
      if (shown[at]) {
        tellGap(level);
        out.push(lines[at] ?? "");
      } else leave(at);
      at++;
      continue;
    }
    const within = shownIn(at, end);
    if (within === 0) {
      const isShownUrl = urls.has(at) && hasTargets && shown[at - 1] === true;
      if (isShownUrl) at++;
      else for (; at < end; at++) leave(at);
      continue;
    }
    const size = (sizes[end] ?? 0) - (sizes[at] ?? 0) + within * 3;
    if (ITEM.has(node.role) && size <= MAX_ITEM) {
      tellGap(level);
      const parts: Part[] = [];
      let isCut = false;
      for (let line = at; line < end; line++) {
        const isShownUrl = urls.has(line) && hasTargets && shown[line - 1] === true;
        const one = nodes[line];
        if (shown[line])
          parts.push(one ? partOf(one, targets[line]) : asItStands((lines[line] ?? "").trim()));
        else if (line > at && !isShownUrl) {
          gone.push(line);
          if (speaks[line]) isCut = true;
        }
      }
      out.push({ level, parts, isCut });
      at = end;
      continue;
    }
    const isRegion = REGION.has(node.role) || (node.name !== "" && end > at + 1);
    if (shown[at] || isRegion) {
      tellGap(level);
      out.push(" ".repeat(level) + printPart(partOf(node, shown[at] ? targets[at] : undefined)));
      around.push({ end, level: level + 1 });
    } else leave(at);
    at++;
  }
  tellGap(0);
  tellRest();
  return { text: `${printItems(out).join("\n")}\n`, statements, gone };

  function tellRest(): void {
    const roles = new Map<string, number>();
    for (const line of gone) {
      const role = roleOf(nodes[line]);
      if (role !== undefined) roles.set(role, (roles.get(role) ?? 0) + 1);
    }
    const sorted = [...roles].sort((a, b) => b[1] - a[1]);
    const named = sorted.slice(0, MAX_ROLES);
    const others = sorted.length - named.length;
    if (gone.length > 0) {
      const words = named.map(([role, count]) => `${role} ×${count}`);
      const all = [...words, ...(others > 0 ? [`${others} more values`] : [])].join(", ");
      const said = named.length > 0 ? `: ${ROLE} ${all}` : "";
      const text = `… ${gone.length} of ${nodes.length} lines are left out in all${said}`;
      const counts = { says: "counts", counts: named, others } as const;
      const isNamed = named.length > 0;
      statements.push({
        text,
        of: "",
        about: rangesOf(gone),
        ...(isNamed ? { field: ROLE, facts: [counts] } : { facts: [] }),
      });
      out.push(text);
    }
    const count = targetsOf(tree).length;
    if (hasTargets || count === 0) return;
    const text = `… ${count} of ${count} ${TARGETS} are left out`;
    statements.push({ text, of: TARGETS, about: [[0, count]], facts: [] });
    out.push(text);
  }
}

function rangesOf(numbers: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === number) last[1]++;
    else ranges.push([number, number + 1]);
  }
  return ranges;
}
