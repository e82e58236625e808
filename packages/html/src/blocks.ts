/**
 * A tree as blocks of Markdown: headings, paragraphs, items, rows, code. Each is one line (code and the head of a table are more) and
 * knows where it stands in the source, which of the page's links it has, and whose text it is.
 *
 * Words stay as they are: nothing is escaped but what would end a cell or look like a gap.
 */
import type { Steps } from "@headroom/core";
import { fieldOf } from "./fields.ts";
import { isBoilerplate, isHidden } from "./regions.ts";
import { BLOCK, FIELD, VOID } from "./tags.ts";
import { type Element, isText, type TextNode } from "./tree.ts";

export interface Block {
  readonly markdown: string;
  readonly kind: "heading" | "text" | "item" | "row" | "code";
  /** Whether a list or a table begins with it, which is none in another list. */
  readonly isStart: boolean;
  /** Offsets in the source. */
  readonly start: number;
  readonly end: number;
  /** Links of the page, counted from 0: the first, and the one behind the last. */
  readonly links: readonly [from: number, to: number];
  /** Whether it is navigation and the like, or not shown by a browser. */
  readonly isBoilerplate: boolean;
  readonly isHidden: boolean;
  /** Characters of it that are no white space, and those of elements that were chosen. */
  readonly characters: number;
  readonly chosen: number;
  /** Characters in its links. */
  readonly linked: number;
}

export interface Written {
  readonly blocks: readonly Block[];
  /** Where the links lead. */
  readonly links: readonly string[];
  /** Characters of the source that are text. */
  readonly textCharacters: number;
}

/** What holds for all that stands in an element. */
interface Context {
  readonly kind: Block["kind"];
  /** What the next line of the element begins with; the first one has a mark, the others stand under its words. */
  readonly first: { text: string; readonly rest: string };
  /** What each line of it begins with. */
  readonly prefix: string;
  readonly isBoilerplate: boolean;
  readonly isHidden: boolean;
  readonly owner: number;
  /** The link around it, spent by the first block. */
  readonly link: { href: string | undefined };
}

/** Characters of source between two yields. */
const STEP = 32_768;
/** A table whose cells are longer, or have headings or lists in them, is there for the layout of the page. */
const MAX_CELL = 600;
const LAYOUT_TAGS: ReadonlySet<string> = new Set(
  "h1 h2 h3 h4 h5 h6 table form article section main nav aside header footer blockquote pre".split(
    " ",
  ),
);

/**
 * The blocks of a tree in the order of the page.
 *
 * @param chosen ids of the elements whose text is the main content; none where that is not known
 * @param hasTargets links and images say where they lead
 */
export function* writeBlocks(
  root: Element,
  chosen: ReadonlySet<number>,
  hasTargets: boolean = true,
): Steps<Written> {
  const writer = new Writer(chosen, hasTargets);
  yield* writer.write(root);
  return writer.written();
}

class Writer {
  readonly #chosen: ReadonlySet<number>;
  readonly #blocks: Block[] = [];
  readonly #links: string[] = [];
  #textCharacters = 0;
  #line = "";
  #start = -1;
  #end = 0;
  #firstLink = 0;
  #characters = 0;
  #chosenCharacters = 0;
  #linkCharacters = 0;
  #worked = 0;
  /** What comes next begins a list or a table. */
  #isStart = false;
  /** The character before. */
  #last = "";

  readonly #hasTargets: boolean;

  constructor(chosen: ReadonlySet<number>, hasTargets: boolean) {
    this.#chosen = chosen;
    this.#hasTargets = hasTargets;
  }

  written(): Written {
    return { blocks: this.#blocks, links: this.#links, textCharacters: this.#textCharacters };
  }

  *write(root: Element): Steps<void> {
    const context: Context = {
      kind: "text",
      first: { text: "", rest: "" },
      prefix: "",
      isBoilerplate: false,
      isHidden: false,
      owner: root.id,
      link: { href: undefined },
    };
    yield* this.#children(root, context);
    this.#flush(context);
  }

  *#children(element: Element, context: Context): Steps<void> {
    for (const node of element.children) {
      if (isText(node)) this.#line += this.#textOf(node, context);
      else if (isInline(node)) {
        const before = this.#last;
        this.#line += raised(node, before, this.#inline(node, context));
      } else yield* this.#block(node, context);
      if (this.#worked > STEP) {
        this.#worked = 0;
        yield;
      }
    }
  }

