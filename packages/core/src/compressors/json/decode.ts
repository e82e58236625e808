/**
 * The JSON text behind a lossless form: record types are read from their headers, then every row is spelled out.
 *
 * Gives minified JSON with the lexemes and the key order of the original. Anything that is not our notation, and
 * anything that would grow without bound (names that explain each other), gives `undefined`.
 */
import { layOut } from "./layout.ts";
import { type Cell, Reader, type RowCells, Unreadable } from "./notation.ts";
import { isDigit, isName } from "./text.ts";

interface GroupPlan {
  readonly field: string;
  readonly key: string;
  readonly parent: GroupPlan | undefined;
  readonly members: (ColumnPlan | GroupPlan)[];
  readonly byName: Map<string, ColumnPlan | GroupPlan>;
  readonly plan: TypePlan;
}

interface ColumnPlan {
  readonly key: string;
  readonly field: string;
  readonly path: string;
  readonly index: number;
  readonly group: GroupPlan;
  /** Reads from the row: its position among such columns; -1 where the header says it all. */
  position: number;
  static: string | undefined;
  child: TypePlan | undefined;
  /** The key is missing unless the row says otherwise. */
  optional: boolean;
  constant: Cell | undefined;
  parts: readonly PartPlan[] | undefined;
  /** `parts` make a string, even of a single reference. */
  isText: boolean;
}

/** A literal, the names of a path to look up, or the row's own cell (no names). */
type PartPlan = { readonly literal: string } | { readonly path: readonly string[] };

interface TypePlan {
  readonly root: GroupPlan;
  readonly columns: ColumnPlan[];
  positions: number;
  /** Where this type is written inside another one. */
  readonly around: GroupPlan | undefined;
}

interface Row {
  readonly plan: TypePlan;
  readonly row: RowCells;
  readonly around: Row | undefined;
  /** What columns turned out to be; `null` for a missing key, `pending` while being worked out. */
  readonly known: (string | null | undefined)[];
}

const pending = "\0";

/** The JSON text of the body; with `lines`, of each of its items. */
export function decodeBody(
  headers: readonly string[],
  body: string,
  lines: boolean,
): readonly string[] {
  const types = new Map<string, TypePlan>();
  for (const line of headers) {
    const reader = new Reader(line);
    const name = reader.name();
    reader.expect("(");
    types.set(name, readType(reader, ")", undefined));
    if (reader.at !== line.length) throw new Unreadable();
  }
  const reader = new Reader(body);
  const root = reader.value();
  if (reader.at !== body.length) throw new Unreadable();
  const speller = new Speller(types);
  if (!lines) return [speller.value(root, undefined, undefined)];
  if (root.kind !== "array") throw new Unreadable();
  return speller.items(root);
}

function readType(reader: Reader, end: string, around: GroupPlan | undefined): TypePlan {
  const plan: { root: GroupPlan | undefined } & Omit<TypePlan, "root"> = {
    root: undefined,
    columns: [],
    positions: 0,
    around,
  };
  const root: GroupPlan = {
    field: "",
    key: "",
    parent: undefined,
    members: [],
    byName: new Map(),
    plan: plan as TypePlan,
  };
  plan.root = root;
  readMembers(reader, plan as TypePlan, root, end);
  return plan as TypePlan;
}

function readMembers(reader: Reader, plan: TypePlan, group: GroupPlan, end: string): void {
  if (reader.take(end)) return;
  for (;;) {
    const field = reader.name();
    const key = field.charCodeAt(0) === 34 ? field : `"${field}"`;
    if (reader.take("{")) {
      const nested: GroupPlan = { field, key, parent: group, members: [], byName: new Map(), plan };
      group.members.push(nested);
      group.byName.set(field, nested);
      readMembers(reader, plan, nested, "}");
    } else readColumn(reader, plan, group, field, key);
    if (!reader.take(",")) break;
  }
  reader.expect(end);
}

