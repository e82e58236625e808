/**
 * Reads XML with `htmlparser2`, which knows no entities but the five of XML and expands nothing.
 *
 * The parser forgives; what it has to forgive is not well-formed, and is not read here.
 */
import { STEP_CHARACTERS } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { LineIndex } from "./line-index.ts";
import { type Aside, MAX_DEPTH, type Reading, type SourceNode } from "./node.ts";
import type { XmlElement, XmlText } from "./xml.ts";
import { commentOf, nodesOf } from "./xml-node.ts";
import { endOfProlog } from "./xml-prolog.ts";

/** What is used of the `htmlparser2` package. */
export type XmlParser = Pick<typeof import("htmlparser2"), "Parser">;

/** Characters behind the last tag of a text that breaks off. */
const MAX_CUT = 4_000;

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | XmlText)[];
  lastLine: number;
}

/** Several roots one after another are read too: some tools write fragments. */
export function* readXml(text: string, { Parser }: XmlParser): Steps<Reading | undefined> {
  const lines = new LineIndex(text);
  const start = endOfProlog(text);
  /** Of what the parser has just read. */
  const lineOf = (offset: number): number => lines.lineAt(start + offset);
  const roots: XmlElement[] = [];
  const open: OpenElement[] = [];
  const asides: Aside[] = [];
  let attributes: (readonly [name: string, value: string])[] = [];
  let isBroken = false;
  let isEnding = false;
  let isInTag = false;
  /** Behind the last root. */
  let end = start;
  const parser = new Parser(
    {
      onopentagname() {
        isInTag = true;
      },
      onattribute(name, value) {
        attributes.push([name, value]);
      },
      onopentag(name) {
        const firstLine = lineOf(parser.startIndex);
        const element: OpenElement = {
          name,
          attributes,
          children: [],
          firstLine,
          lastLine: firstLine,
        };
        attributes = [];
        isInTag = false;
        if (open.length >= MAX_DEPTH) isBroken = true;
        (open.at(-1)?.children ?? roots).push(element);
        open.push(element);
      },
      onclosetag(name, isImplied) {
        // A tag that is cut in two is closed although it was not opened.
        if (isEnding && isInTag) {
          isInTag = false;
          return;
        }
        const element = open.pop();
        // The parser closes what was left open, and tells so: at the end of a text that breaks off it may.
        const isOwn = !isImplied || text.endsWith("/>", start + parser.endIndex + 1);
        if (!isOwn && !isEnding) isBroken = true;
        if (element === undefined || element.name !== name) isBroken = true;
        else element.lastLine = isOwn ? lineOf(parser.endIndex) : lines.lineAt(text.length);
        if (open.length === 0) end = start + parser.endIndex + 1;
      },
      ontext(data) {
        const parent = open.at(-1);
        if (data.trim() === "" && parent === undefined) return;
        if (parent === undefined) {
          isBroken = true;
          return;
        }
        const last = parent.children.at(-1);
        const lastLine = lineOf(parser.endIndex);
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
            firstLine: lineOf(parser.startIndex),
            lastLine,
          });
      },
      oncomment(data) {
        const line = lineOf(parser.startIndex);
        const parent = open.at(-1);
        if (parent === undefined) asides.push({ line, text: `<!--${data}-->` });
        else parent.children.push(commentOf(data, line, lineOf(parser.endIndex)));
      },
      onprocessinginstruction() {
        // Instructions among elements are rare, and say nothing in the words of the text.
        isBroken = true;
      },
    },
    { xmlMode: true },
  );
  for (let at = start; at < text.length && !isBroken; at += STEP_CHARACTERS) {
    parser.write(text.slice(at, at + STEP_CHARACTERS));
    yield;
  }
  const isOpen = open.length > 0;
  isEnding = true;
  parser.end();
  const [first] = roots;
  // A closing tag too many is passed over by the parser.
  const isMore = !isOpen && endOfProlog(text.slice(end)) < text.length - end;
  const cutAt = text.lastIndexOf(">") + 1;
  // What is cut off at the end is a tag or a text at most.
  if (isOpen && text.length - cutAt > MAX_CUT) return undefined;
  if (isBroken || isMore || first === undefined) return undefined;
  const items = yield* nodesOf(roots, asides);
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
      asides: asides.sort((a, b) => a.line - b.line),
      several: items.length > 1,
      span: [start, text.length],
      ...(isOpen ? { cutAt } : {}),
    }
  );
}