  *#block(element: Element, outer: Context): Steps<void> {
    const { tag } = element;
    this.#flush(outer);
    this.#last = "";
    this.#worked += 32;
    if (VOID.has(tag)) return;
    const context = this.#inside(element, outer);
    if (tag === "pre") this.#code(element, context);
    else if (tag === "table" && isDataTable(element)) yield* this.#table(element, context);
    else if (tag === "ul" || tag === "ol" || tag === "menu" || tag === "dir")
      yield* this.#list(element, context);
    else {
      if (tag === "form") this.#field(element, context);
      yield* this.#children(element, context);
    }
    this.#flush(context);
  }

  #inside(element: Element, outer: Context): Context {
    const { tag } = element;
    const level = /^h[1-6]$/.test(tag) ? Number(tag.charAt(1)) : 0;
    const own = {
      ...outer,
      owner: element.id,
      isBoilerplate: outer.isBoilerplate || isBoilerplate(element),
      isHidden: outer.isHidden || isHidden(element),
    };
    const href = tag === "a" ? hrefOf(element) : undefined;
    if (href !== undefined) return { ...own, link: { href } };
    if (level > 0)
      return { ...own, kind: "heading", first: { text: `${"#".repeat(level)} `, rest: "" } };
    if (tag === "blockquote") return { ...own, prefix: `${outer.prefix}> ` };
    if (tag === "dd") return { ...own, kind: "item", first: { text: ": ", rest: "  " } };
    return own;
  }

  #field(form: Element, context: Context): void {
    this.#line = fieldOf(form);
    this.#mark(form);
    this.#flush(context);
  }

  *#list(list: Element, context: Context): Steps<void> {
    // An item in an item stands under its words.
    const isNested = context.kind === "item";
    this.#isStart = !isNested;
    let number = Number.parseInt(list.attributes.get("start") ?? "1", 10) || 1;
    for (const node of list.children) {
      if (isText(node)) {
        this.#line += this.#textOf(node, context);
        continue;
      }
      if (node.tag !== "li") {
        if (isInline(node)) this.#line += this.#inline(node, context);
        else yield* this.#block(node, context);
        continue;
      }
      this.#flush(context);
      const mark = list.tag === "ol" ? `${number++}. ` : "- ";
      const item: Context = {
        ...this.#inside(node, context),
        kind: "item",
        first: { text: mark, rest: "  " },
        prefix: isNested ? `${context.prefix}  ` : context.prefix,
      };
      this.#worked += 32;
      yield* this.#children(node, item);
      this.#flush(item);
      if (this.#worked > STEP) {
        this.#worked = 0;
        yield;
      }
    }
  }

  *#table(table: Element, context: Context): Steps<void> {
    let isFirst = true;
    let columns = 0;
    /** Rows that a cell above still takes, by column. */
    const taken: number[] = [];
    for (const row of rowsOf(table)) {
      if (row.tag === "caption") {
        yield* this.#children(row, context);
        this.#flush(context);
        continue;
      }
      const inside: Context = { ...this.#inside(row, context), kind: "row" };
      const cells: string[] = [];
      const skipTaken = (): void => {
        for (let rows = taken[cells.length] ?? 0; rows > 0; rows = taken[cells.length] ?? 0) {
          taken[cells.length] = rows - 1;
          cells.push("");
        }
      };
      for (const cell of row.children) {
        if (isText(cell) || (cell.tag !== "td" && cell.tag !== "th")) continue;
        const text = this.#inline(cell, inside);
        skipTaken();
        const rows = spanOf(cell, "rowspan", MAX_ROW_SPAN);
        const span = spanOf(cell, "colspan", MAX_COLUMN_SPAN);
        for (let at = 0; at < span; at++) {
          if (rows > 1 && cells.length < MAX_TAKEN) taken[cells.length] = rows - 1;
          cells.push(at === 0 ? oneLine(text).replaceAll("|", "\\|") : "");
        }
      }
      skipTaken();
      columns ||= cells.length;
      this.#worked += 64;
      if (cells.every((text) => text === "")) continue;
      const line = `| ${cells.join(" | ")} |`;
      if (isFirst) this.#isStart = true;
      const head = isFirst ? `\n${context.prefix}|${" --- |".repeat(columns)}` : "";
      isFirst = false;
      this.#push(line + head, inside);
      if (this.#worked > STEP) {
        this.#worked = 0;
        yield;
      }
    }
  }

  /** Code stands as it is, in a fence. */
  #code(element: Element, context: Context): void {
    const parts: string[] = [];
    this.#gather(element, { ...context, owner: element.id }, parts);
    const code = parts.join("").replace(/^\n/, "").trimEnd();
    if (code.trim() === "") return;
    const fence = "`".repeat(Math.max(3, longestRun(code) + 1));
    this.#push(`${fence}\n${code}\n${fence}`, { ...context, kind: "code" });
  }

  #gather(element: Element, context: Context, parts: string[]): void {
    for (const node of element.children) {
      if (isText(node)) parts.push(this.#textOf(node, context));
      else {
        const href = node.tag === "a" ? hrefOf(node) : undefined;
        if (href !== undefined) this.#links.push(href);
        if (node.tag === "br") parts.push("\n");
        else this.#gather(node, { ...context, owner: node.id }, parts);
      }
    }
  }

  /** The text of a node; what it takes part in grows. */
  #textOf({ text, start, end }: TextNode, { owner }: Context): string {
    this.#textCharacters += end - start;
    this.#worked += text.length + 8;
    let characters = 0;
    for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 32) characters++;
    this.#last = text.at(-1) ?? this.#last;
    if (characters === 0) return text;
    if (this.#start < 0) this.#start = start;
    this.#end = end;
    this.#characters += characters;
    if (this.#chosen.has(owner)) this.#chosenCharacters += characters;
    return text;
  }

  /** An element within a line, as Markdown; in a cell also one that would begin a line. */
  #inline(element: Element, outer: Context): string {
    const { tag } = element;
    this.#worked += 16;
    if (tag === "br") return " ";
    if (tag === "img") return this.#image(element, outer);
    if (isHidden(element) && tag !== "td" && tag !== "th") return this.#unseen(element, outer);
    const field = fieldOf(element);
    if (field !== "") {
      this.#mark(element);
      return field;
    }
    const href = tag === "a" ? hrefOf(element) : undefined;
    if (href !== undefined) {
      this.#links.push(href);
      this.#linkCharacters += element.characters;
    }
    const context = { ...outer, owner: element.id };
    let text = "";
    for (const node of element.children) {
      if (isText(node)) text += this.#textOf(node, context);
      else if (isInline(node)) {
        const before = this.#last;
        text += raised(node, before, this.#inline(node, context));
      } else text += ` ${this.#inline(node, context)} `;
    }
    if (text.trim() === "") return text === "" ? "" : " ";
    if (tag === "a" && href === undefined && PERMALINK.test(text)) return "";
    if (href !== undefined) return this.#hasTargets ? around(text, "[", `](${href})`) : text;
    if (tag === "code" || tag === "kbd" || tag === "samp" || tag === "tt")
      return text.includes("`") ? around(text, "`` ", " ``") : around(text, "`", "`");
    if (tag === "b" || tag === "strong") return around(text, "**", "**");
    if (tag === "em" || tag === "i") return around(text, "*", "*");
    if (tag === "del" || tag === "s" || tag === "strike") return around(text, "~~", "~~");
    if (tag === "q") return around(text, "“", "”");
    return text;
  }

  /** What a browser does not show within a line is left out with the markup around it. */
  #unseen(element: Element, context: Context): string {
    for (const node of element.children) {
      if (isText(node)) continue;
      const href = node.tag === "a" ? hrefOf(node) : undefined;
      if (href !== undefined) this.#links.push(href);
      this.#unseen(node, context);
    }
    return "";
  }

  #image(element: Element, { owner }: Context): string {
    const alt = oneLine(element.attributes.get("alt") ?? "");
    if (alt === "") return "";
    this.#mark(element);
    this.#characters += alt.length;
    if (this.#chosen.has(element.id) || this.#chosen.has(owner))
      this.#chosenCharacters += alt.length;
    const source = element.attributes.get("src")?.trim().replace(/\s/g, "%20") ?? "";
    const isNamed = this.#hasTargets && source !== "" && !source.startsWith("data:");
    return isNamed ? `![${alt}](${source})` : `![${alt}]`;
  }

  #mark({ start }: Element): void {
    if (this.#start < 0) this.#start = start;
    this.#end = Math.max(this.#end, start);
  }

  #flush(context: Context): void {
    const text = oneLine(this.#line);
    this.#line = "";
    if (text === "") return;
    const { href } = context.link;
    context.link.href = undefined;
    if (href !== undefined) {
      this.#links.push(href);
      this.#linkCharacters = this.#characters;
    }
    const line = href === undefined || !this.#hasTargets ? text : `[${text}](${href})`;
    const { first } = context;
    const lines = first.text + line;
    first.text = first.rest;
    this.#push(lines, context);
  }

  #push(
    lines: string,
    { kind, prefix, isBoilerplate: isBoiler, isHidden: isUnseen }: Context,
  ): void {
    const markdown = lines
      .split("\n")
      .map((line) => prefix + line.replace(/(^|\s)…(?=[\s\d])/g, "$1\\…"))
      .join("\n");
    this.#blocks.push({
      markdown,
      kind,
      isStart: this.#isStart,
      start: Math.max(0, this.#start),
      end: Math.max(0, this.#start, this.#end),
      links: [this.#firstLink, this.#links.length],
      isBoilerplate: isBoiler,
      isHidden: isUnseen,
      characters: this.#characters,
      chosen: this.#chosenCharacters,
      linked: this.#linkCharacters,
    });
    this.#isStart = false;
    this.#linkCharacters = 0;
    this.#firstLink = this.#links.length;
    this.#start = -1;
    this.#characters = 0;
    this.#chosenCharacters = 0;
  }
}

