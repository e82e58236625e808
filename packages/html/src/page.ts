/** A page as blocks, of which some are its content and the others stand outside of it. */
import type { Steps } from "@headroom/core";
import { articleOf } from "./article.ts";
import { type Block, writeBlocks } from "./blocks.ts";
import { parseTree, type Tree } from "./tree.ts";

export interface Page {
  readonly tree: Tree;
  /** All of them, in the order of the page. */
  readonly blocks: readonly Block[];
  /** Whether each is content. */
  readonly isContent: readonly boolean[];
  /** What the page is called, where none of its blocks says so. */
  readonly title: string;
  readonly isArticle: boolean;
  /** Where the links of the page lead, in its order. */
  readonly links: readonly string[];
  /** Characters of the source that are no text of the page. */
  readonly markup: number;
}

/** Of the text that may be content, an article has so much at least. */
const ARTICLE_SHARE = 0.4;
/** Of the text of a page, what is not navigation has so much at least: else its names lie. */
const CONTENT_SHARE = 0.2;
/** Characters. */
const LONG_ARTICLE = 8_000;
/** Of the text of a block, so much was chosen. */
const CHOSEN_SHARE = 0.5;

/** Reads a page. Any text is one. */
export function* readPage(source: string): Steps<Page> {
  const tree = yield* parseTree(source);
  yield;
  const article = articleOf(tree);
  yield;
  const written = yield* writeBlocks(tree.root, article ?? new Set());
  const { blocks, links, textCharacters } = written;
  const chosen = blocks.map((block) => block.chosen > block.characters * CHOSEN_SHARE);
  const plain = blocks.map((block) => !block.isBoilerplate && !block.isHidden);
  const isArticle =
    article !== undefined && sizeOf(blocks, chosen) >= sizeOf(blocks, plain) * ARTICLE_SHARE;
  const isContent = isArticle
    ? withTitle(blocks, withBetween(blocks, chosen, plain), tree.title)
    : contentOf(blocks, plain);
  const name = wordsOf(tree.title);
  const isTitled = blocks.some(
    ({ markdown, kind }, at) => isContent[at] && kind === "heading" && isSameName(markdown, name),
  );
  return {
    tree,
    blocks,
    isContent,
    title: isTitled ? "" : tree.title,
    isArticle,
    links,
    markup: source.length - textCharacters,
  };
}

/** Characters in the blocks of a choice. */
function charactersOf(blocks: readonly Block[], isIn: readonly boolean[]): number {
  return blocks.reduce((sum, { characters }, at) => (isIn[at] ? sum + characters : sum), 0);
}

/** Characters in the blocks of a choice that are not in links. */
function sizeOf(blocks: readonly Block[], isIn: readonly boolean[]): number {
  return blocks.reduce(
    (sum, { characters, linked }, at) => (isIn[at] ? sum + Math.max(0, characters - linked) : sum),
    0,
  );
}

/**
 * Readability takes sections out of manuals as it takes boxes out of news: by their shape. News are short; what stands between the
 * paragraphs of a long text is part of it.
 */
function withBetween(
  blocks: readonly Block[],
  chosen: readonly boolean[],
  plain: readonly boolean[],
): readonly boolean[] {
  if (sizeOf(blocks, chosen) < LONG_ARTICLE) return chosen;
  const [first, last] = [chosen.indexOf(true), chosen.lastIndexOf(true)];
  return blocks.map(({ characters, linked }, at) => {
    const isBetween = at > first && at < last;
    return chosen[at] === true || (isBetween && plain[at] === true && linked * 2 < characters);
  });
}

/** Readability takes the title of a page out of its article. */
function withTitle(
  blocks: readonly Block[],
  chosen: readonly boolean[],
  title: string,
): readonly boolean[] {
  const name = wordsOf(title);
  return blocks.map(({ markdown, kind }, at) => {
    if (chosen[at] || kind !== "heading" || !markdown.startsWith("# ")) return chosen[at] ?? false;
    return isSameName(markdown, name);
  });
}

/** Whether a heading says what the page is called; a title often has the name of the site too. */
function isSameName(heading: string, name: string): boolean {
  const words = wordsOf(heading);
  return words !== "" && (name.startsWith(words) || words.includes(name));
}

function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function contentOf(blocks: readonly Block[], plain: readonly boolean[]): readonly boolean[] {
  const all = blocks.map(() => true);
  const isMuch = charactersOf(blocks, plain) > charactersOf(blocks, all) * CONTENT_SHARE;
  return isMuch ? plain : all;
}
