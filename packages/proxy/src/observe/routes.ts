/** Which endpoint a request is for: one of a few names, and never the path itself, which may name files and carry keys. */
import type { Route } from "../stats/types.ts";

const ROUTES: readonly (readonly [RegExp, Route])[] = [
  [/\/messages$/, "messages"],
  [/\/messages\/count_tokens$/, "count_tokens"],
  [/\/batches(?:\/|$)/, "batches"],
  [/\/chat\/completions$/, "chat/completions"],
  [/\/responses(?:\/|$)/, "responses"],
  [/:generateContent$/, "generateContent"],
  [/:streamGenerateContent$/, "streamGenerateContent"],
  [/^\/v1\/compress$/, "compress"],
  [/^\/v1\/retrieve(?:\/|$)/, "retrieve"],
];

/** @param path may have a query */
export function routeOf(path: string): Route {
  const [bare = ""] = path.split("?", 1);
  return ROUTES.find(([pattern]) => pattern.test(bare))?.[1] ?? "other";
}

const METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
]);

export function methodOf(method: string | undefined): string {
  return method !== undefined && METHODS.has(method) ? method : "OTHER";
}
