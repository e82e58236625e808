/**
 * The JSON text behind a lossless form: record types are read from their headers, then every row is spelled out.
 *
 * Gives minified JSON with the lexemes and the key order of the original. Anything that is not our notation throws a
 * `NotationError`.
 */
import { NotationError } from "../../notation/error.ts";
import { finish, joinInSteps, Meter } from "../../steps.ts";
import { isDigit } from "../../text/chars.ts";
import type { Steps } from "../../types/compressor.ts";
import { layOut } from "./layout.ts";
import { inOrder } from "./order.ts";
import { type Cell, Reader, type RowCells } from "./reader.ts";
import { isName } from "./text.ts";

interface Field {
  readonly name: string;
  readonly key: string;
  /** Among the fields of the type; in a row, where it is listed there. */
  readonly index: number;
  /** The type of the rows in it. */
  readonly type: string | undefined;
  readonly rule: FieldRule | undefined;
}

type FieldRule =
  | { readonly kind: "constant"; readonly cell: Cell }
  /** Literals, and the names of fields between them. */
  | { readonly kind: "template"; readonly parts: readonly { text: string; isField: boolean }[] };

interface RecordType {
  /** In the order of the keys. */
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
  /** How many fields a row lists. */
  readonly listed: number;
}

interface Row {
  readonly type: RecordType;
  readonly cells: RowCells;
  /** What fields turned out to be; `null` for a missing key, `PENDING` while being worked out. */
  readonly known: (string | null | undefined)[];
}

const PENDING = "\0";

/** Fields that refer to fields, and rows inside of their cells: the encoder compares at most 400 columns. */
const MAX_CHAIN = 500;

/** Characters that headers give to rows, in all: constants and templates of hostile headers could grow without bound. */
const MAX_GIVEN_LENGTH = 1 << 26;

/** The parts of a form, names spelled out. */
export interface Notation {
  readonly headers: readonly string[];
  readonly body: string;
  /** The order of the keys, by header; nothing where it is that of the header. */
  readonly orders: readonly (string | undefined)[];
  /** The body is an array whose items stood on lines of their own. */
  readonly lines: boolean;
  /** The lines of the form in which headers and body start. */
  readonly headerLine: number;
  readonly bodyLine: number;
}

/** The JSON text of the body. */
export function* decodeNotation(notation: Notation): Steps<string> {
  const { headers, body, orders, lines, headerLine, bodyLine } = notation;
  const types = new Map<string, RecordType>();
  headers.forEach((header, index) => {
    const reader = new Reader(header, headerLine + index);
    const name = reader.name();
    types.set(name, readType(reader, orders[index]));
    reader.end();
  });
  const reader = new Reader(body, bodyLine);
  const root = yield* reader.value();
  reader.end();
  const speller = new Speller(types);
  if (!lines) return yield* speller.value(root, undefined);
  if (root.kind !== "array") return reader.fail("an array of lines");
  return yield* joinInSteps(yield* speller.items(root, undefined), "\n");
}

function readType(reader: Reader, order: string | undefined): RecordType {
  const cells: Field[] = [];
  const fixed: Field[] = [];
  reader.expect("(");
  while (reader.text.charCodeAt(reader.at) !== 32) {
    const name = reader.name();
    const type = reader.take(":") ? reader.name() : undefined;
    if (type !== undefined) reader.take("[]");
    cells.push(fieldOf(name, cells.length, type, undefined));
    if (!reader.take(",")) break;
  }
  if (reader.take(" | ")) {
    do {
      const name = reader.name();
      reader.expect("=");
      fixed.push(fieldOf(name, cells.length + fixed.length, undefined, readRule(reader)));
    } while (reader.take(","));
  }
  reader.expect(")");
  const width = reader.width();
  if (width !== undefined && width !== cells.length + fixed.length) reader.fail(`${width} keys`);
  const fields = inOrder(cells, fixed, order);
  return {
    fields,
    byName: new Map(fields.map((field) => [field.name, field])),
    listed: cells.length,
  };
}

function fieldOf(
  name: string,
  index: number,
  type: string | undefined,
  rule: FieldRule | undefined,
): Field {
  return { name, key: name.charCodeAt(0) === 34 ? name : `"${name}"`, index, type, rule };
}

