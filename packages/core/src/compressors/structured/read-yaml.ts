/**
 * Reads YAML from its concrete syntax tree, which the `yaml` package gives token by token: in steps, with offsets, and with nothing
 * resolved that the text only refers to. An alias stays `*name`, so that a few lines never become millions of values.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { LineIndex } from "./line-index.ts";
import {
  type Aside,
  MAX_DEPTH,
  type Reading,
  type SourceEntry,
  type SourceNode,
  type SourceScalar,
} from "./node.ts";
import { isJsonNumber } from "./scalar.ts";

/** What is used of the `yaml` package. */
export type YamlParser = Pick<typeof import("yaml"), "CST" | "Lexer" | "Parser" | "YAMLParseError">;
type Token = import("yaml").CST.Token;
type SourceToken = import("yaml").CST.SourceToken;
type Item = import("yaml").CST.CollectionItem;

/** A text that is not YAML, or more than is read. */
class NotYaml extends Error {}

/** One value, or a list of several documents; `undefined` where the text is no YAML. */
export function* readYaml(text: string, yaml: YamlParser): Steps<Reading | undefined> {
  const meter = new Meter();
  const lexer = new yaml.Lexer();
  const parser = new yaml.Parser();
  const tokens: Token[] = [];
  for (const lexeme of lexer.lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // Lexing and parsing a token takes as long as reading a hundred characters.
    if (meter.isDue(lexeme.length + 100)) yield;
  }
  for (const token of parser.end()) tokens.push(token);
  const reader = new YamlReader(text, yaml, meter);
  try {
    return yield* reader.read(tokens);
  } catch (error) {
    if (error instanceof NotYaml || error instanceof yaml.YAMLParseError) return undefined;
    throw error;
  }
}

/** What may stand around values besides comments, anchors and tags. */
const SIGNS: ReadonlySet<string> = new Set([
  "byte-order-mark",
  "comma",
  "doc-mode",
  "doc-start",
  "explicit-key-ind",
  "flow-map-end",
  "flow-seq-end",
  "map-value-ind",
  "newline",
  "seq-item-ind",
  "space",
]);

/** What stands in front of a value. */
interface Properties {
  anchor?: string;
  tag?: string;
}

class YamlReader {
  readonly #yaml: YamlParser;
  readonly #lines: LineIndex;
  readonly #meter: Meter;
  readonly #asides: Aside[] = [];
  readonly #length: number;

  constructor(text: string, yaml: YamlParser, meter: Meter) {
    this.#yaml = yaml;
    this.#lines = new LineIndex(text);
    this.#meter = meter;
    this.#length = text.length;
  }

