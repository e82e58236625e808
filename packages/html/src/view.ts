/**
 * The view of a page: its content as Markdown, word for word; what has no room is left out by core's view of documents, and every gap
 * says how many blocks it is and on which lines of the source they stand.
 */
import type { Compressor, ShortenContext, Steps, View } from "@headroom/core";
import { textCompressor } from "@headroom/core/compressors";
import { isSteps } from "@headroom/core/kit";
import { type Block, writeBlocks } from "./blocks.ts";
import type { Page } from "./page.ts";
import { type SourceLines, sourceLines } from "./source-lines.ts";

type Statement = NonNullable<View["statements"]>[number];
type Omission = View["omitted"][number];
type Original = Exclude<Awaited<ReturnType<NonNullable<Compressor["original"]>>>, Steps<unknown>>;
type Range = readonly [from: number, to: number];

/** Sequences that a view speaks of: all blocks and links of the page, and the parts of its Markdown. */
const BLOCKS = "blocks";
const LINKS = "links";
const PARTS = "parts";
/** The parts of a document whose links do not say where they lead. */
const BARE_PARTS = "parts without targets";
/** Characters of a token, at most: of a longer document it is not counted whether it has room. */
const TOKEN_CHARACTERS = 6;
/** Tokens of the line about what stands outside of the content. */
const OUTSIDE_TOKENS = 40;
/** Ranges of lines that it names. */
const MAX_RANGES = 5;
/** Where a page has fewer lines, the number of one says nothing. */
const MIN_LINES = 4;
/** What a view is of its page at most. */
const MAX_SHARE = 0.95;

const documents = textCompressor();

/** The content of a page as one document. */
interface Markdown {
  readonly text: string;
  /** The line of it on which each block begins; `undefined` for blocks that are not content. */
  readonly lines: readonly (number | undefined)[];
}

function* markdownOf({ tree, isContent, title, ...page }: Page, isBare: boolean): Steps<Markdown> {
  const blocks = isBare ? (yield* writeBlocks(tree.root, new Set(), false)).blocks : page.blocks;
  const parts: string[] = [];
  let line = 0;
  const add = (text: string): number => {
    parts.push(text);
    const at = line;
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) line++;
    return at;
  };
  if (title !== "") add(`# ${title}\n\n`);
  const lines: (number | undefined)[] = [];
  let before: string | undefined;
  for (const [at, { markdown, kind, isStart }] of blocks.entries()) {
    if (at % 2_048 === 2_047) yield;
    if (!isContent[at]) {
      lines.push(undefined);
      continue;
    }
    const isOneList = !isStart && kind === before && (kind === "item" || kind === "row");
    if (before !== undefined) add(isOneList ? "\n" : "\n\n");
    lines.push(add(markdown));
    before = kind;
  }
  if (before !== undefined) add("\n");
  return { text: parts.join(""), lines };
}

/** `undefined` where a page has no content, or nothing but content. */
export function* viewOf(
  source: string,
  page: Page,
  { counter, budgetTokens, query, firstLine = 1 }: ShortenContext,
): Steps<View | undefined> {
  const full = yield* markdownOf(page, false);
  if (full.text.trim() === "") return undefined;
  // Words come before addresses.
  const isBare =
    page.links.length > 0 &&
    (full.text.length > budgetTokens * TOKEN_CHARACTERS ||
      counter.count(full.text) + OUTSIDE_TOKENS > budgetTokens);
  const markdown = isBare ? yield* markdownOf(page, true) : full;
  const answer = documents.shorten?.(markdown.text, {
    counter,
    budgetTokens: Math.max(0, budgetTokens - OUTSIDE_TOKENS),
    ...(query === undefined ? {} : { query }),
  });
  const shorter = isSteps(answer)
    ? yield* answer as Steps<View | undefined>
    : (answer as undefined);
  const lines = sourceLines(source);
  const places = new Places(page, lines, firstLine);
  const inside = placed(markdown, shorter ?? { text: markdown.text, omitted: [] }, places);
  const outside = outsideOf(page, places);
  const bare = isBare ? withoutTargets(page) : undefined;
  const said = [outside, bare].filter((each) => each !== undefined);
  const text = [inside.text, ...said.map(({ line }) => `${line}\n`)].join("");
  if (text.length > source.length * MAX_SHARE) return undefined;
  const gone = page.blocks.map((_, at) => !page.isContent[at] || inside.blocks.has(at));
  const targets: Omission[] = bare
    ? [{ unit: "link targets", count: bare.count, total: page.links.length }]
    : [];
  const omitted = [...omissionsOf(source, page, gone, shorter?.omitted ?? []), ...targets];
  if (omitted.length === 0) return undefined;
  const parts = inside.statements.map((each) =>
    isBare && each.of === PARTS ? { ...each, of: BARE_PARTS } : each,
  );
  return { text, omitted, statements: [...parts, ...said.flatMap(({ statements }) => statements)] };
}

