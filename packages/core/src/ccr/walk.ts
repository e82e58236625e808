/** Walks the JSON of an original along a path, into the JSON that its strings hold where the path goes on there. */
import { stringValue } from "../json/lexer.ts";
import { isContainer, type JsonNode } from "../json/node.ts";
import { meets, type Test } from "./condition.ts";
import type { Step } from "./path.ts";
import { openString, type Value } from "./values.ts";

/** A node and where it stands. */
export interface Place {
  readonly node: JsonNode;
  /** What the node's offsets count in: the original, or the text of a string of it. */
  readonly source: string;
  /** `data.items[3]`, from the value it is in. */
  readonly path: string;
  /** What the steps that name many went through: `3`, `3.name`. */
  readonly key: string;
}

/** JSON in a string in JSON in a string …: deeper texts are not opened. */
export const MAX_OPENED = 4;

/** The roots of some values. */
export function rootsOf(source: string, values: readonly Value[], path = ""): readonly Place[] {
  return values.map(({ root }) => ({ node: root, source, path, key: "" }));
}

/** What a path leads to, and the last places on the way where it leads nowhere. */
export function walk(
  from: readonly Place[],
  steps: readonly Step[],
  exactly = true,
): {
  readonly places: readonly Place[];
  readonly before: readonly Place[];
  readonly missed?: Step;
} {
  let places = from;
  for (const step of steps) {
    const next = places.flatMap((place) => taken(place, step, exactly, 0));
    if (next.length === 0) return { places: next, before: places, missed: step };
    places = next;
  }
  return { places, before: from };
}

/** The items or members of a node; those of what a string holds. */
export function childrenOf(place: Place, opened = 0): readonly Place[] {
  const { node, source, path, key } = place;
  const keyed = (own: string | number): string => (key === "" ? `${own}` : `${key}.${own}`);
  if (node.type === "array")
    return node.items.map((item, at) => ({
      node: item,
      source,
      path: `${path}[${at}]`,
      key: keyed(at),
    }));
  if (node.type === "object")
    return node.members.map((member) => {
      const name = stringValue(source, member.key);
      return { node: member.value, source, path: under(path, name), key: keyed(name) };
    });
  return inside(place, opened).flatMap((root) => childrenOf(root, opened + 1));
}

/** The roots of the JSON that a string holds. */
export function inside({ node, source, path, key }: Place, opened: number): readonly Place[] {
  if (node.type !== "string" || opened >= MAX_OPENED) return [];
  const text = openString(source, node);
  return text ? rootsOf(text.text, text.values, path).map((root) => ({ ...root, key })) : [];
}

/** What a value says: a string without its quotes, anything else as it stands. */
export function textOf({ node, source }: Pick<Place, "node" | "source">): string {
  return node.type === "string" ? stringValue(source, node) : source.slice(node.start, node.end);
}

/** The texts at a field of a node, those of the elements where it is a list. */
export function fieldTexts(place: Place, field: readonly string[]): readonly string[] {
  const { places } = walk(
    [place],
    field.map((key) => ({ kind: "key", key })),
  );
  return places.flatMap((found) =>
    found.node.type === "array" ? childrenOf(found).map(textOf) : [textOf(found)],
  );
}

/** Paths, with `[*]` for elements, at which members of a name stand. */
export function pathsOf(from: readonly Place[], name: string, most: number): readonly string[] {
  const found = new Set<string>();
  const wanted = name.toLowerCase();
  const queue = [...from];
  let left = 200_000;
  let strings = 100;
  for (let at = 0; at < queue.length && found.size < most && left-- > 0; at++) {
    const place = queue[at] as Place;
    const { node, source, path } = place;
    if (node.type === "string" && strings-- > 0) queue.push(...inside(place, 0));
    if (node.type === "array")
      for (const item of node.items)
        if (mayHoldMembers(source, item))
          queue.push({ node: item, source, path: `${path}[*]`, key: "" });
    if (node.type !== "object") continue;
    for (const { key, value } of node.members) {
      const own = stringValue(source, key);
      if (own.toLowerCase() === wanted) found.add(under(path, own));
      if (mayHoldMembers(source, value))
        queue.push({ node: value, source, path: under(path, own), key: "" });
    }
  }
  return [...found].slice(0, most);
}

function mayHoldMembers(source: string, node: JsonNode): boolean {
  if (node.type !== "string") return isContainer(node);
  const first = source[node.start + 1];
  return node.end - node.start > 10 && (first === "{" || first === "[");
}

/** `data.items`: a name behind the path to it. */
export function under(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function taken(place: Place, step: Step, exactly: boolean, opened: number): readonly Place[] {
  const { node, source, path, key } = place;
  if (step.kind === "all") return childrenOf(place, opened);
  if (step.kind === "where")
    return childrenOf(place, opened).filter((child) => isMet(child, step.condition, exactly));
  if (node.type === "string")
    return inside(place, opened).flatMap((root) => taken(root, step, exactly, opened + 1));
  if (step.kind === "deep") return descendants(place, step.key);
  if (node.type === "array") {
    const item = isIndex(step.key) ? node.items[Number(step.key)] : undefined;
    return item ? [{ node: item, source, path: `${path}[${step.key}]`, key }] : [];
  }
  if (node.type !== "object") return [];
  // The last of two members of one name counts, as for every reader of JSON.
  const member = node.members.findLast((own) => stringValue(source, own.key) === step.key);
  return member ? [{ node: member.value, source, path: under(path, step.key), key }] : [];
}

function isMet(place: Place, condition: readonly (readonly Test[])[], exactly: boolean): boolean {
  return condition.some((tests) =>
    tests.every((test) => {
      const texts = fieldTexts(place, test.field);
      if (test.operator === "!=") return texts.every((text) => meets(text, test, exactly));
      return texts.some((text) => meets(text, test, exactly));
    }),
  );
}

function descendants(place: Place, name: string): readonly Place[] {
  const found: Place[] = [];
  const visit = (at: Place): void => {
    for (const child of childrenOf(at, MAX_OPENED)) {
      if (at.node.type === "object" && child.path === under(at.path, name)) found.push(child);
      if (isContainer(child.node)) visit(child);
    }
  };
  visit(place);
  return found;
}

function isIndex(step: string): boolean {
  for (let i = 0; i < step.length; i++)
    if (step.charCodeAt(i) < 48 || step.charCodeAt(i) > 57) return false;
  return step !== "";
}
