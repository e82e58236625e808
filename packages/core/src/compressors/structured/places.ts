/**
 * Where values stand, said and checked: `lines 12–80` are the first and the last line of what is left out.
 *
 * The check reads the text again and asks for the lines by a name: of a container by its number in the order of reading, or of the
 * comments. Each unit has two values, its first and its last line.
 */
import type { JsonArray, JsonNode, JsonObject } from "../../json/node.ts";
import type { Statement, UnitRange } from "../../types/statement.ts";
import type { LineRange } from "./node.ts";

const LINES = "#lines";

/** Two values for each unit. */
type Lines = readonly string[];

/** A sentence that says between which lines some units stand. @param indexes of the units, ascending @param shift added to the lines of the part */
export function whereStatement(
  of: string | number,
  units: readonly LineRange[],
  indexes: readonly number[],
  shift: number,
): Statement | undefined {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  const about: [number, number][] = [];
  for (const index of indexes) {
    const unit = units[index];
    if (unit === undefined) return undefined;
    least = Math.min(least, unit.firstLine + shift);
    most = Math.max(most, unit.lastLine + shift);
    const last = about.at(-1);
    if (last?.[1] === 2 * index) last[1] += 2;
    else about.push([2 * index, 2 * index + 2]);
  }
  if (most === 0) return undefined;
  const ranges: readonly UnitRange[] = about;
  return {
    text: `lines ${least}–${most}`,
    of: `${LINES} ${shift} ${of}`,
    about: ranges,
    facts: [{ says: "range", least: `${least}`, most: `${most}` }],
  };
}

/** Whether a name asks for lines, of what, and by how much they are shifted. */
export function readPlace(
  name: string,
): { readonly of: string; readonly shift: number } | undefined {
  const [tag, shift = "", of = ""] = name.split(" ");
  return tag === LINES ? { of, shift: Number(shift) } : undefined;
}

/** First and last lines as the check sees them. */
export function linesAsValues(units: readonly LineRange[], shift: number): Lines {
  return units.flatMap(({ firstLine, lastLine }) => [
    `${firstLine + shift}`,
    `${lastLine + shift}`,
  ]);
}

/** The values in an array or object, with their lines. */
export function unitsIn(
  node: JsonArray | JsonObject,
  lines: ReadonlyMap<JsonNode, LineRange>,
): readonly LineRange[] {
  const nowhere = { firstLine: 0, lastLine: 0 };
  const children = node.type === "array" ? node.items : node.members.map(({ value }) => value);
  return children.map((child) => lines.get(child) ?? nowhere);
}

/** Containers in the order in which they were read. */
export function containersOf(
  lines: ReadonlyMap<JsonNode, LineRange>,
): readonly (JsonArray | JsonObject)[] {
  const found: (JsonArray | JsonObject)[] = [];
  for (const node of lines.keys())
    if (node.type === "array" || node.type === "object") found.push(node);
  return found;
}