/** What the check of a view reads. */
export function* originalOf(page: Page): Steps<Original> {
  const full = yield* partsOf((yield* markdownOf(page, false)).text);
  const bare = yield* partsOf((yield* markdownOf(page, true)).text);
  const markdown = page.blocks.map((block) => block.markdown);
  return {
    values(of, field) {
      if (of === PARTS) return full?.values(of, field);
      if (of === BARE_PARTS) return bare?.values(PARTS, field);
      return of === BLOCKS ? markdown : of === LINKS ? page.links : undefined;
    },
  };
}

function* partsOf(markdown: string): Steps<Original | undefined> {
  const answer = documents.original?.(markdown);
  return isSteps(answer) ? yield* answer as Steps<Original> : undefined;
}

/** Where blocks stand in the source, in words. */
class Places {
  readonly #page: Page;
  readonly #lines: SourceLines;
  readonly #firstLine: number;

  constructor(page: Page, lines: SourceLines, firstLine: number) {
    this.#page = page;
    this.#lines = lines;
    this.#firstLine = firstLine;
  }

  linesOf(from: number, to: number): Range {
    const [first, last] = [this.#page.blocks[from], this.#page.blocks[to - 1]];
    const start = this.#lines.at(first?.start ?? 0);
    return [start, Math.max(start, this.#lines.at(Math.max(0, (last?.end ?? 0) - 1))) + 1];
  }

  /** `(lines 4-9, 20)`; nothing where lines say nothing. */
  place(ranges: readonly Range[]): Statement | undefined {
    if (this.#lines.count < MIN_LINES || ranges.length === 0) return undefined;
    const words = ranges.map(([from, to]) => {
      const first = from + this.#firstLine;
      return to - from === 1 ? `${first}` : `${first}-${to - 1 + this.#firstLine}`;
    });
    const isOne = ranges.length === 1 && (ranges[0]?.[1] ?? 0) - (ranges[0]?.[0] ?? 0) === 1;
    const text = `(line${isOne ? "" : "s"} ${words.join(", ")})`;
    return { text, of: "", about: ranges, facts: [] };
  }
}

interface Inside {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** Blocks that are left out. */
  readonly blocks: ReadonlySet<number>;
}

/** A view of the Markdown, its gaps told of the page. */
function placed({ lines }: Markdown, view: View, places: Places): Inside {
  const statements: Statement[] = [];
  const gone = new Set<number>();
  const out: string[] = [];
  const gaps = view.statements ?? [];
  let next = 0;
  /** The block that begins on a line of the Markdown, or behind it. */
  let block = 0;
  const blocksWithin = ([from, to]: Range): readonly number[] => {
    const found: number[] = [];
    for (; block < lines.length && (lines[block] ?? -1) < to; block++) {
      const line = lines[block];
      if (line !== undefined && line >= from) found.push(block);
    }
    return found;
  };
  const say = (...said: readonly (Statement | undefined)[]): void => {
    const all = said.filter((each) => each !== undefined);
    statements.push(...all);
    out.push(all.map(({ text }) => text).join(" "));
  };
  for (const line of view.text.split("\n")) {
    const [gap, where] = [gaps[next], gaps[next + 1]];
    if (gap && line === gap.text) {
      next++;
      const found = blocksWithin(gap.about[0] ?? [0, 0]);
      if (found.length === 0) continue;
      for (const at of found) gone.add(at);
      say(
        blocksSaid(found),
        places.place([places.linesOf(found[0] ?? 0, (found.at(-1) ?? 0) + 1)]),
      );
    } else if (gap && where && line === `${gap.text} ${where.text}`) {
      next += 2;
      // The block that they are a part of began above.
      const [from, to] = where.about[0] ?? [0, 0];
      const first = lines.findLastIndex((at) => at !== undefined && at <= from);
      const last = lines.findLastIndex((at) => at !== undefined && at < to);
      const range = places.linesOf(Math.max(0, first), Math.max(first, last) + 1);
      say(gap, places.place([range]));
    } else out.push(line);
  }
  return { text: out.join("\n"), statements, blocks: gone };
}

function blocksSaid(found: readonly number[]): Statement {
  const count = found.length;
  const text = `… ${count} ${count === 1 ? "block" : "blocks"}`;
  return { text, of: BLOCKS, about: rangesOf(found), facts: [] };
}

/** Numbers in order as ranges. */
function rangesOf(numbers: readonly number[]): readonly Range[] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number) last[1]++;
    else ranges.push([number, number + 1]);
  }
  return ranges;
}

interface Outside {
  readonly line: string;
  readonly statements: readonly Statement[];
}

/** The line about what is not content. */
function outsideOf(
  { blocks, isContent, isArticle, links }: Page,
  places: Places,
): Outside | undefined {
  const outside = [...blocks.keys()].filter((at) => !isContent[at]);
  if (outside.length === 0) return undefined;
  const linked = linksIn(blocks.filter((_, at) => !isContent[at]));
  const count = linked.reduce((sum, [from, to]) => sum + to - from, 0);
  const ofLinks: Statement = {
    text: `${count} of ${links.length} links`,
    of: LINKS,
    about: linked,
    facts: [],
  };
  const ofBlocks: Statement = {
    text: `${outside.length} of ${blocks.length} blocks`,
    of: BLOCKS,
    about: rangesOf(outside),
    facts: [],
  };
  const place = places.place(
    namedRanges(rangesOf(outside).map(([from, to]) => places.linesOf(from, to))),
  );
  const said = count === 0 ? [ofBlocks] : [ofBlocks, ofLinks];
  const what = isArticle ? "stand outside of the article" : "are navigation, footers or hidden";
  const line = `… ${said.map(({ text }) => text).join(" and ")} ${what}${place ? ` ${place.text}` : ""}`;
  return { line, statements: place ? [...said, place] : said };
}

/** The line about links whose targets are left out. */
function withoutTargets({
  blocks,
  isContent,
  links,
}: Page): (Outside & { count: number }) | undefined {
  const linked = linksIn(blocks.filter((_, at) => isContent[at]));
  const count = linked.reduce((sum, [from, to]) => sum + to - from, 0);
  if (count === 0) return undefined;
  const text = `${count} of ${links.length} links`;
  const line = `… ${text} stand without where they lead`;
  return { line, count, statements: [{ text, of: LINKS, about: linked, facts: [] }] };
}

function linksIn(blocks: readonly Block[]): readonly Range[] {
  return blocks.map(({ links }) => links).filter(([from, to]) => to > from);
}

/** The longest ranges of lines, in order, none of which begins within another. */
function namedRanges(ranges: readonly Range[]): readonly Range[] {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  const longest = joined.toSorted((a, b) => b[1] - b[0] - (a[1] - a[0])).slice(0, MAX_RANGES);
  return longest.toSorted((a, b) => a[0] - b[0]);
}

function omissionsOf(
  source: string,
  { blocks, links, markup }: Page,
  gone: readonly boolean[],
  inside: readonly Omission[],
): readonly Omission[] {
  const linksGone = blocks.reduce(
    (sum, { links: [from, to] }, at) => sum + (gone[at] ? to - from : 0),
    0,
  );
  const omitted: readonly Omission[] = [
    { unit: "characters", count: markup, total: source.length, what: "markup" },
    { unit: BLOCKS, count: gone.filter((is) => is).length, total: blocks.length },
    { unit: LINKS, count: linksGone, total: links.length },
    ...inside.filter(({ unit }) => unit === PARTS),
  ];
  return omitted.filter(({ count }) => count > 0);
}
