/**
 * Source code: lines that only a program has, comments, and whether a whole text is a program.
 *
 * An agent works with the code that it reads. Nothing of it is left out unless somebody asks for an outline.
 */
import { indentOf } from "./sentence.ts";
import { isWordyHead, wordyCode } from "./wordy-code.ts";

/** Characters. More of a line is not looked at. */
const MAX_LOOK = 240;
const MAX_LINES = 2_000;
const MAX_TEXT = 200_000;
/** Of the lines of a program that are no comment so many are code, and so many begin like a statement; so many of all are code. */
const LEAST_CODE = 8;
const CODE = 0.35;
const STATEMENTS = 0.08;
const CODE_OF_ALL = 0.06;
/** Lines at the head of a program that say what it needs or is part of; the rest may be tables of data. */
const HEAD_LINES = 40;
const LEAST_CODE_BELOW = 4;
const CODE_BELOW = 0.06;
/** Of a style sheet so many lines are properties. */
const PROPERTIES = 0.4;
/** Characters. Who writes does not write longer lines, and of a program whose line breaks were taken out so much is in them. */
const LONG_LINE = 1_000;
const LONG_SHARE = 0.5;

/** By the first lines of a text. A diff, a search result or a log that quotes code is none. */
export function isProgram(text: string): boolean {
  const head = text.slice(0, MAX_TEXT);
  const lines = head.split("\n", MAX_LINES);
  if (INTERPRETER.test(head) || isComponent(lines)) return true;
  if (lines.some((line) => DIFF.test(line))) return false;
  if (isMinified(lines, head.length)) return true;
  const filled = lines.filter((line) => line.trim() !== "");
  const own = [...outsideOfComments(filled)];
  if (isStyleSheet(own)) return true;
  const code = own.filter((line) => isLineOfProgram(line) && !FRAME.test(line));
  const isHeaded =
    own.slice(0, HEAD_LINES).some(isModule) || filled.slice(0, HEAD_LINES).some(isWordyHead);
  if (isHeaded && code.length >= Math.max(LEAST_CODE_BELOW, own.length * CODE_BELOW)) return true;
  // Most texts end here: what follows looks at every line of code again.
  if (code.length < Math.max(LEAST_CODE, own.length * CODE, filled.length * CODE_OF_ALL))
    return false;
  if (isGenerated(code)) return false;
  const statements = code.filter((line) => beginsAsStatement(line.trim()));
  return statements.length >= own.length * STATEMENTS;
}

function isLineOfProgram(line: string): boolean {
  return isCode(line) || (line.length <= MAX_LOOK && wordyCode(line.trim()) !== undefined);
}

function beginsAsStatement(text: string): boolean {
  return isStatement(text) || wordyCode(text.slice(0, MAX_LOOK)) === "statement";
}

/** Of Vue, Svelte or Astro: its parts stand in tags of their own. */
function isComponent(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== "") ?? "";
  const name = COMPONENT.exec(first)?.[1];
  return name !== undefined && lines.some((line) => line.trimEnd() === `</${name}>`);
}

function isMinified(lines: readonly string[], length: number): boolean {
  let dense = 0;
  for (const line of lines)
    if (line.length >= LONG_LINE && isDense(line) && !isData(line)) dense += line.length;
  return dense >= length * LONG_SHARE;
}

/** Data on one line, with or without words around it: names in quotation marks, or nothing that a program has. */
function isData(line: string): boolean {
  const head = line.slice(0, LONG_LINE);
  return head.split(NAMED).length > MOST_NAMED || !(WRITTEN.test(head) || STYLED.test(head));
}

function isStyleSheet(lines: readonly string[]): boolean {
  const properties = lines.filter((line) => PROPERTY.test(line)).length;
  return (
    properties >= Math.max(LEAST_CODE, lines.length * PROPERTIES) &&
    lines.some((line) => line.trimEnd().endsWith("{"))
  );
}