function readColumn(
  reader: Reader,
  plan: TypePlan,
  group: GroupPlan,
  field: string,
  key: string,
): void {
  let path = field;
  for (let at: GroupPlan | undefined = group; at?.parent !== undefined; at = at.parent) {
    path = `${at.field}.${path}`;
  }
  const column: ColumnPlan = {
    key,
    field,
    path,
    index: plan.columns.length,
    group,
    position: -1,
    static: undefined,
    child: undefined,
    optional: reader.take("?"),
    constant: undefined,
    parts: undefined,
    isText: false,
  };
  plan.columns.push(column);
  group.members.push(column);
  group.byName.set(field, column);
  if (reader.take(":")) {
    if (reader.take("[{")) {
      column.child = readType(reader, "}", group);
      reader.expect("]");
    } else if (reader.take("{")) column.child = readType(reader, "}", group);
    else {
      column.static = reader.name();
      reader.take("[]");
    }
  }
  if (reader.take("=")) readRule(reader, column);
  const ownCell = column.parts?.some((part) => "path" in part && part.path.length === 0) ?? false;
  const fromHeader = column.optional || column.constant !== undefined || column.parts !== undefined;
  if (!fromHeader || ownCell) column.position = plan.positions++;
}

function readRule(reader: Reader, column: ColumnPlan): void {
  const start = reader.at;
  const isQuoted = reader.text.charCodeAt(start) === 34;
  if (isQuoted) reader.quoted();
  else reader.at = reader.bareEnd(start);
  const end = reader.at;
  const inside = reader.text.slice(isQuoted ? start + 1 : start, isQuoted ? end - 1 : end);
  if (isQuoted ? inside.includes("${") : isBareTemplate(inside, reader.text.charCodeAt(end))) {
    column.parts = readParts(inside);
    column.isText = isQuoted || column.parts.length > 1;
  } else {
    reader.at = start;
    column.constant = reader.value();
  }
}

/** The first brace of a template belongs to a reference or to a literal; that of a record or table to neither. */
function isBareTemplate(text: string, next: number): boolean {
  if (next === 40 || next === 91 || !text.includes("${")) return false;
  const brace = text.indexOf("{");
  return text.charCodeAt(brace - 1) === 36 || !(brace === 0 || isName(text.slice(0, brace)));
}

function readParts(text: string): PartPlan[] {
  const parts: PartPlan[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf("${", at);
    if (open === -1) break;
    const close = text.indexOf("}", open);
    if (close === -1) throw new Unreadable();
    if (open > at) parts.push({ literal: text.slice(at, open) });
    parts.push({ path: close === open + 2 ? [] : text.slice(open + 2, close).split(".") });
    at = close + 1;
  }
  if (at < text.length) parts.push({ literal: text.slice(at) });
  return parts;
}

class Speller {
  readonly #types: ReadonlyMap<string, TypePlan>;

  constructor(types: ReadonlyMap<string, TypePlan>) {
    this.#types = types;
  }

  /** `plan`: the type of rows that do not name theirs. */
  value(cell: Cell, plan: TypePlan | undefined, around: Row | undefined): string {
    switch (cell.kind) {
      case "text":
        return cell.json;
      case "embedded":
        return JSON.stringify(layOut(this.value(cell.inner, undefined, undefined), cell.layout));
      case "row": {
        const own = cell.type === undefined ? plan : this.#type(cell.type);
        if (own === undefined) throw new Unreadable();
        return this.#row(own, cell.row, around);
      }
      case "array": {
        return `[${this.items(cell, plan, around).join(",")}]`;
      }
      case "object": {
        const own = cell.type === undefined ? undefined : this.#type(cell.type);
        const members = cell.items.map(
          (item, index) => `${cell.keys[index]}:${this.value(item, own, undefined)}`,
        );
        return `{${members.join(",")}}`;
      }
      default:
        throw new Unreadable();
    }
  }

