/**
 * Sums over many blocks: by kind of content, by tool, and why the rest stayed as it was.
 *
 * Every block is counted once in each sum, so the parts always add up to the total.
 */
import type { BlockReport } from "@headroom/core";
import { isChanged } from "../summary.ts";

export interface Sum {
  readonly name: string;
  readonly blocks: number;
  readonly changed: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** Tokens saved by blocks whose new text is lossless. */
  readonly savedLossless: number;
  readonly milliseconds: number;
}

export interface Reason {
  readonly reason: string;
  readonly blocks: number;
  readonly tokens: number;
}

export interface Tally {
  add(report: BlockReport): void;
  /** Tokens of a request outside its text blocks: tool calls, message frames. */
  addFrame(tokens: number): void;
  total(): Sum;
  /** Largest first. Text that is not tool output goes by its role. */
  byKind(): readonly Sum[];
  /** Largest first; blocks that name no tool are left out. */
  byTool(): readonly Sum[];
  /** What stayed as it was, largest first. */
  reasons(): readonly Reason[];
}

export function tally(): Tally {
  const total = new Map<string, Sum>();
  const kinds = new Map<string, Sum>();
  const tools = new Map<string, Sum>();
  const reasons = new Map<string, Reason>();
  return {
    add(report) {
      addTo(total, "total", report);
      addTo(kinds, kindOf(report), report);
      if (report.toolName !== undefined) addTo(tools, report.toolName, report);
      if (!isChanged(report)) {
        const reason = reasonOf(report);
        const sum = reasons.get(reason) ?? { reason, blocks: 0, tokens: 0 };
        reasons.set(reason, {
          reason,
          blocks: sum.blocks + 1,
          tokens: sum.tokens + report.tokensBefore,
        });
      }
    },
    addFrame(tokens) {
      const frame = { tokensBefore: tokens, tokensAfter: tokens };
      for (const [sums, name] of [
        [total, "total"],
        [kinds, "(tool calls, frames)"],
      ] as const) {
        const sum = sums.get(name) ?? empty(name);
        sums.set(name, {
          ...sum,
          tokensBefore: sum.tokensBefore + frame.tokensBefore,
          tokensAfter: sum.tokensAfter + frame.tokensAfter,
        });
      }
    },
    total: () => total.get("total") ?? empty("total"),
    byKind: () => largestFirst(kinds),
    byTool: () => largestFirst(tools),
    reasons: () => [...reasons.values()].sort((a, b) => b.tokens - a.tokens),
  };
}

function addTo(sums: Map<string, Sum>, name: string, report: BlockReport): void {
  const sum = sums.get(name) ?? empty(name);
  const saved = report.tokensBefore - report.tokensAfter;
  sums.set(name, {
    name,
    blocks: sum.blocks + 1,
    changed: sum.changed + (isChanged(report) ? 1 : 0),
    tokensBefore: sum.tokensBefore + report.tokensBefore,
    tokensAfter: sum.tokensAfter + report.tokensAfter,
    savedLossless: sum.savedLossless + (report.lossless === true ? saved : 0),
    milliseconds: sum.milliseconds + report.milliseconds,
  });
}

function empty(name: string): Sum {
  return {
    name,
    blocks: 0,
    changed: 0,
    tokensBefore: 0,
    tokensAfter: 0,
    savedLossless: 0,
    milliseconds: 0,
  };
}

function kindOf(report: BlockReport): string {
  if (report.role !== "tool" && report.role !== "document") return `(${report.role} text)`;
  return report.kind ?? "(no kind)";
}

/** Reasons carry figures (`under minTokens (84 < 200)`, `error result of 410 tokens`); without them they can be counted. */
function reasonOf({ outcome, reason }: BlockReport): string {
  const bracket = reason.indexOf(" (");
  const words = (bracket < 0 ? reason : reason.slice(0, bracket)).replaceAll(/\d+/g, "N");
  return words.startsWith(outcome) ? words : `${outcome}: ${words}`;
}

function largestFirst(sums: ReadonlyMap<string, Sum>): readonly Sum[] {
  return [...sums.values()].sort((a, b) => b.tokensBefore - a.tokensBefore);
}
