/**
 * The lossless form of a snapshot: the same elements with less around them. Every ref of what can be clicked or filled in stands as it
 * is.
 *
 *     - listitem [ref=e6]:                               listitem > link "Home" e7 -> /home
 *       - link "Home" [ref=e7] [cursor=pointer]:
 *         - /url: /home
 *
 * The first line says what is left out; `decodeSnapshot` reads it.
 */
import type { Steps } from "@headroom/core";
import { type NodeLine, printNodeLine, refIn } from "./node-line.ts";
import { INTERACTIVE } from "./roles.ts";
import { isArrowed, readTree, type SnapshotTree } from "./tree.ts";

const MARK = "[snapshot] ";
const POINTER = "[cursor=pointer]";
const NO_POINTER = "[no cursor]";
/** Of the elements of a role, so many have a pointer where it is said once. */
const POINTER_SHARE = 0.6;
const MIN_POINTERS = 3;
/** Addresses that begin alike, for the beginning to be said once. */
const MIN_URLS = 4;

type Style = "uid" | "bullets" | "colons";

interface Said {
  readonly style: Style;
  /** Roles whose refs go on counting, where none is written. */
  readonly counting: ReadonlySet<string>;
  /** Roles of which each has a pointer, where nothing else is written. */
  readonly pointing: ReadonlySet<string>;
  /** What addresses begin with, where they begin with `~`; may be empty. */
  readonly origin: string;
}

const STYLES: Readonly<Record<Style, string>> = {
  uid: "uid= left out",
  bullets: '"- " left out',
  colons: '"- " and ":" left out',
};
const CHAIN = "a > b: b is all in a";
const ARROW: Readonly<Record<Style, string>> = {
  uid: "-> is url",
  bullets: "",
  colons: "-> is /url",
};
const REF: Readonly<Record<Style, string>> = {
  uid: "",
  bullets: "e7 is [ref=e7]",
  colons: "e7 is [ref=e7]",
};
const COUNTING = "no ref: one more than above, for ";
const POINTING = `${POINTER}: each `;
const ORIGIN = "~ is ";
const OTHERS = "| other lines";

function printSaid({ style, counting, pointing, origin }: Said): string {
  const clauses = [
    STYLES[style],
    CHAIN,
    ARROW[style],
    REF[style],
    counting.size > 0 ? COUNTING + [...counting].map((role) => role || "text").join(", ") : "",
    pointing.size > 0 ? POINTING + [...pointing].join(", ") : "",
    origin === "" ? "" : ORIGIN + origin,
    OTHERS,
  ];
  return MARK + clauses.filter((clause) => clause !== "").join("; ");
}

function readSaid(line: string): Said | undefined {
  if (!line.startsWith(MARK)) return undefined;
  const clauses = line.slice(MARK.length).split("; ");
  const style = (Object.keys(STYLES) as Style[]).find((each) => STYLES[each] === clauses[0]);
  if (style === undefined) return undefined;
  const behind = (start: string): string =>
    clauses.find((clause) => clause.startsWith(start))?.slice(start.length) ?? "";
  const rolesBehind = (start: string): ReadonlySet<string> =>
    new Set(
      behind(start)
        .split(", ")
        .filter((role) => role !== "")
        .map((role) => (style === "uid" && role === "text" ? "" : role)),
    );
  return {
    style,
    counting: rolesBehind(COUNTING),
    pointing: rolesBehind(POINTING),
    origin: behind(ORIGIN),
  };
}