function readRule(reader: Reader): FieldRule {
  const start = reader.at;
  const isQuoted = reader.text.charCodeAt(start) === 34;
  if (isQuoted) reader.quoted();
  else reader.at = reader.bareEnd(start);
  const end = reader.at;
  const inside = reader.text.slice(isQuoted ? start + 1 : start, isQuoted ? end - 1 : end);
  if (isQuoted ? inside.includes("${") : isBareTemplate(inside, reader.text.charCodeAt(end))) {
    return { kind: "template", parts: readParts(inside, reader) };
  }
  reader.at = start;
  return { kind: "constant", cell: finish(reader.value()) };
}

/** The first brace of a template belongs to a reference or to a literal; that of a record or table to neither. */
function isBareTemplate(text: string, next: number): boolean {
  if (next === 40 || next === 91 || !text.includes("${")) return false;
  const brace = text.indexOf("{");
  return text.charCodeAt(brace - 1) === 36 || !(brace === 0 || isName(text.slice(0, brace)));
}

function readParts(text: string, reader: Reader): { text: string; isField: boolean }[] {
  const parts: { text: string; isField: boolean }[] = [];
  let at = 0;
  for (let open = text.indexOf("${"); open !== -1; open = text.indexOf("${", at)) {
    const close = text.indexOf("}", open);
    if (close === -1) reader.fail('"}" after "${"');
    if (open > at) parts.push({ text: text.slice(at, open), isField: false });
    parts.push({ text: text.slice(open + 2, close), isField: true });
    at = close + 1;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isField: false });
  return parts;
}

class Speller {
  readonly #types: ReadonlyMap<string, RecordType>;
  readonly #meter = new Meter();
  #given = 0;
  #chain = 0;

  constructor(types: ReadonlyMap<string, RecordType>) {
    this.#types = types;
  }

  /**
   * @param type - That of rows that do not name theirs.
   * @param outer - In a field that its header makes of others: the row whose fields they are.
   */
  *value(cell: Cell, type: RecordType | undefined, outer?: Row): Steps<string> {
    switch (cell.kind) {
      case "text":
        return cell.json;
      case "embedded":
        return JSON.stringify(yield* layOut(yield* this.value(cell.inner, undefined), cell.layout));
      case "row": {
        const own = cell.type === undefined ? type : this.#type(cell.type);
        if (own === undefined) throw new NotationError("a row whose type is known");
        return yield* this.#row(own, cell.row, outer);
      }
      case "array":
        return `[${yield* joinInSteps(yield* this.items(cell, type, outer), ",")}]`;
      case "reference":
        return this.#referred(cell, outer);
      case "object": {
        const own = cell.type === undefined ? undefined : this.#type(cell.type);
        const strings = stringsBeside(cell);
        const members: string[] = [];
        for (let index = 0; index < cell.items.length; index++) {
          const item = cell.items[index] as Cell;
          let json: string;
          if (item.kind === "text") json = item.json;
          else if (item.kind === "reference") json = spellReference(item, strings);
          else json = yield* this.value(item, own);
          members.push(`${cell.keys[index]}:${json}`);
          if (this.#meter.isDue(json.length)) yield;
        }
        return `{${yield* joinInSteps(members, ",")}}`;
      }
      default:
        throw new NotationError("a value");
    }
  }

  *items(
    cell: Cell & { kind: "array" },
    type: RecordType | undefined,
    outer?: Row,
  ): Steps<readonly string[]> {
    const own = cell.type === undefined ? type : this.#type(cell.type);
    const items: string[] = [];
    for (const item of cell.items) {
      const json = item.kind === "text" ? item.json : yield* this.value(item, own, outer);
      items.push(json);
      if (this.#meter.isDue(json.length)) yield;
    }
    return items;
  }

  #type(name: string): RecordType {
    const type = this.#types.get(name);
    if (type === undefined) throw new NotationError(`a header of ${name}`);
    return type;
  }

  /** The field of the row outside that a part of a field refers to. */
  #referred({ field, rest }: Cell & { kind: "reference" }, outer: Row | undefined): string {
    const source = rest === "" ? outer?.type.byName.get(field) : undefined;
    const json = source && outer && this.#field(source, outer);
    if (json === undefined || json === null) throw new NotationError(`a field ${field} beside it`);
    return this.#give(json) ?? json;
  }

