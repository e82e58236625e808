/** Every place of a source where an operator can make one change. Places come from the syntax tree, with offsets. */
import { parseAst } from "rolldown/parseAst";
import { changed } from "./change.ts";

export const OPERATORS = [
  "and-or",
  "await",
  "boundary",
  "drop-call",
  "early-return",
  "jump",
  "negate",
  "number",
  "plus-minus",
  "slice-off-by-one",
  "string",
] as const;

export type Operator = (typeof OPERATORS)[number];

/** The text from `start` to `end` becomes `text`. */
export interface Place {
  readonly operator: Operator;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Values inside these stand for something at run time; every other node named TS… is a type. */
const WRAPPERS = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);
const IMPORTS = new Set(["ImportDeclaration", "ImportExpression", "ExportAllDeclaration"]);
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const SLICES = new Set(["slice", "subarray", "substring"]);
const BOUNDARIES: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
};

/** The places of a TypeScript source, in the order they stand. */
export function placesOf(source: string): readonly Place[] {
  const places: Place[] = [];
  const seen = new Set<string>();
  const add = (operator: Operator, start: number, end: number, text: string): void => {
    const key = `${start} ${end} ${text}`;
    if (seen.has(key) || source.slice(start, end) === text) return;
    seen.add(key);
    places.push({ operator, start, end, text });
  };
  const open: { node: Node; parent: Node | undefined }[] = [
    { node: parse(source), parent: undefined },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, parent } = next;
    if (isSkipped(node, parent)) continue;
    visit(source, node, parent, add);
    for (const child of childrenOf(node)) open.push({ node: child, parent: node });
  }
  return places.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** @returns whether the source with this change is still TypeScript. */
export function parses(source: string, place: Place): boolean {
  try {
    parse(changed(source, place));
    return true;
  } catch {
    return false;
  }
}

/** The files a source imports or exports from, as written. Types are left out. */
export function importsOf(source: string): readonly string[] {
  const found: string[] = [];
  for (const node of parse(source).body as readonly Node[]) {
    const from = node.source as Node | null | undefined;
    if (!from || node.importKind === "type" || node.exportKind === "type") continue;
    found.push(from.value as string);
  }
  for (const [, from] of source.matchAll(/\bimport\("([^"]+)"\)/g)) if (from) found.push(from);
  return found;
}

function parse(source: string): Node {
  return parseAst(source, { lang: "ts" }) as unknown as Node;
}

function isSkipped(node: Node, parent: Node | undefined): boolean {
  if (node.type.startsWith("TS")) return !WRAPPERS.has(node.type);
  if (IMPORTS.has(node.type) || node.declare === true) return true;
  if (node.type === "ExpressionStatement" && typeof node.directive === "string") return true;
  if (parent === undefined) return false;
  // Where a re-export comes from, and the names of properties, are no values.
  if (parent.type === "ExportNamedDeclaration" && parent.source === node) return true;
  return parent.key === node && parent.computed === false && node.type === "Literal";
}

function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === "object" && item !== null && typeof item.type === "string")
        children.push(item as Node);
    }
  }
  return children;
}

type Add = (operator: Operator, start: number, end: number, text: string) => void;

function visit(source: string, node: Node, parent: Node | undefined, add: Add): void {
  const text = (part: Node): string => source.slice(part.start, part.end);
  const part = (key: string): Node => node[key] as Node;
  switch (node.type) {
    case "LogicalExpression": {
      if (node.operator === "??") break;
      const other = node.operator === "&&" ? "||" : "&&";
      const swapped = `((${text(part("left"))}) ${other} (${text(part("right"))}))`;
      add("and-or", node.start, node.end, swapped);
      break;
    }
    case "AwaitExpression":
      add("await", node.start, node.end, text(part("argument")));
      break;
    case "BinaryExpression": {
      const [left, right] = [part("left"), part("right")];
      const [from, to] = [left.end, right.start];
      const between = source.slice(from, to);
      const at = between.indexOf(node.operator as string);
      const replace = (operator: Operator, other: string): void =>
        add(operator, from + at, from + at + (node.operator as string).length, other);
      const boundary = BOUNDARIES[node.operator as string];
      if (boundary !== undefined) replace("boundary", boundary);
      if (node.operator === "-") replace("plus-minus", "+");
      if (node.operator === "+" && !isText(left) && !isText(right)) replace("plus-minus", "-");
      break;
    }
    case "ExpressionStatement":
      if (isCall(part("expression"))) add("drop-call", node.start, node.end, ";");
      break;
    case "BlockStatement":
      if (parent && FUNCTIONS.has(parent.type))
        add("early-return", node.start, node.start + 1, "{ return undefined as never;");
      break;
    case "BreakStatement":
    case "ContinueStatement":
      add("jump", node.start, node.end, ";");
      break;
    case "IfStatement":
    case "ConditionalExpression":
      add("negate", part("test").start, part("test").end, `!(${text(part("test"))})`);
      break;
    case "Literal":
      if (typeof node.value === "number") {
        add("number", node.start, node.end, `${node.value + 1}`);
        if (node.value > 1) add("number", node.start, node.end, "0");
      } else if (typeof node.value === "string") {
        add("string", node.end - 1, node.end - 1, "~");
      }
      break;
    case "TemplateElement":
      if ((node.value as { raw: string }).raw !== "")
        // The sign before the text, a back-tick or a brace, is part of the element.
        add("string", node.start + 1, node.start + 1, "~");
      break;
    case "CallExpression":
      for (const argument of sliceArguments(node)) {
        for (const step of ["+ 1", "- 1"])
          add("slice-off-by-one", argument.start, argument.end, `(${text(argument)}) ${step}`);
      }
      break;
  }
}

function isText({ type, value }: Node): boolean {
  return type === "TemplateLiteral" || (type === "Literal" && typeof value === "string");
}

function isCall(node: Node): boolean {
  if (node.type === "AwaitExpression") return isCall(node.argument as Node);
  if (node.type === "ChainExpression") return isCall(node.expression as Node);
  if (node.type === "UnaryExpression") return node.operator === "void";
  return node.type === "CallExpression" && (node.callee as Node).type !== "Super";
}

function sliceArguments(call: Node): readonly Node[] {
  const callee = call.callee as Node;
  const name = (callee.property as Node | undefined)?.name as string | undefined;
  if (callee.type !== "MemberExpression" || name === undefined || !SLICES.has(name)) return [];
  return (call.arguments as readonly Node[]).filter(({ type }) => type !== "SpreadElement");
}
