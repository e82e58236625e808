/**
 * Scans values as programs print them: JSON with comments, trailing commas or bare keys, `repr` of Python, `util.inspect` of Node.js,
 * and the values of TOML. Iterative and linear. What it does not know it does not guess: it fails.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import type { LineIndex } from "./line-index.ts";
import {
  DATE,
  LABEL,
  MAX_OBJECT,
  NAME,
  NUMBER,
  OPAQUE,
  readEscape,
  WORDS,
} from "./literal-words.ts";
import {
  type Aside,
  MAX_DEPTH,
  type SourceEntry,
  type SourceNode,
  type SourceScalar,
} from "./node.ts";
import { isJsonNumber } from "./scalar.ts";

/** What is written otherwise than JSON does. */
export type Looseness =
  | "call"
  | "comment"
  | "key"
  | "label"
  | "quotes"
  | "trailing"
  | "tuple"
  | "word";

/** What stands at an offset: a value, or where it stopped making sense; `isCut` where that is the end of the text. */
export type LiteralScan =
  | { readonly node: SourceNode; readonly end: number }
  | {
      readonly node: undefined;
      readonly at: number;
      /** Nothing but the end of the text was wrong. */
      readonly isCut: boolean;
      /** What was complete before it stopped, and where that ends. */
      readonly whole?: { readonly node: SourceNode; readonly end: number };
    };

interface Frame {
  readonly close: number;
  /** The text in front of a bracket: a class or a function. */
  readonly label: string;
  readonly start: number;
  readonly items: SourceNode[];
  readonly entries: SourceEntry[];
  key: string | undefined;
}

export class LiteralScanner {
  readonly asides: Aside[] = [];
  /** How the text differs from JSON. */
  readonly seen: Set<Looseness> = new Set();
  readonly #text: string;
  readonly #lines: LineIndex;
  readonly #meter = new Meter();
  #at = 0;
  #commented = 0;
  readonly #isToml: boolean;

  /** @param isToml whether single quotes take backslashes as they are */
  constructor(text: string, lines: LineIndex, isToml = false) {
    this.#isToml = isToml;
    this.#text = text;
    this.#lines = lines;
  }

