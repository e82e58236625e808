/** Writes the lines of a view in the order of the text, and collects its sentences. */
import { joinInSteps, Meter } from "../../../steps.ts";
import type { Omission, ShortenContext, Steps, View } from "../../../types/compressor.ts";
import type { Fact, Statement } from "../../../types/statement.ts";
import { printFact } from "../../../view/fact.ts";
import { HEADER, linesAround, OTHER, ROW, shownLine } from "./around.ts";
import { cutCell } from "./column.ts";
import type { Part } from "./part.ts";
import { WHOLE_CELL } from "./plan.ts";
import { listedRow, listOf } from "./sheet.ts";

const ROW_WORK = 48;

export class Printer {
  readonly #lines: readonly string[];
  readonly #parts: readonly Part[];
  readonly #context: ShortenContext;
  readonly #out: string[] = [];
  readonly #statements: Statement[] = [];
  readonly #firstLine: number;
  /** For each line its part and row: those of the row that begins there. */
  readonly #rowAt = new Map<number, readonly [part: Part, row: number]>();
  /** Lines of names above rows of which none is shown. */
  readonly #hidden = new Set<number>();
  /** Lines left out so far. */
  #left = 0;

  constructor(lines: readonly string[], parts: readonly Part[], context: ShortenContext) {
    this.#lines = lines;
    this.#parts = parts;
    this.#context = context;
    this.#firstLine = context.firstLine ?? 1;
  }

