/**
 * Reads XML into elements.
 *
 * What is not well-formed is not read, but for a text that breaks off: the last tag may be cut in two, and elements may be open.
 */
import { STEP_CHARACTERS } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { LineIndex } from "./line-index.ts";
import { type Aside, MAX_DEPTH, type Reading, type SourceNode } from "./node.ts";
import type { XmlElement, XmlText } from "./xml.ts";
import { commentOf, nodesOf } from "./xml-node.ts";
import { endOfProlog } from "./xml-prolog.ts";
import { pieceAt } from "./xml-scanner.ts";

/** Characters behind the last tag of a text that breaks off. */
const MAX_CUT = 4_000;

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | XmlText)[];
  lastLine: number;
}

/** Several roots one after another are read too: some tools write fragments. */
export function* readXml(text: string): Steps<Reading | undefined> {
  const lines = new LineIndex(text);
  const start = endOfProlog(text);
  const roots: XmlElement[] = [];
  const open: OpenElement[] = [];
  const asides: Aside[] = [];
  /** Behind the last tag or comment that is whole. */
  let cutAt = start;
  let pause = start + STEP_CHARACTERS;
  for (let at = start; at < text.length; ) {
    if (at > pause) {
      yield;
      pause = at + STEP_CHARACTERS;
    }
    const piece = pieceAt(text, at);
    if (piece === "broken") return undefined;
    if (piece === "cut") break;
    const parent = open.at(-1);
    const firstLine = lines.lineAt(at);
    const lastLine = lines.lineAt(piece.end - 1);
    if (piece.type === "open") {
      const { name, attributes } = piece;
      const element: OpenElement = { name, attributes, children: [], firstLine, lastLine };
      (parent?.children ?? roots).push(element);
      if (!piece.isEmpty) open.push(element);
      if (open.length > MAX_DEPTH) return undefined;
    } else if (piece.type === "close") {
      const element = open.pop();
      if (element?.name !== piece.name) return undefined;
      element.lastLine = lastLine;
    } else if (piece.type === "comment") {
      if (parent === undefined) asides.push({ line: firstLine, text: `<!--${piece.text}-->` });
      else parent.children.push(commentOf(piece.text, firstLine, lastLine));
    } else if (parent !== undefined)
      addText(parent.children, { text: piece.text, firstLine, lastLine });
    else if (piece.text.trim() !== "") return undefined;
    if (piece.type !== "text") cutAt = piece.end;
    at = piece.end;
  }
  const isOpen = open.length > 0;
  for (const element of open) element.lastLine = lines.lineAt(text.length);
  // What is cut off at the end is a tag or a text at most, and no root of its own.
  const rest = text.length - cutAt;
  if (isOpen ? rest > MAX_CUT : text.slice(cutAt).trim() !== "") return undefined;
  const [first] = roots;
  if (first === undefined) return undefined;
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

/** Text and CDATA sections beside each other are one text. */
function addText(children: (XmlElement | XmlText)[], words: XmlText): void {
  const last = children.at(-1);
  if (last === undefined || !("text" in last)) children.push(words);
  else
    children[children.length - 1] = {
      text: last.text + words.text,
      firstLine: last.firstLine,
      lastLine: words.lastLine,
    };
}
