/** How TOML is written: tables with a blank line between them, lists in one line or in several. */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Reading, SourceEntry, SourceNode } from "./node.ts";
import type { Settings, Style } from "./style.ts";

export const tomlStyle: Style = {
  guess,
  *print(root, _several, settings) {
    if (root.type !== "map") return undefined;
    const printer = new TomlPrinter(settings);
    yield* printer.table(root, []);
    return printer.text();
  },
};

function guess(text: string, { root }: Reading): Map<string, string> {
  const found = new Map<string, string>();
  const inline = new Set<string>();
  const spread = new Set<string>();
  const stack: { node: SourceNode; key: string }[] = [{ node: root, key: "" }];
  for (let open = stack.pop(); open !== undefined; open = stack.pop()) {
    const { node, key } = open;
    if (node.type === "map") {
      if (node.isInline) inline.add(key);
      for (const entry of node.entries) stack.push({ node: entry.value, key: entry.key });
    } else if (node.type === "list") {
      if (node.isInline) inline.add(key);
      if (node.isInline && node.lastLine > node.firstLine) spread.add(key);
      for (const item of node.items) stack.push({ node: item, key });
    }
  }
  if (inline.size > 0) found.set("inline", [...inline].join("\n"));
  if (spread.size > 0) found.set("lines", [...spread].join("\n"));
  const indent = /\[\n([ \t]*)\S/.exec(text)?.[1];
  if (indent !== undefined && spread.size > 0) found.set("indent", indent);
  if (/= *\{ /.test(text) || /\n *\{ /.test(text)) found.set("pad", "");
  if (/'[^'\n]*'/.test(text) && !text.includes('"')) found.set("single", "");
  if (!text.endsWith("\n")) found.set("open", "");
  return found;
}

class TomlPrinter {
  readonly #out: string[] = [];
  readonly #meter = new Meter();
  readonly #inline: ReadonlySet<string>;
  readonly #spread: ReadonlySet<string>;
  readonly #indent: string;
  readonly #pad: string;
  readonly #quote: string;
  readonly #isOpen: boolean;

  constructor(settings: Settings) {
    this.#inline = new Set((settings.get("inline") ?? "\n").split("\n"));
    this.#spread = new Set((settings.get("lines") ?? "\n").split("\n"));
    this.#indent = settings.get("indent") ?? "";
    this.#pad = settings.has("pad") ? " " : "";
    this.#quote = settings.has("single") ? "'" : '"';
    this.#isOpen = settings.has("open");
  }

  text(): string {
    const text = this.#out.join("");
    return this.#isOpen && text.endsWith("\n") ? text.slice(0, -1) : text;
  }

  /** The settings of a table, then the tables in it. */
  *table(
    node: Extract<SourceNode, { readonly type: "map" }>,
    path: readonly string[],
  ): Steps<void> {
    if (this.#meter.isDue(64)) yield;
    const tables: SourceEntry[] = [];
    for (const entry of node.entries) {
      const { key, value } = entry;
      if (isTable(value) && !this.#inline.has(key)) tables.push(entry);
      else this.#out.push(`${keyOf(key)} = ${this.#value(value, key)}\n`);
    }
    for (const { key, value } of tables) {
      const own = [...path, keyOf(key)];
      const name = own.join(".");
      if (value.type === "map") {
        // A table that holds only tables has no line of its own.
        if (
          value.entries.some((entry) => !isTable(entry.value) || this.#inline.has(entry.key)) ||
          value.entries.length === 0
        )
          this.#header(`[${name}]`);
        yield* this.table(value, own);
      } else
        for (const item of value.type === "list" ? value.items : []) {
          this.#header(`[[${name}]]`);
          if (item.type === "map") yield* this.table(item, own);
        }
    }
  }

  #header(line: string): void {
    this.#out.push(`${this.#out.length > 0 ? "\n" : ""}${line}\n`);
  }

  /** Bounded like everything that was read. */
  #value(node: SourceNode, key: string): string {
    switch (node.type) {
      case "literal":
        return node.text;
      case "text":
        return this.#text(node.text);
      case "map": {
        const entries = node.entries.map(
          (entry) => `${keyOf(entry.key)} = ${this.#value(entry.value, entry.key)}`,
        );
        return entries.length === 0 ? "{}" : `{${this.#pad}${entries.join(", ")}${this.#pad}}`;
      }
      default: {
        const items = node.items.map((item) => this.#value(item, key));
        if (items.length === 0 || !this.#spread.has(key)) return `[${items.join(", ")}]`;
        return `[\n${items.map((item) => `${this.#indent}${item},\n`).join("")}]`;
      }
    }
  }

  #text(text: string): string {
    // Dates and the numbers that JSON does not know stand bare.
    if (/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})?)?$/.test(text))
      return text;
    if (/^[-+]?(?:\d+_[\d_]*|0x[\da-fA-F]+|inf|nan)$/.test(text)) return text;
    return this.#quote === "'" && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
  }
}

/** A map, or a list of maps. */
function isTable(node: SourceNode): boolean {
  if (node.type === "map") return true;
  return (
    node.type === "list" && node.items.length > 0 && node.items.every((item) => item.type === "map")
  );
}

function keyOf(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}
