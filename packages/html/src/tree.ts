/**
 * A page as a tree that knows where each piece of text stands in the source.
 *
 * The tokenizer is the one of htmlparser2; the tree is built here, because of what a hostile page may do to a stack of open elements:
 * here an end tag costs the same however deep the page is, and what is nested deeper than `MAX_DEPTH` stands beside its parent.
 * Nothing of a page is ever run or loaded.
 */
import type { Steps } from "@headroom/core";
import { Tokenizer } from "htmlparser2";
import { BLOCK, ENDS, UNREAD, VOID } from "./tags.ts";

export interface TextNode {
  readonly text: string;
  /** Offsets in the source. */
  readonly start: number;
  readonly end: number;
}

export interface Element {
  readonly tag: string;
  /** Counted through the page, from 1; the root is 0. */
  readonly id: number;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | TextNode)[];
  readonly start: number;
  /** It contains an element that begins a block. */
  hasBlocks: boolean;
  /** Characters of text in it that are no white space, and those of them in links. */
  characters: number;
  linkCharacters: number;
}

export interface Tree {
  readonly root: Element;
  readonly elements: number;
  /** How deep each element stands, summed up: about what it costs to look at what is around each. */
  readonly depths: number;
  readonly title: string;
}

export function isText(node: Element | TextNode): node is TextNode {
  return "text" in node;
}

/** Elements around an element. The walkers over a tree call themselves as deep as this. */
const MAX_DEPTH = 150;
/** Characters that are read between two yields. */
const STEP = 32_768;

/** The tree of a page; any text is one. */
export function* parseTree(source: string): Steps<Tree> {
  const builder = new Builder(source);
  const tokenizer = new Tokenizer({ decodeEntities: true }, builder);
  for (let at = 0; at < source.length; at += STEP) {
    if (at > 0) yield;
    tokenizer.write(source.slice(at, at + STEP));
  }
  tokenizer.end();
  return builder.finish();
}

class Builder {
  readonly #source: string;
  readonly #root: Element = elementOf("#root", 0, 0);
  #open: Element[] = [this.#root];
  /** How many elements of a name are open, and how many more are too deep to be. */
  readonly #names = new Map<string, number>();
  readonly #tooDeep = new Map<string, number>();
  #elements = 0;
  #depths = 0;
  #title = "";
  /** The element whose content is not read, and how many of its name are open in it. */
  #unread = "";
  #unreadDepth = 0;
  #tag = "";
  #tagStart = 0;
  #attributes = new Map<string, string>();
  #attribute = "";
  #value = "";
  #text = "";
  #textStart = -1;
  #textEnd = 0;

  constructor(source: string) {
    this.#source = source;
  }

  finish(): Tree {
    this.#endText();
    while (this.#open.length > 1) this.#pop();
    return { root: this.#root, elements: this.#elements, depths: this.#depths, title: this.#title };
  }

  ontext(start: number, end: number): void {
    this.#addText(this.#source.slice(start, end), start, end);
  }

  ontextentity(codepoint: number, end: number): void {
    this.#addText(String.fromCodePoint(codepoint), Math.min(this.#textEnd, end), end);
  }

  onopentagname(start: number, end: number): void {
    this.#endText();
    this.#tag = this.#source.slice(start, end).toLowerCase();
    this.#tagStart = start;
    this.#attributes = new Map();
  }

  onattribname(start: number, end: number): void {
    this.#attribute = this.#source.slice(start, end).toLowerCase();
    this.#value = "";
  }

  onattribdata(start: number, end: number): void {
    this.#value += this.#source.slice(start, end);
  }

  onattribentity(codepoint: number): void {
    this.#value += String.fromCodePoint(codepoint);
  }

  onattribend(): void {
    if (!this.#attributes.has(this.#attribute)) this.#attributes.set(this.#attribute, this.#value);
  }

  onopentagend(): void {
    const tag = this.#tag;
    if (this.#unread !== "") {
      if (tag === this.#unread) this.#unreadDepth++;
    } else if (UNREAD.has(tag)) {
      this.#unread = tag;
      this.#unreadDepth = 1;
    } else this.#openElement(tag);
  }

  onselfclosingtag(): void {
    // In HTML the slash means nothing, but where it would hide the rest of the page.
    if (this.#unread === "" && !UNREAD.has(this.#tag)) this.onopentagend();
  }

  onclosetag(start: number, end: number): void {
    this.#endText();
    const tag = this.#source.slice(start, end).toLowerCase();
    if (this.#unread !== "") {
      if (tag === this.#unread && --this.#unreadDepth === 0) this.#unread = "";
    } else if (tag === "br") this.#addElement("br");
    else if (VOID.has(tag)) return;
    else this.#closeElement(tag);
  }

  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  #addText(text: string, start: number, end: number): void {
    if (this.#unread !== "") return;
    if (this.#textStart < 0) this.#textStart = start;
    this.#text += text;
    this.#textEnd = end;
  }

  #endText(): void {
    if (this.#textStart < 0) return;
    const [text, start] = [this.#text, this.#textStart];
    this.#text = "";
    this.#textStart = -1;
    const parent = this.#innermost;
    if (parent.tag === "title" && this.#title === "") {
      this.#title = text.replace(/\s+/g, " ").trim();
      return;
    }
    parent.children.push({ text, start, end: this.#textEnd });
    parent.characters += inkOf(text);
  }

  get #innermost(): Element {
    return this.#open.at(-1) ?? this.#root;
  }

  #addElement(tag: string): Element {
    const element = elementOf(tag, ++this.#elements, this.#tagStart, this.#attributes);
    this.#innermost.children.push(element);
    this.#depths += this.#open.length;
    return element;
  }

  #openElement(tag: string): void {
    const ended = ENDS[tag];
    while (ended?.has(this.#innermost.tag)) this.#pop();
    if (tag === "a" && (this.#names.get("a") ?? 0) > 0) this.#closeElement("a");
    if ((tag === "html" || tag === "body") && (this.#names.get(tag) ?? 0) > 0) return;
    if (VOID.has(tag)) {
      this.#addElement(tag);
      this.#innermost.hasBlocks ||= BLOCK.has(tag) || tag === "br";
      return;
    }
    if (this.#open.length >= MAX_DEPTH) {
      this.#tooDeep.set(tag, (this.#tooDeep.get(tag) ?? 0) + 1);
      return;
    }
    this.#open.push(this.#addElement(tag));
    this.#names.set(tag, (this.#names.get(tag) ?? 0) + 1);
  }

  #closeElement(tag: string): void {
    const deep = this.#tooDeep.get(tag) ?? 0;
    if (deep > 0) this.#tooDeep.set(tag, deep - 1);
    else if ((this.#names.get(tag) ?? 0) > 0) while (this.#pop() !== tag);
  }

  /** Closes the innermost element. @returns its name */
  #pop(): string {
    const element = this.#open.pop() ?? this.#root;
    const parent = this.#innermost;
    this.#names.set(element.tag, (this.#names.get(element.tag) ?? 1) - 1);
    parent.hasBlocks ||= element.hasBlocks || BLOCK.has(element.tag);
    parent.characters += element.characters;
    parent.linkCharacters += element.tag === "a" ? element.characters : element.linkCharacters;
    return element.tag;
  }
}

function elementOf(
  tag: string,
  id: number,
  start: number,
  attributes: ReadonlyMap<string, string> = new Map(),
): Element {
  return {
    tag,
    id,
    attributes,
    children: [],
    start,
    hasBlocks: false,
    characters: 0,
    linkCharacters: 0,
  };
}

/** Characters that are no white space. */
function inkOf(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 32) count++;
  return count;
}
