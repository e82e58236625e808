/**
 * Writes values and tables in the notation that `reader.ts` reads.
 *
 * ```
 * User(login,id | url=https://api.example.com/${login},admin=false)    a type: what rows list | what the header gives
 *
 * {
 * total:2,                                                             objects and arrays as usual, keys bare
 * items:User[2 rows                                                    one row a line
 * octocat,1
 * hubot,2;admin=true                                                   an exception
 * ]
 * }
 * ```
 */
import type { Feature } from "../../notation/legend.ts";
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { type Arrangement, siblingsIn, usualType } from "./arrange.ts";
import { noteOf, placeOf } from "./gap.ts";
import type { RecordType } from "./record.ts";
import type { RowPlan, Rule } from "./rule.ts";
import type { SiblingReference } from "./siblings.ts";
import type { Column } from "./table.ts";
import { countOf, isBare, nameOf, writeString } from "./text.ts";
import { LEFT_OUT, type Value } from "./value.ts";

/** Texts in strings are looked at for repeated parts from this length on. */
const MIN_LEAF_LENGTH = 8;
/** Rows of so many numbers that follow each other are one line: shorter runs save less than the sentence about them. */
const MIN_RUN = 10;
/** Objects and rows of so many keys say how many they are. */
const MIN_COUNTED_KEYS = 10;
/** Estimated tokens from which on a value is printed in steps; and characters of one, to count them. */
const LARGE_TOKENS = 8_192;
const TOKEN_CHARACTERS = 4;

/** The pieces of a text; some are what a string holds, in which repeated parts may be named. */
export interface Pieces {
  readonly texts: string[];
  /** Indexes of the strings among them. */
  readonly leaves: number[];
}

/** An array or object that is being written. */
interface OpenArray {
  readonly item: Value;
  /** The type of its rows. */
  readonly common: RecordType | undefined;
  /** How its lines are written, where they are rows. */
  readonly plan: RowPlan | undefined;
  readonly isBlock: boolean;
}

interface OpenObject {
  readonly item: Value;
  readonly common: RecordType | undefined;
  readonly isBlock: boolean;
  readonly references: ReadonlyMap<number, SiblingReference>;
}

export class Printer {
  readonly #arrangement: Arrangement;
  readonly #names: ReadonlyMap<Value, string>;
  readonly #features: Set<Feature>;
  #pieces: Pieces = { texts: [], leaves: [] };
  #hasGaps = false;
  /** In a pattern: what stands there instead of a value. */
  #references: ReadonlyMap<Value, Column> | undefined;

  /**
   * @param names - Written instead of these values.
   * @param features - Gets what a legend has to explain.
   */
  constructor(arrangement: Arrangement, names: ReadonlyMap<Value, string>, features: Set<Feature>) {
    this.#arrangement = arrangement;
    this.#names = names;
    this.#features = features;
  }

  /** The document. No other method may be called before it is complete. */
  *body(): Steps<Pieces> {
    this.#pieces = { texts: [], leaves: [] };
    yield* this.#largeValue(this.#arrangement.root);
    return this.#pieces;
  }

  /** Whether a value that is left out has been written. */
  get hasGaps(): boolean {
    return this.#hasGaps;
  }

  /** A value by itself. */
  textOf(item: Value): string {
    return this.#print(() => this.#value(item)).texts.join("");
  }

