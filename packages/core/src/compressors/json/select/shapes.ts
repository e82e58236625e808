/**
 * Shapes of rows: the templates of their short strings and the types of the rest. Rows of one shape differ in numbers and
 * names only, so one of each shape is a fair sample.
 */
import type { JsonNode } from "../../../json/node.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { Table } from "./columns.ts";
import { templateHash } from "./template.ts";

/** One row of each shape, the commonest shape first: a shape is the templates of the short strings of a row. */
export function* shapes(table: Table): Steps<readonly number[]> {
  const hashes = new Int32Array(table.items.length);
  for (const [id, column] of table.columns.entries()) {
    if (column.repeated) continue;
    yield;
    for (let at = 0; at < column.nodes.length; at++) {
      const node = column.nodes[at] as JsonNode;
      const row = column.rows[at] as number;
      const hash =
        node.type === "string"
          ? templateHash(table.source, node.start + 1, node.end - 1)
          : TYPE_HASH[node.type];
      hashes[row] = (Math.imul(hashes[row] ?? 0, 31) + hash + id) | 0;
    }
  }
  yield;
  const groups = new Map<number, { first: number; count: number }>();
  for (let row = 0; row < hashes.length; row++) {
    const group = groups.get(hashes[row] ?? 0);
    if (group === undefined) groups.set(hashes[row] ?? 0, { first: row, count: 1 });
    else group.count++;
  }
  const repeated = [...groups.values()].filter((group) => group.count > 1);
  const single = [...groups.values()]
    .filter((group) => group.count === 1)
    .map((group) => group.first);
  repeated.sort((a, b) => b.count - a.count || a.first - b.first);
  return [...repeated.map((group) => group.first), ...spread(single)];
}

/** The same numbers, in an order whose every beginning is spread over the whole: a few of many are a fair sample. */
function spread(rows: readonly number[]): readonly number[] {
  const stride = Math.max(1, Math.floor(rows.length / 16));
  const out: number[] = [];
  for (let offset = 0; offset < stride; offset++) {
    for (let at = offset; at < rows.length; at += stride) out.push(rows[at] ?? 0);
  }
  return out;
}

const TYPE_HASH = { number: 11, boolean: 13, null: 17, array: 19, object: 23 } as const;
