/**
 * Elements as a view shows them, and items: rows and cards take a line each, and those that hold the same take a table, which says once
 * what they hold.
 *
 *     each: checkbox | link | text | button "Edit"
 *     | "Select 9000" e39 | "#9000" e41 | Shipped | e46 |
 */
import type { NodeLine } from "./node-line.ts";
import { isInteractive, wordsOf } from "./wanted.ts";

/** What is said of one element. */
export interface Part {
  /** Empty where nothing but the words is said. */
  readonly role: string;
  readonly name: string;
  /** What stands behind the name. */
  readonly rest: string;
}

export interface Item {
  readonly level: number;
  readonly parts: readonly Part[];
  /** Something of it is left out. */
  readonly isCut: boolean;
}

/** Items that are worth a table, and columns that a reader can keep apart. */
const MIN_ROWS = 4;
const MAX_COLUMNS = 12;

/** Roles of which nothing but the words says something. */
const PLAIN: ReadonlySet<string> = new Set(
  " text StaticText generic paragraph cell gridcell listitem strong emphasis code time mark".split(
    " ",
  ),
);

export function partOf(node: NodeLine, target: string | undefined): Part {
  const { role, name, attributes, ref, value } = node;
  const acts = isInteractive(node);
  if (!acts && PLAIN.has(role)) {
    const words = wordsOf(node);
    return { role: words.startsWith("…") ? "text:" : "", name: "", rest: words };
  }
  const own = [...(acts ? [ref] : []), ...attributes.flatMap(shownAttribute)];
  if (target !== undefined) own.push("->", target);
  const rest = `${own.join(" ")}${value === "" ? "" : `: ${value}`}`;
  return { role: role || "text", name, rest };
}

/** A line that is no element, in an item. */
export function asItStands(line: string): Part {
  return { role: "", name: "", rest: line };
}

export function printPart({ role, name, rest }: Part): string {
  const words = [role, name].filter((word) => word !== "").join(" ");
  // A value stands behind its element without a space.
  return rest.startsWith(":") || words === "" || rest === "" ? words + rest : `${words} ${rest}`;
}

/** Without refs, pointers and addresses, which stand elsewhere. */
function shownAttribute(attribute: string): readonly string[] {
  if (attribute.startsWith('url="')) return [];
  if (!attribute.startsWith("[")) return [attribute];
  const kept = attribute
    .slice(1, -1)
    .split(", ")
    .filter((each) => !each.startsWith("ref=") && each !== "cursor=pointer");
  return kept.length === 0 ? [] : [`[${kept.join(", ")}]`];
}

/** Lines, with items as lines or as rows. */
export function printItems(written: readonly (string | Item)[]): readonly string[] {
  const out: string[] = [];
  let alike: Item[] = [];
  let shape = "";
  const flush = (): void => {
    out.push(...(alike.length >= MIN_ROWS && shape !== "" ? tableOf(alike) : alike.map(lineOf)));
    alike = [];
  };
  for (const one of written) {
    const next = typeof one === "string" ? "" : shapeOf(one);
    if (next !== shape || typeof one === "string") flush();
    shape = next;
    if (typeof one === "string") out.push(one);
    else alike.push(one);
  }
  flush();
  return out;
}

/** The same for items that can be rows of one table; empty where an item cannot be a row. */
function shapeOf({ level, parts }: Item): string {
  if (parts.length < 2 || parts.length > MAX_COLUMNS) return "";
  if (parts.some((part) => printPart(part).includes("|"))) return "";
  return `${level} ${parts.map(({ role }) => role).join(" ")}`;
}

function lineOf({ level, parts, isCut }: Item): string {
  return `${" ".repeat(level)}- ${parts.map(printPart).join(" · ")}${isCut ? " …" : ""}`;
}

function tableOf(items: readonly Item[]): readonly string[] {
  const [first] = items;
  const columns = (first?.parts ?? []).map(({ role, name }, at) => ({
    role: role || "text",
    name: name !== "" && items.every(({ parts }) => parts[at]?.name === name) ? name : "",
  }));
  const indent = " ".repeat(first?.level ?? 0);
  const row = (cells: readonly string[], isCut: boolean): string =>
    `${indent}| ${cells.join(" | ")} |${isCut ? " …" : ""}`;
  const head = columns.map((column) => printPart({ ...column, rest: "" }));
  return [
    `${indent}each: ${head.join(" | ")}`,
    ...items.map(({ parts, isCut }) =>
      row(
        parts.map(({ name, rest }, at) =>
          printPart({ role: "", name: columns[at]?.name === "" ? name : "", rest }),
        ),
        isCut,
      ),
    ),
  ];
}