/** `undefined` where a text has no elements. */
export function* encodeSnapshot(text: string): Steps<string | undefined> {
  const tree = yield* readTree(text);
  const said = saidOf(tree);
  if (said === undefined) return undefined;
  const { lines, nodes, parents, urls } = tree;
  const out: string[] = [printSaid(said)];
  const { isUsual, children } = yield* usualOf(tree, said);
  /** By line: the level on which it is written. */
  const levels: number[] = [];
  const refs = new Refs();
  for (const [at, line] of lines.entries()) {
    if (at % 1_024 === 1_023) yield;
    const node = nodes[at];
    const parent = parents[at] ?? -1;
    levels.push(0);
    if (node === undefined || !isUsual[at]) {
      out.push(`|${line}`);
      continue;
    }
    if (urls.has(at)) continue;
    const url = isUsual[at + 1] && urls.has(at + 1) ? nodes[at + 1]?.value : undefined;
    const isBare = url === undefined && children[at] === 0 && node.value === "";
    const colon = node.hasColon && isBare ? ":" : "";
    const element = printElement(node, url, said, refs) + colon;
    const isAlone = parent >= 0 && children[parent] === 1 && nodes[parent]?.value === "";
    const isNext = parent === at - 1 || (parent === at - 2 && urls.has(at - 1));
    if (isAlone && isNext) {
      levels[at] = levels[parent] ?? 0;
      out.push(`${out.pop()} > ${element}`);
    } else {
      const level = parent < 0 ? 0 : (levels[parent] ?? 0) + 1;
      levels[at] = level;
      out.push(" ".repeat(level) + element);
    }
  }
  return out.join("\n");
}

interface Usual {
  /** By line: whether it follows from what is written of it. */
  readonly isUsual: readonly boolean[];
  /** By line: the elements in an element that do, without its `/url`. */
  readonly children: readonly number[];
}

function* usualOf({ nodes, parents, urls }: SnapshotTree, { style }: Said): Steps<Usual> {
  const isUsual: boolean[] = [];
  const children: number[] = new Array(nodes.length).fill(0);
  for (const [at, node] of nodes.entries()) {
    if (at % 1_024 === 1_023) yield;
    const parent = parents[at] ?? -1;
    const around = nodes[parent];
    const isIn =
      parent < 0 ||
      (isUsual[parent] === true &&
        around?.value === "" &&
        around.hasColon === (style === "colons"));
    isUsual.push(node !== undefined && isIn && node.hasBullet === (style !== "uid"));
    if (isUsual[at] && parent >= 0 && !urls.has(at)) children[parent] = (children[parent] ?? 0) + 1;
  }
  return { isUsual, children };
}

function saidOf({ nodes, urls, hasColons }: SnapshotTree): Said | undefined {
  const first = nodes.find((node) => node !== undefined && node.ref !== "");
  if (first === undefined) return undefined;
  const style: Style = first.hasBullet ? (hasColons ? "colons" : "bullets") : "uid";
  const byRole = new Map<string, { all: number; pointers: number; counted: number }>();
  const origins = new Map<string, number>();
  const addresses: string[] = [];
  for (const [at, node] of nodes.entries()) {
    if (node === undefined) continue;
    if (urls.has(at)) addresses.push(node.value);
    const { role, attributes } = node;
    const sums = byRole.get(role) ?? { all: 0, pointers: 0, counted: 0 };
    byRole.set(role, sums);
    sums.all++;
    if (attributes.at(-1) === POINTER) sums.pointers++;
    if (style === "uid" || isRefLast(node)) sums.counted++;
    for (const each of attributes) if (isUrlAttribute(each)) addresses.push(each.slice(5, -1));
  }
  for (const address of addresses) {
    const origin = originOf(address);
    if (origin !== undefined) origins.set(origin, (origins.get(origin) ?? 0) + 1);
  }
  const [origin = "", count = 0] = [...origins].sort((a, b) => b[1] - a[1])[0] ?? [];
  const roles = [...byRole];
  const pointing = roles.filter(
    ([, { all, pointers }]) => pointers >= MIN_POINTERS && pointers >= all * POINTER_SHARE,
  );
  const counting = roles.filter(
    ([role, { all, counted }]) => counted === all && !INTERACTIVE.has(role),
  );
  const pointingRoles = new Set(pointing.map(([role]) => role));
  return {
    style,
    counting: new Set(counting.map(([role]) => role).filter((role) => !pointingRoles.has(role))),
    pointing: pointingRoles,
    origin: count >= MIN_URLS ? origin : "",
  };
}

/** Whether nothing but the pointer stands behind the ref. */
function isRefLast({ attributes, ref }: NodeLine): boolean {
  const last = attributes.at(-1) === POINTER ? attributes.at(-2) : attributes.at(-1);
  return isRef(last) && last === `[ref=${ref}]`;
}

