/** Whether each request repeats the one before it, as prompt caches need it. */
import type { Seen } from "./model-server.ts";

// biome-ignore lint/suspicious/noExplicitAny: bodies of three formats
type Any = any;

/**
 * Of the requests of one conversation, those that the next one does not begin with. Marks of `cache_control` are looked away from, and
 * a string is the same as a list of one text: that is how clients move their marks, and how providers read them.
 *
 * @returns in words: what is different
 */
export function prefixBreaks(requests: readonly Seen[]): readonly string[] {
  const breaks: string[] = [];
  for (const [index, request] of requests.entries()) {
    const next = requests[index + 1];
    if (next === undefined) continue;
    const [own, its] = [partsOf(request.json), partsOf(next.json)];
    const differs = own.findIndex((part, at) => part !== its[at]);
    if (differs >= 0) breaks.push(`request ${index + 1}, ${whereOf(own[differs], its[differs])}`);
  }
  return breaks;
}

/** What the provider reads, in its order: tools, instructions, messages. */
function partsOf(json: Any): readonly string[] {
  const { tools, system, instructions, messages, input } = json;
  return [tools, system, instructions, ...(messages ?? listOf(input))].map(
    (part) => JSON.stringify(bare(part)) ?? "",
  );
}

/** Without marks, and texts as lists. */
function bare(value: Any): Any {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "cache_control")
      .map(([key, one]) => [
        key,
        key === "content" && typeof one === "string" ? [{ type: "text", text: one }] : bare(one),
      ]),
  );
}

function listOf(value: unknown): readonly Any[] {
  return Array.isArray(value) ? value : [{ content: value }];
}

function whereOf(own = "", its = ""): string {
  let at = 0;
  while (own[at] === its[at] && at < own.length) at++;
  const from = Math.max(0, at - 20);
  return `${own.slice(from, at + 20)} is then ${its.slice(from, at + 20)}`;
}
