/**
 * Reads the notation of `print.ts` into a tree, without knowing what the record types mean.
 *
 * Works on text in which names are spelled out already. Anything that is not the notation throws a `NotationError`.
 */
import { lineAt, NotationError } from "../../notation/error.ts";
import { STEP_CHARACTERS } from "../../steps.ts";
import { isDigit } from "../../text/chars.ts";
import type { Steps } from "../../types/compressor.ts";
import { isLayout, type Layout } from "./layout.ts";
import { isName, isNameCode, isScalar, readRun } from "./text.ts";

export type Cell =
  /** JSON text: a scalar or a quoted string. */
  | { readonly kind: "text"; readonly json: string }
  | { readonly kind: "missing" }
  /** In an object: `${field}` and a rest. */
  | { readonly kind: "reference"; readonly field: string; readonly rest: string }
  | { readonly kind: "row"; readonly type: string | undefined; readonly row: RowCells }
  | { readonly kind: "array"; readonly type: string | undefined; readonly items: readonly Cell[] }
  | {
      readonly kind: "object";
      readonly type: string | undefined;
      readonly keys: readonly string[];
      readonly items: readonly Cell[];
    }
  | { readonly kind: "embedded"; readonly layout: Layout; readonly inner: Cell };

export interface RowCells {
  readonly cells: readonly Cell[];
  /** Exceptions by field. */
  readonly except: ReadonlyMap<string, Cell> | undefined;
}

const missing: Cell = { kind: "missing" };
/** A line that is longer is no run of numbers. */
const MAX_RUN = 40;
/** Values inside values. What is encoded is nested 451 deep, with JSON in strings; 1,500 can overflow the stack. */
const MAX_NESTING = 600;

export class Reader {
  readonly text: string;
  at: number;
  readonly #firstLine: number;
  #depth = 0;
  /** Where to yield next. */
  #due = STEP_CHARACTERS;

  /** @param firstLine - The line of the form in which the text starts, for errors. */
  constructor(text: string, firstLine: number) {
    this.text = text;
    this.at = 0;
    this.#firstLine = firstLine;
  }

  fail(expected: string): never {
    throw new NotationError(expected, this.#firstLine + lineAt(this.text, this.at) - 1);
  }

  /** Checks that nothing follows. */
  end(): void {
    if (this.at !== this.text.length) this.fail("the end");
  }

  /** A value; what ends it (`,` `)` `]` `}` `;` or a line break) is left standing. */
  *value(): Steps<Cell> {
    return this.#scalar() ?? (yield* this.#container());
  }

  /** A value that holds no others, if one stands here. */
  #scalar(): Cell | undefined {
    const { text } = this;
    const start = this.at;
    const code = text.charCodeAt(start);
    if (code === 34) return { kind: "text", json: this.quoted() };
    if (code === 40 || code === 91 || code === 123) return undefined;
    const end = this.bareEnd(start);
    const bare = text.slice(start, end);
    if (bare.startsWith("${")) {
      this.at = end;
      const close = bare.indexOf("}");
      return { kind: "reference", field: bare.slice(2, close), rest: bare.slice(close + 1) };
    }
    const next = text.charCodeAt(end);
    if (next === 40 || next === 91 || isOpening(bare)) return undefined;
    this.at = end;
    if (bare === "") return missing;
    return { kind: "text", json: isScalar(bare) ? bare : `"${bare}"` };
  }

  *#container(): Steps<Cell> {
    if (++this.#depth > MAX_NESTING) this.fail("less nesting");
    const { text } = this;
    const start = this.at;
    let cell: Cell;
    switch (text.charCodeAt(start)) {
      case 40: // (
        this.at++;
        cell = { kind: "row", type: undefined, row: yield* this.#row(41) };
        break;
      case 91: // [
        this.at++;
        cell = yield* this.#array(undefined);
        break;
      case 123: // {
        this.at++;
        cell = yield* this.#object(undefined);
        break;
      default:
        cell = yield* this.#named();
    }
    this.#depth--;
    return cell;
  }

  /** A quoted lexeme. */
  quoted(): string {
    const { text } = this;
    const start = this.at;
    for (let i = start + 1; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 92) i++;
      else if (code === 34) {
        this.at = i + 1;
        return text.slice(start, i + 1);
      } else if (code < 32) break;
    }
    return this.fail("a closing quote");
  }

  /** A bare name or a quoted key, as written. */
  name(): string {
    if (this.text.charCodeAt(this.at) === 34) return this.quoted();
    const start = this.at;
    while (this.at < this.text.length && isNameCode(this.text.charCodeAt(this.at))) this.at++;
    if (this.at === start) this.fail("a name");
    return this.text.slice(start, this.at);
  }

  expect(sign: string): void {
    if (!this.take(sign)) this.fail(JSON.stringify(sign));
  }

