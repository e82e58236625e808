/** `headroom diff`: an original beside what a model would see of it. Stores nothing. */
import { type BlockReport, createHeadroom, memoryStore } from "@headroom/core";
import { CommandError } from "./command-error.ts";
import { type DiffRow, type Elsewhere, matchLines } from "./diff/match-lines.ts";
import { printRows } from "./diff/print-rows.ts";
import { readInput } from "./input.ts";
import { headroomOptions, present, readOptions } from "./options.ts";
import { styleFor } from "./style.ts";
import { isChanged } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { countOf, formatCount, formatShare } from "./words.ts";

/** Two columns need so much. */
const WIDE = 100;

export async function diffCommand(args: readonly string[], terminal: Terminal): Promise<undefined> {
  const given = readOptions("diff", args);
  const { text, has, number, positionals } = given;
  if (positionals.length > 1)
    throw new CommandError("diff takes one FILE. See: headroom diff --help");
  const width = number("width") ?? terminal.stdout.columns ?? 80;
  if (width < 20) throw new CommandError("--width takes 20 columns or more.");
  const options = headroomOptions(given);
  if (options.mode === "audit")
    throw new CommandError("--mode audit changes nothing, so there is nothing to see beside it.");
  const headroom = createHeadroom({ ...options, store: memoryStore() });
  const input = await readInput(positionals[0], terminal);
  const result = await headroom.compressText(input.text, present({ query: text("query") }));
  const { block, tokensBefore, tokensAfter } = result;
  const original = linesOf(readable(input.text));
  const rows = matchLines(original, linesOf(result.text), elsewhereOf(block));
  if (has("json")) {
    const { kind, reason, outcome, lossless } = block;
    const report = {
      tokensBefore,
      tokensAfter,
      ...present({ kind, lossless }),
      outcome,
      reason,
      rows,
    };
    terminal.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const style = styleFor(terminal.stdout, terminal.env);
  const isWide = width >= WIDE && !has("unified");
  const head = isChanged(block)
    ? `${style.bold(input.label)}: ${block.kind ?? "text"}, ${formatCount(tokensBefore)} → ${formatCount(tokensAfter)} tokens, ${formatShare(result.savings)} saved, ${marksOf(rows)}`
    : `${style.bold(input.label)}: unchanged, ${formatCount(tokensBefore)} tokens: ${block.reason}`;
  const body = isChanged(block)
    ? printRows(rows, { width, isWide, isFull: has("full"), style })
    : "";
  terminal.stdout.write(`${head}\n${body}`);
}

const OF_VALUES = /json|structured|table/;

function elsewhereOf({ lossless, kind = "" }: BlockReport): Elsewhere {
  if (lossless === true) return "all";
  return OF_VALUES.test(kind) ? "words" : "lines";
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** JSON in one line has nothing to stand side by side. */
function readable(text: string): string {
  const trimmed = text.trim();
  if (trimmed.includes("\n") || !/^[[{]/.test(trimmed)) return text;
  try {
    return JSON.stringify(JSON.parse(trimmed), undefined, 1);
  } catch {
    return text;
  }
}

function marksOf(rows: readonly DiffRow[]): string {
  const count = (mark: DiffRow["mark"]): number => rows.filter((row) => row.mark === mark).length;
  return `${countOf(count("-"), "line")} left out (-), ${formatCount(count("~"))} in another spelling (~), ${formatCount(count("+"))} only in the view (+)`;
}
