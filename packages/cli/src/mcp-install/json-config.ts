/** JSON in which comments and trailing commas may stand. Only characters of the entry, and the commas around it, change. */
import { isDeepStrictEqual } from "node:util";
import {
  createScanner,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import {
  applied,
  type ConfigFormat,
  ConfigProblem,
  type Edit,
  type EntryPath,
  indentOf,
  isObject,
  isRemote,
  lineEnd,
  lineOf,
  lineStart,
  type Members,
} from "./config-format.ts";

export const jsonConfig: ConfigFormat = {
  read(text, path) {
    const root = parsed(text);
    if (root) locate(text, path, root);
    const value: unknown = root ? getNodeValue(root) : {};
    return isObject(value) ? value : {};
  },
  span(text, path) {
    const { entry } = locate(text, path);
    return entry && [entry.offset, entry.offset + entry.length];
  },
  add(text, { container, name }, members) {
    const root = parsed(text);
    if (!root) {
      const eol = lineEnd(text);
      const document = written({ [container]: { [name]: members } }, "", "  ", eol);
      const gap = text === "" || text.endsWith("\n") ? "" : eol;
      return [{ offset: text.length, length: 0, text: `${gap}${document}${eol}` }];
    }
    const found = locate(text, { container, name }, root);
    return found.container
      ? addMember(text, root, valueIn(found.container), name, members)
      : addMember(text, root, root, container, { [name]: members });
  },
  change(text, path, members) {
    const { entry } = locate(text, path);
    if (!entry) return text;
    const old: unknown = getNodeValue(valueIn(entry));
    if (!isObject(old) || isRemote(old)) return replaceValue(text, entry, members);
    return Object.entries(members).reduce(
      (now, [key, value]) => setMember(now, path, key, value),
      text,
    );
  },
  putBack(text, path, first) {
    const { entry } = locate(text, path);
    const before = locate(first, path).entry;
    if (!entry || !before) return text;
    const old = valueIn(before);
    const own = valueIn(entry);
    const source = first.slice(old.offset, old.offset + old.length);
    return applied(text, [{ offset: own.offset, length: own.length, text: source }]);
  },
  remove(text, path, dropEmptyContainer) {
    const { entry } = locate(text, path);
    if (!entry) return text;
    const without = removeMember(text, entry);
    const { container } = locate(without, path);
    if (!container || !dropEmptyContainer || !isEmpty(without, valueIn(container))) return without;
    return removeMember(without, container);
  },
  isBare(text, path) {
    const root = parsed(text);
    if (!root) return text.trim() === "";
    const { container } = locate(text, path, root);
    const isAlone = (root.children ?? []).length === (container ? 1 : 0);
    const outside = text.slice(0, root.offset) + text.slice(root.offset + root.length);
    if (!isAlone || outside.trim() !== "") return false;
    if (!container) return isEmpty(text, root);
    const inner = valueIn(container);
    const rest =
      text.slice(root.offset + 1, container.offset) +
      text.slice(container.offset + container.length, root.offset + root.length - 1);
    return isEmpty(text, inner) && rest.trim() === "";
  },
};

/** The root; undefined for a text of white space and comments. */
function parsed(text: string): Node | undefined {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  } catch (error) {
    // Its parser calls itself for each level.
    if (error instanceof RangeError) throw new ConfigProblem("it is nested too deeply");
    throw error;
  }
  const [first] = errors;
  if (first) {
    const words = printParseErrorCode(first.error).replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ");
    throw new ConfigProblem(`not valid JSON: ${words.toLowerCase()}`, lineOf(text, first.offset));
  }
  return root;
}

interface Located {
  /** Properties: a name and its value. */
  readonly container: Node | undefined;
  readonly entry: Node | undefined;
}

function locate(text: string, path: EntryPath, root = parsed(text)): Located {
  if (!root) return { container: undefined, entry: undefined };
  if (root.type !== "object")
    throw new ConfigProblem("it has to be one JSON object", lineOf(text, root.offset));
  const container = member(text, root, path.container);
  if (!container) return { container, entry: undefined };
  const inner = valueIn(container);
  if (inner.type !== "object")
    throw new ConfigProblem(
      `"${path.container}" has to be an object`,
      lineOf(text, container.offset),
    );
  return { container, entry: member(text, inner, path.name) };
}

