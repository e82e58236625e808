/** How YAML is written: indentation, quotes, blocks. */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import {
  childrenOf,
  isContainer,
  type SourceEntry,
  type SourceNode,
  type SourceScalar,
} from "./node.ts";
import type { Settings, Style } from "./style.ts";
import { guessYamlRules } from "./yaml-rules.ts";

/** Scalars that are not written as the rules say: more of them are no exceptions. */
const MAX_EXCEPTIONS = 400;
const MAX_EXCEPTION_SHARE = 0.25;

export const yamlStyle: Style = {
  guess: guessYamlRules,
  *exceptions({ root, several }, settings) {
    const printer = new YamlPrinter(settings, true);
    yield* printer.print(root, several === true);
    const { exceptions, scalars } = printer;
    const most = Math.min(MAX_EXCEPTIONS, scalars * MAX_EXCEPTION_SHARE);
    return exceptions.length > most ? undefined : exceptions.join(",");
  },
  *print(root, several, settings) {
    const printer = new YamlPrinter(settings, false);
    yield* printer.print(root, several);
    return printer.isBroken ? undefined : printer.text();
  },
};

type Spelling = "p" | "s" | "d" | "b";

class YamlPrinter {
  readonly exceptions: string[] = [];
  scalars = 0;
  isBroken = false;
  readonly #out: string[] = [];
  readonly #meter = new Meter();
  readonly #isRecording: boolean;
  readonly #indent: number;
  readonly #lists: number;
  readonly #item: number;
  readonly #quote: Spelling;
  readonly #null: string;
  readonly #inline: ReadonlySet<string>;
  readonly #apart: ReadonlySet<string>;
  readonly #between: ReadonlySet<string>;
  readonly #pad: string;
  readonly #isOpen: boolean;
  readonly #known = new Map<number, Spelling>();

  /** @param isRecording whether scalars know how they were written, and exceptions are noted */
  constructor(settings: Settings, isRecording: boolean) {
    this.#isRecording = isRecording;
    this.#indent = Number(settings.get("indent") ?? 2);
    this.#lists = Number(settings.get("lists") ?? 0);
    this.#item = Number(settings.get("item") ?? 2);
    this.#quote = settings.has("single") ? "s" : "d";
    const nothing = settings.get("null") ?? "null";
    this.#null = nothing === "-" ? "" : nothing;
    this.#inline = setOf(settings, "inline");
    this.#apart = setOf(settings, "apart");
    this.#between = setOf(settings, "between");
    this.#pad = settings.has("pad") ? " " : "";
    this.#isOpen = settings.has("open");
    let last = 0;
    for (const exception of (settings.get("not") ?? "").split(",")) {
      last += Number.parseInt(exception, 10) || 0;
      if (exception !== "") this.#known.set(last, exception.slice(-1) as Spelling);
    }
    if (
      !(
        this.#indent > 0 &&
        this.#indent < 20 &&
        this.#lists >= 0 &&
        this.#lists < 20 &&
        this.#item > 1 &&
        this.#item < 20
      )
    )
      this.isBroken = true;
  }

  text(): string {
    const text = this.#out.join("");
    return this.#isOpen && text.endsWith("\n") ? text.slice(0, -1) : text;
  }

  *print(root: SourceNode, several: boolean): Steps<void> {
    const documents = several && root.type === "list" ? root.items : [root];
    for (const [at, document] of documents.entries()) {
      if (at > 0) this.#out.push("---\n");
      if (isContainer(document)) yield* this.#block(document, "", 0, "");
      else this.#out.push(this.#scalar(document, 0, false), "\n");
    }
  }

  /** The lines of a map or a list. @param lead what stands in the first line already */
  *#block(node: SourceNode, key: string, column: number, lead: string): Steps<void> {
    if (this.#meter.isDue(64)) yield;
    const pad = " ".repeat(column);
    let at = 0;
    for (const child of childrenOf(node)) {
      const isApart = this.#apart.has(key) || (at > 0 && this.#between.has(key));
      const start = at === 0 && lead !== "" ? "" : `${isApart ? "\n" : ""}${pad}`;
      at++;
      const { value } = child;
      if (node.type === "list") {
        this.#out.push(`${start}-`);
        const isBlock = !this.#isInline(value, "-");
        if (isContainer(value) && isBlock) {
          this.#out.push(" ".repeat(this.#item - 1));
          yield* this.#block(value, "-", column + this.#item, "-");
        } else this.#inlineValue(value, "-", column);
        continue;
      }
      this.#out.push(start, this.#key(child), ":");
      const [properties, own] = withoutProperties(value);
      if (properties !== "") this.#out.push(` ${properties}`);
      if (this.#isInline(own, child.key)) this.#inlineValue(own, child.key, column);
      else {
        this.#out.push("\n");
        const further = own.type === "list" ? this.#lists : this.#indent;
        yield* this.#block(own, child.key, column + further, "");
      }
    }
  }

  /** What follows a key or the sign of an item in its line. */
  #inlineValue(value: SourceNode, key: string, column: number): void {
    const text = this.#flow(value, key, column, false);
    this.#out.push(text === "" ? "\n" : ` ${text}\n`);
  }

