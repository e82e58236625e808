/**
 * The pieces of XML: tags, texts and comments, one after another.
 *
 * Strict: what is not well-formed (XML 1.0, https://www.w3.org/TR/xml/) is `"broken"`, so that nothing is guessed. Entities other than
 * the five of XML stay as they are written, and nothing is expanded that a document type declares.
 */

export interface OpenTag {
  readonly type: "open";
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** `<b/>` */
  readonly isEmpty: boolean;
  readonly end: number;
}

export interface CloseTag {
  readonly type: "close";
  readonly name: string;
  readonly end: number;
}

export interface Words {
  readonly type: "text" | "cdata" | "comment";
  readonly text: string;
  readonly end: number;
}

export type XmlPiece = OpenTag | CloseTag | Words;

/** `"cut"` where the text ends inside a tag, a comment or a CDATA section. */
export type NoPiece = "broken" | "cut";

/** The piece that begins at an offset within the text. */
export function pieceAt(text: string, at: number): XmlPiece | NoPiece {
  if (text.charAt(at) !== "<") {
    const next = text.indexOf("<", at);
    const end = next < 0 ? text.length : next;
    return { type: "text", text: decoded(text.slice(at, end)), end };
  }
  const second = text.charAt(at + 1);
  if (second === "/") return closeTagAt(text, at);
  if (second === "?") return "broken";
  if (second !== "!") return openTagAt(text, at);
  return (
    wordsAt(text, at, "comment", "<!--", "-->") ??
    wordsAt(text, at, "cdata", "<![CDATA[", "]]>") ??
    (isBeginning(text, at, ["<!--", "<![CDATA["]) ? "cut" : "broken")
  );
}

function wordsAt(
  text: string,
  at: number,
  type: Words["type"],
  head: string,
  tail: string,
): Words | "cut" | undefined {
  if (!text.startsWith(head, at)) return undefined;
  const end = text.indexOf(tail, at + head.length);
  if (end < 0) return "cut";
  return { type, text: text.slice(at + head.length, end), end: end + tail.length };
}

/** The text ends before one of these heads is whole. */
function isBeginning(text: string, at: number, heads: readonly string[]): boolean {
  const rest = text.slice(at, at + 10);
  return rest.length === text.length - at && heads.some((head) => head.startsWith(rest));
}

function closeTagAt(text: string, at: number): CloseTag | NoPiece {
  const nameEnd = endOfName(text, at + 2);
  const close = behindBlanks(text, nameEnd);
  if (close === text.length) return "cut";
  if (nameEnd === at + 2 || text.charAt(close) !== ">") return "broken";
  return { type: "close", name: text.slice(at + 2, nameEnd), end: close + 1 };
}

function openTagAt(text: string, start: number): OpenTag | NoPiece {
  const nameEnd = endOfName(text, start + 1);
  if (nameEnd === text.length) return "cut";
  if (nameEnd === start + 1) return "broken";
  const name = text.slice(start + 1, nameEnd);
  const attributes = new Map<string, string>();
  const done = (isEmpty: boolean, end: number): OpenTag => ({
    type: "open",
    name,
    attributes: [...attributes],
    isEmpty,
    end,
  });
  for (let at = nameEnd; ; ) {
    const next = behindBlanks(text, at);
    if (next >= text.length) return "cut";
    if (text.charAt(next) === ">") return done(false, next + 1);
    if (text.charAt(next) === "/") {
      if (next + 1 === text.length) return "cut";
      return text.charAt(next + 1) === ">" ? done(true, next + 2) : "broken";
    }
    const keyEnd = endOfName(text, next);
    const equals = behindBlanks(text, keyEnd);
    if (next === at || keyEnd === next) return "broken";
    if (equals === text.length) return "cut";
    if (text.charAt(equals) !== "=") return "broken";
    const open = behindBlanks(text, equals + 1);
    if (open === text.length) return "cut";
    const quote = text.charAt(open);
    if (quote !== '"' && quote !== "'") return "broken";
    const close = text.indexOf(quote, open + 1);
    if (close < 0) return "cut";
    const key = text.slice(next, keyEnd);
    const value = text.slice(open + 1, close);
    if (attributes.has(key) || value.includes("<")) return "broken";
    attributes.set(key, decoded(value));
    at = close + 1;
  }
}

/** Which ASCII characters a name cannot have. Those beyond ASCII may stand in it. */
const ENDS_NAME = new Uint8Array(128);
for (let code = 0; code < 128; code++)
  if (!/[-\w.:]/.test(String.fromCharCode(code))) ENDS_NAME[code] = 1;

/** Behind a name, which no digit, hyphen or dot begins. */
function endOfName(text: string, start: number): number {
  if ("-.0123456789".includes(text.charAt(start))) return start;
  let at = start;
  while (at < text.length && ENDS_NAME[text.charCodeAt(at)] !== 1) at++;
  return at;
}

function behindBlanks(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);
/** `&#x10FFFF;` has the longest name. */
const MAX_ENTITY = 8;

/** With the entities of XML in place of their names. */
function decoded(text: string): string {
  let from = 0;
  let out = "";
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", at + 1)) {
    const semicolon = text.slice(at + 1, at + 2 + MAX_ENTITY).indexOf(";");
    const value = semicolon < 0 ? undefined : entity(text.slice(at + 1, at + 1 + semicolon));
    if (value === undefined) continue;
    out += text.slice(from, at) + value;
    from = at + semicolon + 2;
  }
  return from === 0 ? text : out + text.slice(from);
}

function entity(name: string): string | undefined {
  if (!name.startsWith("#")) return ENTITIES.get(name);
  const isHex = name.charAt(1) === "x";
  const digits = name.slice(isHex ? 2 : 1);
  if (!(isHex ? /^[0-9a-fA-F]+$/ : /^[0-9]+$/).test(digits)) return undefined;
  const code = Number.parseInt(digits, isHex ? 16 : 10);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
