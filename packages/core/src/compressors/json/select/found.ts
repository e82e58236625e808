/** What a selection leaves out, of the document and of the JSON inside its strings: gathered node by node, summed up at the end. */
import type {
  EmbeddedJson,
  JsonArray,
  JsonNode,
  JsonObject,
  JsonString,
  OmissionPlan,
  StringCut,
} from "../../../json/node.ts";
import type { Omission, Steps } from "../../../types/compressor.ts";
import type { Fact, Statement } from "../../../types/statement.ts";
import { sayFacts } from "../../../view/describe.ts";
import type { Table } from "./columns.ts";
import { factsOf, partOf, rangesOf } from "./facts.ts";
import { type HiddenField, headOf, isLongText } from "./hide.ts";
import type { Note } from "./note.ts";
import { summed } from "./omissions.ts";
import { placeName } from "./path.ts";

export interface Selection {
  readonly plan: OmissionPlan;
  /** All that `plan` leaves out, summed up by kind and place. */
  readonly omitted: readonly Omission[];
  /** What the notes of `plan` say. */
  readonly said: readonly Note[];
}

interface OmittedUnits {
  readonly unit: string;
  readonly what: string;
  count: number;
  total: number;
}

/** Where fields are left out, and of how many rows. */
export interface HidingPlace {
  readonly of: string;
  readonly place?: string;
  /** Answers the question: it is not left out. */
  isPinned(node: JsonNode): boolean;
}

/** Characters. Nothing is left out of `null`, `true`, `""` or `[]`. */
const SHORT = 4;

/** A row that keeps all fields; all but hashes and URLs; all but the rest of long texts; none of those that are left out. */
export type RowState = "whole" | "telling" | "short" | "bare";

export class Found {
  readonly kept: Map<JsonArray | JsonObject, readonly number[]> = new Map();
  readonly notes: Map<JsonArray | JsonObject, string> = new Map();
  readonly cut: Map<JsonString, StringCut> = new Map();
  readonly embedded: Map<JsonString, EmbeddedJson> = new Map();
  readonly hidden: Set<JsonNode> = new Set();
  /** How many omissions there are. */
  count = 0;
  readonly #said = new Map<JsonArray | JsonObject, Note>();
  readonly #omitted = new Map<string, OmittedUnits>();
  /** How long the document is, and how much of it was read as rows, again and again where tables stand in tables. */
  readonly #length: number;
  #scanned = 0;

  constructor(length: number) {
    this.#length = length;
  }

  /** Whether the document was read less than so many times, this node included. */
  scan({ start, end }: JsonNode, most: number): boolean {
    this.#scanned += end - start;
    return this.#scanned <= most * this.#length;
  }

  omit(unit: string, path: string, count: number, total: number, name?: string): void {
    this.count++;
    const what = (name ?? placeName(path))
      .replace(/[[\]]+/g, " ")
      .trim()
      .slice(0, 80);
    const key = `${unit} ${what}`;
    const known = this.#omitted.get(key);
    if (known === undefined) this.#omitted.set(key, { unit, what, count, total });
    else {
      known.count += count;
      known.total += total;
    }
  }

  /** Adds to what is said of an array or map. */
  say(node: JsonArray | JsonObject, note: Note): void {
    const before = this.#said.get(node);
    const whole =
      before === undefined
        ? note
        : {
            text: `${before.text}; ${note.text}`,
            statements: [...before.statements, ...note.statements],
          };
    this.#said.set(node, whole);
    this.notes.set(node, whole.text);
  }

