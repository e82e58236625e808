/**
 * Lines that repeat the same keys: `cmdstat_get:calls=1,usec=2`.
 *
 * Trap: a query string has pairs too, but its keys change from line to line.
 */

import { firstInOrder } from "../../query/first-in-order.ts";
import type { Steps } from "../../types/compressor.ts";
import { mapInSteps, mapTexts } from "../shared/in-steps.ts";
import { MAX_WIDTH, type Table } from "./layout.ts";
import { MIN_ROWS, SAMPLE, settle } from "./settle.ts";

/** `cmdstat_get:calls=1,usec=2`: the same keys on every line. */
export function* parsePairs(lines: readonly string[]): Steps<Table | undefined> {
  if (lines.slice(0, SAMPLE).filter((line) => line.includes("=")).length < MIN_ROWS)
    return undefined;
  const shapes = new Map<string, number>();
  const parsed = yield* mapTexts(lines, (line) => {
    const pairs = readPairs(line);
    if (!pairs) return undefined;
    const shape = pairs.keys.join("\n");
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
    return { shape, cells: pairs.cells };
  });
  const [usual] = yield* firstInOrder(shapes, 1, (a, b) => b[1] - a[1]);
  const [shape, count] = usual ?? ["", 0];
  if (count < MIN_ROWS) return undefined;
  const heads = shape.split("\n");
  const names = heads.map((head, at) =>
    at === 0 ? "" : head.slice(head.length - keyLength(head)),
  );
  names[0] = "c1";
  const notes = heads.map((head, at) => {
    const glue = head.length - keyLength(head);
    return at === 0 || glue === 0 ? "@0" : `@${head.charCodeAt(0)}`;
  });
  const rows = yield* mapInSteps(parsed, (pairs) =>
    pairs?.shape === shape ? pairs.cells : undefined,
  );
  return yield* settle(lines, { layout: "pairs", names, notes, headerLine: undefined, rows });
}

function keyLength(head: string): number {
  let start = head.length;
  while (start > 0 && isWordCode(head.charCodeAt(start - 1))) start--;
  return head.length - start;
}

function readPairs(
  line: string,
): { keys: readonly string[]; cells: readonly string[] } | undefined {
  const first = line.indexOf("=");
  if (first < 1 || line.length > MAX_WIDTH) return undefined;
  const keys: string[] = [];
  const cells: string[] = [];
  let from = 0;
  let equals = first;
  while (equals !== -1) {
    let key = equals;
    while (key > from && isWordCode(line.charCodeAt(key - 1))) key--;
    const glue = key > from ? key - 1 : key;
    if (key === equals || keys.length > 60) return undefined;
    if (keys.length === 0) {
      keys.push("");
      cells.push(line.slice(0, glue));
    } else cells.push(line.slice(from, glue));
    keys.push(line.slice(glue, equals));
    from = equals + 1;
    equals = line.indexOf("=", from);
  }
  cells.push(line.slice(from));
  return keys.length >= 3 ? { keys, cells } : undefined;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    ((code | 32) >= 97 && (code | 32) <= 122) ||
    code === 95 ||
    code === 46 ||
    code === 45
  );
}
