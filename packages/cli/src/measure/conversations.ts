/** Requests among the measured files that belong to one conversation, and what changed between them. */
import type { PrefixChange } from "@headroom/core";
import { type StabilityWatch, watchStability } from "@headroom/core/cost";
import { isRecord, jsonOf } from "@headroom/core/kit";
import { formatTable } from "../table.ts";
import { countOf, formatCount } from "../words.ts";

const TOP_CHANGES = 8;

/** What was found in all conversations of two requests or more. */
export interface MeasuredStability {
  readonly conversations: number;
  readonly requests: number;
  readonly broken: number;
  readonly lostTokens: number;
  readonly changes: readonly (PrefixChange & { readonly file: string })[];
}

export interface Conversations {
  /** Takes a request body, or a list of messages, in the order of the files. */
  add(path: string, request: unknown): void;
  /** `undefined` where no two requests belong together. */
  report(): MeasuredStability | undefined;
}

/** Requests belong together that begin with the same words of a person. */
export function conversations(): Conversations {
  const watches = new Map<string, StabilityWatch>();
  const changes: (PrefixChange & { readonly file: string })[] = [];
  return {
    add(path, request) {
      const key = beginningOf(request);
      if (key === undefined) return;
      const watch = watches.get(key) ?? watchStability();
      watches.set(key, watch);
      for (const change of watch.add(request)) changes.push({ ...change, file: path });
    },
    report() {
      const reports = [...watches.values()].map((watch) => watch.report());
      const several = reports.filter(({ requests }) => requests > 1);
      if (several.length === 0) return undefined;
      const sum = (key: "broken" | "lostTokens" | "requests"): number =>
        several.reduce((all, report) => all + report[key], 0);
      return {
        conversations: several.length,
        requests: sum("requests"),
        broken: sum("broken"),
        lostTokens: sum("lostTokens"),
        changes,
      };
    },
  };
}

function beginningOf(request: unknown): string | undefined {
  const messages: unknown = isRecord(request) ? request.messages : request;
  if (!Array.isArray(messages)) return undefined;
  const first: unknown = messages.find((message) => isRecord(message) && message.role === "user");
  return isRecord(first) ? jsonOf(first.content) : undefined;
}

/** The section of the report. */
export function printStability(found: MeasuredStability): string {
  const { conversations: count, requests, broken, lostTokens, changes } = found;
  const head = `Prompt cache: ${formatCount(requests)} requests of ${countOf(count, "conversation")}, ${formatCount(broken)} of them not as the one before began, ${formatCount(lostTokens)} tokens sent again.\n`;
  if (changes.length === 0) return head;
  const shown = changes.slice(0, TOP_CHANGES);
  const more = changes.length - shown.length;
  const rows = shown.map(({ file, path, kind, lostTokens: lost }) => [
    `${file}: ${path}`,
    kind,
    formatCount(lost),
  ]);
  const advice = [...new Set(shown.map((change) => change.advice))].map((line) => `  ${line}\n`);
  return `${head}${formatTable(["changed", "by", "tokens behind it"], rows)}${more > 0 ? `  … and ${countOf(more, "more change")}\n` : ""}${advice.join("")}`;
}