  #isInline(value: SourceNode, key: string): boolean {
    if (!isContainer(value)) return true;
    return childrenOf(value).length === 0 || this.#inline.has(key);
  }

  /** Bounded like everything that was read. */
  #flow(value: SourceNode, key: string, column: number, isInside: boolean): string {
    if (!isContainer(value)) return this.#scalar(value, column, isInside);
    const pad = childrenOf(value).length === 0 ? "" : this.#pad;
    if (value.type === "list")
      return `[${pad}${value.items.map((item) => this.#flow(item, key, column, true)).join(", ")}${pad}]`;
    const entries = value.entries.map(
      (entry) => `${this.#key(entry)}: ${this.#flow(entry.value, entry.key, column, true)}`,
    );
    return `{${pad}${entries.join(", ")}${pad}}`;
  }

  #key(entry: SourceEntry): string {
    const { key, lexeme = key } = entry;
    return this.#spelled(key, lexeme, false, 0, true);
  }

  #scalar(node: SourceScalar, column: number, isInside: boolean): string {
    if (node.type === "literal") {
      this.scalars++;
      return node.text === "null" ? this.#null : node.text;
    }
    return this.#spelled(node.text, node.lexeme ?? node.text, isInside, column, false);
  }

  #spelled(
    text: string,
    lexeme: string,
    isInside: boolean,
    column: number,
    isKey: boolean,
  ): string {
    const at = this.scalars++;
    const rule = this.#ruleFor(text, isInside, isKey);
    let spelling = this.#known.get(at) ?? rule;
    if (this.#isRecording) {
      spelling = spellingOf(lexeme);
      if (spelling !== rule) {
        this.exceptions.push(`${at - this.#last}${spelling}`);
        this.#last = at;
      }
    }
    switch (spelling) {
      case "s":
        return `'${text.replaceAll("'", "''")}'`;
      case "d":
        return JSON.stringify(text);
      case "b":
        return block(text, " ".repeat(column + this.#indent));
      default:
        return text;
    }
  }
  #last = 0;

  #ruleFor(text: string, isInside: boolean, isKey: boolean): Spelling {
    if (isPlain(text, isInside)) return "p";
    if (text.includes("\n") && !isInside && !isKey && /^\S/.test(text)) return "b";
    return this.#quote;
  }
}

/** Anchor and tag of a map or a list, as the reader wrote them, and the map or list itself. */
function withoutProperties(node: SourceNode): readonly [string, SourceNode] {
  const [first, second] = node.type === "map" ? node.entries : [];
  if (node.type !== "map" || first?.key !== "&" || first.value.type !== "text") return ["", node];
  if (second?.key === "-" && node.entries.length === 2) return [first.value.text, second.value];
  return [first.value.text, { ...node, entries: node.entries.slice(1) }];
}

function setOf(settings: Settings, name: string): ReadonlySet<string> {
  const value = settings.get(name);
  return new Set(settings.has(name) ? (value ?? "").split("\n") : []);
}

function spellingOf(lexeme: string): Spelling {
  const first = lexeme.charAt(0);
  return first === "'" ? "s" : first === '"' ? "d" : first === "|" ? "b" : "p";
}

/** `|`, and the lines of a text behind so many blanks. */
function block(text: string, pad: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 10) end--;
  const body = text.slice(0, end);
  const breaks = text.length - body.length;
  const sign = breaks === 0 ? "|-" : breaks === 1 ? "|" : "|+";
  const lines = body.split("\n").map((line) => (line === "" ? "" : pad + line));
  return `${sign}\n${lines.join("\n")}${"\n".repeat(Math.max(0, breaks - 1))}`;
}

const WORDS = /^(?:~|null|true|false|yes|no|on|off|y|n)$/i;
const NUMBER =
  /^[-+]?(?:0x[\da-f_]+|0o?[0-7_]+|\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?\d+)?|\.\d[\d_]*(?:e[-+]?\d+)?|\.inf|\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)$|^\.nan$/i;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$/;

/** Whether programs leave the quotes away. */
function isPlain(text: string, isInside: boolean): boolean {
  if (text === "" || text !== text.trim() || hasControls(text)) return false;
  if (/^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`=]|^(?:---|\.\.\.)/.test(text)) return false;
  if (/:(?:\s|$)|\s#/.test(text) || (isInside && /[,[\]{}]/.test(text))) return false;
  return !WORDS.test(text) && !NUMBER.test(text) && !DATE.test(text);
}

/** Line breaks and other characters that have to be escaped. */
function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || (code >= 127 && code < 160) || code === 0x2028 || code === 0x2029) return true;
    if (code === 0xfeff) return true;
  }
  return false;
}
