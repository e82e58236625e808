/** What people write: comments, programs, manuals. */
import { indentOf, isSentence } from "../../text/sentence.ts";

/** Characters. More of a line is not looked at. */
const MAX_LOOK = 240;

/** A line that a tool would skip: `# …`, `; …`, `// …`, `/* …`, and ` * …` below it. */
export function isComment(line: string): boolean {
  if (line.startsWith(" *") || line.startsWith("/*")) return true;
  const at = indentOf(line);
  const first = line[at];
  if (first === "#") return line[at + 1] !== "!" && line[at + 1] !== "=";
  if (first === ";" || line.startsWith("-- ", at) || line.trimEnd() === "--") return true;
  return first === "/" && line[at + 1] === "/";
}

/** A line that only a program has. */
export function isCode(line: string): boolean {
  if (line.length > MAX_LOOK) return isDense(line);
  const text = line.trim();
  const last = text[text.length - 1] ?? "";
  if (last === "{" || last === "}") return text.split("{").length !== text.split("}").length;
  if (last === ";") return SIGNS.test(text);
  if (last === ",") return BRACKETS.test(text);
  return (
    KEYWORD.test(text) ||
    QUERY.test(text) ||
    STATEMENT.test(text) ||
    CLOSING.test(text) ||
    CALL.test(text)
  );
}

/**
 * Whether lines like those of a program are data that a tool printed: the same few statements over and over with other values (`INSERT`,
 * settings), or blocks that a word and a brace begin. What people write says something else in most lines.
 */
export function isGenerated(code: readonly string[]): boolean {
  const statements = new Set<string>();
  const shapes = new Set<string>();
  let count = 0;
  for (const line of code) {
    const text = line.slice(0, MAX_LOOK).trim();
    if (CLOSING.test(text) || text === "{" || text === "}") continue;
    count++;
    statements.add(text);
    shapes.add(text.replace(SETTING, "=").replace(LITERAL, "0"));
  }
  if (count < LEAST_STATEMENTS || shapes.size * STATEMENTS_A_SHAPE > count) return false;
  return statements.size * 2 > count || [...shapes].every(isOpening);
}

/** `attr {` */
function isOpening(text: string): boolean {
  return text.endsWith("{") && !text.includes("(");
}

const LEAST_STATEMENTS = 16;
const STATEMENTS_A_SHAPE = 5;
const LITERAL = /"[^"]*"|'[^']*'|`[^`]*`|\b\d[\w.]*|(?<=_)\d+/g;
/** `name=` before a text or a number. */
const SETTING = /^[A-Za-z_][\w.-]* ?= ?(?=["'\d-])/;

/** Bytes that nobody reads: `00:9b:a9:…:` that goes on below, hexadecimal or base64 digits and nothing else. */
export function isBytes(line: string): boolean {
  const at = indentOf(line);
  if (line.length - at < LEAST_BYTES) return false;
  const text = line.slice(at, at + MAX_LOOK).trimEnd();
  return PAIRS.test(text) || (text.length >= LEAST_DIGITS && isDigits(text));
}

const LEAST_BYTES = 20;
const LEAST_DIGITS = 48;
const PAIRS = /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){7,}:$/;

/** Hexadecimal digits, or base64: capitals, small letters and digits, and hardly a slash, which paths are full of. */
function isDigits(text: string): boolean {
  if (/^[0-9a-fA-F]+$/.test(text)) return true;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const slashes = text.split("/").length - 1;
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text) && slashes * 12 <= text.length;
}

/** Characters. Nobody reads a longer list of options as a whole. */
const MAX_OPTIONS = 32_000;

/** Whether a text explains a command: options or indented sentences, or a line that says how it is used. It is read as it stands. */
export function isManual(lines: readonly string[]): boolean {
  let filled = 0;
  let characters = 0;
  let dashes = 0;
  let options = 0;
  let sentences = 0;
  let indented = 0;
  let isUsage = false;
  const names = new Set<string>();
  for (const line of lines) {
    characters += line.length + 1;
    if (line.trim() === "") continue;
    filled++;
    if (filled <= FIRST_LINES && USAGE.test(line)) isUsage = true;
    if (OPTION.test(line)) {
      dashes++;
      const words = line.trim().split(/ +/, LEAST_WORDS);
      const [name = "", other = ""] = words;
      names.add(name.endsWith(",") ? name + other : name);
      if (words.length === LEAST_WORDS) options++;
    }
    if (!isSentence(line)) continue;
    sentences++;
    if (line.startsWith("  ")) indented++;
  }
  // A manual explains each option once; rules of a firewall begin with the same few.
  if (names.size * OPTION_REPEATS < dashes) return false;
  if (characters > MAX_OPTIONS) return false;
  if ((dashes * 10 >= filled ? sentences : indented) * 3 >= filled) return true;
  const explained = options * 5 + indented * 3;
  return explained >= filled || (isUsage && explained * 4 >= filled);
}

/** Words of a line that has an option and says what it is for. */
const LEAST_WORDS = 5;
const OPTION_REPEATS = 5;
const FIRST_LINES = 12;
const USAGE = /^\s{0,8}(?:usage\b|synopsis\b|name$|benutzung|aufruf|uso:|utilisation)/i;
const OPTION = /^\s{0,16}-{1,2}[A-Za-z0-9?#@]/;

/** A long line full of the signs of a program: somebody took its line breaks out. */
function isDense(line: string): boolean {
  const text = line.slice(0, 4 * MAX_LOOK);
  let signs = 0;
  for (let at = 0; at < text.length; at++) if (PROGRAM_SIGNS.includes(text[at] ?? "")) signs++;
  return signs * 9 > text.length;
}

const PROGRAM_SIGNS = "(){};=,.!?&|[]";
/** SQL. */
const QUERY =
  /^(?:CREATE|ALTER|DROP|INSERT|SELECT|UPDATE|DELETE|GRANT|REVOKE|COPY|WITH|FROM|WHERE|JOIN|LEFT JOIN|GROUP BY|ORDER BY|SET|BEGIN|COMMIT|ADD CONSTRAINT|COMMENT ON)\b/;
const SIGNS = /[(){}=]/;
const BRACKETS = /[(){}]/;
const CLOSING = /^[)}\]]{1,8}[;,]?$/;
const KEYWORD =
  /^(?:import|from|export|def|class|function|const|let|var|return|if|else|elif|for|while|switch|case|try|catch|fn|pub|use|func|package|public|private|static|struct|end) .{0,200}[:;({)]$/;
const STATEMENT =
  /^(?:(?:return|raise|throw|yield|await|assert|del|global|typedef|extern|unless|elsif|my|our|local) [^:]|(?:else|try|finally|pass|break|continue|return|fi|done|esac|end|then|do)\b[:;]?$|self\.|this\.|#(?:include|ifn?def|if|endif|else|pragma)\b|@[a-z]\w{0,30}$|"""|(?:import|use|require) [\w.:{}*, ]{1,120};?$|from [\w.]{1,80} import )/;
/** A call that ends the line: nothing stands between its name and the parenthesis. */
const CALL = /[A-Za-z_]\w{0,60}\(.{0,200}\)[:;,]?$/;