  items(cell: Cell & { kind: "array" }, plan?: TypePlan, around?: Row): readonly string[] {
    const own = cell.type === undefined ? plan : this.#type(cell.type);
    return cell.items.map((item) => this.value(item, own, around));
  }

  #type(name: string): TypePlan {
    const plan = this.#types.get(name);
    if (plan === undefined) throw new Unreadable();
    return plan;
  }

  #row(plan: TypePlan, row: RowCells, around: Row | undefined): string {
    if (row.cells.length > Math.max(1, plan.positions)) throw new Unreadable();
    return this.#group(plan.root, { plan, row, around, known: new Array(plan.columns.length) });
  }

  #group(group: GroupPlan, row: Row): string {
    let out = "";
    for (const member of group.members) {
      const text = "members" in member ? this.#group(member, row) : this.#column(member, row);
      if (text !== null) out += `${out === "" ? "" : ","}${member.key}:${text}`;
    }
    return `{${out}}`;
  }

  #column(column: ColumnPlan, row: Row): string | null {
    let known = row.known[column.index];
    if (known === pending) throw new Unreadable();
    if (known === undefined) {
      row.known[column.index] = pending;
      known = this.#work(column, row);
      row.known[column.index] = known;
    }
    return known;
  }

  #work(column: ColumnPlan, row: Row): string | null {
    const exception = row.row.except?.get(column.path);
    if (exception !== undefined) return this.#cell(column, exception, row);
    if (column.position >= 0) {
      const cell = row.row.cells[column.position];
      if (cell === undefined || cell.kind === "missing") return null;
      const json = this.#cell(column, cell, row);
      if (column.parts === undefined || cell.kind !== "text" || json?.charCodeAt(0) !== 34) {
        return json;
      }
      return this.#expand(column, column.parts, row, json.slice(1, -1));
    }
    if (column.constant !== undefined) return this.#cell(column, column.constant, row);
    if (column.parts !== undefined) return this.#expand(column, column.parts, row, "");
    return null;
  }

  #cell(column: ColumnPlan, cell: Cell, row: Row): string | null {
    if (cell.kind === "missing") return null;
    const plan =
      column.child ?? (column.static === undefined ? undefined : this.#type(column.static));
    return this.value(cell, plan, column.child === undefined ? undefined : row);
  }

  #expand(column: ColumnPlan, parts: readonly PartPlan[], row: Row, own: string): string | null {
    const only = parts[0];
    if (!column.isText && only !== undefined && "path" in only && only.path.length > 0) {
      return this.#lookup(column, only.path, row);
    }
    let text = "";
    for (const part of parts) {
      if ("literal" in part) text += part.literal;
      else if (part.path.length === 0) text += own;
      else {
        const json = this.#lookup(column, part.path, row);
        if (json === null) return null;
        const first = json.charCodeAt(0);
        if (first === 34) text += json.slice(1, -1);
        else if (isDigit(first) || first === 45) text += json;
        else return json;
      }
    }
    return `"${text}"`;
  }

  /** The innermost group that has the first name decides; there is no way back from it. */
  #lookup(column: ColumnPlan, names: readonly string[], row: Row): string | null {
    let at: Row | undefined = row;
    let from: GroupPlan | undefined = column.group;
    while (at !== undefined) {
      for (let group: GroupPlan | undefined = from; group !== undefined; group = group.parent) {
        let member = group.byName.get(names[0] as string);
        if (member === undefined) continue;
        for (let i = 1; i < names.length; i++) {
          const inner: GroupPlan | undefined =
            member !== undefined && "members" in member ? member : undefined;
          member = inner?.byName.get(names[i] as string);
        }
        if (member === undefined || "members" in member) throw new Unreadable();
        return this.#column(member, at);
      }
      from = at.plan.around;
      at = at.around;
    }
    throw new Unreadable();
  }
}
