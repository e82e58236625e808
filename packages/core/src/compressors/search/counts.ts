/** The lossy form of `grep -c`: the files with most hits, and what the counts of all others come to. */
import type { Omission, ShortenContext, View } from "../../types/compressor.ts";
import type { Fact, Statement } from "../../types/statement.ts";
import { printFact } from "../../view/fact.ts";
import { rangesOf } from "../../view/ranges.ts";
import type { Entry } from "./entry.ts";
import { pathStyleOf } from "./grouped.ts";
import { folderOf } from "./path.ts";

const LEGEND = '# hits by file, one line a folder; "in" is the start of the paths';
/** Characters of a name and its count that are about a token. */
const TOKEN_CHARACTERS = 3;

/** `undefined` where nothing would be left out. */
export function summarizeCounts(
  entries: readonly Entry[],
  { budgetTokens, counter }: Pick<ShortenContext, "budgetTokens" | "counter">,
): View | undefined {
  const counts = entries.filter((entry) => entry.kind === "count");
  const order = [...counts.keys()]
    .filter((at) => (counts[at]?.number ?? 0) > 0)
    .sort((a, b) => (counts[b]?.number ?? 0) - (counts[a]?.number ?? 0) || a - b);
  let kept = order.length;
  for (;;) {
    const view = render(entries, counts, new Set(order.slice(0, kept)));
    const tokens = counter.count(view.text);
    if (tokens <= budgetTokens || kept <= MIN_KEPT)
      return view.omitted.length > 0 ? view : undefined;
    const over = (tokens - budgetTokens) * TOKEN_CHARACTERS;
    kept = Math.max(MIN_KEPT, kept - Math.max(1, Math.floor((kept * over) / view.text.length)));
  }
}

const MIN_KEPT = 8;

function render(
  entries: readonly Entry[],
  counts: readonly Entry[],
  kept: ReadonlySet<number>,
): View {
  const { shared } = pathStyleOf(counts.map(({ path }) => path));
  const lines: string[] = [LEGEND, ...(shared === "" ? [] : [`in ${shared}`])];
  const folders = new Map<string, string[]>();
  const zero: number[] = [];
  const few: number[] = [];
  for (const [at, entry] of counts.entries()) {
    if (!kept.has(at)) {
      (entry.number === 0 ? zero : few).push(at);
      continue;
    }
    const folder = folderOf(entry.path);
    const item = `${entry.path.slice(folder.length)} ${entry.rest.slice(entry.body)}`;
    const known = folders.get(folder);
    if (known) known.push(item);
    else folders.set(folder, [item]);
  }
  for (const [folder, items] of folders) {
    const start = folder.slice(shared.length);
    lines.push(start === "" ? items.join(", ") : `${start} ${items.join(", ")}`);
  }
  for (const entry of entries)
    if (entry.kind === "other" && entry.rest !== "") lines.push(entry.rest);
  const statements: Statement[] = [];
  const say = (units: readonly number[], facts: readonly Fact[]): void => {
    const text = `… ${units.length} files: ${facts.map(printFact).join(", ")}`;
    lines.push(text);
    statements.push({ text, of: "counts", about: rangesOf(units), facts });
  };
  if (few.length > 0) {
    const numbers = few.map((at) => counts[at]?.number ?? 0);
    const texts = [...numbers].sort((a, b) => a - b);
    say(few, [
      { says: "range", least: `${texts[0] ?? 0}`, most: `${texts.at(-1) ?? 0}` },
      { says: "sum", sum: `${numbers.reduce((sum, number) => sum + number, 0)}` },
    ]);
  }
  if (zero.length > 0) say(zero, [{ says: "all", value: "0" }]);
  const omitted: Omission[] = [];
  const lost = (count: number, what: string): void => {
    if (count > 0) omitted.push({ unit: "files", count, total: counts.length, what });
  };
  lost(zero.length, "without a hit");
  lost(few.length, "with few hits");
  return { text: `${lines.join("\n")}\n`, omitted, statements };
}