  *print(): Steps<View | undefined> {
    const kinds = yield* this.#kinds();
    const isShown = (line: number): boolean => {
      const at = this.#rowAt.get(line);
      return at?.[0].texts.has(at[1]) === true;
    };
    const { budgetTokens, query } = this.#context;
    const kept = yield* linesAround(this.#lines, kinds, isShown, budgetTokens, query);
    this.#out.push(this.#legend());
    yield* this.#body(kinds, kept);
    for (const { summary } of this.#parts)
      for (const { text, statements } of summary) {
        this.#out.push(text);
        this.#statements.push(...statements);
      }
    const omitted = this.#omitted();
    if (omitted.length === 0) return undefined;
    return {
      text: yield* joinInSteps(this.#out, "\n"),
      omitted,
      statements: this.#statements,
    };
  }

  *#kinds(): Steps<Uint8Array> {
    const meter = new Meter();
    const kinds = new Uint8Array(this.#lines.length).fill(OTHER);
    for (const part of this.#parts) {
      const { rows, headers } = part.sheet;
      for (const { line, lines } of headers) {
        kinds.fill(HEADER, line, line + lines);
        if (part.texts.size === 0)
          for (let at = line; at < line + lines; at++) this.#hidden.add(at);
      }
      for (const [row, { line, lines }] of rows.entries()) {
        kinds.fill(ROW, line, line + lines);
        this.#rowAt.set(line, [part, row]);
        if (meter.isDue(ROW_WORK)) yield;
      }
    }
    return kinds;
  }

  *#body(kinds: Uint8Array, kept: ReadonlySet<number>): Steps<void> {
    const meter = new Meter();
    // The names stand above the first row, and again where the rows of another table were in between.
    let current: Part | undefined;
    let from = -1;
    const gap = (to: number): void => {
      if (from >= 0) this.#gap(from, to);
      from = -1;
    };
    for (let at = 0; at < this.#lines.length; ) {
      const line = this.#lines[at] ?? "";
      if (meter.isDue(ROW_WORK)) yield;
      const row = this.#rowAt.get(at);
      if (row) {
        const [part, index] = row;
        const span = part.sheet.rows[index];
        const text = part.texts.get(index);
        if (text === undefined) {
          if (from < 0) from = at;
        } else {
          if (part !== current) {
            const top = this.#topOf(part, from < 0 ? at : from, at);
            if (from >= 0 && top > from) gap(top);
            this.#out.push(headerOf(part));
            if (from < 0 && top < at) from = top;
          }
          gap(at);
          current = part;
          this.#out.push(text);
        }
        at += span?.lines ?? 1;
        continue;
      }
      if (kinds[at] === OTHER) {
        if (kept.has(at) || (line === "" && from < 0)) {
          gap(at);
          this.#out.push(shownLine(line));
        } else if (from < 0) from = at;
      } else if (from < 0 && this.#hidden.has(at)) from = at;
      at++;
    }
    gap(this.#lines.length);
  }

  /** Where the names of a table stand among lines that are left out: above its own rows, below those of another. */
  #topOf(part: Part, from: number, to: number): number {
    for (let line = to - 1; line >= from; line--) {
      const row = this.#rowAt.get(line);
      if (row !== undefined && row[0] !== part)
        return line + (row[0].sheet.rows[row[1]]?.lines ?? 1);
    }
    return from;
  }

  /** The lines from one up to another are left out; the names of their rows stand behind. */
  #gap(from: number, to: number): void {
    this.#left += to - from;
    const [first, last] = [from + this.#firstLine, to - 1 + this.#firstLine];
    const text = first === last ? `… ${first}` : `… ${first}-${last}`;
    this.#statements.push({ text, of: "", about: [[from, to]], facts: [] });
    const lists: string[] = [];
    for (const [part, start, end] of this.#rowsWithin(from, to)) {
      const { sheet, plan } = part;
      if (plan.listed.length === 0) continue;
      const values = sheet.rows
        .slice(start, end)
        .map((_, at) => listedRow(sheet, plan.listed, start + at));
      const between = plan.listed.length > 1 ? "; " : ", ";
      const list: Fact = { says: "list", values, between };
      const text = printFact(list);
      lists.push(text);
      const of = listOf(sheet.of, plan.listed);
      this.#statements.push({ text, of, about: [[start, end]], facts: [list] });
    }
    this.#out.push(lists.length === 0 ? text : `${text}: ${lists.join("; ")}`);
  }

  /** The rows that begin within some lines: from the first up to, not including, the last, a table each. */
  *#rowsWithin(
    from: number,
    to: number,
  ): Generator<readonly [part: Part, start: number, end: number]> {
    let last: { part: Part; start: number; end: number } | undefined;
    for (let line = from; line < to; line++) {
      const row = this.#rowAt.get(line);
      if (row === undefined) continue;
      const [part, at] = row;
      if (last?.part === part) last.end = at + 1;
      else {
        if (last) yield [last.part, last.start, last.end];
        last = { part, start: at, end: at + 1 };
      }
    }
    if (last) yield [last.part, last.start, last.end];
  }

  #legend(): string {
    const isCut = this.#parts.some(({ plan }) =>
      plan.cuts.some((cut) => cut > 0 && cut < WHOLE_CELL),
    );
    const names = this.#parts.flatMap(({ sheet, plan }) => {
      const [name, ...others] = plan.listed.map((at) => sheet.names[at] ?? "");
      return name === undefined ? [] : [others.length === 0 ? name : `${name}=${others.join("|")}`];
    });
    const named =
      names.length === 0 ? "" : `, behind them the ${[...new Set(names)].join(", ")} of each`;
    const hasGaps = this.#parts.some(({ left }) => left.length > 0);
    const hasConstants = this.#parts.some(({ printed }) => printed.hasConstants);
    return [
      "[table",
      ...(hasConstants
        ? ['; name="x": x in every row shown that does not end with ;name=other']
        : []),
      ...(isCut ? ["; a cell that ends in … is cut"] : []),
      ...(hasGaps ? [`; … 12-40: lines 12 to 40 are left out${named}`] : []),
      "]",
    ].join("");
  }

  #omitted(): readonly Omission[] {
    const omitted: Omission[] = [];
    if (this.#left > 0)
      omitted.push({ unit: "lines", count: this.#left, total: this.#lines.length });
    let cells = 0;
    let total = 0;
    const cutNames: string[] = [];
    for (const { sheet, columns, plan } of this.#parts) {
      const rows = plan.shown?.length ?? sheet.rows.length;
      total += rows * sheet.names.length;
      for (const [at, { name, values }] of columns.entries()) {
        const shown = plan.shown ?? values.keys();
        let own = 0;
        for (const row of shown) {
          const characters = (plan.more.get(row) ?? plan.cuts)[at] ?? WHOLE_CELL;
          const value = values[row] ?? "";
          if (cutCell(value, characters) !== value) own++;
        }
        cells += own;
        if (own > 0 && cutNames.length < 6) cutNames.push(name);
      }
    }
    if (cells > 0) omitted.push({ unit: "cells", count: cells, total, what: whatOf(cutNames) });
    return omitted;
  }
}

/** Names in one line, without brackets. */
function whatOf(names: readonly string[]): string {
  return names
    .join(", ")
    .replace(/[[\]{}()\n\r]/g, " ")
    .slice(0, 80);
}

/** The names of the columns, behind the name of the table where there are several. */
function headerOf({ sheet, printed }: Part): string {
  return sheet.label === "" ? printed.header : `(${sheet.label}) ${printed.header}`;
}
