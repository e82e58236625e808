/**
 * Whether two JSON texts are the same value: same structure and key order, same number text, same strings. An independent
 * reader, so that the codec under test does not judge itself.
 */
export function sameJson(left: string, right: string): boolean {
  const one = lexemes(left);
  const other = lexemes(right);
  for (;;) {
    const a = one.next();
    const b = other.next();
    if (a.done || b.done) return Boolean(a.done && b.done);
    if (a.value !== b.value) return false;
  }
}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([[\]{}:,])|([^\s"[\]{}:,]+))/y;

/** Tokens without white space; strings with their escapes resolved, numbers as written. */
function* lexemes(text: string): Generator<string> {
  const token = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) {
      yield `?${text.slice(at)}`;
      return;
    }
    const [, string, sign, word] = match;
    yield string === undefined ? (sign ?? `=${word}`) : `"${JSON.parse(string)}`;
  }
}
