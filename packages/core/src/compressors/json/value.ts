/**
 * The document as shared values: equal subtrees (same lexemes, same key order) are one object, so that "the same
 * again" is a pointer comparison everywhere behind this.
 *
 * Hash consing bottom-up, linear. Strings that hold JSON are read too ("embedded"), where printing them again gives
 * the very same lexeme. One trap: identity is the lexeme, so `1.0`, `1` and `1e0` are three values, and so they stay.
 */

import { minifyInSteps, parseInSteps } from "../../json/lexer.ts";
import type { JsonMember, JsonNode, JsonString, OmissionPlan } from "../../json/node.ts";
import { finish, Meter, STEP_CHARACTERS } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { Containers } from "./containers.ts";
import { cutLexeme } from "./cut.ts";
import { estimateTokens } from "./estimate.ts";
import { type Gap, gapOf } from "./gap.ts";
import { guessLayout, type Layout, layOut } from "./layout.ts";

/** What stands in a view for a value that is left out; no value of a document is written so. */
export const LEFT_OUT = "…";

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
  readonly style: Layout | undefined;
  /** In how many places of different values it stands. */
  uses: number;
  /** For arrays and objects of which a plan leaves something out. */
  readonly gap: Gap | undefined;
}

/** Ordered key lexemes of an object. */
export interface Shape {
  readonly id: number;
  readonly keys: readonly string[];
  /** False when a key occurs twice, or keys are left out: no row of a table. */
  readonly distinct: boolean;
  /** The different objects of this shape, in order of first appearance. */
  readonly objects: Value[];
  /** The first array that an object of this shape is an item of, by id; -1 where there is none. */
  list: number;
}

export interface Values {
  readonly root: Value;
  readonly shapes: readonly Shape[];
}

/** Embedded JSON inside embedded JSON is read this deep… */
const maxEmbedding = 3;
/** …and not where the JSON around it is deep already: whoever walks values may recurse. */
const maxOuterDepth = 64;

/** With a plan: without what it leaves out. */
export function* readValues(source: string, root: JsonNode, plan?: OmissionPlan): Steps<Values> {
  const meter = new Meter();
  const scalars = new Map<string, Value>();
  const containers = new Containers<Value>();
  /** What something is left out of: few. */
  const gapped = new Map<string, Value>();
  const embeddings = new Map<string, Value>();
  const shapes = new Map<string, Shape>();
  const lastShapes = new Map<number, Shape>();
  let count = 0;

  function scalar(kind: "scalar" | "string", text: string): Value {
    let value = scalars.get(text);
    if (value === undefined) {
      const cost = estimateTokens(text);
      value = leaf(count++, kind, text, none, cost, undefined);
      scalars.set(text, value);
    }
    return value;
  }

  function container(
    items: readonly Value[],
    shape: Shape | undefined,
    gap: Gap | undefined,
  ): Value {
    const key = gap === undefined ? "" : gapKey(gap, items, shape);
    const known = gap === undefined ? containers.find(items, shape) : gapped.get(key);
    if (known !== undefined) return known;
    let cost = 1;
    for (const item of items) {
      item.uses++;
      cost += item.cost + 1;
    }
    const kind = shape === undefined ? "array" : "object";
    const id = count++;
    const value: Value = { id, kind, text: "", items, shape, cost, style: undefined, uses: 0, gap };
    if (gap === undefined) containers.add(value);
    else gapped.set(key, value);
    if (shape !== undefined) shape.objects.push(value);
    else for (const item of items) if (item.shape?.list === -1) item.shape.list = id;
    return value;
  }

  function shapeOf(text: string, members: readonly JsonMember[], isWhole: boolean): Shape {
    // Rows of one kind follow each other: comparing with the last shape of this width spares cutting out the keys.
    const last = isWhole ? lastShapes.get(members.length) : undefined;
    if (last !== undefined && hasKeys(last, text, members)) return last;
    const keys = members.map(({ key }) => text.slice(key.start, key.end));
    const key = `${isWhole ? "" : "…"}${keys.join(",")}`;
    let shape = shapes.get(key);
    if (shape === undefined) {
      const distinct = isWhole && new Set(keys).size === keys.length;
      shape = { id: shapes.size, keys, distinct, objects: [], list: -1 };
      shapes.set(key, shape);
    }
    if (isWhole) lastShapes.set(members.length, shape);
    return shape;
  }

  function* embedded(text: string, embedding: number): Steps<Value | undefined> {
    const known = embeddings.get(text);
    if (known !== undefined) return known;
    const inner = yield* readEmbedded(text);
    if (inner === undefined) return undefined;
    const items = [yield* visitLarge(inner.source, inner.node, embedding + 1, 0)];
    const cost = (items[0]?.cost ?? 0) + 2;
    const value = leaf(count++, "embedded", text, items, cost, inner.style);
    embeddings.set(text, value);
    return value;
  }

  /** Whether a string may hold JSON that is read. */
  function isOpen(node: JsonString, lexeme: string, embedding: number, depth: number): boolean {
    if (!node.escaped || embedding >= maxEmbedding || depth >= maxOuterDepth) return false;
    return startsLikeJson(lexeme);
  }

  /** A string of which something is left out. */
  function shortened(
    text: string,
    node: JsonString,
    embedding: number,
    depth: number,
  ): Value | undefined {
    const cut = plan?.cut.get(node);
    if (cut !== undefined) return scalar("string", cutLexeme(text, node, cut));
    const held = plan?.embedded?.get(node);
    if (held === undefined || embedding >= maxEmbedding || depth >= maxOuterDepth) return undefined;
    const item = visit(held.source, held.root, embedding + 1, 0);
    return leaf(count++, "embedded", "", [item], item.cost + 2, "json");
  }

  function visit(text: string, node: JsonNode, embedding: number, depth: number): Value {
    if (plan?.hidden?.has(node)) return scalar("scalar", LEFT_OUT);
    switch (node.type) {
      case "string": {
        const short = plan && shortened(text, node, embedding, depth);
        if (short !== undefined) return short;
        const lexeme = text.slice(node.start, node.end);
        const value = isOpen(node, lexeme, embedding, depth)
          ? finish(embedded(lexeme, embedding))
          : undefined;
        return value ?? scalar("string", lexeme);
      }
      case "array": {
        const gap = gapOf(node, plan);
        const nodes = keptOf(node.items, gap);
        // `map`: an array that grows by `push` takes room for 17 items at once.
        const items = nodes.map((item) => visit(text, item, embedding, depth + 1));
        return container(items, undefined, gap);
      }
      case "object": {
        const gap = gapOf(node, plan);
        const members = keptOf(node.members, gap);
        const items = members.map(({ value }) => visit(text, value, embedding, depth + 1));
        return container(items, shapeOf(text, members, gap === undefined), gap);
      }
      default:
        return scalar("scalar", text.slice(node.start, node.end));
    }
  }

  /** `visit`, for what is large. */
  function* visitLarge(
    text: string,
    node: JsonNode,
    embedding: number,
    depth: number,
  ): Steps<Value> {
    if (plan?.hidden?.has(node)) return scalar("scalar", LEFT_OUT);
    if (node.type === "string") {
      const short = plan && shortened(text, node, embedding, depth);
      if (short !== undefined) return short;
      const lexeme = text.slice(node.start, node.end);
      const value = isOpen(node, lexeme, embedding, depth)
        ? yield* embedded(lexeme, embedding)
        : undefined;
      return value ?? scalar("string", lexeme);
    }
    if (node.type !== "array" && node.type !== "object") return visit(text, node, embedding, depth);
    const gap = gapOf(node, plan);
    const members = node.type === "object" ? keptOf(node.members, gap) : undefined;
    const nodes = node.type === "array" ? keptOf(node.items, gap) : valuesOf(members ?? []);
    const items = new Array<Value>(nodes.length);
    for (let index = 0; index < nodes.length; index++) {
      const item = nodes[index] as JsonNode;
      const length = item.end - item.start;
      items[index] =
        length < STEP_CHARACTERS
          ? visit(text, item, embedding, depth + 1)
          : yield* visitLarge(text, item, embedding, depth + 1);
      if (meter.isDue(length + 8)) yield;
    }
    return container(items, members && shapeOf(text, members, gap === undefined), gap);
  }

  const value = yield* visitLarge(source, root, 0, 0);
  return { root: value, shapes: [...shapes.values()] };
}