  *#row(type: RecordType, cells: RowCells, outer?: Row): Steps<string> {
    const only = cells.cells[0];
    // Among the rows of a table, a line of one cell is a value of another kind.
    if (type.listed > 1 && cells.cells.length === 1 && cells.except === undefined) {
      return yield* this.value(only as Cell, undefined);
    }
    // `()` stands on a line of its own where the header says it all.
    if (type.listed === 0 && only?.kind === "row" && only.type === undefined) {
      return yield* this.#row(type, only.row);
    }
    if (cells.cells.length !== Math.max(1, type.listed)) {
      throw new NotationError(`rows of ${type.listed} cells`);
    }
    const row: Row = { type, cells, known: new Array(type.fields.length) };
    // Arrays and objects may be large: in steps, before references look at them.
    const hasNone = cells.except === undefined && cells.cells.every(isText);
    for (const { index, name, type: inner } of hasNone ? [] : type.fields) {
      const exception = cells.except?.get(name);
      const cell = exception ?? cells.cells[index];
      if (cell === undefined || isText(cell)) continue;
      const known = exception === undefined && inner !== undefined ? this.#type(inner) : undefined;
      row.known[index] = yield* this.value(cell, known, outer);
    }
    const members: string[] = [];
    for (const field of type.fields) {
      const json = this.#field(field, row);
      if (json !== null) members.push(`${field.key}:${json}`);
    }
    return `{${members.join(",")}}`;
  }

  #field(field: Field, row: Row): string | null {
    let known = row.known[field.index];
    if (known === PENDING) throw new NotationError(`${field.name} that does not refer to itself`);
    if (known === undefined) {
      row.known[field.index] = PENDING;
      if (++this.#chain > MAX_CHAIN) throw new NotationError("fields that refer to fewer others");
      known = this.#work(field, row);
      this.#chain--;
      row.known[field.index] = known;
    }
    return known;
  }

  #work({ name, index, type, rule }: Field, row: Row): string | null {
    const exception = row.cells.except?.get(name);
    if (exception !== undefined) return this.#cell(exception, undefined);
    if (rule === undefined) return this.#cell(row.cells.cells[index] as Cell, type);
    return this.#give(
      rule.kind === "constant" ? this.#constant(rule.cell, row) : this.#made(rule, row),
    );
  }

  /** Counts what headers give to rows. */
  #give(json: string | null): string | null {
    this.#given += json?.length ?? 0;
    if (this.#given > MAX_GIVEN_LENGTH) throw new NotationError("headers that give less text");
    return json;
  }

  #made(rule: FieldRule & { kind: "template" }, row: Row): string | null {
    let text = "";
    for (const part of rule.parts) {
      if (!part.isField) {
        text += part.text;
        continue;
      }
      const source = row.type.byName.get(part.text);
      if (source === undefined) throw new NotationError(`a field ${part.text}`);
      const json = this.#field(source, row);
      if (json === null) return null;
      const first = json.charCodeAt(0);
      if (first === 34) text += json.slice(1, -1);
      else if (isDigit(first) || first === 45) text += json;
      else return json;
      if (text.length > MAX_GIVEN_LENGTH) throw new NotationError("a shorter text");
    }
    return `"${text}"`;
  }

  #constant(cell: Cell, row: Row): string | null {
    return isText(cell) ? this.#cell(cell, undefined) : finish(this.value(cell, undefined, row));
  }

  #cell(cell: Cell, type: string | undefined): string | null {
    if (cell.kind === "missing") return null;
    if (cell.kind === "text") return cell.json;
    return finish(this.value(cell, type === undefined ? undefined : this.#type(type)));
  }
}

function isText({ kind }: Cell): boolean {
  return kind === "text" || kind === "missing";
}

/** The strings that are written out in an object, by key lexeme; nothing where it has no references. */
function stringsBeside({ keys, items }: Cell & { kind: "object" }): ReadonlyMap<string, string> {
  const strings = new Map<string, string>();
  if (!items.some(({ kind }) => kind === "reference")) return strings;
  items.forEach((item, index) => {
    if (item.kind === "text" && item.json.charCodeAt(0) === 34) {
      strings.set(keys[index] as string, item.json);
    }
  });
  return strings;
}

function spellReference(
  { field, rest }: Cell & { kind: "reference" },
  strings: ReadonlyMap<string, string>,
): string {
  const json = strings.get(`"${field}"`);
  if (json === undefined) throw new NotationError(`a string ${field} beside its reference`);
  return `${json.slice(0, -1)}${rest}"`;
}
