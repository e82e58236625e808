/** `headroom stats`: what the ledger says was saved on this machine, by day and by tool. */
import { CommandError } from "./command-error.ts";
import { dayOf, type LedgerEntry, ledgerFolder, readLedger } from "./ledger/ledger.ts";
import { readOptions } from "./options.ts";
import { type Style, styleFor } from "./style.ts";
import { formatTable, type Row } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { countOf, formatCount, formatShare } from "./words.ts";

const DAYS = 30;
const TOP_TOOLS = 15;

export async function statsCommand(
  args: readonly string[],
  terminal: Terminal,
  now: number = Date.now(),
): Promise<undefined> {
  const { number, has, positionals } = readOptions("stats", args);
  if (positionals.length > 0)
    throw new CommandError("stats takes options only. See: headroom stats --help");
  const days = number("days") ?? DAYS;
  if (days < 1 || days > 36_500) throw new CommandError("--days takes 1 to 36500.");
  const folder = ledgerFolder(terminal.env);
  if (folder === undefined)
    throw new CommandError("No ledger is kept here: HEADROOM_LEDGER is off, or there is no HOME.");
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  midnight.setDate(midnight.getDate() - (days - 1));
  const entries = await readLedger(folder, midnight.getTime());
  const total = sumBy(entries, () => "total")[0] ?? {
    name: "total",
    texts: 0,
    tokensBefore: 0,
    tokensAfter: 0,
  };
  const found: Found = {
    folder,
    days: sumBy(entries, ({ at }) => dayOf(at)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    tools: largestFirst(sumBy(entries, ({ tool }) => tool)),
    sources: largestFirst(sumBy(entries, ({ by }) => by)),
    total,
  };
  if (has("json")) terminal.stdout.write(`${toJson(found)}\n`);
  else terminal.stdout.write(printed(found, days, styleFor(terminal.stdout, terminal.env)));
}

interface Sum {
  readonly name: string;
  readonly texts: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

interface Found {
  readonly folder: string;
  readonly days: readonly Sum[];
  readonly tools: readonly Sum[];
  readonly sources: readonly Sum[];
  readonly total: Sum;
}

function sumBy(
  entries: readonly LedgerEntry[],
  nameOf: (entry: LedgerEntry) => string,
): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const entry of entries) {
    const name = nameOf(entry);
    const sum = sums.get(name);
    sums.set(name, {
      name,
      texts: (sum?.texts ?? 0) + entry.texts,
      tokensBefore: (sum?.tokensBefore ?? 0) + entry.tokensBefore,
      tokensAfter: (sum?.tokensAfter ?? 0) + entry.tokensAfter,
    });
  }
  return [...sums.values()];
}

function largestFirst(sums: readonly Sum[]): readonly Sum[] {
  return sums.toSorted((a, b) => savedOf(b) - savedOf(a));
}

function savedOf({ tokensBefore, tokensAfter }: Sum): number {
  return tokensBefore - tokensAfter;
}

function toJson({ days, total: { name: _, ...total }, ...rest }: Found): string {
  const byDay = days.map(({ name: day, ...sum }) => ({ day, ...sum }));
  return JSON.stringify({ ...rest, days: byDay, total }, undefined, 2);
}

function printed(
  { folder, days, tools, sources, total }: Found,
  reach: number,
  style: Style,
): string {
  if (total.texts === 0)
    return `Nothing was compressed here in the last ${countOf(reach, "day")}.\nBegin with: headroom wrap claude, headroom proxy, or headroom compress FILE. The ledger is in ${folder}.\n`;
  const { bold, green } = style;
  const head = `${countOf(reach, "day")}: ${formatCount(total.tokensBefore)} → ${formatCount(total.tokensAfter)} tokens, ${bold(green(`${formatCount(savedOf(total))} saved`))} (${share(total)}), by ${sources.map(({ name }) => name).join(", ")}\n`;
  const shown = tools.slice(0, TOP_TOOLS);
  const more = tools.length - shown.length;
  const header = (first: string): Row => [first, "texts", "tokens", "after", "saved", "share"];
  return [
    head,
    formatTable(header("day"), days.map(row), row(total), style),
    `${formatTable(header("tool"), shown.map(row), undefined, style)}${more > 0 ? `  … and ${countOf(more, "more tool")}\n` : ""}`,
  ].join("\n");
}

function row(sum: Sum): Row {
  return [
    sum.name,
    formatCount(sum.texts),
    formatCount(sum.tokensBefore),
    formatCount(sum.tokensAfter),
    formatCount(savedOf(sum)),
    share(sum),
  ];
}

function share(sum: Sum): string {
  return sum.tokensBefore === 0 ? "–" : formatShare(savedOf(sum) / sum.tokensBefore);
}
