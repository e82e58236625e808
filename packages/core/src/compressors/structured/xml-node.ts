/**
 * XML as maps and lists.
 *
 * An element becomes a map of its attributes (`@name`), its children by their tags, and its text (`#text`); one that has text only
 * becomes that text. Children whose order says something (text between elements, tags that alternate) stay in one list, `#children`.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Aside, SourceEntry, SourceNode } from "./node.ts";
import { plistValue } from "./plist.ts";
import { untyped } from "./scalar.ts";
import type { XmlElement, XmlText } from "./xml.ts";

const COMMENT = "#comment";

/** A comment among the children of an element. */
export function commentOf(text: string, firstLine: number, lastLine: number): XmlElement {
  const place = { firstLine, lastLine };
  return { name: COMMENT, attributes: [], children: [{ text, ...place }], ...place };
}

/** Each element under its tag. @param asides gets the comments that stand among other things */
export function* nodesOf(
  elements: readonly XmlElement[],
  asides: Aside[],
): Steps<readonly SourceNode[]> {
  const reader = new ElementReader(asides);
  yield* reader.look(elements);
  const items: SourceNode[] = [];
  for (const element of elements) items.push(yield* reader.wrapped(element));
  return items;
}

class ElementReader {
  readonly #meter = new Meter();
  readonly #asides: Aside[];
  readonly #repeated = new Set<string>();

  constructor(asides: Aside[]) {
    this.#asides = asides;
  }

  /** Notes which tags come several times in one element anywhere: where such a tag comes once, it is a list of one. */
  *look(elements: readonly XmlElement[]): Steps<void> {
    const open = [...elements];
    for (let element = open.pop(); element !== undefined; element = open.pop()) {
      if (this.#meter.isDue(64)) yield;
      const seen = new Set<string>();
      for (const child of element.children) {
        if ("text" in child) continue;
        if (seen.has(child.name)) this.#repeated.add(`${element.name} ${child.name}`);
        seen.add(child.name);
        open.push(child);
      }
    }
  }

  /** `{ name: value }`: the tag of a root or of a child among others. */
  *wrapped(element: XmlElement): Steps<SourceNode> {
    const { name, firstLine, lastLine } = element;
    const value = yield* this.#value(element);
    return { type: "map", entries: [{ key: name, value }], firstLine, lastLine };
  }

  *#value(element: XmlElement): Steps<SourceNode> {
    const { attributes, firstLine, lastLine } = element;
    if (this.#meter.isDue(64)) yield;
    const children = this.#childrenOf(element);
    const [only] = children;
    if (attributes.length === 0) {
      if (children.length === 1 && only !== undefined && "text" in only)
        return untyped(only.text, only);
      if (children.length === 0) return { type: "text", text: "", firstLine, lastLine };
    }
    const known = element.name === "plist" ? plistValue(children) : undefined;
    const entries: SourceEntry[] = attributes.map(([name, value]) => ({
      key: `@${name}`,
      value: untyped(value, { firstLine, lastLine: firstLine }),
    }));
    if (known?.type === "map") for (const entry of known.entries) entries.push(entry);
    else if (known !== undefined) entries.push({ key: "#value", value: known });
    else if (children.length === 1 && only !== undefined && "text" in only)
      entries.push({ key: "#text", value: untyped(only.text, only) });
    else if (isOrdered(children)) {
      const items: SourceNode[] = [];
      for (const child of children)
        items.push("text" in child ? textOf(child) : yield* this.wrapped(child));
      entries.push({ key: "#children", value: listOf(items) });
    } else {
      for (let at = 0; at < children.length; ) {
        const { name } = children[at] as XmlElement;
        const items: SourceNode[] = [];
        for (; at < children.length; at++) {
          const child = children[at] as XmlElement;
          if (child.name !== name) break;
          items.push(yield* this.#value(child));
        }
        const isList = items.length > 1 || this.#repeated.has(`${element.name} ${name}`);
        entries.push({ key: name, value: isList ? listOf(items) : (items[0] as SourceNode) });
      }
    }
    return { type: "map", entries, firstLine, lastLine };
  }

  /** Texts with more than white space, and elements. Comments that stand together are one more child; others are asides. */
  #childrenOf({ children }: XmlElement): readonly (XmlElement | XmlText)[] {
    const own = children.filter((child) => !("text" in child) || child.text.trim() !== "");
    if (!own.some(isComment) || isOneRun(own)) return own;
    for (const child of own)
      if (isComment(child)) {
        const [text] = (child as XmlElement).children as readonly XmlText[];
        this.#asides.push({ line: child.firstLine, text: `<!--${text?.text ?? ""}-->` });
      }
    return own.filter((child) => !isComment(child));
  }
}

function isComment(child: XmlElement | XmlText | undefined): boolean {
  return child !== undefined && "name" in child && child.name === COMMENT;
}

/** Whether comments stand together among elements, and not between two of the same tag. */
function isOneRun(children: readonly (XmlElement | XmlText)[]): boolean {
  const first = children.findIndex(isComment);
  const last = children.findLastIndex(isComment);
  if (first < 0 || last - first + 1 === children.length) return false;
  const [before, behind] = [children[first - 1], children[last + 1]];
  if (before !== undefined && "name" in before && behind !== undefined && "name" in behind)
    if (before.name === behind.name) return false;
  return (
    children.slice(first, last).every(isComment) &&
    children.every((child) => isComment(child) || "name" in child)
  );
}

/** Whether there is text between elements, or a tag comes again behind another one. */
function isOrdered(children: readonly (XmlElement | XmlText)[]): boolean {
  const seen = new Set<string>();
  let last: string | undefined;
  for (const child of children) {
    if ("text" in child) return true;
    if (child.name === last) continue;
    if (seen.has(child.name)) return true;
    seen.add(child.name);
    last = child.name;
  }
  return false;
}

function listOf(items: readonly SourceNode[]): SourceNode {
  const firstLine = items[0]?.firstLine ?? 1;
  return { type: "list", items, firstLine, lastLine: items.at(-1)?.lastLine ?? firstLine };
}

/** A text between elements, without the white space around it. */
function textOf(child: XmlText): SourceNode {
  return untyped(child.text.trim(), child);
}
