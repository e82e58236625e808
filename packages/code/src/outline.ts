/**
 * Which lines of a program its outline leaves out.
 *
 * The tree is walked once, from outside to inside, and what is inside decides last: the lines of a long statement are left out, the
 * signature in it is not, and its body is. Nothing is left out of what the parser could not read.
 */
import type { Steps } from "@headroom/core";
import type { Node, Tree, TreeCursor } from "web-tree-sitter";
import type { Focus } from "./focus.ts";
import type { Grammar } from "./languages.ts";

/** What becomes of each line. */
export const SHOWN = 0;
export const LEFT_OUT = 1;
export const IMPORT = 2;

/** Lines that values and statements may have to be shown whole. */
const SHORT_LINES = 3;
/** A function without a name that is this much of a file is the file: a module's wrapper. */
const WRAPPER_SHARE = 0.5;
/** Imports of a file with no more lines of them are shown. */
const FEW_IMPORTS = 10;
/** Nodes that are visited between two yields. */
const NODES_A_STEP = 500;

/** `SHOWN`, `LEFT_OUT` or `IMPORT` for each of the lines. */
export function* outline(
  tree: Tree,
  code: readonly string[],
  grammar: Grammar,
  focus: Focus,
): Steps<Uint8Array> {
  const cursor = tree.walk();
  try {
    return yield* new Outline(code, grammar, focus).walk(cursor);
  } finally {
    cursor.delete();
  }
}

class Outline {
  readonly #code: readonly string[];
  readonly #grammar: Grammar;
  readonly #focus: Focus;
  readonly #lines: Uint8Array;
  /** Comments on lines that follow each other, so far. */
  #comments: { first: number; last: number } | undefined;
  #imports = 0;
  /** The last line of what is shown whole. */
  #wholeUntil = -1;

  constructor(code: readonly string[], grammar: Grammar, focus: Focus) {
    this.#code = code;
    this.#grammar = grammar;
    this.#focus = focus;
    this.#lines = new Uint8Array(code.length);
  }

  *walk(cursor: TreeCursor): Steps<Uint8Array> {
    let visited = 0;
    let descends = true;
    for (;;) {
      if (++visited % NODES_A_STEP === 0) yield;
      if (descends && cursor.gotoFirstChild()) descends = this.#enter(cursor);
      else if (cursor.gotoNextSibling()) descends = this.#enter(cursor);
      else if (cursor.gotoParent()) descends = false;
      else break;
    }
    this.#endComments();
    if (this.#imports <= FEW_IMPORTS) this.#showImports();
    return this.#lines;
  }

  /** Decides about a node. @returns whether to look into it */
  #enter(cursor: TreeCursor): boolean {
    const type = cursor.nodeType;
    const { functions, containers, imports, whole, statements, comments } = this.#grammar;
    const start = cursor.startPosition;
    const end = cursor.endPosition;
    // Some comments and directives end with their line break.
    const last = end.column === 0 && end.row > start.row ? end.row - 1 : end.row;
    if (comments.has(type)) {
      this.#comment(start.row, last, start.column);
      return false;
    }
    if (this.#isDocstring(cursor)) {
      this.#endComments();
      this.#comment(start.row, last, start.column);
      return false;
    }
    if (imports.has(type)) {
      if (this.#lines[start.row] !== SHOWN) return false;
      this.#mark(start.row, last, IMPORT);
      this.#imports += last - start.row + 1;
      return false;
    }
    if (last === start.row) return false;
    if (whole.has(type)) this.#wholeUntil = Math.max(this.#wholeUntil, last);
    // Of what is shown whole only comments are shortened.
    if (start.row <= this.#wholeUntil && last <= this.#wholeUntil) return true;
    if (containers.has(type)) return this.#container(cursor.currentNode, start.row, last);
    if (functions.has(type)) return this.#function(cursor.currentNode, start.row);
    const isValue = VALUES.has(cursor.currentFieldName ?? "");
    if ((isValue || statements.has(type)) && last - start.row >= SHORT_LINES)
      if (!cursor.currentNode.hasError) this.#leaveOut(start.row + 1, end.row, end.column);
    return true;
  }

  #container(node: Node, first: number, last: number): boolean {
    this.#mark(first, last, SHOWN);
    return !this.#focus.keepsType(node);
  }

  /** @returns whether to look into it */
  #function(node: Node, first: number): boolean {
    const body = node.childForFieldName("body") ?? lastChild(node);
    if (body === null) return false;
    const { row, column } = this.#startOf(body);
    const last = body.endPosition;
    const inside = this.#code[row]?.slice(0, column).trim() === "" ? row : row + 1;
    if (isNameless(node) && last.row - row > this.#code.length * WRAPPER_SHARE) {
      this.#mark(first, last.row, SHOWN);
      return true;
    }
    if (!isNameless(node) || last.row - row >= SHORT_LINES)
      this.#mark(first, Math.min(inside - 1, last.row), SHOWN);
    if (this.#focus.keepsFunction(node)) {
      this.#mark(first, last.row, SHOWN);
      return false;
    }
    if (body.hasError) return false;
    const doc = this.#grammar.hasDocstrings ? docstringOf(body) : undefined;
    if (doc) {
      const shown = this.#firstWords(doc.startPosition.row, doc.endPosition.row);
      this.#mark(inside, shown, SHOWN);
      this.#leaveOut(shown + 1, last.row, last.column);
    } else this.#leaveOut(inside, last.row, last.column);
    return false;
  }

