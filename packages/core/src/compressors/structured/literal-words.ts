/** The words of printed values: numbers, dates, names, and what programs write for what they do not print. */

export const NUMBER: RegExp =
  /[-+]?(?:0[xob][\da-f_]+|\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?\d+)?j?|\.\d[\d_]*(?:e[-+]?\d+)?j?|Infinity|inf|nan)n?/iy;
export const DATE: RegExp =
  /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[-+]\d{2}:?\d{2})?)?|\d{2}:\d{2}:\d{2}(?:\.\d+)?/y;
export const NAME: RegExp = /[A-Za-z_$][\w$.-]*/y;
/** `Map(2) {`, `Point {`, `[Object: null prototype] {`, `Array(3) [`, without the bracket. */
export const LABEL: RegExp =
  /(?:[A-Za-z_$][\w$.]*(?:\(\d+\))?(?: \[[\w :]+\])?|\[[A-Z]\w*: null prototype\]|<ref \*\d+>) /y;
/** What `util.inspect` writes instead of a value, and what programs write for what they leave out. */
export const OPAQUE: RegExp =
  /\[(?:AsyncFunction|AsyncGeneratorFunction|Function|GeneratorFunction|class|Circular|Object|Array|Getter|Setter|Module|Symbol|Date|Promise|Set|Map)[^\][\n]*\]|\.\.\. \d+ more items?|\.\.\. more items|\.\.\.|Symbol\([^()\n]*\)|\(\.\.\.\)/y;
/** Characters of an object that Python writes in angle brackets. */
export const MAX_OBJECT = 400;
export const WORDS: Readonly<Record<string, string>> = {
  true: "true",
  false: "false",
  null: "null",
  True: "true",
  False: "false",
  None: "null",
  undefined: "",
  nil: "null",
  NaN: "",
  Infinity: "",
  Ellipsis: "",
};
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  0: "\0",
  a: "\u0007",
  e: "\u001b",
};

/** The text of an escape whose backslash stands before an offset, and where it ends. */
export function readEscape(
  text: string,
  at: number,
): { readonly text: string; readonly end: number } {
  const letter = text.charAt(at);
  const length = letter === "x" ? 2 : letter === "u" ? 4 : letter === "U" ? 8 : 0;
  const digits = text.slice(at + 1, at + 1 + length);
  if (length > 0 && /^[\da-f]+$/i.test(digits) && digits.length === length) {
    const code = Number.parseInt(digits, 16);
    if (code <= 0x10ffff) return { text: String.fromCodePoint(code), end: at + 1 + length };
  }
  // A line break behind a backslash is not content.
  if (letter === "\n") return { text: "", end: at + 1 };
  return { text: ESCAPES[letter] ?? letter, end: at + 1 };
}