  /** The value that starts at an offset, whatever follows it. */
  *scan(start: number): Steps<LiteralScan> {
    this.#at = start;
    const stack: Frame[] = [];
    /** Behind the last value that is complete. */
    let last = start;
    for (;;) {
      this.skipSpace();
      const top = stack.at(-1);
      let node: SourceNode | undefined;
      const code = this.#text.charCodeAt(this.#at);
      if (top !== undefined && code === top.close && top.key === undefined) {
        if (top.items.length + top.entries.length > 0) this.seen.add("trailing");
        this.#at++;
        stack.pop();
        node = this.#closed(top);
      } else {
        if (top !== undefined && top.key === undefined && this.#key(top)) continue;
        const opened = this.#open(stack.length);
        if (opened === "deep") return this.#failed([], 0);
        if (opened !== undefined) {
          stack.push(opened);
          continue;
        }
        node = this.#scalar();
      }
      if (node === undefined) return this.#failed(stack, last);
      if (this.#meter.isDue(48)) yield;
      // A value is complete: hand it to its container, and close what ends here.
      for (;;) {
        const frame = stack.at(-1);
        if (frame === undefined) return { node, end: this.#at };
        if (frame.key === undefined) frame.items.push(node);
        else frame.entries.push({ key: frame.key, value: node });
        frame.key = undefined;
        const end = this.#at;
        last = end;
        this.skipSpace();
        const next = this.#text.charCodeAt(this.#at);
        if (next === COMMA) {
          this.#at++;
          break;
        }
        if (next !== frame.close) {
          this.#at = Math.max(end, this.#at);
          return this.#failed(stack, end);
        }
        this.#at++;
        stack.pop();
        const closed = this.#closed(frame);
        if (closed === undefined) return this.#failed([], 0);
        node = closed;
      }
    }
  }

  /** The offset behind white space and comments. */
  skipSpace(from: number = this.#at): number {
    const text = this.#text;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 32 || code === 10 || code === 13 || code === 9) at++;
      else if (code === HASH || (code === SLASH && text.charCodeAt(at + 1) === SLASH)) {
        const end = text.indexOf("\n", at);
        this.#comment(at, end < 0 ? text.length : end);
        at = end < 0 ? text.length : end;
      } else if (code === SLASH && text.charCodeAt(at + 1) === 42) {
        const end = text.indexOf("*/", at + 2);
        if (end < 0) break;
        this.#comment(at, end + 2);
        at = end + 2;
      } else break;
    }
    this.#at = at;
    return at;
  }

  #comment(start: number, end: number): void {
    // What was no key after all is read a second time.
    if (start < this.#commented) return;
    this.#commented = end;
    this.seen.add("comment");
    const text = this.#text.slice(start, end).trimEnd();
    this.asides.push({ line: this.#lines.lineAt(start), text });
  }

  #failed(stack: readonly Frame[], last: number): LiteralScan {
    const at = this.#at;
    const isCut = this.skipSpace() >= this.#text.length;
    this.#at = last;
    let node: SourceNode | undefined;
    for (const frame of stack.toReversed()) {
      if (node !== undefined && frame.key !== undefined)
        frame.entries.push({ key: frame.key, value: node });
      else if (node !== undefined) frame.items.push(node);
      node = this.#closed(frame);
      if (node === undefined) return { node, at, isCut };
    }
    return { node: undefined, at, isCut, ...(node ? { whole: { node, end: last } } : {}) };
  }

  /** A class in front of a bracket or another class. */
  #label(): string {
    const label = this.#match(LABEL) ?? "";
    return /^[[{A-Z]/.test(this.#text.charAt(this.#at + label.length)) ? label : "";
  }

  /** What stands for a value that is not printed: `[Function: f]`, `<Job object at 0x7f>`, `...`. */
  #opaque(): string | undefined {
    if (this.#text.charCodeAt(this.#at) !== 60) return this.#match(OPAQUE);
    let depth = 0;
    const most = Math.min(this.#text.length, this.#at + MAX_OBJECT);
    for (let at = this.#at; at < most; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 10) return undefined;
      if (code === 60) depth++;
      if (code === 62 && --depth === 0) return this.#text.slice(this.#at, at + 1);
    }
    return undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  /** Reads a key and what stands between it and its value; moves on where there is one. */
  #key(frame: Frame): boolean {
    if (frame.close === BRACKET) return false;
    const start = this.#at;
    const quote = this.#text.charCodeAt(start);
    let key: string | undefined;
    if (isQuote(quote)) key = this.#string();
    else {
      key = this.#opaque() ?? this.#match(NAME) ?? this.#match(NUMBER);
      if (key !== undefined) this.#at += key.length;
    }
    if (key !== undefined) {
      this.skipSpace();
      const sign = this.#text.charCodeAt(this.#at);
      const isArrow = sign === EQUALS && this.#text.charCodeAt(this.#at + 1) === 62;
      // `f(a=1)`; in a tuple nothing has a name.
      if (sign === EQUALS || (sign === COLON && frame.close === BRACE)) {
        this.#at += isArrow ? 2 : 1;
        if (quote !== DOUBLE) this.seen.add("key");
        frame.key = key;
        return true;
      }
    }
    // `{1, 2}`, `{f(x)}`: a set, read again as values.
    this.#at = start;
    return false;
  }

  #open(depth: number): Frame | "deep" | undefined {
    const start = this.#at;
    let label = this.#label();
    if (label !== "") this.#at += label.length;
    else if (this.#opaque() !== undefined) return undefined;
    else {
      const name = this.#match(NAME);
      if (name !== undefined && this.#text.charCodeAt(start + name.length) === 40) {
        label = name;
        this.#at += name.length;
      }
    }
    const code = this.#text.charCodeAt(this.#at);
    const close = code === 123 ? BRACE : code === 91 ? BRACKET : code === 40 ? PARENTHESIS : 0;
    if (close === 0) {
      this.#at = start;
      return undefined;
    }
    if (depth >= MAX_DEPTH) return "deep";
    if (label !== "") this.seen.add(close === PARENTHESIS ? "call" : "label");
    else if (close === PARENTHESIS) this.seen.add("tuple");
    this.#at++;
    return { close, label: label.trim(), start, items: [], entries: [], key: undefined };
  }

  /** A container that ends before `#at`. */
  #closed({ close, label, start, items, entries }: Frame): SourceNode | undefined {
    const firstLine = this.#lines.lineAt(start);
    const lastLine = this.#lines.lineAt(this.#at - 1);
    const place = { firstLine, lastLine, isInline: true };
    // `{ a: 1, ... 3 more items }`
    const rest = entries.length > 0 && close !== PARENTHESIS ? items.splice(0) : [];
    if (rest.length > 0) entries.push({ key: "…", value: { type: "list", items: rest, ...place } });
    const isCall = close === PARENTHESIS && label !== "";
    if (isCall && entries.length === 0 && items.every(isScalar)) {
      // `Decimal('1.0')`, `datetime.date(2024, 1, 2)` are values, not containers.
      return { type: "text", text: this.#text.slice(start, this.#at), firstLine, lastLine };
    }
    const isMap = entries.length > 0 || (close === BRACE && items.length === 0);
    const isNamed = label !== "" && !/^Array\(\d+\)$/.test(label);
    if (!isNamed)
      return isMap ? { type: "map", entries, ...place } : { type: "list", items, ...place };
    const has = (key: string): boolean => entries.some((entry) => entry.key === key);
    const name: SourceNode = { type: "text", text: label, firstLine, lastLine: firstLine };
    const own: SourceEntry[] = [
      { key: has("class") ? "class()" : "class", value: name },
      ...entries,
    ];
    const [only] = items;
    if (items.length === 1 && only?.type === "list") own.push({ key: "items", value: only });
    else if (items.length > 0)
      own.push({
        key: has("items") ? "items()" : "items",
        value: { type: "list", items, ...place },
      });
    return { type: "map", entries: own, ...place };
  }

  #scalar(): SourceNode | undefined {
    const start = this.#at;
    const firstLine = this.#lines.lineAt(start);
    const code = this.#text.charCodeAt(start);
    const name = this.#match(NAME);
    if (
      isQuote(code) ||
      (name !== undefined && isQuote(this.#text.charCodeAt(start + name.length)))
    ) {
      const text = this.#strings(name);
      return text === undefined
        ? undefined
        : { type: "text", text, firstLine, lastLine: this.#lines.lineAt(this.#at - 1) };
    }
    const place = { firstLine, lastLine: firstLine };
    if (name !== undefined && Object.hasOwn(WORDS, name)) {
      this.#at += name.length;
      const literal = WORDS[name] ?? "";
      if (literal !== name) this.seen.add("word");
      return literal === ""
        ? { type: "text", text: name, ...place }
        : { type: "literal", text: literal, ...place };
    }
    const date = this.#match(DATE);
    if (date !== undefined) return this.#word(date, place);
    const number = this.#match(NUMBER);
    if (number !== undefined && number !== "") {
      if (isJsonNumber(number)) {
        this.#at += number.length;
        return { type: "literal", text: number, ...place };
      }
      return this.#word(number, place);
    }
    const opaque = this.#opaque();
    return opaque === undefined ? undefined : this.#word(opaque, place);
  }

  #word(
    text: string,
    place: { readonly firstLine: number; readonly lastLine: number },
  ): SourceScalar {
    this.#at += text.length;
    this.seen.add("word");
    return { type: "text", text, ...place };
  }

  /** A string and those that continue it: `'a' + 'b'`, or one on the next line. */
  #strings(prefix: string | undefined): string | undefined {
    if (prefix !== undefined) {
      if (!/^[bfru]{1,2}$/i.test(prefix)) return undefined;
      this.#at += prefix.length;
      this.seen.add("quotes");
    }
    let text = this.#string(prefix !== undefined && /r/i.test(prefix));
    for (;;) {
      if (text === undefined) return undefined;
      const end = this.#at;
      const next = skipBlanks(this.#text, end);
      const plus = this.#text.charCodeAt(next) === 43 ? skipBlanks(this.#text, next + 1) : next;
      const isNext = plus > next || this.#text.slice(end, next).includes("\n");
      if (!isNext || !isQuote(this.#text.charCodeAt(plus))) return text;
      this.seen.add("quotes");
      this.#at = plus;
      const more = this.#string();
      text = more === undefined ? undefined : text + more;
    }
  }

  /** The text of the string that starts here; moves behind it. */
  #string(isPrefixed = false): string | undefined {
    const text = this.#text;
    const quote = text.charAt(this.#at);
    const isRaw = isPrefixed || (this.#isToml && quote === "'");
    if (quote !== '"') this.seen.add("quotes");
    const isTriple = quote !== "`" && text.startsWith(quote.repeat(3), this.#at);
    const mark = isTriple ? quote.repeat(3) : quote;
    if (isTriple) this.seen.add("quotes");
    let at = this.#at + mark.length;
    // TOML: a line break behind three quotes is not content.
    if (isTriple && text.charCodeAt(at) === 10) at++;
    const parts: string[] = [];
    let from = at;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 92 && !isRaw) {
        parts.push(text.slice(from, at));
        const read = readEscape(text, at + 1);
        parts.push(read.text);
        from = read.end;
        at = read.end - 1;
      } else if (code === 10 && !isTriple && quote !== "`") return undefined;
      else if (code === mark.charCodeAt(0) && text.startsWith(mark, at)) {
        parts.push(text.slice(from, at));
        this.#at = at + mark.length;
        return parts.join("");
      }
    }
    this.#at = text.length;
    return undefined;
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (" \n\r\t".includes(text.charAt(at)) && at < text.length) at++;
  return at;
}

function isScalar({ type }: SourceNode): boolean {
  return type === "text" || type === "literal";
}

function isQuote(code: number): boolean {
  return code === DOUBLE || code === 39 || code === 96;
}

const HASH = 35;
const SLASH = 47;
const COMMA = 44;
const COLON = 58;
const EQUALS = 61;
const DOUBLE = 34;
const BRACE = 125;
const BRACKET = 93;
const PARENTHESIS = 41;