  /** Where a body begins: with the comments before it that stand below the signature. */
  #startOf(body: Node): Node["startPosition"] {
    let start = body.startPosition;
    let before = body.previousSibling;
    while (before && this.#grammar.comments.has(before.type)) {
      start = before.startPosition;
      before = before.previousSibling;
    }
    return start;
  }

  #isDocstring(cursor: TreeCursor): boolean {
    if (!this.#grammar.hasDocstrings || cursor.nodeType !== "expression_statement") return false;
    return cursor.currentNode.firstNamedChild?.type === "string";
  }

  /** Comments on lines of their own that follow each other are one. */
  #comment(first: number, last: number, column: number): void {
    if (this.#code[first]?.slice(0, column).trim() !== "") return;
    if (this.#comments && first === this.#comments.last + 1) {
      this.#comments.last = last;
      return;
    }
    this.#endComments();
    this.#comments = { first, last };
  }

  /** Of a comment the first line with words is shown. */
  #endComments(): void {
    if (!this.#comments) return;
    const { first, last } = this.#comments;
    this.#comments = undefined;
    if (this.#lines[first] !== SHOWN) return;
    this.#mark(this.#firstWords(first, last) + 1, last, LEFT_OUT);
  }

  #firstWords(first: number, last: number): number {
    for (let row = first; row <= last; row++) if (WORD.test(this.#code[row] ?? "")) return row;
    return last;
  }

  /** Leaves out lines up to an end, and the end's own line where nothing but brackets stands behind it. */
  #leaveOut(first: number, row: number, column: number): void {
    const isLast = column > 0 && CLOSING.test(this.#code[row]?.slice(column) ?? "");
    this.#mark(first, isLast ? row : row - 1, LEFT_OUT);
  }

  #mark(first: number, last: number, what: number): void {
    if (last >= first) this.#lines.fill(what, first, last + 1);
  }

  #showImports(): void {
    for (const [row, what] of this.#lines.entries()) if (what === IMPORT) this.#lines[row] = SHOWN;
  }
}

/** Fields that hold what a name stands for. */
const VALUES: ReadonlySet<string> = new Set(["value", "right", "default_value"]);
const WORD = /[\p{L}\p{N}]/u;
const CLOSING = /^[\s)\]}>;,]*$/;

/** Functions whose body has no field of its own: `static { }` of Java. */
function lastChild(node: Node): Node | null {
  return node.type === "static_initializer" ? node.lastNamedChild : null;
}

const NAMELESS: ReadonlySet<string> = new Set(
  "function_expression arrow_function do_block block anonymous_function func_literal lambda_expression".split(
    " ",
  ),
);

function isNameless(node: Node): boolean {
  return NAMELESS.has(node.type) && node.childForFieldName("name") === null;
}

function docstringOf(body: Node): Node | undefined {
  const first = body.firstNamedChild;
  if (first?.type !== "expression_statement") return undefined;
  const string = first.firstNamedChild;
  return string?.type === "string" ? string : undefined;
}
