/** How XML is written: indentation, empty elements, entities. */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Reading, SourceEntry, SourceNode } from "./node.ts";
import type { Settings, Style } from "./style.ts";

export const xmlStyle: Style = {
  guess,
  *print(root, several, settings) {
    const printer = new XmlPrinter(settings);
    const roots = several && root.type === "list" ? root.items : [root];
    for (const [at, item] of roots.entries()) {
      const [entry, ...more] = item.type === "map" ? item.entries : [];
      if (entry === undefined || more.length > 0) return undefined;
      if (at > 0) printer.put("\n");
      yield* printer.element(entry.key, entry.value, 0);
    }
    return printer.isBroken ? undefined : `${printer.text()}${settings.get("end") ?? ""}`;
  },
};

function guess(text: string, { span = [0, text.length] }: Reading): Map<string, string> {
  const found = new Map<string, string>();
  const body = text.slice(span[0], span[1]);
  const indent = />\r?\n([ \t]*)<[^/!?]/.exec(body);
  if (indent) found.set("indent", indent[1] ?? "");
  const flat = indent ? flatTags(body) : [];
  if (flat.length > 0) found.set("flat", flat.join(" "));
  const empty = /<[^<>]*[^<>/\s](\s?)\/>/.exec(body);
  if (empty === null) found.set("empty", "pair");
  else if (empty[1] === " ") found.set("empty", "blank");
  // Which of the entities that are not needed are used, in texts and in attributes.
  for (const [name, entity] of [
    ["gt", "&gt;"],
    ["quot", "&quot;"],
    ["apos", "&apos;"],
  ] as const)
    if (body.includes(entity)) found.set(name, inAttribute(body, entity));
  const attribute = /=\s*(["'])/.exec(body);
  if (attribute?.[1] === "'") found.set("single", "");
  const end = body.slice(body.trimEnd().length);
  if (end !== "") found.set("end", end);
  if (/&#(?:10|xA);/i.test(body)) found.set("break", /&#(?:10|xA);/i.exec(body)?.[0] ?? "");
  return found;
}

/** Tags behind which the first element follows in the same line, wherever they stand. */
function flatTags(body: string): readonly string[] {
  const flat = new Set<string>();
  const deep = new Set<string>();
  for (let at = body.indexOf("<"); at >= 0; at = body.indexOf("<", at + 1)) {
    const end = body.indexOf(">", at);
    if (end < 0) break;
    if (!isLetter(body, at + 1) || body.charAt(end - 1) === "/") continue;
    const name = body.slice(at + 1, end).split(/\s/, 1)[0] ?? "";
    let next = end + 1;
    while (next < body.length && " \t\r\n".includes(body.charAt(next))) next++;
    if (body.charAt(next) === "<" && isLetter(body, next + 1))
      (next === end + 1 ? flat : deep).add(name);
    at = end;
  }
  return [...flat].filter((name) => !deep.has(name));
}

/** Whether a tag opens here, and no comment or closing tag. */
function isLetter(text: string, at: number): boolean {
  return at < text.length && !"/!?".includes(text.charAt(at));
}

/** Where an entity is used: `a` in attributes, `t` in texts. */
function inAttribute(body: string, entity: string): string {
  const tags = body.match(/<[^<>]*>/g) ?? [];
  let isInTag = false;
  let count = 0;
  for (const tag of tags)
    if (tag.includes(entity)) {
      isInTag = true;
      count += tag.split(entity).length - 1;
    }
  const isInText = body.split(entity).length - 1 > count;
  return `${isInTag ? "a" : ""}${isInText ? "t" : ""}`;
}

class XmlPrinter {
  isBroken = false;
  readonly #out: string[] = [];
  readonly #meter = new Meter();
  readonly #settings: Settings;
  readonly #indent: string | undefined;
  readonly #quote: string;
  readonly #flat: ReadonlySet<string>;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#indent = settings.get("indent");
    this.#flat = new Set((settings.get("flat") ?? "").split(" "));
    this.#quote = settings.has("single") ? "'" : '"';
  }

  put(text: string): void {
    this.#out.push(text);
  }

  text(): string {
    return this.#out.join("");
  }

  *element(name: string, node: SourceNode, depth: number): Steps<void> {
    if (this.#meter.isDue(64)) yield;
    if (name === "#comment" && node.type === "text") {
      this.put(`<!--${node.text}-->`);
      return;
    }
    if (node.type === "list") {
      this.isBroken = true;
      return;
    }
    this.put(`<${name}`);
    if (node.type !== "map") {
      if (node.text === "") this.#empty(name);
      else this.put(`>${this.#escaped(node.text, "t")}</${name}>`);
      return;
    }
    const inside: SourceEntry[] = [];
    for (const entry of node.entries) {
      const { key, value } = entry;
      if (!key.startsWith("@")) inside.push(entry);
      else if (value.type === "map" || value.type === "list" || inside.length > 0)
        this.isBroken = true;
      else
        this.put(` ${key.slice(1)}=${this.#quote}${this.#escaped(value.text, "a")}${this.#quote}`);
    }
    const [only] = inside;
    if (only === undefined) {
      this.#empty(name);
      return;
    }
    this.put(">");
    if (
      only.key === "#text" &&
      inside.length === 1 &&
      (only.value.type === "text" || only.value.type === "literal")
    )
      this.put(this.#escaped(only.value.text, "t"));
    else {
      const isFlat = this.#flat.has(name);
      const inner = isFlat ? depth : depth + 1;
      for (const { key, value } of inside)
        if (key === "#children") yield* this.#children(value, inner, isFlat);
        else
          for (const item of value.type === "list" ? value.items : [value]) {
            if (!isFlat) this.#line(inner);
            yield* this.element(key, item, inner);
          }
      if (!isFlat) this.#line(depth);
    }
    this.put(`</${name}>`);
  }

  *#children(node: SourceNode, depth: number, isFlat: boolean): Steps<void> {
    for (const child of node.type === "list" ? node.items : []) {
      const [entry, ...more] = child.type === "map" ? child.entries : [];
      if (entry === undefined || more.length > 0) {
        this.isBroken = true;
        return;
      }
      if (!isFlat) this.#line(depth);
      yield* this.element(entry.key, entry.value, depth);
    }
  }

  #line(depth: number): void {
    if (this.#indent !== undefined) this.put(`\n${this.#indent.repeat(depth)}`);
  }

  #empty(name: string): void {
    const way = this.#settings.get("empty");
    this.put(way === "pair" ? `></${name}>` : way === "blank" ? " />" : "/>");
  }

  #escaped(text: string, place: "a" | "t"): string {
    let escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const isUsed = (name: string): boolean => this.#settings.get(name)?.includes(place) === true;
    if (isUsed("gt")) escaped = escaped.replaceAll(">", "&gt;");
    if (isUsed("quot")) escaped = escaped.replaceAll('"', "&quot;");
    if (isUsed("apos")) escaped = escaped.replaceAll("'", "&apos;");
    const lineBreak = this.#settings.get("break");
    return place === "a" && lineBreak !== undefined ? escaped.replaceAll("\n", lineBreak) : escaped;
  }
}
