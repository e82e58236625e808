/** What reached the provider: tokens, headers, and whether each request goes on where the one before ended. */
import { tokensOf } from "../../tokens.ts";
import type { Seen } from "../model-server.ts";

export type Sent = Pick<Seen, "body" | "headers" | "path">;

export function tokensSent(requests: readonly Sent[]): number {
  return requests.reduce((sum, { body }) => sum + tokensOf(body), 0);
}

/** Whether the messages of each request begin with the bytes of those before. */
export function grows(requests: readonly Sent[]): boolean {
  return requests.every(({ body }, index) => {
    const next = requests[index + 1];
    // Of a thread only what is new is sent.
    if (next === undefined || body.includes('"thread":')) return true;
    const own = messagesOf(body);
    // The list goes on: only its last bracket is another byte.
    return messagesOf(next.body).startsWith(own.slice(0, -1));
  });
}

/** The list of messages in the bytes it was sent in. */
function messagesOf(body: string): string {
  const start = /"(?:messages|input)":\s*(?=\[)/.exec(body);
  if (!start) return "";
  const from = start.index + start[0].length;
  let depth = 0;
  let quoted = false;
  for (let at = from; at < body.length; at++) {
    const char = body[at];
    if (quoted) {
      if (char === "\\") at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "[" || char === "{") depth++;
    else if ((char === "]" || char === "}") && --depth === 0) return body.slice(from, at + 1);
  }
  return body.slice(from);
}

/** Those that differ between any two requests, or with what is sent. */
const OWN = new Set(["host", "content-length", "connection", "idempotency-key"]);

/** The headers of the first of some requests and of those that differ from it, such as retries: in order and case. */
export function headersOf(requests: readonly Sent[]): string {
  const lists = requests.map(({ headers }) => {
    const lines: string[] = [];
    for (let at = 0; at < headers.length; at += 2)
      if (!OWN.has(headers[at]?.toLowerCase() ?? ""))
        lines.push(`${headers[at]}: ${headers[at + 1]}`);
    return lines.join("\n");
  });
  return [...new Set(lists)].join("\n\n");
}