function isRef(attribute: string | undefined): boolean {
  return attribute !== undefined && /^\[ref=(?:f\d+)?e\d+\]$/.test(attribute);
}

function isUrlAttribute(attribute: string): boolean {
  return (
    attribute.startsWith('url="') && attribute.endsWith('"') && isArrowed(attribute.slice(5, -1))
  );
}

function originOf(url: string): string | undefined {
  const at = url.indexOf("://");
  if (at < 1 || at > 10) return undefined;
  const end = url.indexOf("/", at + 3);
  const origin = end < 0 ? undefined : url.slice(0, end);
  return origin?.includes(";") ? undefined : origin;
}

/** Refs in their order: `e8` comes after `e7`. */
class Refs {
  #last = "";

  next(): string {
    let at = this.#last.length;
    while (at > 0 && /\d/.test(this.#last.charAt(at - 1))) at--;
    const digits = this.#last.slice(at);
    return digits === "" ? "" : `${this.#last.slice(0, at)}${Number(digits) + 1}`;
  }

  see(ref: string): void {
    if (ref !== "") this.#last = ref;
  }
}

function printElement(node: NodeLine, url: string | undefined, said: Said, refs: Refs): string {
  const { role, name, attributes, ref, value, isQuoted } = node;
  const hasPointer = attributes.at(-1) === POINTER;
  // What can be clicked has its ref in full.
  const isCounted = said.counting.has(role) && !hasPointer && ref === refs.next();
  refs.see(ref);
  const isPointing = said.pointing.has(role);
  const parts = [role, name];
  if (said.style === "uid" && !isCounted) parts.push(ref);
  for (const [at, attribute] of attributes.entries()) {
    if (isPointing && attribute === POINTER && at === attributes.length - 1) continue;
    if (said.style !== "uid" && isRef(attribute)) {
      if (!isCounted) parts.push(attribute.slice(5, -1));
    } else if (said.style === "uid" && isUrlAttribute(attribute))
      parts.push("->", shortened(attribute.slice(5, -1), said));
    else parts.push(attribute);
  }
  if (isPointing && !hasPointer) parts.push(NO_POINTER);
  if (url !== undefined) parts.push("->", shortened(url, said));
  const shown = parts.filter((part) => part !== "").join(" ");
  return `${isQuoted ? "'" : ""}${shown}${value === "" ? "" : `: ${value}`}`;
}

function shortened(url: string, { origin }: Said): string {
  return origin !== "" && url.startsWith(`${origin}/`) ? `~${url.slice(origin.length)}` : url;
}

/** The snapshot of a form; `undefined` where it is none of ours. */
export function decodeSnapshot(form: string): string | undefined {
  const [first = "", ...encoded] = form.split("\n");
  const said = readSaid(first);
  if (said === undefined) return undefined;
  const out: string[] = [];
  /** The last element of the last line on each level, by its line and depth. */
  const open: { readonly at: number; readonly depth: number }[] = [];
  const refs = new Refs();
  const hold = (at: number): void => {
    if (said.style === "colons" && !out[at]?.endsWith(":")) out[at] += ":";
  };
  for (const line of encoded) {
    if (line.startsWith("|")) {
      out.push(line.slice(1));
      continue;
    }
    let level = 0;
    while (line[level] === " ") level++;
    const elements = readLine(line.slice(level), said);
    let above = level === 0 ? undefined : open[level - 1];
    if (elements === undefined || (level > 0 && above === undefined)) return undefined;
    open.length = level;
    for (const { node, url, hasColon } of elements) {
      if (above) hold(above.at);
      const depth = above ? above.depth + 1 : 0;
      const at = out.length;
      out.push(printNodeLine({ ...restored(node, said, refs), depth }));
      if (hasColon) hold(at);
      if (url !== undefined) {
        hold(at);
        const address = { role: "/url", name: "", attributes: [], ref: "", value: url };
        out.push(
          printNodeLine({
            ...address,
            depth: depth + 1,
            hasBullet: true,
            isQuoted: false,
            hasColon: true,
          }),
        );
      }
      above = { at, depth };
    }
    if (above) open.push(above);
  }
  return out.join("\n");
}

/** An element as it is written. */
interface Written {
  readonly role: string;
  readonly name: string;
  readonly parts: readonly string[];
  readonly value: string;
  readonly isQuoted: boolean;
}

/** The element with its ref and its pointer. */
function restored(
  { role, name, parts, value, isQuoted }: Written,
  said: Said,
  refs: Refs,
): NodeLine {
  const attributes: string[] = [];
  let ref = "";
  let isPointing = said.pointing.has(role);
  for (const part of parts) {
    if (part === NO_POINTER) isPointing = false;
    else if (said.style === "uid" && ref === "" && /^\d+_\d+$/.test(part)) ref = part;
    else if (said.style !== "uid" && /^(?:f\d+)?e\d+$/.test(part)) {
      ref = part;
      attributes.push(`[ref=${part}]`);
    } else attributes.push(part);
  }
  if (ref === "" && said.counting.has(role)) {
    ref = refs.next();
    if (said.style !== "uid") attributes.push(`[ref=${ref}]`);
  }
  if (ref === "") ref = attributes.map(refIn).find((each) => each !== "") ?? "";
  refs.see(ref);
  if (isPointing) attributes.push(POINTER);
  const hasBullet = said.style !== "uid";
  return { role, name, attributes, ref, value, isQuoted, hasBullet, hasColon: false, depth: 0 };
}

interface WrittenElement {
  readonly node: Written;
  readonly url?: string;
  /** It ends in a colon, and nothing that is written as an element follows. */
  readonly hasColon: boolean;
}

/** The elements of a line, each of which is all that the one before holds. */
function readLine(line: string, said: Said): readonly WrittenElement[] | undefined {
  const elements: WrittenElement[] = [];
  let at = 0;
  while (at <= line.length) {
    const isQuoted = line[at] === "'";
    if (isQuoted) at++;
    const start = at;
    while (at < line.length && !/[ :"]/.test(line[at] ?? "")) at++;
    const role = line.slice(start, at);
    let name = "";
    const quote = role === "" ? at : at + 1;
    if (line[quote] === '"' && (role === "" || line[at] === " ")) {
      const end = endOfQuotes(line, quote);
      name = line.slice(quote, end);
      at = end;
    }
    if (role === "" && name === "") return undefined;
    const parts: string[] = [];
    let url: string | undefined;
    let value = "";
    let isChained = false;
    let hasColon = false;
    while (at < line.length && !isChained) {
      if (line[at] === ":" && at + 1 === line.length) {
        hasColon = true;
        at++;
      } else if (line.startsWith(": ", at)) {
        value = line.slice(at + 2);
        at = line.length;
      } else if (line.startsWith(" > ", at)) {
        at += 3;
        isChained = true;
      } else if (line.startsWith(" -> ", at)) {
        const space = line.indexOf(" ", at + 4);
        const end = space < 0 ? line.length : space;
        const address = lengthened(line.slice(at + 4, end), said);
        if (said.style === "uid") parts.push(`url="${address}"`);
        else url = address;
        at = end;
      } else if (line[at] === " ") {
        const end = endOfPart(line, at + 1);
        parts.push(line.slice(at + 1, end));
        at = end;
      } else return undefined;
    }
    const node = { role, name, parts, value, isQuoted };
    elements.push({ node, hasColon, ...(url === undefined ? {} : { url }) });
    if (!isChained) break;
  }
  return elements;
}

function lengthened(url: string, { origin }: Said): string {
  return url.startsWith("~") ? origin + url.slice(1) : url;
}

function endOfQuotes(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** Of an attribute in brackets or in quotes, or of a word. */
function endOfPart(text: string, from: number): number {
  if (text[from] === "[") {
    const end = text.indexOf("]", from);
    return end < 0 ? text.length : end + 1;
  }
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === " ") return at;
    if (character === '"' && text[at - 1] === "=") return endOfQuotes(text, at);
    if (character === ":" && (text[at + 1] === " " || at + 1 === text.length)) return at;
  }
  return text.length;
}