/** `#!/bin/sh`, and `#! /usr/bin/env node`. */
const INTERPRETER = /^\ufeff?#! ?\/[\w/.-]{1,100}[ \r\n]/;
/** `<script setup lang="ts">`, with nothing behind it. */
const COMPONENT = /^<(script|template)(?: [^<>]{0,200})?>\s{0,8}$/;
const DIFF = /^(?:diff --|@@ -\d|\+\+\+ |--- [ab]\/)/;
/** A line of a stack trace. */
const FRAME = /^\s{0,80}at /;
/** `"id":`, and so many of them. */
const NAMED = /["'] ?:/;
const MOST_NAMED = 6;
/** Words of a program, and `{color:red;` */
const WRITTEN = /\b(?:function|return|var|let|const|void|typeof|import|export|module)\b|=>/;
const STYLED = /[;{][a-z-]+:[^;{}"']+[;}]/;
/** `margin: 0 auto;` */
const PROPERTY = /^\s{0,80}-{0,2}[a-z][a-zA-Z-]{0,60}:\s?[^;{}]{1,200};$/;

/** Whether a line says what a file needs, or what it is part of. */
function isModule(line: string): boolean {
  return (
    MODULES.some((module) => module.test(line)) ||
    (USE.test(line) && line.endsWith(";")) ||
    (BINDING.test(line) && line.includes(" = require("))
  );
}

const MODULES: readonly RegExp[] = [
  /^import (?:[\w{*."']|type )/,
  /^from [\w.]+ import /,
  /^package [\w.:]+;?$/,
  /^#\s{0,4}(?:include [<"]|ifndef \w|pragma once)/,
  /^["']use strict["'];?$/,
  /^namespace [\w.\\:]+\s?[;{]?$/,
  /^<\?php\b/,
  /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE|TRIGGER|TYPE|VIEW)\b/,
];
const USE = /^(?:pub )?use [\w:\\]/;
const BINDING = /^(?:const|let|var) /;

/** What stands in no comment, no text that documents (Python), no manual (Perl), and no fence of a document that quotes code. */
function* outsideOfComments(lines: readonly string[]): Generator<string> {
  let end = "";
  let isFenced = false;
  for (const line of lines) {
    if (end !== "") {
      if (endsBlock(line, end)) end = "";
      continue;
    }
    const isFence = FENCE.test(line);
    if (isFence) isFenced = !isFenced;
    if (isFence || isFenced) continue;
    end = blockOf(line);
    const isQuote = end === TEXT || end === OTHER_TEXT;
    const isOwn =
      end === ""
        ? !isComment(line) || DIRECTIVE.test(line)
        : isQuote && !line.trimStart().startsWith(end);
    if (isOwn) yield line;
  }
}

const FENCE = /^ {0,3}(?:```|~~~)/;
const TEXT = '"""';
const OTHER_TEXT = "'''";
const QUOTES = [TEXT, OTHER_TEXT];
const COMMENT_END = "*/";
const MANUAL_END = "=cut";
const MANUAL = /^=(?:pod|head\d|over|item|begin|encoding)\b/;
/** `#[==[` of CMake. */
const BRACKET_COMMENT = /^#\[(={0,80})\[/;
const DIRECTIVE = /^\s{0,8}#\s{0,4}(?:include|define|ifn?def|if|endif|else|pragma|undef)\b/;

/** What ends the block that begins in a line and goes on below it. */
function blockOf(line: string): string {
  if (line.startsWith("=")) return MANUAL.test(line) ? MANUAL_END : "";
  const bracket = line.startsWith("#[") ? BRACKET_COMMENT.exec(line) : null;
  if (bracket) return `]${bracket[1]}]`;
  if (line.startsWith("/*", indentOf(line))) return line.includes(COMMENT_END) ? "" : COMMENT_END;
  return QUOTES.find((quotes) => holdsOdd(line, quotes)) ?? "";
}

function endsBlock(line: string, end: string): boolean {
  if (end === MANUAL_END) return line.startsWith(end);
  const isQuote = end === TEXT || end === OTHER_TEXT;
  return isQuote ? holdsOdd(line, end) : line.includes(end);
}

function holdsOdd(line: string, part: string): boolean {
  return line.includes(part) && line.split(part).length % 2 === 0;
}

/** A line that a tool would skip: `# …`, `; …`, `// …`, `/* …`, and ` * …` below it. */
export function isComment(line: string): boolean {
  if (line.startsWith(" *") || line.startsWith("/*")) return true;
  const at = indentOf(line);
  const first = line[at];
  if (first === "#") return line[at + 1] !== "!" && line[at + 1] !== "=";
  if (first === ";" || line.startsWith("-- ", at) || line.trimEnd() === "--") return true;
  return first === "/" && line[at + 1] === "/";
}

/** A line that only a program has. */
export function isCode(line: string): boolean {
  if (line.length > MAX_LOOK) return isDense(line);
  const text = line.trim();
  const last = text[text.length - 1] ?? "";
  if (last === "{" || last === "}") return text.split("{").length !== text.split("}").length;
  if (last === ";") return SIGNS.test(text);
  if (last === ",") return BRACKETS.test(text);
  if (QUERY.test(text) || isStatement(text) || CLOSING.test(text)) return true;
  return (last === ")" || text.endsWith("):")) && CALL.test(text);
}

/** Whether a line begins as a statement or a declaration does, and ends so. */
function isStatement(text: string): boolean {
  return KEYWORD.test(text) || STATEMENT.test(text);
}

/**
 * Whether lines like those of a program are data that a tool printed: the same few statements over and over with other values (`INSERT`,
 * settings), or blocks that a word and a brace begin. What people write says something else in most lines.
 */
export function isGenerated(code: readonly string[]): boolean {
  const statements = new Set<string>();
  const shapes = new Set<string>();
  let count = 0;
  for (const line of code) {
    const text = line.slice(0, MAX_LOOK).trim();
    if (CLOSING.test(text) || text === "{" || text === "}") continue;
    count++;
    statements.add(text);
    shapes.add(text.replace(LITERAL, "0").replace(SETTING, "=0"));
  }
  if (count < LEAST_STATEMENTS || shapes.size * STATEMENTS_A_SHAPE > count) return false;
  return statements.size * 2 > count || [...shapes].every(isOpening);
}

/** `attr {` */
function isOpening(text: string): boolean {
  return text.endsWith("{") && !text.includes("(");
}

const LEAST_STATEMENTS = 16;
const STATEMENTS_A_SHAPE = 5;
const LITERAL = /"[^"]*"|'[^']*'|`[^`]*`|\b\d[\w.]*|_\d+/g;
/** `name=` before a text or a number. */
const SETTING = /^[A-Za-z_][\w.-]* ?= ?-?0/;

/** A long line full of the signs of a program: somebody took its line breaks out. */
function isDense(line: string): boolean {
  const text = line.slice(0, 4 * MAX_LOOK);
  let signs = 0;
  // A run of one sign is a rule or a bar of progress.
  for (let at = 0; at < text.length; at++)
    if (PROGRAM_SIGNS.includes(text[at] ?? "") && text[at] !== text[at - 1]) signs++;
  return signs * 9 > text.length;
}

const PROGRAM_SIGNS = "(){};=,.!?&|[]";

/** SQL. */
const QUERY =
  /^(?:CREATE|ALTER|DROP|INSERT|SELECT|UPDATE|DELETE|GRANT|REVOKE|COPY|WITH|FROM|WHERE|JOIN|LEFT JOIN|GROUP BY|ORDER BY|SET|BEGIN|COMMIT|ADD CONSTRAINT|COMMENT ON)\b/;
const SIGNS = /[(){}=]/;
const BRACKETS = /[(){}]/;
const CLOSING = /^[)}\]]{1,8}[;,]?$/;
const KEYWORD =
  /^(?:import|from|export|def|class|function|const|let|var|return|if|else|elif|for|while|switch|case|try|catch|fn|pub|use|func|package|public|private|static|struct|end) .{0,200}[:;({)]$/;
const STATEMENT =
  /^(?:(?:return|raise|throw|yield|await|assert|del|global|typedef|extern|unless|elsif|my|our|local) [^:]|(?:else|try|finally|pass|break|continue|return|fi|done|esac|end|then|do)\b[:;]?$|self\.|this\.|#(?:include|ifn?def|if|endif|else|pragma)\b|@[a-z]\w{0,30}$|"""|(?:import|use|require) [\w.:{}*, ]{1,120};?$|from [\w.]{1,80} import )/;
/** A call that ends the line: nothing stands between its name and the parenthesis. */
const CALL = /[A-Za-z_]\w{0,60}\(.{0,200}\)[:;,]?$/;