  /** Steps over a sign if it stands here. */
  take(sign: string): boolean {
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  /** Text up to the end of a bare string: braces in it are in pairs. */
  bareEnd(from: number): number {
    const { text } = this;
    let depth = 0;
    let i = from;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 123) depth++;
      else if (code === 125) {
        if (--depth < 0) break;
      } else if (
        code === 44 ||
        code === 59 ||
        code === 41 ||
        code === 93 ||
        code === 10 ||
        code === 40 ||
        code === 91
      ) {
        break;
      }
    }
    return i;
  }

  /** `T(…)`, `T[…]`, `T{…}` or `json(…)`. */
  *#named(): Steps<Cell> {
    const { text } = this;
    const start = this.at;
    const end = this.bareEnd(start);
    const bare = text.slice(start, end);
    if (isOpening(bare)) {
      const brace = bare.indexOf("{");
      this.at = start + brace + 1;
      return yield* this.#object(bare.slice(0, brace));
    }
    this.at = end + 1;
    if (text.charCodeAt(end) === 91) return yield* this.#array(bare);
    if (!isLayout(bare)) return { kind: "row", type: bare, row: yield* this.#row(41) };
    const inner = yield* this.value();
    this.expect(")");
    return { kind: "embedded", layout: bare, inner };
  }

  /** Cells up to `end` (a closing parenthesis, which is taken, or a line break, which is not). */
  *#row(end: number): Steps<RowCells> {
    const { text } = this;
    const cells: Cell[] = [];
    let except: Map<string, Cell> | undefined;
    for (;;) {
      const code = text.charCodeAt(this.at);
      const isEnd = code === end || code === 44 || code === 59;
      cells.push(isEnd ? missing : (this.#scalar() ?? (yield* this.#container())));
      if (!this.take(",")) break;
    }
    while (this.take(";")) {
      const field = this.name();
      this.expect("=");
      const code = text.charCodeAt(this.at);
      except ??= new Map();
      except.set(field, code === end || code === 59 ? missing : yield* this.value());
    }
    if (text.charCodeAt(this.at) !== end) this.fail("the end of a row");
    if (end === 41) this.at++;
    return { cells, except };
  }

  *#array(type: string | undefined): Steps<Cell> {
    const items: Cell[] = [];
    if (this.take("]")) return { kind: "array", type, items };
    const count = this.#count(type === undefined ? " items\n" : " rows\n");
    if (type !== undefined && count !== undefined) {
      while (!this.take("]")) {
        const start = this.at;
        const row = yield* this.#row(10);
        const run = isDigit(this.text.charCodeAt(start))
          ? readRun(this.text.slice(start, Math.min(this.at, start + MAX_RUN)))
          : undefined;
        if (run === undefined) items.push({ kind: "row", type, row });
        else this.#readRows(run, type, count, items);
        this.expect("\n");
        if (this.#isDue()) yield;
      }
    } else {
      do {
        if (count !== undefined && items.length > 0) this.expect("\n");
        items.push(this.#scalar() ?? (yield* this.#container()));
        if (this.#isDue()) yield;
      } while (this.take(","));
      if (count !== undefined) this.expect("\n");
      this.expect("]");
    }
    if (count !== undefined && count !== items.length) this.fail(`${count} items`);
    return { kind: "array", type, items };
  }

  /** A row for each number of a run. */
  #readRows(
    [from, to]: readonly [number, number],
    type: string,
    count: number,
    items: Cell[],
  ): void {
    if (items.length + to - from >= count) this.fail(`${count} items`);
    for (let number = from; number <= to; number++) {
      const cell: Cell = { kind: "text", json: String(number) };
      items.push({ kind: "row", type, row: { cells: [cell], except: undefined } });
    }
  }

  *#object(type: string | undefined): Steps<Cell> {
    const keys: string[] = [];
    const items: Cell[] = [];
    if (this.take("}")) return { kind: "object", type, keys, items };
    const unit = type === undefined ? "keys" : "rows";
    const count = this.#count(` ${unit}\n`);
    do {
      this.take("\n");
      const key = this.name();
      keys.push(key.charCodeAt(0) === 34 ? key : `"${key}"`);
      this.expect(":");
      items.push(this.#scalar() ?? (yield* this.#container()));
      if (this.#isDue()) yield;
    } while (this.take(","));
    this.take("\n");
    this.expect("}");
    if (count !== undefined && count !== items.length) this.fail(`${count} ${unit}`);
    return { kind: "object", type, keys, items };
  }

  #isDue(): boolean {
    if (this.at < this.#due) return false;
    this.#due = this.at + STEP_CHARACTERS;
    return true;
  }

  /** How many keys a header says that its rows have. */
  width(): number | undefined {
    const start = this.at;
    if (!this.take(" up to ") && !this.take(" ")) return undefined;
    const width = this.#count(" keys");
    if (width === undefined) this.at = start;
    return width;
  }

  /** How many rows or items follow on lines of their own; `undefined` where they follow on this line. */
  #count(unit: string): number | undefined {
    let end = this.at;
    while (isDigit(this.text.charCodeAt(end))) end++;
    if (end === this.at || !this.text.startsWith(unit, end)) return undefined;
    const count = Number(this.text.slice(this.at, end));
    this.at = end + unit.length;
    return count;
  }
}

/** `T{`: the rest of a bare text behind the brace belongs to the members. */
function isOpening(bare: string): boolean {
  const brace = bare.indexOf("{");
  return brace > 0 && isName(bare.slice(0, brace));
}
