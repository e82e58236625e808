/**
 * Changes a JSON text where a value changed, and leaves every other byte of it alone: number text (`1.0`, big integers), escapes,
 * white space and the order of keys, which `JSON.stringify(JSON.parse(text))` does not keep.
 *
 * What did not change is told by identity: whoever makes the new value keeps the objects that he does not change.
 */
import { parseJson } from "../json/lexer.ts";
import type { JsonArray, JsonNode, JsonObject } from "../json/node.ts";
import { isRecord, type UnknownRecord } from "../kit/json.ts";

/** A range of the text and what stands there instead. */
export interface Patch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with the patches in it. They stand in its order, and none over another. */
export function patched(source: string, patches: readonly Patch[]): string {
  let text = "";
  let at = 0;
  for (const patch of patches) {
    text += source.slice(at, patch.start) + patch.text;
    at = patch.end;
  }
  return text + source.slice(at);
}

/** An object has a key twice, or one that values cannot have: what stands where is not told by the value. */
class Ambiguous extends Error {}

/**
 * `source`, the text of `before`, changed into a text of `after`.
 *
 * @returns undefined where that cannot be done in places: an object that changed has a key twice, values nested deeper than 256
 */
export function spliceJson(source: string, before: unknown, after: unknown): string | undefined {
  if (before === after) return source;
  const root = parseJson(source);
  const text = root && spliced({ source, node: root, before, after });
  if (root === undefined || text === undefined) return undefined;
  return source.slice(0, root.start) + text + source.slice(root.end);
}

/**
 * One member of the object that `source` is the text of, changed from `before[name]` into `after`. Returns the text of its value.
 *
 * @returns undefined as `spliceJson`, and where there is no such member
 */
export function spliceMember(
  source: string,
  before: UnknownRecord,
  after: unknown,
  name: string,
): string | undefined {
  const root = parseJson(source);
  if (root?.type !== "object") return undefined;
  const found = root.members.filter(
    ({ key }) => JSON.parse(source.slice(key.start, key.end)) === name,
  );
  const [member] = found;
  if (member === undefined || found.length > 1) return undefined;
  return spliced({ source, node: member.value, before: before[name], after });
}

/**
 * What changes `source`, the text of `before`, into a text of `after`, in the order of the text.
 *
 * @returns undefined as `spliceJson`
 */
export function patchesFor(
  source: string,
  before: UnknownRecord,
  after: UnknownRecord,
): readonly Patch[] | undefined {
  if (Object.keys({ ...before, ...after }).every((name) => Object.is(before[name], after[name])))
    return [];
  const root = parseJson(source);
  try {
    return root && patchesOf({ source, node: root, before, after });
  } catch (error) {
    if (error instanceof Ambiguous) return undefined;
    throw error;
  }
}

function spliced(change: Change): string | undefined {
  const { source, node } = change;
  try {
    let text = "";
    let at = node.start;
    for (const patch of patchesOf(change)) {
      if (patch.start < at || patch.end < patch.start) throw new Ambiguous();
      text += source.slice(at, patch.start) + patch.text;
      at = patch.end;
    }
    return text + source.slice(at, node.end);
  } catch (error) {
    if (error instanceof Ambiguous) return undefined;
    throw error;
  }
}

/** A value in the text, what it was and what it shall be. */
interface Change<Node = JsonNode, Value = unknown> {
  readonly source: string;
  readonly node: Node;
  readonly before: Value;
  readonly after: Value;
}

/** In the order of the text. The lexer bounds how deep this goes. */
function patchesOf({ source, node, before, after }: Change): readonly Patch[] {
  if (Object.is(before, after)) return [];
  if (node.type === "array" && Array.isArray(before) && Array.isArray(after))
    return itemPatches({ source, node, before, after });
  if (node.type === "object" && isRecord(before) && isRecord(after))
    return memberPatches({ source, node, before, after });
  if (typeof before === "string" && !holds(source, node, before)) throw new Ambiguous();
  return [{ start: node.start, end: node.end, text: JSON.stringify(after) }];
}

/** Whether the range of a node says the text it is taken for: nothing else is ever replaced. */
function holds(source: string, { start, end }: JsonNode, text: string): boolean {
  try {
    return JSON.parse(source.slice(start, end)) === text;
  } catch {
    return false;
  }
}

function memberPatches(change: Change<JsonObject, UnknownRecord>): readonly Patch[] {
  const { source, node, before, after } = change;
  const names = node.members.map(
    ({ key }) => JSON.parse(source.slice(key.start, key.end)) as string,
  );
  const known = new Set(names);
  if (known.size < names.length || known.has("__proto__")) throw new Ambiguous();
  // The value is another one than the text says: nothing would stand where it is looked for.
  if (names.length !== Object.keys(before).length || !names.every((name) => name in before))
    throw new Ambiguous();
  const stays = (name: string): boolean => Object.hasOwn(after, name) && after[name] !== undefined;
  const added = Object.entries(after).filter(
    ([name, value]) => !known.has(name) && value !== undefined,
  );
  if (names.length > 0 && !names.some(stays))
    return [{ start: node.start, end: node.end, text: JSON.stringify(after) }];
  let isFirst = true;
  const patches = node.members.flatMap(({ key, value }, at): readonly Patch[] => {
    const name = names[at] ?? "";
    if (stays(name)) {
      isFirst = false;
      return patchesOf({ source, node: value, before: before[name], after: after[name] });
    }
    // A member that goes away takes along the comma before it, or behind it where it is the first.
    const [left, right] = [node.members[at - 1], node.members[at + 1]];
    return isFirst
      ? [{ start: key.start, end: right?.key.start ?? value.end, text: "" }]
      : [{ start: left?.value.end ?? key.start, end: value.end, text: "" }];
  });
  if (added.length === 0) return patches;
  const texts = added.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return [...patches, insertion(node.members.at(-1)?.value, node, texts)];
}

