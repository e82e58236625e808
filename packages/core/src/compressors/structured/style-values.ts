/**
 * How values are printed: by `repr` of Python in one line, by `util.inspect` of Node.js in lines of 80 characters, or as JSON with an
 * indentation, whose numbers may be no numbers.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { childrenOf, isContainer, type Reading, type SourceNode } from "./node.ts";
import type { Settings, Style } from "./style.ts";

export const valuesStyle: Style = {
  guess,
  *print(root, several, settings) {
    const out: string[] = [];
    const values = several && root.type === "list" ? root.items : [root];
    const by = settings.get("by") ?? "python";
    const gap = settings.get("gap") ?? "\n";
    for (const [at, value] of values.entries()) {
      if (at > 0) out.push(gap);
      if (by === "node") out.push(inspected(value, 0).text);
      else yield* new ValuePrinter(settings, out, by === "json").print(value, 0);
    }
    return out.join("");
  },
};

function guess(text: string, { span = [0, text.length], several }: Reading): Map<string, string> {
  const found = new Map<string, string>();
  const body = text.slice(...span);
  const indent = /^[{[(]\n( *)\S/.exec(body)?.[1];
  const by = printerOf(body);
  if (by !== "python") found.set("by", by);
  if (by === "json" && indent !== undefined) found.set("indent", `${indent.length}`);
  if (by === "json" && indent === undefined && !/[":] /.test(body.slice(0, 200)))
    found.set("tight", "");
  if (body.startsWith("(") && !body.includes("[")) found.set("tuples", "");
  if (several === true && !body.includes("\n")) found.set("gap", " ");
  return found;
}

/** Who printed values that begin so. */
function printerOf(body: string): "json" | "node" | "python" {
  // JSON has double quotes first, or none at all.
  if (/^[{[][\s{[\d,.-]*(?:"|NaN|-?Infinity)/.test(body)) return "json";
  return /^(?:[A-Za-z_$][\w$]*(?:\(\d+\))? )?[{[](?: \S|\n {2}\S)/.test(body) ? "node" : "python";
}

/** Python in one line, or JSON in one line or in many. */
class ValuePrinter {
  readonly #out: string[];
  readonly #meter = new Meter();
  readonly #isJson: boolean;
  readonly #isTuple: boolean;
  readonly #indent: number | undefined;
  readonly #colon: string;
  readonly #comma: string;

  constructor(settings: Settings, out: string[], isJson: boolean) {
    this.#out = out;
    this.#isJson = isJson;
    this.#isTuple = settings.has("tuples");
    this.#indent = settings.has("indent")
      ? Math.min(16, Number(settings.get("indent")))
      : undefined;
    const blank = settings.has("tight") ? "" : " ";
    this.#colon = `:${blank}`;
    this.#comma = this.#indent === undefined ? `,${blank}` : ",";
  }

  *print(node: SourceNode, depth: number): Steps<void> {
    if (this.#meter.isDue(48)) yield;
    if (!isContainer(node)) {
      this.#out.push(this.#scalar(node));
      return;
    }
    const isTuple = this.#isTuple && node.type === "list";
    const [open, close] = node.type === "map" ? "{}" : isTuple ? "()" : "[]";
    this.#out.push(open ?? "");
    const children = childrenOf(node);
    for (const [at, { key, value }] of children.entries()) {
      if (at > 0) this.#out.push(this.#comma);
      this.#line(depth + 1);
      if (node.type === "map") this.#out.push(this.#text(key), this.#colon);
      yield* this.print(value, depth + 1);
    }
    if (isTuple && children.length === 1) this.#out.push(",");
    if (children.length > 0) this.#line(depth);
    this.#out.push(close ?? "");
  }

  #line(depth: number): void {
    if (this.#indent !== undefined) this.#out.push(`\n${" ".repeat(this.#indent * depth)}`);
  }

  #scalar(node: SourceNode): string {
    const text = isContainer(node) ? "" : node.text;
    if (node.type === "literal") return this.#isJson ? text : (WORDS[text] ?? text);
    return this.#isJson && /^-?(?:NaN|Infinity)$/.test(text) ? text : this.#text(text);
  }

  #text(text: string): string {
    return this.#isJson ? JSON.stringify(text) : pythonText(text);
  }
}

const WORDS: Readonly<Record<string, string>> = { true: "True", false: "False", null: "None" };

/** What is no string but was read as a text: calls, objects, numbers of other kinds. */
const BARE =
  /^(?:[A-Za-z_][\w.]*\([^\n]*\)|<[^<>\n]+(?:<[^<>\n]*>[^<>\n]*)?>|nan|inf|-inf|Ellipsis)$/;

function pythonText(text: string): string {
  if (BARE.test(text)) return text;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === "\\" || character === quote) out += `\\${character}`;
    else if (character === "\n") out += "\\n";
    else if (character === "\r") out += "\\r";
    else if (character === "\t") out += "\\t";
    else if (code < 32 || (code >= 127 && code < 161))
      out += `\\x${code.toString(16).padStart(2, "0")}`;
    else out += character;
  }
  return quote + out + quote;
}

/** Characters of a line of `util.inspect`, and how many levels may share one. */
const BREAK_LENGTH = 80;
const COMPACT = 3;

/** What `util.inspect` writes, at so many blanks from the left. Bounded like everything that was read. */
function inspected(
  node: SourceNode,
  column: number,
): { readonly text: string; readonly height: number } {
  if (!isContainer(node)) return { text: inspectedScalar(node), height: 0 };
  const [label, children] = labelled(node);
  const start = label === "" ? "" : `${label} `;
  const [open, close] = node.type === "map" ? "{}" : "[]";
  if (children.length === 0) return { text: `${start}${open}${close}`, height: 1 };
  let height = 0;
  const parts: string[] = [];
  for (const { key, value } of children) {
    const name = node.type === "map" ? `${inspectedKey(key)}: ` : "";
    const inner = inspected(value, column + 2);
    height = Math.max(height, inner.height);
    parts.push(name + inner.text);
  }
  height++;
  const length = parts.reduce((sum, part) => sum + part.length, 0) + parts.length;
  const own = parts.length + column + (open?.length ?? 0) + start.length + 10;
  const fits = length + own <= BREAK_LENGTH && !parts.some((part) => part.includes("\n"));
  if (height <= COMPACT && fits)
    return { text: `${start}${open} ${parts.join(", ")} ${close}`, height };
  const pad = `\n${" ".repeat(column)}`;
  return { text: `${start}${open}${pad}  ${parts.join(`,${pad}  `)}${pad}${close}`, height };
}

/** The class of an object, and its own entries. */
function labelled(node: SourceNode): readonly [string, ReturnType<typeof childrenOf>] {
  const children = childrenOf(node);
  const [first, ...rest] = children;
  if (node.type !== "map" || first?.key !== "class" || first.value.type !== "text")
    return ["", children];
  return [first.value.text, rest];
}

function inspectedKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) || /^\[?Symbol\(/.test(key) ? key : `'${key}'`;
}

const INSPECTED =
  /^(?:\[[\s\S]*\]|<[\s\S]*>|undefined|NaN|-?Infinity|-?\d+n|Symbol\(.*\)|\d{4}-\d{2}-\d{2}T[\d:.]+Z|\.\.\. \d+ more items?)$/;

function inspectedScalar(node: SourceNode): string {
  const text = isContainer(node) ? "" : node.text;
  if (node.type === "literal" || INSPECTED.test(text)) return text;
  const quote = !text.includes("'")
    ? "'"
    : !text.includes('"')
      ? '"'
      : !text.includes("`")
        ? "`"
        : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
