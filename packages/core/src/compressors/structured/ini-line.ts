/** What a line of an INI file is. By hand: such patterns backtrack. */

/** Characters of a name. */
const MAX_NAME = 200;
/** Words of a key. */
const MAX_WORDS = 4;

/** The name in `[name]` or `[[name]]`, a comment behind it aside; `undefined` where a line is none. */
export function sectionOf(line: string): string | undefined {
  if (!line.startsWith("[")) return undefined;
  const from = line.startsWith("[[") ? 2 : 1;
  let end = line.indexOf("]", from);
  // `[remote [a]]`
  const inner = line.indexOf("[", from);
  if (inner >= 0 && inner < end) end = line.indexOf("]", end + 1);
  const name = line.slice(from, end);
  if (end < 0 || name.trim() === "" || name.length > MAX_NAME) return undefined;
  const rest = line.slice(end + from).trim();
  const isClosed = line.slice(end, end + from) === "]".repeat(from);
  return isClosed && (rest === "" || rest.startsWith("#") || rest.startsWith(";"))
    ? name
    : undefined;
}

/** A key, the sign behind it with the blanks around it, and the value; `undefined` where a line is none. */
export function settingOf(
  line: string,
  signs: string,
): { readonly key: string; readonly sign: string; readonly value: string } | undefined {
  let at = 0;
  while (at < line.length && at < MAX_NAME && !signs.includes(line.charAt(at))) at++;
  if (at === line.length || !signs.includes(line.charAt(at))) return undefined;
  const before = line.slice(0, at);
  const key = before.trim();
  const words = key.split(" ");
  if (key === "" || words.length > MAX_WORDS || words.includes("")) return undefined;
  if (/[[\]{}()<>"']/.test(key)) return undefined;
  const behind = line.slice(at + 1);
  const value = behind.trim();
  const blanks = behind.slice(0, behind.length - behind.trimStart().length);
  const sign =
    before.slice(before.trimEnd().length) + line.charAt(at) + (value === "" ? "" : blanks);
  return { key, sign, value };
}
