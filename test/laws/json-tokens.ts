/**
 * The tokens of a JSON text: numbers and punctuation as written, strings by value. A judge of lossless JSON that shares
 * nothing with the code it judges; unlike `JSON.parse` it sees duplicate keys, key order and how numbers are written.
 */
export function jsonTokens(text: string): string[] {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[-+.\w]+|[^\s\w]/gsu) ?? [];
  return tokens.map((token) =>
    token.startsWith('"') && token.length > 1 ? stringOf(token) : token,
  );
}

/** Whether two JSON texts have the same tokens. */
export function sameJson(left: string, right: string): boolean {
  const [one, other] = [jsonTokens(left), jsonTokens(right)];
  return one.length === other.length && one.every((token, index) => token === other[index]);
}

function stringOf(token: string): string {
  try {
    return `"${JSON.parse(token)}`;
  } catch {
    return token;
  }
}