  *read(tokens: readonly Token[]): Steps<Reading | undefined> {
    const documents: SourceNode[] = [];
    const offsets: number[] = [];
    for (const token of tokens) {
      if (token.type === "error") throw new NotYaml();
      if (token.type === "comment") this.#aside(token);
      if (token.type === "directive") this.#aside(token);
      if (token.type === "doc-end") this.#properties(token.end);
      if (token.type !== "document") continue;
      const properties = this.#properties(token.start);
      const offset = token.start[0]?.offset ?? token.offset;
      if (token.value || token.start.some(({ type }) => type === "doc-start")) {
        documents.push(yield* this.#value(token.value, properties, offset, 0));
        offsets.push(token.value?.offset ?? offset);
      }
      this.#properties(token.end);
    }
    const [first] = documents;
    if (first === undefined) return undefined;
    const last = documents.at(-1) ?? first;
    const several = documents.length > 1;
    const start = offsets[0] ?? 0;
    const firstLine = this.#lines.lineAt(start);
    const root: SourceNode = several
      ? { type: "list", items: documents, firstLine: first.firstLine, lastLine: last.lastLine }
      : first;
    // What stands above the first value is shown as it is.
    const asides = this.#asides
      .filter(({ line }) => line >= firstLine)
      .sort((a, b) => a.line - b.line);
    return { format: "yaml", root, asides, several, span: [start, this.#length] };
  }

  *#value(
    token: Token | null | undefined,
    properties: Properties,
    offset: number,
    depth: number,
  ): Steps<SourceNode> {
    if (depth > MAX_DEPTH) throw new NotYaml();
    const node = yield* this.#bare(token, offset, depth);
    const { anchor, tag } = properties;
    if (anchor === undefined && tag === undefined) return node;
    const label = [tag, anchor].filter((part) => part !== undefined).join(" ");
    const { firstLine, lastLine } = node;
    if (node.type === "text" || node.type === "literal")
      return {
        type: "text",
        text: `${label} ${node.text}`.trimEnd(),
        lexeme: `${label} ${node.lexeme ?? ""}`.trimEnd(),
        firstLine,
        lastLine,
      };
    const name: SourceNode = { type: "text", text: label, firstLine, lastLine: firstLine };
    // An anchor or a tag stands where it can be told from the keys of the text: YAML has no key of this name without quotes.
    if (node.type === "map")
      return { ...node, entries: [{ key: "&", value: name }, ...node.entries] };
    const entries = [
      { key: "&", value: name },
      { key: "-", value: node },
    ];
    return { type: "map", entries, firstLine, lastLine };
  }

  *#bare(token: Token | null | undefined, offset: number, depth: number): Steps<SourceNode> {
    const at = token?.offset ?? offset;
    const firstLine = this.#lines.lineAt(at);
    if (!token) return { type: "literal", text: "null", firstLine, lastLine: firstLine };
    if (this.#meter.isDue(100)) yield;
    switch (token.type) {
      case "alias":
        if (token.source.length < 2) throw new NotYaml();
        this.#properties(token.end);
        return { type: "text", text: token.source, firstLine, lastLine: firstLine };
      case "scalar":
      case "single-quoted-scalar":
      case "double-quoted-scalar":
      case "block-scalar":
        return this.#scalar(token, firstLine);
      case "block-seq":
      case "block-map":
      case "flow-collection":
        return yield* this.#collection(token, firstLine, depth);
      default:
        throw new NotYaml();
    }
  }

  #scalar(token: Token, firstLine: number): SourceScalar {
    const scalar = this.#yaml.CST.resolveAsScalar(token, true);
    if (scalar === null) throw new NotYaml();
    if ("end" in token && Array.isArray(token.end)) this.#properties(token.end);
    const source = "source" in token ? token.source : "";
    const end = token.offset + Math.max(0, source.trimEnd().length - 1);
    const lastLine =
      token.type === "block-scalar"
        ? firstLine +
          Math.max(0, source.trimEnd().split("\n").length - (source.trim() === "" ? 1 : 0))
        : this.#lines.lineAt(end);
    const text = scalar.value;
    const header =
      "props" in token ? token.props.find(({ type }) => type === "block-scalar-header") : undefined;
    const lexeme = header && "source" in header ? header.source : source;
    if (scalar.type !== "PLAIN") return { type: "text", text, lexeme, firstLine, lastLine };
    return { ...plain(text), lexeme, firstLine, lastLine };
  }

  *#collection(
    token: Extract<Token, { readonly items: unknown }>,
    firstLine: number,
    depth: number,
  ): Steps<SourceNode> {
    const isFlow = token.type === "flow-collection";
    const isList = token.type === "block-seq" || (isFlow && token.start.type === "flow-seq-start");
    const items: SourceNode[] = [];
    const entries: SourceEntry[] = [];
    let lastLine = firstLine;
    let offset = token.offset;
    for (const item of token.items as readonly Item[]) {
      const properties = this.#properties(item.start);
      offset = item.start.at(-1)?.offset ?? offset;
      const isEmpty = !item.key && !item.sep && !item.value;
      // Behind the last comma, or comments at the end of a block.
      if (isEmpty && !(token.type === "block-seq" && startsItem(item))) continue;
      if (isFlow && items.length + entries.length > 0 && !hasComma(item)) throw new NotYaml();
      let value: SourceNode;
      if (item.sep === undefined) {
        if (!isList) throw new NotYaml();
        value = yield* this.#value(item.value, properties, offset, depth + 1);
        items.push(value);
      } else {
        if (!isFlow && (isAstray(item, token.indent) || !hasColon(item))) throw new NotYaml();
        const own = this.#properties(item.sep);
        const key = yield* this.#key(item.key, properties, offset, depth);
        offset = item.sep.at(-1)?.offset ?? item.key?.offset ?? offset;
        value = yield* this.#value(item.value, own, item.key?.offset ?? offset, depth + 1);
        const line = this.#lines.lineAt(item.key?.offset ?? offset);
        const entry: SourceEntry = {
          ...key,
          value: { ...value, firstLine: Math.min(line, value.firstLine) },
        };
        // `[a: b]` is a list of a map of one entry.
        if (!isList) entries.push(entry);
        else
          items.push({ type: "map", entries: [entry], firstLine: line, lastLine: value.lastLine });
      }
      lastLine = Math.max(lastLine, value.lastLine);
    }
    if (isFlow) {
      const closing = token.end.find(({ type }) => type.endsWith("-end"));
      if (closing === undefined || closing.type === "flow-error-end") throw new NotYaml();
      lastLine = this.#lines.lineAt(closing.offset);
      this.#properties(token.end);
    }
    const place = { firstLine, lastLine, ...(isFlow ? { isInline: true } : {}) };
    return isList ? { type: "list", items, ...place } : { type: "map", entries, ...place };
  }