/** Items that stayed the same objects are anchors; what stands between two of them is compared. */
function itemPatches(change: Change<JsonArray, readonly unknown[]>): readonly Patch[] {
  const { node, before, after } = change;
  if (node.items.length !== before.length) throw new Ambiguous();
  const places = new Map(before.map((item, at) => [item, at]));
  const patches: Patch[] = [];
  let [at, next] = [0, 0];
  const between = (toAt: number, toNext: number): void => {
    patches.push(...runPatches(change, [at, toAt], [next, toNext]));
    [at, next] = [toAt + 1, toNext + 1];
  };
  for (const [index, item] of after.entries()) {
    const place = typeof item === "object" ? places.get(item) : undefined;
    if (place !== undefined && place >= at) between(place, index);
  }
  between(before.length, after.length);
  return patches;
}

type Run = readonly [from: number, to: number];

function runPatches(
  { source, node, before, after }: Change<JsonArray, readonly unknown[]>,
  [from, to]: Run,
  [nextFrom, nextTo]: Run,
): readonly Patch[] {
  const pairs = pairsOf(before.slice(from, to), after.slice(nextFrom, nextTo));
  const first = node.items[from];
  const last = node.items[to - 1];
  if (pairs === undefined && first && last) {
    const texts = after.slice(nextFrom, nextTo).map((item) => JSON.stringify(item));
    if (texts.length > 0) return [{ start: first.start, end: last.end, text: texts.join(",") }];
    const [left, right] = [node.items[from - 1], node.items[to]];
    return [
      {
        start: left?.end ?? first.start,
        end: left ? last.end : (right?.start ?? last.end),
        text: "",
      },
    ];
  }
  const patches: Patch[] = [];
  let at = from;
  let added: string[] = [];
  const insert = (): void => {
    const right = node.items[at];
    if (added.length > 0 && at === 0 && right)
      patches.push({ start: right.start, end: right.start, text: `${added.join(",")},` });
    else if (added.length > 0) patches.push(insertion(node.items[at - 1], node, added));
    added = [];
  };
  for (let index = nextFrom; index < nextTo; index++) {
    const item = node.items[at];
    if (item && at < to && pairs?.[at - from] === index - nextFrom) {
      insert();
      patches.push(...patchesOf({ source, node: item, before: before[at], after: after[index] }));
      at++;
    } else added.push(JSON.stringify(after[index]));
  }
  insert();
  return patches;
}

/** Which item each of the old ones became, in order; `undefined` where one has no successor. */
function pairsOf(
  before: readonly unknown[],
  after: readonly unknown[],
): readonly number[] | undefined {
  const pairs: number[] = [];
  for (const [index, item] of after.entries())
    if (pairs.length < before.length && isSuccessor(before[pairs.length], item)) pairs.push(index);
  return pairs.length === before.length ? pairs : undefined;
}

function isSuccessor(before: unknown, after: unknown): boolean {
  return isEdited(before, after) || (isRecord(before) && isRecord(after) && isCut(before, after));
}

/** Whether an object is another one without some of its members. */
function isCut(before: UnknownRecord, after: UnknownRecord): boolean {
  const keys = Object.keys(after);
  return keys.length > 0 && keys.every((key) => Object.is(before[key], after[key]));
}

/** Behind the last item or member, or between the brackets of an empty one. */
function insertion(
  last: JsonNode | undefined,
  container: JsonNode,
  texts: readonly string[],
): Patch {
  const at = last?.end ?? container.start + 1;
  return { start: at, end: at, text: `${last ? "," : ""}${texts.join(",")}` };
}

/** Whether an item is another one with some texts changed, and not one that was made anew: those are written as they were made. */
export function isEdited(before: unknown, after: unknown): boolean {
  if (Object.is(before, after)) return true;
  if (typeof before === "string") return typeof after === "string";
  if (Array.isArray(before))
    return (
      Array.isArray(after) &&
      before.length === after.length &&
      before.every((item, at) => isEdited(item, after[at]))
    );
  if (!isRecord(before) || !isRecord(after)) return false;
  const keys = Object.keys(before);
  return (
    keys.join("\0") === Object.keys(after).join("\0") &&
    keys.some((key) => Object.is(before[key], after[key])) &&
    keys.every((key) => isEdited(before[key], after[key]))
  );
}