/** A client reads one of two members of the same name, and which one we would have to guess. */
function member(text: string, object: Node, name: string): Node | undefined {
  const [found, second] = (object.children ?? []).filter(
    (property) => property.children?.[0]?.value === name,
  );
  if (second) throw new ConfigProblem(`"${name}" is there twice`, lineOf(text, second.offset));
  return found;
}

/** What parsed without an error has a value for each name. */
function valueIn(property: Node): Node {
  const value = property.children?.[1];
  if (!value) throw new ConfigProblem("a member has no value");
  return value;
}

function isEmpty(text: string, object: Node): boolean {
  return text.slice(object.offset + 1, object.offset + object.length - 1).trim() === "";
}

/** Kinds of tokens, as `SyntaxKind` numbers them: its enum is there for the type checker only. */
const COMMA = 5;
const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const WHITE_SPACE: readonly number[] = [14, 15];

/** What stands between the last member of an object, or a member, and what comes next. */
interface Tail {
  readonly comma: number | undefined;
  readonly comment: { readonly end: number; readonly isLine: boolean } | undefined;
}

function tailFrom(text: string, offset: number): Tail {
  const scanner = createScanner(text, false);
  scanner.setPosition(offset);
  let comma: number | undefined;
  let comment: Tail["comment"];
  for (;;) {
    const kind: number = scanner.scan();
    const start = scanner.getTokenOffset();
    if (kind === COMMA) comma = start;
    else if (kind === LINE_COMMENT || kind === BLOCK_COMMENT)
      comment = {
        end: start + scanner.getTokenLength(),
        isLine: kind === LINE_COMMENT,
      };
    else if (!WHITE_SPACE.includes(kind)) return { comma, comment };
  }
}

/** At the end of the object, behind all comments there. */
function addMember(
  text: string,
  root: Node,
  object: Node,
  name: string,
  value: unknown,
): readonly Edit[] {
  const children = object.children ?? [];
  const [first] = children;
  const last = children.at(-1);
  const end = last ? last.offset + last.length : object.offset + 1;
  const close = object.offset + object.length - 1;
  const { comma, comment } = tailFrom(text, end);
  const offset = Math.max(end, comment?.end ?? 0, comma === undefined ? 0 : comma + 1);
  const edits: Edit[] = [];
  if (last && comma === undefined) edits.push({ offset: end, length: 0, text: "," });
  const after = last && comma !== undefined ? "," : "";
  const eol = lineEnd(text);
  const isOnOneLine = first
    ? !text.slice(object.offset, first.offset).includes("\n")
    : (root.children ?? []).length > 0 && !text.trim().includes("\n");
  if (isOnOneLine && !comment?.isLine) {
    const gap = isSpaced(text, first ?? root.children?.[0]) ? " " : "";
    const inner = onOneLine(value, gap);
    const lead = last ? gap : "";
    edits.push({
      offset,
      length: 0,
      text: `${lead}${JSON.stringify(name)}:${gap}${inner}${after}`,
    });
    return edits;
  }
  const base = indentOf(text, object.offset);
  const unit = indentUnit(text, root);
  const own =
    first && text.slice(lineStart(text, first.offset), first.offset).trim() === ""
      ? indentOf(text, first.offset)
      : base + unit;
  const closing = text.slice(offset, close).includes("\n") ? "" : eol + base;
  const source = written(value, own, unit, eol);
  edits.push({
    offset,
    length: 0,
    text: `${eol}${own}${JSON.stringify(name)}: ${source}${after}${closing}`,
  });
  return edits;
}

function setMember(text: string, path: EntryPath, key: string, value: unknown): string {
  const root = parsed(text);
  const { entry } = locate(text, path, root);
  if (!root || !entry) return text;
  const object = valueIn(entry);
  const own = member(text, object, key);
  if (!own) return applied(text, addMember(text, root, object, key, value));
  return isDeepStrictEqual(getNodeValue(valueIn(own)), value)
    ? text
    : replaceValue(text, own, value);
}

