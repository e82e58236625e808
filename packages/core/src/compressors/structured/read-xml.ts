/**
 * Reads XML with `htmlparser2`, which knows no entities but the five of XML and expands nothing.
 *
 * An element becomes a map of its attributes (`@name`), its children by their tags, and its text (`#text`); one that has text only
 * becomes that text. Children whose order says something (text between elements, tags that alternate) stay in one list, `#children`.
 * The parser forgives; what it has to forgive is not well-formed, and is not read here.
 */
import { Meter, STEP_CHARACTERS } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { LineIndex } from "./line-index.ts";
import { type Aside, MAX_DEPTH, type Reading, type SourceEntry, type SourceNode } from "./node.ts";
import { plistValue } from "./plist.ts";
import { untyped } from "./scalar.ts";
import type { XmlElement, XmlText } from "./xml.ts";

/** What is used of the `htmlparser2` package. */
export type XmlParser = Pick<typeof import("htmlparser2"), "Parser">;

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | XmlText)[];
  lastLine: number;
}

/** Several roots one after another are read too: some tools write fragments. */
export function* readXml(text: string, { Parser }: XmlParser): Steps<Reading | undefined> {
  const lines = new LineIndex(text);
  const roots: XmlElement[] = [];
  const open: OpenElement[] = [];
  const asides: Aside[] = [];
  let attributes: (readonly [name: string, value: string])[] = [];
  let isBroken = false;
  let start = 0;
  const parser = new Parser(
    {
      onattribute(name, value) {
        attributes.push([name, value]);
      },
      onopentag(name) {
        const firstLine = lines.lineAt(parser.startIndex);
        const element: OpenElement = {
          name,
          attributes,
          children: [],
          firstLine,
          lastLine: firstLine,
        };
        attributes = [];
        if (roots.length === 0) start = parser.startIndex;
        if (open.length >= MAX_DEPTH) isBroken = true;
        (open.at(-1)?.children ?? roots).push(element);
        open.push(element);
      },
      onclosetag(name, isImplied) {
        const element = open.pop();
        // The parser closes what was left open, and tells so.
        if (isImplied && !text.endsWith("/>", parser.endIndex + 1)) isBroken = true;
        if (element === undefined || element.name !== name) isBroken = true;
        else element.lastLine = lines.lineAt(parser.endIndex);
      },
      ontext(data) {
        const parent = open.at(-1);
        if (data.trim() === "" && parent === undefined) return;
        if (parent === undefined) {
          isBroken = true;
          return;
        }
        const last = parent.children.at(-1);
        const lastLine = lines.lineAt(parser.endIndex);
        // Entities cut a text in pieces.
        if (last !== undefined && "text" in last)
          parent.children[parent.children.length - 1] = {
            ...last,
            text: last.text + data,
            lastLine,
          };
        else
          parent.children.push({
            text: data,
            firstLine: lines.lineAt(parser.startIndex),
            lastLine,
          });
      },
      oncomment(data) {
        asides.push({ line: lines.lineAt(parser.startIndex), text: `<!--${data}-->` });
      },
      onprocessinginstruction(_name, data) {
        asides.push({ line: lines.lineAt(parser.startIndex), text: `<${data}>` });
      },
    },
    { xmlMode: true },
  );
  for (let at = 0; at < text.length && !isBroken; at += STEP_CHARACTERS) {
    parser.write(text.slice(at, at + STEP_CHARACTERS));
    yield;
  }
  const isOpen = open.length > 0;
  parser.end();
  const [first] = roots;
  if (isBroken || isOpen || first === undefined) return undefined;
  const meter = new Meter();
  const items: SourceNode[] = [];
  for (const element of roots) items.push(yield* wrapped(element, meter));
  const last = items.at(-1);
  const root: SourceNode | undefined =
    items.length === 1
      ? items[0]
      : { type: "list", items, firstLine: first.firstLine, lastLine: last?.lastLine ?? 1 };
  // What stands above the first element is shown as it is.
  return (
    root && {
      format: "xml",
      root,
      asides: asides.filter(({ line }) => line > first.firstLine),
      several: items.length > 1,
      span: [start, text.length],
    }
  );
}

/** `{ name: value }`: the tag of a root or of a child among others. */
function* wrapped(element: XmlElement, meter: Meter): Steps<SourceNode> {
  const { name, firstLine, lastLine } = element;
  const value = yield* elementNode(element, meter);
  return { type: "map", entries: [{ key: name, value }], firstLine, lastLine };
}

function* elementNode(element: XmlElement, meter: Meter): Steps<SourceNode> {
  const { attributes, firstLine, lastLine } = element;
  if (meter.isDue(64)) yield;
  const children = element.children.filter(
    (child) => !("text" in child) || child.text.trim() !== "",
  );
  const [only] = children;
  if (attributes.length === 0) {
    if (children.length === 1 && only !== undefined && "text" in only)
      return untyped(only.text, only);
    if (children.length === 0) return { type: "text", text: "", firstLine, lastLine };
    const known = element.name === "plist" ? plistValue(children) : undefined;
    if (known !== undefined) return known;
  }
  const entries: SourceEntry[] = attributes.map(([name, value]) => ({
    key: `@${name}`,
    value: untyped(value, { firstLine, lastLine: firstLine }),
  }));
  if (children.length === 1 && only !== undefined && "text" in only)
    entries.push({ key: "#text", value: untyped(only.text, only) });
  else if (isOrdered(children)) {
    const items: SourceNode[] = [];
    for (const child of children)
      items.push("text" in child ? textOf(child) : yield* wrapped(child, meter));
    entries.push({ key: "#children", value: listOf(items) });
  } else {
    for (let at = 0; at < children.length; ) {
      const { name } = children[at] as XmlElement;
      const items: SourceNode[] = [];
      for (; at < children.length; at++) {
        const child = children[at] as XmlElement;
        if (child.name !== name) break;
        items.push(yield* elementNode(child, meter));
      }
      entries.push({
        key: name,
        value: items.length === 1 ? (items[0] as SourceNode) : listOf(items),
      });
    }
  }
  return { type: "map", entries, firstLine, lastLine };
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
