/** What a structured text says, whatever its syntax, with the lines it stands on. */

/** Lines of the source, counted from 1, both included. */
export interface LineRange {
  readonly firstLine: number;
  readonly lastLine: number;
}

/** A value of a structured text. */
export type SourceNode = SourceMap | SourceList | SourceScalar;

export interface SourceMap extends LineRange {
  readonly type: "map";
  /** Written in braces, where the format has another way. @default false */
  readonly isInline?: boolean;
  readonly entries: readonly SourceEntry[];
}

export interface SourceEntry {
  readonly key: string;
  /** As it is written, where a format has several ways. */
  readonly lexeme?: string;
  readonly value: SourceNode;
}

export interface SourceList extends LineRange {
  readonly type: "list";
  /** Written in brackets, where the format has another way. @default false */
  readonly isInline?: boolean;
  readonly items: readonly SourceNode[];
}

export interface SourceScalar extends LineRange {
  /** A literal is a number as JSON writes it, `true`, `false` or `null`. */
  readonly type: "text" | "literal";
  readonly text: string;
  /** As it is written, where a format has several ways. */
  readonly lexeme?: string;
}

/** A line that is no value: a comment, a document type, a processing instruction. */
export interface Aside {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** The syntaxes that are read. */
export type Format = "ini" | "toml" | "values" | "xml" | "yaml";

/** What the first line of a form says of its text. */
export const TITLES: Readonly<Record<Format, string>> = {
  ini: "INI as JSON.",
  values: "Printed values as JSON.",
  toml: "TOML as JSON.",
  xml: "XML as JSON: @ for attributes.",
  yaml: "YAML as JSON.",
};

/** A structured text as it was read. */
export interface Reading {
  readonly format: Format;
  readonly root: SourceNode;
  readonly asides: readonly Aside[];
  /** Offsets between which the values stand, where there is prose around them. @default the whole text */
  readonly span?: readonly [start: number, end: number];
  /** Where the text breaks off: what follows is shown as it is. @default the end of `span` */
  readonly cutAt?: number;
  /** The values stand one after another; `root` is a list of them that is not in the text. @default false */
  readonly several?: boolean;
}

/** Deeper texts are left alone. Everything that walks what was read may recurse this far. */
export const MAX_DEPTH = 200;

/** Whether a value holds others. */
export function isContainer(node: SourceNode): node is SourceMap | SourceList {
  return node.type === "map" || node.type === "list";
}

/** What a value holds; the items of a list under the key `-`. */
export function childrenOf(node: SourceNode): readonly SourceEntry[] {
  if (node.type === "map") return node.entries;
  return node.type === "list" ? node.items.map((value) => ({ key: "-", value })) : [];
}