  *#key(
    token: Token | null | undefined,
    properties: Properties,
    offset: number,
    depth: number,
  ): Steps<Pick<SourceEntry, "key" | "lexeme">> {
    const key = yield* this.#value(token, properties, offset, depth + 1);
    // A map that is a key is more than a table can show.
    if (key.type !== "text" && key.type !== "literal") throw new NotYaml();
    if (!token) return { key: "", lexeme: "" };
    const { lexeme = key.text } = key;
    // A key has its spelling, whatever it would be as a value.
    return { key: key.type === "text" ? key.text : lexeme, lexeme };
  }

  /** Anchor and tag among the tokens in front of a value. Comments are noted. */
  #properties(tokens: readonly SourceToken[] | undefined): Properties {
    const found: Properties = {};
    for (const token of tokens ?? []) {
      if (token.type === "comment") this.#aside(token);
      else if (token.type === "anchor") found.anchor = token.source;
      else if (token.type === "tag") found.tag = token.source;
      // Words behind `...`, and whatever else stands where no value may.
      else if (!SIGNS.has(token.type)) throw new NotYaml();
    }
    return found;
  }

  #aside({ offset, source }: { readonly offset: number; readonly source: string }): void {
    this.#asides.push({ line: this.#lines.lineAt(offset), text: source });
  }
}

/** Whether a key stands further in than the keys beside it. */
function isAstray({ key, start }: Item, indent: number): boolean {
  if (!key || !("indent" in key) || start.some(({ type }) => type === "explicit-key-ind"))
    return false;
  return key.indent !== indent;
}

/** A word alone is no key: the text breaks off behind it, or is none of ours. */
function hasColon({ start, sep }: Item): boolean {
  return (
    (sep ?? []).some(({ type }) => type === "map-value-ind") ||
    start.some(({ type }) => type === "explicit-key-ind")
  );
}

function startsItem({ start }: Item): boolean {
  return start.some(({ type }) => type === "seq-item-ind");
}

function hasComma({ start }: Item): boolean {
  return start.some(({ type }) => type === "comma");
}

/** A scalar without quotes, by the core schema. Numbers that JSON writes otherwise stay texts. */
function plain(text: string): Pick<SourceScalar, "type" | "text"> {
  switch (text) {
    case "":
    case "~":
    case "null":
    case "Null":
    case "NULL":
      return { type: "literal", text: "null" };
    case "true":
    case "True":
    case "TRUE":
      return { type: "literal", text: "true" };
    case "false":
    case "False":
    case "FALSE":
      return { type: "literal", text: "false" };
    default:
      return { type: isJsonNumber(text) ? "literal" : "text", text };
  }
}