  /** `T(a,b:U | c=1,d=x/${a})` */
  header(plan: RowPlan): Pieces {
    return this.#print(() => {
      this.#features.add("rows");
      this.#put(`${plan.table.type.name}(`);
      plan.cells.forEach((column, index) => {
        this.#put(`${index > 0 ? "," : ""}${column.field}`);
        if (column.type === undefined) return;
        this.#features.add(column.many ? "lists" : "nested");
        this.#put(`:${column.type.name}${column.many ? "[]" : ""}`);
      });
      // That a column is left out is said below the rows: here it would read as the same in each.
      const said = plan.fixed.filter(({ rule }) => !isLeftOut(rule));
      said.forEach(({ column, rule }, index) => {
        this.#put(`${index > 0 ? "," : " | "}${column.field}=`);
        this.#rule(rule);
      });
      this.#put(`)${printWidth(plan)}`);
    });
  }

  #print(write: () => void): Pieces {
    this.#pieces = { texts: [], leaves: [] };
    write();
    return this.#pieces;
  }

  #put(text: string): void {
    this.#pieces.texts.push(text);
  }

  #leaf(text: string): void {
    if (text.length >= MIN_LEAF_LENGTH) this.#pieces.leaves.push(this.#pieces.texts.length);
    this.#pieces.texts.push(text);
  }

  #rule(rule: Rule): void {
    if (rule.kind === "constant") {
      this.#features.add("constants");
      if (rule.value === undefined) this.#features.add("absent");
      else this.#value(rule.value);
      return;
    }
    this.#features.add("derived");
    if (rule.kind === "copy") {
      this.#references = rule.references;
      this.#value(rule.pattern);
      this.#references = undefined;
      return;
    }
    const text = rule.parts.map(printPart).join("");
    // Quoted, a single reference is clearly a string, be it of a number.
    const quote = rule.parts.length > 1 && isBareTemplate(text) ? "" : '"';
    // Only the folder in front of the first reference is text of its own.
    const folder = text.slice(0, Math.max(0, text.lastIndexOf("/", text.indexOf("${"))));
    this.#put(quote);
    this.#leaf(folder);
    this.#put(`${text.slice(folder.length)}${quote}`);
  }

  /** `type`: what is known from the place; rows of it need not say so. */
  #value(item: Value, type?: RecordType): void {
    const reference = this.#references?.get(item);
    // What has a name elsewhere may hold references here.
    const name = this.#references === undefined ? this.#names.get(item) : undefined;
    if (reference !== undefined) this.#put(`\${${reference.field}}`);
    else if (name !== undefined) this.#put(name);
    else if (item.kind === "scalar") {
      if (item.text === LEFT_OUT) this.#hasGaps = true;
      this.#put(item.text);
    } else if (item.kind === "string") this.#leaf(writeString(item.text));
    else if (item.kind === "embedded") this.#embedded(item);
    else if (item.kind === "array") this.#array(item, type);
    else this.#object(item, type);
  }

  /** `#value` in steps. */
  *#largeValue(item: Value, type?: RecordType): Steps<void> {
    if (item.cost < LARGE_TOKENS || this.#names.has(item) || item.items.length === 0)
      this.#value(item, type);
    else if (item.kind === "embedded") {
      this.#openEmbedded(item);
      yield* this.#largeValue(item.items[0] as Value);
      this.#put(")");
    } else if (item.kind === "array") yield* this.#largeArray(item, type);
    else yield* this.#largeObject(item, type);
  }

  #embedded(item: Value): void {
    this.#openEmbedded(item);
    this.#withoutReferences(() => this.#value(item.items[0] as Value));
    this.#put(")");
  }

  #withoutReferences(write: () => void): void {
    const outer = this.#references;
    this.#references = undefined;
    write();
    this.#references = outer;
  }

  #openEmbedded({ style }: Value): void {
    this.#features.add("embedded");
    this.#put(`${style ?? "json"}(`);
  }

  #array(item: Value, known: RecordType | undefined): void {
    const list = this.#openArray(item, known);
    for (let index = 0; index < item.items.length; index++) {
      const element = item.items[index] as Value;
      this.#separate(list, index);
      if (list.plan === undefined) this.#value(element, list.common);
      else index = this.#run(list, index) ?? this.#ownLine(list.plan, element, index);
    }
    this.#closeArray(list);
  }

  #ownLine(plan: RowPlan, element: Value, index: number): number {
    this.#line(plan, element);
    return index;
  }

  /** Writes the rows of a few numbers that follow each other as `3..9`; gives the index of the last one. */
  #run({ item, plan }: OpenArray, start: number): number | undefined {
    if (plan?.cells.length !== 1 || item.gap !== undefined) return undefined;
    const first = this.#number(plan, item.items[start]);
    if (first === undefined) return undefined;
    let end = start + 1;
    while (this.#number(plan, item.items[end]) === first + end - start) end++;
    if (end - start < MIN_RUN) return undefined;
    this.#features.add("runs");
    this.#put(`${first}..${first + end - 1 - start}`);
    return end - 1;
  }

  /** The number that is all there is to say of a row. */
  #number(plan: RowPlan, item: Value | undefined): number | undefined {
    if (item === undefined || this.#arrangement.types.of(item) !== plan.table.type)
      return undefined;
    const row = this.#arrangement.rows[item.id] as number;
    const cell = plan.cells[0]?.cells[row];
    if (cell?.kind !== "scalar" || plan.fixed.some(({ rule }) => rule.except.has(row)))
      return undefined;
    return countOf(cell.text);
  }

  *#largeArray(item: Value, known: RecordType | undefined): Steps<void> {
    const list = this.#openArray(item, known);
    const meter = new Meter();
    for (let index = 0; index < item.items.length; index++) {
      const element = item.items[index] as Value;
      this.#separate(list, index);
      const last = list.plan === undefined ? undefined : this.#run(list, index);
      if (last !== undefined) index = last;
      else if (list.plan !== undefined)
        if (element.cost < LARGE_TOKENS) this.#line(list.plan, element);
        else yield* this.#largeLine(list.plan, element);
      else if (element.cost < LARGE_TOKENS) this.#value(element, list.common);
      else yield* this.#largeValue(element, list.common);
      if (meter.isDue(TOKEN_CHARACTERS * element.cost)) yield;
    }
    this.#closeArray(list);
  }

  #openArray(item: Value, known: RecordType | undefined): OpenArray {
    const common = known ?? usualType(item, this.#arrangement);
    const isBlock = this.#arrangement.blocks.has(item);
    if (common !== undefined && (common !== known || isBlock)) this.#put(common.name);
    this.#put("[");
    if (isBlock) this.#count(item, common === undefined ? "items" : "rows");
    const plan = isBlock && common !== undefined ? this.#arrangement.plans.get(common) : undefined;
    return { item, common, plan, isBlock };
  }

  /** What stands before an element. */
  #separate({ item, plan, isBlock }: OpenArray, index: number): void {
    const comma = index > 0 && plan === undefined ? "," : "";
    this.#put(`${comma}${isBlock ? "\n" : ""}${placeOf(item.gap, index)}`);
  }

  #closeArray({ item, isBlock }: OpenArray): void {
    this.#put(`${noteOf(item.gap, false, isBlock ? "\n" : ",")}${isBlock ? "\n" : ""}]`);
  }

  #object(item: Value, known: RecordType | undefined): void {
    const { types, plans } = this.#arrangement;
    const type = types.of(item);
    if (type !== undefined) {
      this.#put(type === known ? "(" : `${type.name}(`);
      this.#cells(plans.get(type) as RowPlan, item);
      this.#put(")");
      return;
    }
    const map = this.#openObject(item);
    this.#withoutReferences(() => {
      item.items.forEach((member, index) => {
        if (this.#member(map, index)) this.#value(member, map.common);
      });
    });
    this.#closeObject(map);
  }

  *#largeObject(item: Value, known: RecordType | undefined): Steps<void> {
    const { types, plans } = this.#arrangement;
    const type = types.of(item);
    if (type !== undefined) {
      this.#put(type === known ? "(" : `${type.name}(`);
      yield* this.#largeCells(plans.get(type) as RowPlan, item);
      this.#put(")");
      return;
    }
    const map = this.#openObject(item);
    const meter = new Meter();
    for (let index = 0; index < item.items.length; index++) {
      const member = item.items[index] as Value;
      if (!this.#member(map, index)) continue;
      if (member.cost < LARGE_TOKENS) this.#value(member, map.common);
      else yield* this.#largeValue(member, map.common);
      if (meter.isDue(TOKEN_CHARACTERS * member.cost)) yield;
    }
    this.#closeObject(map);
  }

  #openObject(item: Value): OpenObject {
    const isBlock = this.#arrangement.blocks.has(item);
    const common = usualType(item, this.#arrangement);
    if (common !== undefined) this.#put(common.name);
    this.#put("{");
    if (isBlock && common !== undefined) this.#count(item, "rows");
    else if (isBlock && item.items.length >= MIN_COUNTED_KEYS) this.#count(item, "keys");
    return { item, common, isBlock, references: siblingsIn(item, this.#arrangement) };
  }

  /** Writes the key of a member, and the member itself where it is a reference; says whether its value has to follow. */
  #member({ item, isBlock, references }: OpenObject, index: number): boolean {
    this.#put(`${index > 0 ? "," : ""}${isBlock ? "\n" : ""}${nameOf(item.shape?.keys[index])}:`);
    const reference = references.get(index);
    if (reference === undefined) return true;
    this.#features.add("derived");
    this.#put(`\${${reference.field}}${reference.rest}`);
    return false;
  }

  #closeObject({ item, isBlock }: OpenObject): void {
    this.#put(`${noteOf(item.gap, true, isBlock ? "\n" : ",")}${isBlock ? "\n" : ""}}`);
  }

  #count({ items, gap }: Value, unit: "rows" | "items" | "keys"): void {
    this.#put(`${gap?.total ?? items.length} ${unit}`);
  }

  #line(plan: RowPlan, item: Value): void {
    if (this.#arrangement.types.of(item) !== plan.table.type) {
      this.#value(item);
      return;
    }
    const before = this.#pieces.texts.length;
    this.#cells(plan, item);
    // A line shows that there is a row, even where the header says it all.
    if (this.#pieces.texts.length === before && plan.cells.length === 0) this.#put("()");
  }

  *#largeLine(plan: RowPlan, item: Value): Steps<void> {
    if (this.#arrangement.types.of(item) !== plan.table.type) yield* this.#largeValue(item);
    else yield* this.#largeCells(plan, item);
  }

  /** The cells of a row and its exceptions, without anything around them. */
  #cells(plan: RowPlan, item: Value): void {
    const row = this.#arrangement.rows[item.id] as number;
    plan.cells.forEach((column, index) => {
      if (index > 0) this.#put(",");
      const cell = column.cells[row];
      if (cell === undefined) this.#features.add("absent");
      else this.#value(cell, this.#place(column, cell));
    });
    this.#exceptions(plan, row);
  }

  *#largeCells(plan: RowPlan, item: Value): Steps<void> {
    const row = this.#arrangement.rows[item.id] as number;
    for (const [index, column] of plan.cells.entries()) {
      if (index > 0) this.#put(",");
      const cell = column.cells[row];
      if (cell === undefined) this.#features.add("absent");
      else yield* this.#largeValue(cell, this.#place(column, cell));
    }
    this.#exceptions(plan, row);
  }

  #exceptions(plan: RowPlan, row: number): void {
    for (const { column, rule } of plan.fixed) {
      if (!rule.except.has(row)) continue;
      this.#features.add("exceptions");
      this.#put(`;${column.field}=`);
      const cell = column.cells[row];
      if (cell === undefined) this.#features.add("absent");
      else this.#withoutReferences(() => this.#value(cell));
    }
  }

  /** The type that the column gives to what stands in it. */
  #place({ type, many }: Column, cell: Value): RecordType | undefined {
    if (type === undefined || many !== (cell.kind === "array")) return undefined;
    const { types } = this.#arrangement;
    return (many ? cell.items : [cell]).every((item) => types.of(item) === type) ? type : undefined;
  }
}

/** How many keys the rows of a wide type have: to count them is work for a reader. */
function printWidth({ table: { columns } }: RowPlan): string {
  if (columns.length < MIN_COUNTED_KEYS) return "";
  const isWhole = columns.every(({ cells }) => cells.every((cell) => cell !== undefined));
  return ` ${isWhole ? "" : "up to "}${columns.length} keys`;
}

function isLeftOut(rule: Rule): boolean {
  return rule.kind === "constant" && rule.value?.kind === "scalar" && rule.value.text === LEFT_OUT;
}

function printPart(part: string | Column): string {
  return typeof part === "string" ? part : `\${${part.field}}`;
}

/** As `isBare`, references aside: their braces come in pairs, and `${` is meant. */
function isBareTemplate(text: string): boolean {
  return isBare(text.replaceAll("${", "/{"));
}
