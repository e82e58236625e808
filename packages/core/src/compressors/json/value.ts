/**
 * The document as shared values: equal subtrees (same lexemes, same key order) are one object, so that "the same
 * again" is a pointer comparison everywhere behind this.
 *
 * Hash consing bottom-up, linear. Strings that hold JSON are read too ("embedded"), where printing them again gives
 * the very same lexeme. One trap: identity is the lexeme, so `1.0`, `1` and `1e0` are three values, and so they stay.
 */
import { estimateTokens } from "./estimate.ts";
import { parseJson } from "./lexer.ts";
import type { JsonNode } from "./tree.ts";

export interface Value {
  readonly id: number;
  readonly kind: "scalar" | "string" | "array" | "object" | "embedded";
  /** The lexeme of scalars, strings and embedded JSON; empty for containers. */
  readonly text: string;
  /** Items of an array, member values of an object, the one inner value of embedded JSON. */
  readonly items: readonly Value[];
  /** Keys of an object. */
  readonly shape: Shape | undefined;
  /** Estimated tokens of the value written plainly. */
  readonly cost: number;
  /** For embedded JSON: how its text was printed. */
  readonly style: EmbeddedStyle | undefined;
}

/** Ordered key lexemes of an object. */
export interface Shape {
  readonly id: number;
  readonly keys: readonly string[];
  /** False when a key occurs twice. */
  readonly distinct: boolean;
  /** The different objects of this shape, in order of first appearance. */
  readonly objects: Value[];
}

/** `compact`: no white space; `spaced`: `, ` and `: ` as Python prints. */
export type EmbeddedStyle = "compact" | "spaced";

export interface Values {
  readonly root: Value;
  readonly shapes: readonly Shape[];
}

/** Embedded JSON inside embedded JSON is read this deep. */
const maxEmbedding = 3;

export function readValues(source: string, root: JsonNode): Values {
  const scalars = new Map<string, Value>();
  const containers = new Map<string, Value>();
  const shapes = new Map<string, Shape>();
  let count = 0;

  function scalar(kind: "scalar" | "string", text: string): Value {
    let value = scalars.get(text);
    if (value === undefined) {
      const cost = estimateTokens(text);
      value = { id: count++, kind, text, items: none, shape: undefined, cost, style: undefined };
      scalars.set(text, value);
    }
    return value;
  }

  function container(
    kind: "array" | "object",
    key: string,
    items: readonly Value[],
    shape: Shape | undefined,
  ): Value {
    let value = containers.get(key);
    if (value === undefined) {
      let cost = 1;
      for (const item of items) cost += item.cost + 1;
      value = { id: count++, kind, text: "", items, shape, cost, style: undefined };
      containers.set(key, value);
      shape?.objects.push(value);
    }
    return value;
  }

  function shapeOf(keys: readonly string[]): Shape {
    const key = keys.join(",");
    let shape = shapes.get(key);
    if (shape === undefined) {
      shape = { id: shapes.size, keys, distinct: new Set(keys).size === keys.length, objects: [] };
      shapes.set(key, shape);
    }
    return shape;
  }

  function embedded(text: string, embedding: number): Value | undefined {
    const known = containers.get(text);
    if (known !== undefined) return known;
    const inner = readEmbedded(text);
    if (inner === undefined) return undefined;
    const items = [visit(inner.source, inner.node, embedding + 1)];
    const cost = (items[0]?.cost ?? 0) + 2;
    const value: Value = {
      id: count++,
      kind: "embedded",
      text,
      items,
      shape: undefined,
      cost,
      style: inner.style,
    };
    containers.set(text, value);
    return value;
  }

  function visit(text: string, node: JsonNode, embedding: number): Value {
    switch (node.type) {
      case "string": {
        const lexeme = text.slice(node.start, node.end);
        if (node.escaped && embedding < maxEmbedding && startsLikeJson(lexeme)) {
          const value = embedded(lexeme, embedding);
          if (value !== undefined) return value;
        }
        return scalar("string", lexeme);
      }
      case "array": {
        const items: Value[] = [];
        let key = "[";
        for (const item of node.items) {
          const value = visit(text, item, embedding);
          items.push(value);
          key += `${value.id},`;
        }
        return container("array", key, items, undefined);
      }
      case "object": {
        const items: Value[] = [];
        const keys: string[] = [];
        let key = "";
        for (const member of node.members) {
          const value = visit(text, member.value, embedding);
          items.push(value);
          keys.push(text.slice(member.key.start, member.key.end));
          key += `${value.id},`;
        }
        const shape = shapeOf(keys);
        return container("object", `${shape.id}:${key}`, items, shape);
      }
      default:
        return scalar("scalar", text.slice(node.start, node.end));
    }
  }

  const value = visit(source, root, 0);
  return { root: value, shapes: [...shapes.values()] };
}

const none: readonly Value[] = [];

/** `"{\"` or `"[{\"` and the like: worth an attempt. */
function startsLikeJson(lexeme: string): boolean {
  const first = lexeme.charCodeAt(1);
  if (first !== 123 && first !== 91) return false;
  const last = lexeme.charCodeAt(lexeme.length - 2);
  return (last === 125 || last === 93) && lexeme.indexOf('\\"') !== -1;
}

function readEmbedded(
  lexeme: string,
): { source: string; node: JsonNode; style: EmbeddedStyle } | undefined {
  const source = JSON.parse(lexeme) as string;
  const node = parseJson(source);
  if (node === undefined || (node.type !== "object" && node.type !== "array")) return undefined;
  for (const style of ["compact", "spaced"] as const) {
    const out: string[] = [];
    printEmbedded(source, node, style, out);
    if (JSON.stringify(out.join("")) === lexeme) return { source, node, style };
  }
  return undefined;
}

function printEmbedded(source: string, node: JsonNode, style: EmbeddedStyle, out: string[]): void {
  const comma = style === "compact" ? "," : ", ";
  const colon = style === "compact" ? ":" : ": ";
  if (node.type === "array") {
    out.push("[");
    node.items.forEach((item, index) => {
      if (index > 0) out.push(comma);
      printEmbedded(source, item, style, out);
    });
    out.push("]");
  } else if (node.type === "object") {
    out.push("{");
    node.members.forEach((member, index) => {
      if (index > 0) out.push(comma);
      out.push(source.slice(member.key.start, member.key.end), colon);
      printEmbedded(source, member.value, style, out);
    });
    out.push("}");
  } else out.push(source.slice(node.start, node.end));
}
