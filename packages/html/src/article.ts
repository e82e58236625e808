/// <reference path="./jsdom-parser.d.ts" />
/**
 * What of a page is its article, by Readability.
 *
 * Readability only chooses: it works on a copy of the page in the small DOM that comes with it, changes it at will, and what is left of
 * it names the elements that are content. The words that are shown come from the tree.
 */
import { Readability } from "@mozilla/readability";
import JSDOMParser, { type DomElement } from "@mozilla/readability/JSDOMParser.js";
import { VOID } from "./tags.ts";
import { type Element, isText, type Tree } from "./tree.ts";

/** The work of Readability cannot rest in between: of a larger page the structure is shown. */
const MAX_ELEMENTS = 10_000;
const MAX_DEPTHS = 150_000;
const MAX_CHARACTERS = 600_000;
/** Characters. What is shorter is no article. */
const MIN_ARTICLE = 400;
/** What a page with an article has in paragraphs: the root of what each is longer than this, summed up. */
const LONG_PARAGRAPH = 110;
const MIN_PARAGRAPHS = 20;
/** What elements are named by in the copy. An attribute of its own each: Readability puts those of two elements together. */
const MARK = "hr-";

/** Ids of the elements whose text is the article; `undefined` where there is none. */
export function articleOf({
  root,
  elements,
  depths,
  title,
}: Tree): ReadonlySet<number> | undefined {
  if (elements > MAX_ELEMENTS || depths > MAX_DEPTHS) return undefined;
  if (root.characters > MAX_CHARACTERS) return undefined;
  if (root.characters < MIN_ARTICLE || paragraphsIn(root) < MIN_PARAGRAPHS) return undefined;
  try {
    const parts = [`<html><head><title>${escaped(title)}</title></head><body>`];
    copyChildren(root, parts);
    parts.push("</body></html>");
    const found = new Readability<DomElement>(new JSDOMParser().parse(parts.join("")), {
      serializer: (node) => node as unknown as DomElement,
      charThreshold: MIN_ARTICLE,
      disableJSONLD: true,
    }).parse();
    return found?.content ? marksOf(found.content) : undefined;
  } catch {
    // It was not written for every page that can be made.
    return undefined;
  }
}

function paragraphsIn(element: Element): number {
  let sum = 0;
  let hasBreaks = false;
  for (const node of element.children) {
    if (isText(node)) continue;
    if (node.tag === "br") hasBreaks = true;
    sum += paragraphsIn(node);
  }
  const isParagraph =
    element.tag === "p" || element.tag === "pre" || (element.tag === "div" && hasBreaks);
  const characters = element.characters - element.linkCharacters - LONG_PARAGRAPH;
  return isParagraph && characters > 0 ? sum + Math.sqrt(characters) : sum;
}

/** Attributes that Readability looks at. */
const ATTRIBUTES =
  "alt class colspan content href id itemprop itemtype name property rel role rowspan src style hidden aria-hidden aria-modal summary".split(
    " ",
  );

function copyChildren(element: Element, parts: string[]): void {
  for (const node of element.children) {
    if (isText(node)) parts.push(escaped(node.text));
    else if (node.tag !== "head") copyElement(node, parts);
  }
}

function copyElement(element: Element, parts: string[]): void {
  const { tag, id, attributes } = element;
  // A page has one body, which is there already.
  const name = tag === "html" || tag === "body" || !/^[a-z][a-z0-9-]*$/.test(tag) ? "div" : tag;
  parts.push(`<${name} ${MARK}${id}="1"`);
  for (const each of ATTRIBUTES) {
    const value = attributes.get(each);
    // A link that leads nowhere would be replaced by its text.
    if (value !== undefined && !/^\s{0,9}javascript:/i.test(value))
      parts.push(` ${each}="${escaped(value)}"`);
  }
  if (VOID.has(name)) {
    parts.push("/>");
    return;
  }
  parts.push(">");
  copyChildren(element, parts);
  parts.push(`</${name}>`);
}

function escaped(text: string): string {
  return /[&<>"]/.test(text)
    ? text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;")
    : text;
}

function marksOf(content: DomElement): ReadonlySet<number> {
  const marks = new Set<number>();
  for (const { attributes } of content.getElementsByTagName("*"))
    for (const { name } of attributes)
      if (name.startsWith(MARK)) marks.add(Number(name.slice(MARK.length)));
  return marks;
}
