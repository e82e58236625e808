/**
 * What a value will cost in tokens, roughly: close enough to share a budget, thousands of times cheaper than counting.
 *
 * Keys of array rows cost nothing, since rows become tables whose header is written once.
 * One trap: hexadecimal and digits cost three times as much per character as words do, so length alone misleads.
 */

import { isContainer, type JsonArray, type JsonNode, type JsonObject } from "../../../json/node.ts";
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { TokenCounter } from "../../../types/tokens.ts";

/** A longer string is judged by its head. */
const SAMPLE = 4096;

/** Tokens of `source` between two offsets, estimated. */
export function textCost(source: string, start: number, end: number): number {
  const stop = Math.min(end, start + SAMPLE);
  let cost = 0;
  let run = 0;
  let kind = 0;
  for (let at = start; at <= stop; at++) {
    const code = at < stop ? source.charCodeAt(at) : 32;
    const now =
      code >= 48 && code <= 57
        ? 1
        : (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
          ? 2
          : code > 127
            ? 3
            : 0;
    if (now !== kind) {
      if (kind === 1) cost += Math.ceil(run / 3);
      else if (kind === 2) cost += 1 + (run - 1) / 9;
      else if (kind === 3) cost += run * 0.7;
      kind = now;
      run = 0;
    }
    run++;
    if (now === 0 && code !== 32) cost += 0.6;
  }
  return stop < end ? (cost * (end - start)) / (stop - start) : cost;
}

/** Tokens of a scalar, its separator included. */
export function scalarCost(source: string, node: JsonNode): number {
  if (node.type === "null" || node.type === "boolean") return 1.5;
  if (node.type === "number") return 1 + textCost(source, node.start, node.end);
  return 1 + textCost(source, node.start + 1, node.end - 1);
}

export type CostOf = (node: JsonNode) => number;

/** Measures a whole tree once; the answer is looked up for containers and measured for scalars. */
export function* measure(source: string, root: JsonNode): Steps<CostOf> {
  const meter = new Meter();
  const known = new Map<JsonArray | JsonObject, number>();
  const cost = (node: JsonNode): number =>
    node.type === "array" || node.type === "object"
      ? (known.get(node) ?? 0)
      : scalarCost(source, node);
  // Children come after their parent in this list, so that walking it backwards sums up from the leaves.
  const containers: { node: JsonArray | JsonObject; row: boolean }[] = [];
  const visit = (node: JsonNode, row: boolean): void => {
    if (node.type === "array" || node.type === "object") containers.push({ node, row });
  };
  visit(root, false);
  // The list grows while it is walked.
  for (const { node } of containers) {
    if (meter.isDue(8)) yield;
    if (node.type === "array") {
      const rows = node.items.length > 2;
      for (const item of node.items) visit(item, rows);
    } else for (const member of node.members) visit(member.value, false);
  }
  for (const { node, row } of containers.toReversed()) {
    let sum = 1;
    if (node.type === "array")
      for (const item of node.items) {
        sum += cost(item);
        if (meter.isDue(isContainer(item) ? 8 : item.end - item.start)) yield;
      }
    else {
      for (const member of node.members) {
        const { value } = member;
        if (meter.isDue(isContainer(value) ? 8 : value.end - value.start)) yield;
        sum += cost(member.value);
        if (!row) sum += 1 + textCost(source, member.key.start + 1, member.key.end - 1);
      }
    }
    known.set(node, sum);
  }
  return cost;
}

/** How many real tokens one estimated token is, on leaves of this document. */
export function calibrate(source: string, tree: JsonNode, counter: TokenCounter): number {
  const sample: JsonNode[] = [];
  const queue: JsonNode[] = [tree];
  for (let at = 0; at < queue.length && at < 4000 && sample.length < 300; at++) {
    const node = queue[at] as JsonNode;
    if (node.type === "array") {
      const step = Math.max(1, Math.floor(node.items.length / 12));
      for (let item = 0; item < node.items.length; item += step) {
        const next = node.items[item];
        if (next !== undefined) queue.push(next);
      }
    } else if (node.type === "object")
      for (const member of node.members.slice(0, 60)) queue.push(member.value);
    else sample.push(node);
  }
  let text = "";
  let estimate = 0;
  for (const node of sample) {
    if (text.length > 6000) break;
    const end = Math.min(node.end, node.start + 400);
    text += `${source.slice(node.start, end)},`;
    estimate += 1 + textCost(source, node.start + 1, end - 1);
  }
  if (estimate < 20) return 1;
  return Math.min(3, Math.max(0.5, counter.count(text) / estimate));
}
