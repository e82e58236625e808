/**
 * Writes values and tables in the notation that `read.ts` reads.
 *
 * ```
 * User(login,id,url=https://api.example.com/${login},admin=false)     a record type: positional fields, then rules
 * {total:2,items:User[                                                 objects and arrays as usual, keys bare
 * octocat,1                                                            one row a line
 * hubot,2;admin=true                                                   an exception to a rule
 * ]}
 * ```
 */
import { type Out, OutNodes } from "./out.ts";
import type { RecordType, RecordTypes } from "./record.ts";
import type { Column, Group, Table } from "./table.ts";
import type { Part } from "./template.ts";
import { isBare, nameOf, writeString } from "./text.ts";
import type { Value } from "./value.ts";

/** Arrays and objects outside of rows get lines of their own from this estimated size on. */
const blockCost = 24;

export interface Printed {
  /** One per line, in order: type headers. */
  readonly headers: readonly (readonly Out[])[];
  readonly body: readonly Out[];
  readonly nodes: OutNodes;
  readonly uses: Uses;
}

/** What a legend has to explain. */
export interface Uses {
  /** A cell stands for a key that is not there. */
  readonly emptyCells: boolean;
  /** A row departs from a rule. */
  readonly exceptions: boolean;
}

export function printDocument(
  root: Value,
  types: RecordTypes,
  tables: ReadonlyMap<RecordType, Table>,
): Printed {
  const nodes = new OutNodes();
  const uses = { emptyCells: false, exceptions: false };
  const rowOf = new Map<Value, number>();
  /** Types that need a header: the others are written out in the rows around them. */
  const used = new Set<RecordType>();
  for (const table of tables.values()) {
    table.type.objects.forEach((object, row) => {
      rowOf.set(object, row);
    });
  }

  /** Strings worth a name are nodes, the rest is text. */
  function leaf(text: string): Out {
    return text.length < 12 ? text : nodes.node([text]);
  }

  function value(item: Value): Out {
    switch (item.kind) {
      case "scalar":
        return item.text;
      case "string":
        return leaf(writeString(item.text));
      case "embedded": {
        const inner = item.items[0];
        return nodes.node([
          `${item.style ?? "json"}(`,
          inner === undefined ? "" : value(inner),
          ")",
        ]);
      }
      case "array":
        return list(item);
      default:
        return object(item);
    }
  }

  function list(item: Value): Out {
    const type = commonType(item.items, types);
    const parts: Out[] = type === undefined ? ["["] : [`${type.name}[`];
    item.items.forEach((element, index) => {
      parts.push(`${index > 0 ? "," : ""}${placeOf(item, index)}`);
      parts.push(type === undefined ? value(element) : tuple(type, element));
    });
    parts.push(`${noteOf(item, ",")}]`);
    return parts.length === 2 && item.gap === undefined ? "[]" : nodes.node(parts);
  }

  function object(item: Value): Out {
    const type = types.of(item);
    if (type !== undefined && type.owner === undefined) {
      return nodes.node([type.name, tuple(type, item)]);
    }
    const keys = item.shape?.keys ?? [];
    if (keys.length === 0 && item.gap === undefined) return "{}";
    const common = commonType(item.items, types);
    const parts: Out[] = [common === undefined ? "{" : `${common.name}{`];
    item.items.forEach((member, index) => {
      parts.push(`${index > 0 ? "," : ""}${nameOf(keys[index])}:`);
      parts.push(common === undefined ? value(member) : tuple(common, member));
    });
    parts.push(`${noteOf(item, ",")}}`);
    return nodes.node(parts);
  }

  function tuple(type: RecordType, item: Value): Out {
    const table = tables.get(type);
    const row = rowOf.get(item);
    used.add(type);
    if (table === undefined || row === undefined) throw new Error(`No table for ${type.name}`);
    return inBrackets(table, row);
  }

  function inBrackets(table: Table, row: number): Out {
    const parts: Out[] = ["("];
    cells(table, row, parts);
    parts.push(")");
    return nodes.node(parts);
  }

  /** Adds the cells of a row and its exceptions, without anything around them. */
  function cells(table: Table, row: number, parts: Out[]): void {
    let first = true;
    let except: Out[] | undefined;
    for (const column of table.columns) {
      const { rule } = column;
      const item = column.cells[row];
      if (rule.kind === "cell" || rule.kind === "frame") {
        if (!first) parts.push(",");
        first = false;
        if (item === undefined) {
          uses.emptyCells = true;
          continue;
        }
        if (rule.kind === "frame" && item.kind === "string") {
          parts.push(leaf(writeString(`"${rule.inside[row] ?? ""}"`)));
        } else parts.push(cell(column, row, item));
      } else if (rule.except.has(row)) {
        except ??= [];
        except.push(`;${pathOf(column)}=`);
        uses.exceptions = true;
        if (item === undefined) uses.emptyCells = true;
        else except.push(cell(column, row, item));
      }
    }
    if (except !== undefined) for (const part of except) parts.push(part);
  }

  function cell(column: Column, row: number, item: Value): Out {
    const { child, childStart } = column;
    if (child !== undefined && childStart !== undefined) {
      let at = childStart[row] ?? 0;
      if (!column.many) {
        return types.of(item) === child.type ? inBrackets(child, at) : value(item);
      }
      if (item.kind !== "array" || item.items.length === 0) return value(item);
      const parts: Out[] = ["["];
      item.items.forEach((element, index) => {
        parts.push(`${index > 0 ? "," : ""}${placeOf(item, index)}`);
        parts.push(types.of(element) === child.type ? inBrackets(child, at++) : value(element));
      });
      parts.push(`${noteOf(item, ",")}]`);
      return nodes.node(parts);
    }
    const type = column.static;
    if (type === undefined) return value(item);
    if (!column.many) return types.of(item) === type ? tuple(type, item) : value(item);
    if (item.kind !== "array" || item.items.length === 0) return value(item);
    const parts: Out[] = ["["];
    item.items.forEach((element, index) => {
      parts.push(`${index > 0 ? "," : ""}${placeOf(item, index)}`);
      parts.push(types.of(element) === type ? tuple(type, element) : value(element));
    });
    parts.push(`${noteOf(item, ",")}]`);
    return nodes.node(parts);
  }

  function header(group: Group): Out[] {
    const parts: Out[] = [];
    for (const member of group.members) {
      if (parts.length > 0) parts.push(",");
      if ("members" in member) parts.push(`${member.field}{`, ...header(member), "}");
      else parts.push(...field(member));
    }
    return parts;
  }

  function field(column: Column): Out[] {
    const { rule, field: name } = column;
    if (rule.kind === "constant" && rule.value === undefined)
      return [`${name}?`, ...typing(column)];
    const parts: Out[] = [name, ...typing(column)];
    if (rule.kind === "constant" && rule.value !== undefined) parts.push("=", value(rule.value));
    else if (rule.kind === "copy") parts.push(`=\${${rule.of.path}}`);
    else if (rule.kind === "template" || rule.kind === "frame") {
      const text = `"${rule.parts.map(writePart).join("")}"`;
      // Bare, a single reference copies the value; quoted, it makes a string of a number.
      parts.push("=", rule.parts.length === 1 ? text : writeRule(text));
    }
    return parts;
  }

  /** What the cells of this column hold, where they hold records. */
  function typing(column: Column): Out[] {
    const { rule, child } = column;
    if ((rule.kind === "constant" || rule.kind === "copy") && rule.except.size === 0) return [];
    if (child !== undefined) {
      return column.many
        ? [":[{", ...header(child.group), "}]"]
        : [":{", ...header(child.group), "}"];
    }
    if (column.static === undefined) return [];
    used.add(column.static);
    return [`:${column.static.name}${column.many ? "[]" : ""}`];
  }

  /** Adds the root, and what hangs from it outside of rows: one member, item or row a line. */
  function block(item: Value, parts: Out[]): void {
    // What stands in several places is written once, under a name.
    if (item.cost < blockCost || item.items.length === 0 || item.uses > 1) {
      parts.push(value(item));
      return;
    }
    if (item.kind === "embedded") {
      parts.push(`${item.style ?? "json"}(`);
      block(item.items[0] as Value, parts);
      parts.push(")");
    } else if (item.kind === "array") {
      const type = usualType(item.items, types);
      const table = type && tables.get(type);
      if (table !== undefined) rows(item, table, parts);
      // Short scalars read better on one line.
      else if (item.items.every((element) => element.items.length === 0)) parts.push(value(item));
      else {
        parts.push("[");
        item.items.forEach((element, index) => {
          parts.push(`${index > 0 ? "," : ""}\n${placeOf(item, index)}`);
          block(element, parts);
        });
        parts.push(`${noteOf(item, "\n")}\n]`);
      }
    } else members(item, parts);
  }

  function rows(item: Value, table: Table, parts: Out[]): void {
    used.add(table.type);
    parts.push(`${table.type.name}[`);
    item.items.forEach((element, index) => {
      parts.push(`\n${placeOf(item, index)}`);
      if (types.of(element) !== table.type) {
        parts.push("=", value(element));
        return;
      }
      const before = parts.length;
      cells(table, rowOf.get(element) ?? 0, parts);
      // A line of its own shows that there is a row, even where the header says it all.
      if (parts.length === before && !hasCells(table)) parts.push("()");
    });
    parts.push(`${noteOf(item, "\n")}\n]`);
  }

  function members(item: Value, parts: Out[]): void {
    const own = types.of(item);
    if (item.kind !== "object" || (own !== undefined && own.owner === undefined)) {
      parts.push(value(item));
      return;
    }
    const keys = item.shape?.keys ?? [];
    const common = commonType(item.items, types);
    parts.push(common === undefined ? "{" : `${common.name}{`);
    item.items.forEach((member, index) => {
      parts.push(`${index > 0 ? "," : ""}\n${nameOf(keys[index])}:`);
      if (common === undefined) block(member, parts);
      else parts.push(tuple(common, member));
    });
    parts.push(`${noteOf(item, "\n")}\n}`);
  }

  const body: Out[] = [];
  block(root, body);
  // A header can bring in further types: those of its constants and cells.
  const written = new Map<RecordType, Out[]>();
  for (let before = -1; before < written.size; ) {
    before = written.size;
    for (const [type, table] of tables) {
      if (!used.has(type) || written.has(type)) continue;
      written.set(type, [`${type.name}(`, ...header(table.group), ")"]);
    }
  }
  const headers = [...tables.keys()].flatMap((type) => {
    const line = written.get(type);
    return line === undefined ? [] : [line];
  });
  for (const parts of [body, ...headers])
    for (const part of parts) if (typeof part !== "string") part.uses++;
  return { headers, body, nodes, uses };
}

