/**
 * Conditions of a path: `status=failed`, `size>1MB && name~"core"`, `?(@.error)`.
 *
 * Values compare by what they measure (`3.2G` is more than `900M`, `10.0.0` comes after `9.9`) where both measure the same, else as text.
 */
import { compareQuantities, type Quantity, quantityOf } from "../view/quantity.ts";

/** One of these groups holds as a whole. */
export type Condition = readonly (readonly Test[])[];

export interface Test {
  /** Names from the element to the value that is compared; empty for the element itself. */
  readonly field: readonly string[];
  readonly operator: Operator;
  readonly value: string;
}

/** `has`: there is such a value, and it is neither `null` nor `false`. `~`: contains, in upper or lower case. */
export type Operator = "=" | "!=" | ">" | ">=" | "<" | "<=" | "~" | "has";

const OPERATORS: readonly (readonly [written: string, operator: Operator])[] = [
  ["===", "="],
  ["!==", "!="],
  ["==", "="],
  ["!=", "!="],
  ["<>", "!="],
  [">=", ">="],
  ["<=", "<="],
  ["=~", "~"],
  ["=", "="],
  [">", ">"],
  ["<", "<"],
  ["~", "~"],
];

/** What stands between the brackets of a path, as a condition; `undefined` where it is none. */
export function conditionOf(text: string): Condition | undefined {
  const marked = text.startsWith("?");
  const inside = withoutParentheses(marked ? text.slice(1).trim() : text);
  const groups: (readonly Test[])[] = [];
  for (const alternative of splitAt(inside, ["||", " or "])) {
    const tests: Test[] = [];
    for (const part of splitAt(alternative, ["&&", " and ", " & "])) {
      const test = testOf(part.trim(), marked);
      if (test === undefined) return undefined;
      tests.push(test);
    }
    groups.push(tests);
  }
  return groups;
}

/** Whether a value meets a test. @param value its text; `undefined` where there is none */
export function meets(
  value: string | undefined,
  { operator, value: wanted }: Test,
  exactly: boolean,
): boolean {
  if (operator === "has") return value !== undefined && value !== "null" && value !== "false";
  if (operator === "!=") return value === undefined || !isSame(value, wanted, exactly);
  if (value === undefined) return false;
  if (operator === "=") return isSame(value, wanted, exactly);
  if (operator === "~") return value.toLowerCase().includes(wanted.toLowerCase());
  const order = orderOf(value, wanted);
  if (order === undefined) return false;
  if (operator === ">") return order > 0;
  if (operator === ">=") return order >= 0;
  return operator === "<" ? order < 0 : order <= 0;
}

function isSame(value: string, wanted: string, exactly: boolean): boolean {
  if (value === wanted) return true;
  if (!exactly && value.toLowerCase() === wanted.toLowerCase()) return true;
  const [a, b] = [quantityOf(value), quantityOf(wanted)];
  return a !== undefined && b !== undefined && a.kind === b.kind && compareQuantities(a, b) === 0;
}

/** Below 0 where `a` is less; `undefined` where the two cannot be compared. */
function orderOf(a: string, b: string): number | undefined {
  const [x, y] = [quantityOf(a), quantityOf(b)];
  if (x && y) {
    if (x.kind === y.kind) return compareQuantities(x, y);
    const versions = [x.kind, y.kind].sort().join();
    if (versions === "number,version") return compareQuantities(versionOf(a), versionOf(b));
    // A number without a unit is one of the other's base units: bytes, seconds.
    const plain = x.kind === "number" || y.kind === "number";
    const sized = [x.kind, y.kind].some((kind) => kind === "size" || kind === "percent");
    return plain && sized ? x.value - y.value : undefined;
  }
  if (x || y) return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `10` and `9.9` beside versions are versions. */
function versionOf(text: string): Quantity {
  const own = quantityOf(text);
  if (own?.kind === "version") return own;
  return { kind: "version", value: 0, parts: text.trim().split(".").map(Number) };
}

function testOf(text: string, marked: boolean): Test | undefined {
  for (let i = 0; i < text.length; i++) {
    const found = OPERATORS.find(([written]) => text.startsWith(written, i));
    if (!found) continue;
    const [written, operator] = found;
    const value = unquoted(text.slice(i + written.length).trim());
    return { field: fieldOf(text.slice(0, i)), operator, value };
  }
  if (!marked || text === "") return undefined;
  return { field: fieldOf(text), operator: "has", value: "" };
}

function fieldOf(text: string): readonly string[] {
  const trimmed = text.trim();
  const own = trimmed.startsWith("@") ? trimmed.slice(1) : trimmed;
  return own
    .replaceAll("[", ".")
    .replaceAll("]", "")
    .split(".")
    .map((name) => unquoted(name.trim()))
    .filter((name) => name !== "");
}

/** Parts between separators that stand outside of quotes. */
function splitAt(text: string, separators: readonly string[]): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (char === '"' || char === "'") {
      const quote = text.indexOf(char, i + 1);
      if (quote >= 0) i = quote;
      continue;
    }
    const separator = separators.find((sign) => text.startsWith(sign, i));
    if (separator === undefined) continue;
    parts.push(text.slice(from, i));
    from = i + separator.length;
    i = from - 1;
  }
  return [...parts, text.slice(from)];
}

function withoutParentheses(text: string): string {
  return text.startsWith("(") && text.endsWith(")") ? text.slice(1, -1).trim() : text;
}

function unquoted(text: string): string {
  const [first] = text;
  const isQuoted = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first);
  return isQuoted ? text.slice(1, -1) : text;
}
