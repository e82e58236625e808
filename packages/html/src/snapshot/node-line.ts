/**
 * A line of a snapshot: one element of a page, as browser tools print accessibility trees.
 *
 *     - link "Home" [ref=e7] [cursor=pointer]:      Playwright MCP; `- /url: /home` and `- text: …` below
 *     - heading "Shop" [level=1, ref=e3]            agent-browser
 *     uid=1_7 link "Home" url="https://…"           Chrome DevTools MCP
 */

export interface NodeLine {
  /** How deep the element is nested, by the line's indentation. */
  readonly depth: number;
  /** Whether the line begins with a bullet. */
  readonly hasBullet: boolean;
  /** Whether what stands before the colon is in single quotes. */
  readonly isQuoted: boolean;
  /** Empty for a text of Chrome DevTools. */
  readonly role: string;
  /** With its quotes; empty where there is none. */
  readonly name: string;
  /** What stands behind the name, as it stands there. */
  readonly attributes: readonly string[];
  /** What a tool calls the element by; empty where there is none. */
  readonly ref: string;
  /** What stands behind the colon. */
  readonly value: string;
  readonly hasColon: boolean;
}

const UID = "uid=";

/** `undefined` for other lines. Reads a line once. */
export function readNodeLine(line: string): NodeLine | undefined {
  let indent = 0;
  while (line[indent] === " ") indent++;
  if (indent % 2 === 1) return undefined;
  const depth = indent / 2;
  if (line.startsWith("- ", indent)) return readBullet(line.slice(indent + 2), depth);
  if (!line.startsWith(UID, indent)) return undefined;
  const end = endOfWord(line, indent);
  const ref = line.slice(indent + UID.length, end);
  const read = readElement(line, end === line.length ? end : end + 1);
  if (read === undefined || read.at < line.length || !/^\d+_\d+$/.test(ref)) return undefined;
  const { role, name, attributes } = read;
  const plain = { isQuoted: false, hasBullet: false, value: "", hasColon: false };
  return { ...plain, depth, role, name, attributes, ref };
}

function readBullet(body: string, depth: number): NodeLine | undefined {
  let element = body;
  let rest = "";
  const isQuoted = body.startsWith("'");
  if (isQuoted) {
    const end = endOfQuoted(body);
    if (end === undefined) return undefined;
    element = body.slice(1, end).replaceAll("''", "'");
    rest = body.slice(end + 1);
  }
  const read = readElement(element, 0);
  if (read === undefined || read.role === "") return undefined;
  if (read.attributes.some((attribute) => !attribute.startsWith("["))) return undefined;
  if (!isQuoted) rest = element.slice(read.at);
  else if (read.at < element.length) return undefined;
  const hasColon = rest.startsWith(":");
  if (rest !== "" && rest !== ":" && !rest.startsWith(": ")) return undefined;
  const { role, name, attributes } = read;
  const ref = attributes.map(refIn).find((each) => each !== "") ?? "";
  const value = rest.slice(2);
  return { depth, hasBullet: true, isQuoted, role, name, attributes, ref, value, hasColon };
}

/** `e7` of `[ref=e7]` and of `[level=1, ref=e7]`. */
export function refIn(attribute: string): string {
  const at = attribute.indexOf("ref=");
  if (at < 1 || !/[[ ]/.test(attribute[at - 1] ?? "")) return "";
  return /^[a-z0-9]{1,20}/i.exec(attribute.slice(at + 4, at + 24))?.[0] ?? "";
}

interface Element {
  readonly role: string;
  readonly name: string;
  readonly attributes: readonly string[];
  /** Where it ends. */
  readonly at: number;
}

/** `role "name" [attribute] attribute="value"`, single spaces between. */
function readElement(text: string, from: number): Element | undefined {
  let at = from;
  if (text[at] === "/") at++;
  while (isRoleCharacter(text.charCodeAt(at))) at++;
  const role = text.slice(from, at);
  const quote = role === "" ? at : at + 1;
  let name = "";
  if (text[quote] === '"' && (role === "" || text[at] === " ")) {
    const end = endOfString(text, quote);
    if (end === undefined) return undefined;
    name = text.slice(quote, end);
    at = end;
  } else if (role === "" || role === "/") return undefined;
  const attributes: string[] = [];
  while (text[at] === " ") {
    const end = endOfAttribute(text, at + 1);
    if (end === undefined || end === at + 1) return undefined;
    attributes.push(text.slice(at + 1, end));
    at = end;
  }
  return { role, name, attributes, at };
}

/** Behind the closing quote of a name. */
function endOfString(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

/** Of `'…'`, in which a quote is written twice. */
function endOfQuoted(text: string): number | undefined {
  for (let at = 1; at < text.length; at++) {
    if (text[at] !== "'") continue;
    if (text[at + 1] !== "'") return at;
    at++;
  }
  return undefined;
}

function endOfAttribute(text: string, from: number): number | undefined {
  if (text[from] === "[") {
    const end = text.indexOf("]", from);
    return end < 0 ? undefined : end + 1;
  }
  let at = from;
  while (isRoleCharacter(text.charCodeAt(at))) at++;
  if (text[at] !== "=") return at;
  return text[at + 1] === '"' ? endOfString(text, at + 1) : endOfWord(text, at);
}

function endOfWord(text: string, from: number): number {
  const end = text.indexOf(" ", from);
  return end < 0 ? text.length : end;
}

/** Letters, digits and what stands between them in the names of roles. */
function isRoleCharacter(code: number): boolean {
  const lower = code | 32;
  return (lower >= 97 && lower <= 122) || (code >= 48 && code <= 57) || code === 45 || code === 95;
}

/** The line of an element. */
export function printNodeLine(node: NodeLine): string {
  const { depth, hasBullet, isQuoted, role, name, attributes, ref, value, hasColon } = node;
  const parts = [role, name, ...attributes].filter((part) => part !== "");
  const indent = "  ".repeat(depth);
  if (!hasBullet) return `${indent}${[`${UID}${ref}`, ...parts].join(" ")}`;
  const element = parts.join(" ");
  const shown = isQuoted ? `'${element.replaceAll("'", "''")}'` : element;
  const rest = value === "" ? (hasColon ? ":" : "") : `: ${value}`;
  return `${indent}- ${shown}${rest}`;
}
