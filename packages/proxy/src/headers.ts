/** Header lists as they came: order, case and duplicates are kept. */

/** Names and values in turn, as Node.js gives them in `rawHeaders`. */
export type RawHeaders = readonly string[];

/** Headers of one connection. Source: RFC 9110, 7.6.1. */
const HOP_BY_HOP = new Set([
  "connection",
  // Answered by this server, which reads the body in any case.
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Headers that are meant for the proxy itself. `x-headroom-token` is a credential, and goes nowhere. */
const OWN = /^x-headroom-/;

/** The value of the first header of a name, in lower case. */
export function headerOf(headers: RawHeaders, name: string): string | undefined {
  for (let at = 0; at < headers.length; at += 2)
    if (headers[at]?.toLowerCase() === name) return headers[at + 1];
  return undefined;
}

/** As `fetch` takes them. */
export function pairsOf(headers: RawHeaders): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2)
    pairs.push([headers[at] ?? "", headers[at + 1] ?? ""]);
  return pairs;
}

/** With another value of a header that is there; unchanged where it is not, or there is no other value. */
export function withHeader(
  headers: RawHeaders,
  name: string,
  value: string | undefined,
): RawHeaders {
  if (value === undefined) return headers;
  return headers.map((one, at) =>
    at % 2 === 1 && headers[at - 1]?.toLowerCase() === name ? value : one,
  );
}

/** Without those of the connection, those of the proxy, and `more` (in lower case). */
export function forwarded(headers: RawHeaders, more: readonly string[] = []): string[] {
  const gone = new Set([...HOP_BY_HOP, ...more]);
  for (let at = 0; at < headers.length; at += 2)
    if (headers[at]?.toLowerCase() === "connection")
      for (const name of (headers[at + 1] ?? "").split(",")) gone.add(name.trim().toLowerCase());
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const lower = name.toLowerCase();
    if (!gone.has(lower) && !OWN.test(lower)) kept.push(name, headers[at + 1] ?? "");
  }
  return kept;
}
