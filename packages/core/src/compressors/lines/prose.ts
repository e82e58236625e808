/** What tools print that is read as it stands, or not at all: manuals, bytes. */
import { indentOf, isSentence } from "../../text/sentence.ts";

/** Characters. More of a line is not looked at. */
const MAX_LOOK = 240;

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