/** The index of an item where its place does not tell: `#12 ` for records and lists, `…3,` where scalars are missing. */
function placeOf(list: Value, index: number): string {
  if (list.gap === undefined) return "";
  const at = list.gap.kept[index] ?? 0;
  if (list.gap.records) return `#${at} `;
  const missing = at - (index === 0 ? -1 : (list.gap.kept[index - 1] ?? 0)) - 1;
  return missing > 0 ? `… ${missing} omitted …,` : "";
}

/** What is missing from an array or object, and what it was. */
function noteOf(value: Value, before: string): string {
  const { gap, items, kind } = value;
  if (gap === undefined) return "";
  const unit = kind === "object" ? "keys" : gap.records ? "rows" : "items";
  const what = gap.note === undefined ? "" : `: ${gap.note}`;
  return `${items.length > 0 ? before : ""}… ${gap.total - items.length} of ${gap.total} ${unit} omitted${what}`;
}

function hasCells(table: Table): boolean {
  return table.columns.some(({ rule }) => rule.kind === "cell" || rule.kind === "frame");
}

/** The named type that most of the values are of. */
function usualType(items: readonly Value[], types: RecordTypes): RecordType | undefined {
  const counts = new Map<RecordType, number>();
  for (const item of items) {
    const type = types.of(item);
    if (type !== undefined && type.owner === undefined) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  }
  for (const [type, count] of counts) if (count > 1 && count * 2 > items.length) return type;
  return undefined;
}

/** The named type that all of at least two values are of. */
function commonType(items: readonly Value[], types: RecordTypes): RecordType | undefined {
  const first = items[0];
  if (first === undefined || items.length < 2) return undefined;
  const type = types.of(first);
  if (type === undefined || type.owner !== undefined) return undefined;
  return items.every((item) => types.of(item) === type) ? type : undefined;
}

function pathOf(column: Column): string {
  const names = [column.field];
  for (let group = column.group; group.parent !== undefined; group = group.parent) {
    names.unshift(group.field);
  }
  return names.join(".");
}

/** As `writeString`, references aside: their braces come in pairs, and `${` is meant. */
function writeRule(lexeme: string): string {
  const inside = lexeme.slice(1, -1);
  return isBare(inside.replaceAll("${", "/{")) ? inside : lexeme;
}

function writePart(part: Part): string {
  if (typeof part === "string") return part;
  return `\${${part === undefined ? "" : part.path}}`;
}