/** An exponent or an index with its sign, so that it is not read as a part of the number before it. */
function raised({ tag }: Element, before: string, text: string): string {
  if (tag === "sup")
    return EXPONENT.test(text) && /[\p{L}\p{N})\]]/u.test(before) ? `^${text}` : text;
  return tag === "sub" && /^\d/.test(text) && /\d/.test(before) ? `_${text}` : text;
}

/** A number, or a letter that stands for one. */
const EXPONENT = /^(?:[-+−]?\d{1,9}(?:[./]\d{1,9})?|[-+−]?\p{L}|[-+−])$/u;

/** Rows and columns that one cell may take, and columns of which that is known. */
const MAX_ROW_SPAN = 100;
const MAX_COLUMN_SPAN = 30;
const MAX_TAKEN = 60;

function spanOf({ attributes }: Element, name: string, most: number): number {
  const span = Number.parseInt(attributes.get(name) ?? "1", 10);
  return span > 1 ? Math.min(span, most) : 1;
}

/** The sign beside a heading that links to itself. */
const PERMALINK = /^\s{0,9}[¶#§🔗]\s{0,9}$/u;

function isInline({ tag, hasBlocks }: Element): boolean {
  return FIELD.has(tag) || (!hasBlocks && tag !== "br" && !BLOCK.has(tag));
}

/** Where a link leads; nowhere else in the page, and to no script. */
function hrefOf({ attributes }: Element): string | undefined {
  const href = attributes.get("href")?.trim().replace(/\s/g, "%20");
  if (href === undefined || href === "" || href.startsWith("#")) return undefined;
  return /^(?:javascript|data|vbscript):/i.test(href) ? undefined : href;
}

/** Rows and the caption of a table, in order. */
function* rowsOf(table: Element): Generator<Element> {
  for (const node of table.children) {
    if (isText(node)) continue;
    if (node.tag === "tr" || node.tag === "caption") yield node;
    else if (node.tag === "thead" || node.tag === "tbody" || node.tag === "tfoot")
      for (const row of node.children) if (!isText(row) && row.tag === "tr") yield row;
  }
}

/** Whether a table holds data, and not the columns of a page. */
function isDataTable(table: Element): boolean {
  if (table.attributes.get("role") === "presentation") return false;
  let rows = 0;
  let wide = 0;
  for (const row of rowsOf(table)) {
    if (row.tag === "caption") continue;
    rows++;
    const cells = row.children.filter((node): node is Element => !isText(node));
    if (cells.length >= 2) wide++;
    if (cells.some((cell) => cell.characters > MAX_CELL || isLayout(cell))) return false;
  }
  return rows > 0 && wide * 2 >= rows;
}

function isLayout(cell: Element): boolean {
  return cell.children.some(
    (node) => !isText(node) && (LAYOUT_TAGS.has(node.tag) || (node.hasBlocks && isLayout(node))),
  );
}

function oneLine(text: string): string {
  return text.replace(/[\s\u00a0]+/g, " ").trim();
}

/** Marks around a text, not around the space at its ends. */
function around(text: string, before: string, behind: string): string {
  const ink = text.trim();
  const at = text.indexOf(ink);
  return text.slice(0, at) + before + ink + behind + text.slice(at + ink.length);
}

function longestRun(text: string): number {
  let most = 0;
  for (const [run] of text.matchAll(/`+/g)) most = Math.max(most, run.length);
  return most;
}