  /** Leaves fields out of all rows but some. */
  *hide(
    table: Table,
    node: JsonArray | JsonObject,
    fields: readonly HiddenField[],
    stateOf: (row: number) => RowState,
    { of, place, isPinned }: HidingPlace,
  ): Steps<void> {
    const { source } = table;
    const total = table.items.length;
    const statements: Statement[] = [];
    const groups = new Map<string, Statement[]>();
    const omit = (path: string, flags: Uint8Array, what: string, facts: readonly Fact[]): void => {
      const about = rangesOf(flags);
      const count = about.reduce((sum, [from, to]) => sum + to - from, 0);
      if (count === 0) return;
      const own: readonly Fact[] = [{ says: "count", count }, ...facts];
      const said = facts.length === 0 ? "" : ` (${sayFacts(facts)})`;
      const text = `${path} ${what} ${count} rows${said}`;
      const statement: Statement = { text, of, about, field: path, facts: own };
      // A number in a name has to be told from a number of rows.
      const key = facts.length > 0 || /\d/.test(path) ? "" : `${what} ${about.join(";")}`;
      const group = key === "" ? undefined : groups.get(key);
      if (group !== undefined) group.push(statement);
      else if (key !== "") groups.set(key, [statement]);
      else statements.push(statement);
      const place = placeName(of);
      this.omit("values", of, count, total, place === "" ? path : `${place}.${path}`);
    };
    for (const { path, nodes, rows: places, isCut, isNoise } of fields) {
      const gone = new Uint8Array(total);
      const cut = new Uint8Array(total);
      for (const [at, value] of nodes.entries()) {
        const row = places[at] ?? 0;
        const kept = stateOf(row);
        if (kept === "whole" || (kept === "telling" && !isNoise) || isPinned(value)) continue;
        const isLong = value.type === "string" && isLongText(value);
        if (isLong && (isCut || kept === "short")) {
          this.cut.set(value, { head: headOf(source, value), tail: 0, isBrief: true });
          cut[row] = 1;
        } else if (!isCut && kept !== "short" && value.end - value.start > SHORT) {
          this.hidden.add(value);
          gone[row] = 1;
        }
      }
      omit(path, gone, "left out in", yield* shortFacts(table, path, gone));
      omit(path, cut, "cut short in", []);
    }
    for (const group of groups.values()) statements.push(...together(group));
    const [first] = statements;
    if (first === undefined) return;
    const texts = new Set(statements.map(({ text }) => text));
    const head = place === undefined ? "" : `in ${place}: `;
    const all = statements.map((each) =>
      each.text === first.text ? { ...each, text: `${head}${each.text}` } : each,
    );
    this.say(node, { text: `${head}${[...texts].join("; ")}`, statements: all });
  }

  selection(): Selection | undefined {
    if (this.#omitted.size === 0) return undefined;
    const { kept, notes, cut, embedded, hidden } = this;
    return {
      plan: { kept, notes, cut, embedded, hidden },
      omitted: summed([...this.#omitted.values()]),
      said: [...this.#said.values()],
    };
  }
}

/** Characters of what is said of values that are left out of all rows. */
const MAX_SAID = 80;

/** What can be said of a field in a few words. */
function* shortFacts(table: Table, path: string, wanted: Uint8Array): Steps<readonly Fact[]> {
  const column = table.columns.find((each) => each.path === path && !each.repeated);
  if (column === undefined || table.isCrowded || !wanted.includes(1)) return [];
  const part = yield* partOf(table, column, wanted);
  // Arrays and objects in the same place are in other columns.
  if (part === undefined || part.values.includes(undefined)) return [];
  const known = yield* factsOf(column, part, false);
  const facts = (known?.facts ?? []).filter(
    ({ says }) => says === "range" || says === "counts" || says === "all",
  );
  const said = sayFacts(facts);
  return said.length > MAX_SAID || /[\r\n]/.test(said) || !said.isWellFormed() ? [] : facts;
}

/** One sentence for fields that are left out in the same rows: `url, hash left out in 30 rows`. */
function together(group: readonly Statement[]): readonly Statement[] {
  const [first] = group;
  if (first === undefined || group.length < 2) return group;
  const names = group.map(({ field }) => field);
  const text = `${names.join(", ")}${first.text.slice(first.field?.length)}`;
  return group.map((each) => ({ ...each, text }));
}