const none: readonly Value[] = [];

/** Field by field: all values share one hidden class, and spreading is slow. */
function leaf(
  id: number,
  kind: Value["kind"],
  text: string,
  items: readonly Value[],
  cost: number,
  style: Layout | undefined,
): Value {
  return { id, kind, text, items, shape: undefined, cost, style, uses: 0, gap: undefined };
}

function hasKeys({ keys }: Shape, text: string, members: readonly JsonMember[]): boolean {
  for (let i = 0; i < members.length; i++) {
    const { start, end } = (members[i] as JsonMember).key;
    const key = keys[i] as string;
    if (key.length !== end - start || !text.startsWith(key, start)) return false;
  }
  return true;
}

function gapKey(gap: Gap, items: readonly Value[], shape: Shape | undefined): string {
  const { kept, total, note } = gap;
  const parts = [shape?.id ?? "[", kept.join(","), total, note ?? "", items.map(({ id }) => id)];
  return parts.join("\0");
}

function keptOf<Item>(items: readonly Item[], gap: Gap | undefined): readonly Item[] {
  if (gap === undefined) return items;
  return gap.kept.map((index) => items[index]).filter((item) => item !== undefined);
}

function valuesOf(members: readonly JsonMember[]): readonly JsonNode[] {
  return members.map(({ value }) => value);
}

/** `"{\"` or `"[{\"` and the like: worth an attempt. */
function startsLikeJson(lexeme: string): boolean {
  const first = lexeme.charCodeAt(1);
  if (first !== 123 && first !== 91) return false;
  const last = lexeme.charCodeAt(lexeme.length - 2);
  return (last === 125 || last === 93) && lexeme.indexOf('\\"') !== -1;
}

function* readEmbedded(
  lexeme: string,
): Steps<{ source: string; node: JsonNode; style: Layout } | undefined> {
  const source = JSON.parse(lexeme) as string;
  const node = yield* parseInSteps(source);
  if (node === undefined || (node.type !== "object" && node.type !== "array")) return undefined;
  const json = yield* minifyInSteps(source, 0, source.length);
  // Blanks inside of strings can mislead the guess.
  for (const style of new Set<Layout>([guessLayout(source), "json"])) {
    if (JSON.stringify(yield* layOut(json, style)) === lexeme) return { source, node, style };
  }
  return undefined;
}