function replaceValue(text: string, property: Node, value: unknown): string {
  const { offset, length } = valueIn(property);
  const root = parsed(text);
  const isOnOneLine = !text.trim().includes("\n");
  const source = isOnOneLine
    ? onOneLine(value, isSpaced(text, property) ? " " : "")
    : written(
        value,
        indentOf(text, property.offset),
        root ? indentUnit(text, root) : "  ",
        lineEnd(text),
      );
  return applied(text, [{ offset, length, text: source }]);
}

/** With its comma, and its lines where nothing else is on them. Comments beside it stay. */
function removeMember(text: string, property: Node): string {
  const object = property.parent;
  const siblings = object?.children ?? [];
  const at = siblings.indexOf(property);
  const before = siblings[at - 1];
  const next = siblings[at + 1];
  const end = property.offset + property.length;
  const { comma } = tailFrom(text, end);
  const start = lineStart(text, property.offset);
  const eol = text.indexOf("\n", comma ?? end);
  const rest = text.slice(comma === undefined ? end : comma + 1, eol < 0 ? text.length : eol);
  const isAloneOnLine =
    start > 0 && text.slice(start, property.offset).trim() === "" && rest.trim() === "";
  const from = isAloneOnLine ? start - (text[start - 2] === "\r" ? 2 : 1) : property.offset;
  const edits: Edit[] = [];
  const cut = (a: number, b: number): void =>
    void edits.push({ offset: a, length: b - a, text: "" });
  if (comma === undefined && before) {
    const beforeEnd = before.offset + before.length;
    const beforeComma = tailFrom(text, beforeEnd).comma ?? beforeEnd;
    const hasNothingBetween = text.slice(beforeComma + 1, property.offset).trim() === "";
    if (hasNothingBetween) cut(beforeComma, end);
    else {
      cut(beforeComma, beforeComma + 1);
      cut(from, end);
    }
  } else if (comma === undefined) cut(from, end);
  else {
    const hasNothingBetween = text.slice(end, comma).trim() === "";
    const isNextBeside = next !== undefined && !text.slice(comma, next.offset).includes("\n");
    if (!hasNothingBetween) {
      cut(from, end);
      cut(comma, comma + 1);
    } else if (isNextBeside && text.slice(comma + 1, next.offset).trim() === "")
      cut(property.offset, next.offset);
    else cut(from, comma + 1);
  }
  const without = applied(text, edits);
  if (!object || siblings.length > 1) return without;
  const close = without.indexOf("}", object.offset);
  const inner = without.slice(object.offset + 1, close);
  return inner.trim() === "" ? without.slice(0, object.offset + 1) + without.slice(close) : without;
}

/** One level of indentation, as the root's first member has it. */
function indentUnit(text: string, root: Node): string {
  const first = root.children?.[0];
  if (!first || text.slice(lineStart(text, first.offset), first.offset).trim() !== "") return "  ";
  const base = indentOf(text, root.offset);
  return indentOf(text, first.offset).slice(base.length) || "  ";
}

/** Whether there is a space behind the colon. */
function isSpaced(text: string, property: Node | undefined): boolean {
  return property?.colonOffset === undefined || text[property.colonOffset + 1] === " ";
}

function written(value: unknown, indent: string, unit: string, eol: string): string {
  return JSON.stringify(value, undefined, unit)
    .split("\n")
    .map((line, at) => (at === 0 ? line : indent + line))
    .join(eol);
}

/** `{"a": [1, 2]}`, with the gap that the file has. */
function onOneLine(value: unknown, gap: string): string {
  if (Array.isArray(value)) return `[${value.map((part) => onOneLine(part, gap)).join(`,${gap}`)}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const parts = Object.entries(value as Members).map(
    ([key, part]) => `${JSON.stringify(key)}:${gap}${onOneLine(part, gap)}`,
  );
  return `{${parts.join(`,${gap}`)}}`;
}
