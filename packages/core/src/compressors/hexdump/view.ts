/**
 * The view of a hex dump: how many bytes there are, the first and the last of them, and the strings that can be read in it.
 *
 * Trap: bytes beside each other that happen to be letters are no string. The longer ones come first where there is no room for all.
 */
import { parseQuery } from "../../query/query.ts";
import { finish } from "../../steps.ts";
import type { ShortenContext, View } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { Page } from "../../view/page.ts";
import { rangesOf } from "../../view/ranges.ts";
import { type Dump, encodeDump } from "./form.ts";
import { isPrintable } from "./styles.ts";

const LEGEND =
  '[bytes of a hex dump: in hex, "text" as it is, 00×9 = nine times 00; @ is the offset in hex of what follows]';
const MIN_LINES = 40;
/** Lines of the dump that are shown at its head and at its end. */
const HEAD_LINES = 16;
const TAIL_LINES = 4;
/** Characters of the shortest string, and how many of a longer one are shown. */
const MIN_STRING = 6;
const MAX_STRING = 200;
const LISTED_BYTES = 3;
/** About what the sentences take. */
const FIXED_TOKENS = 80;

interface Found {
  readonly offset: number;
  readonly text: string;
}

/** `undefined` where nothing would be left out. */
export function summarizeDump(
  { style, lines }: Dump,
  { budgetTokens, counter, query, firstLine = 1 }: ShortenContext,
): View | undefined {
  if (lines.length < MIN_LINES) return undefined;
  const [from, to] = [HEAD_LINES, lines.length - TAIL_LINES];
  const page = new Page();
  page.lines.push(LEGEND);
  const all = bytesOf({ lines });
  const counts = new Map<number, number>();
  for (const byte of all) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, LISTED_BYTES);
  const fact = {
    says: "counts",
    counts: most.map(([byte, count]): [string, number] => [nameOf(byte), count]),
    ...(counts.size > most.length ? { others: counts.size - most.length } : {}),
  } as const;
  const named = most.map(([byte, count]) => `${nameOf(byte)} ×${count}`).join(", ");
  const others = counts.size > most.length ? `, ${counts.size - most.length} more values` : "";
  page.say({
    text: `… ${all.length} bytes in all: ${named}${others}`,
    of: "bytes",
    about: [[0, all.length]],
    facts: [fact],
  });
  page.lines.push(...printLines({ style, lines: lines.slice(0, from) }));
  page.say({
    text: `… ${to - from} lines (${from + firstLine}-${to - 1 + firstLine}); strings in them:`,
    of: "",
    about: [[from, to]],
    facts: [],
  });
  const strings = stringsOf({ lines: lines.slice(from, to) });
  const tail = printLines({ style, lines: lines.slice(to) });
  let left = budgetTokens - FIXED_TOKENS - counter.count([...page.lines, ...tail].join("\n"));
  const words = [...parseQuery(query ?? "").words.keys()].filter(({ length }) => length > 3);
  const isAsked = ({ text }: Found): boolean =>
    words.some((word) => text.toLowerCase().includes(word));
  const order = [...strings.keys()].sort((a, b) => {
    const [x, y] = [strings[a] as Found, strings[b] as Found];
    return Number(isAsked(y)) - Number(isAsked(x)) || y.text.length - x.text.length || a - b;
  });
  const shown = new Set<number>();
  for (const at of order) {
    const cost = counter.count(printString(strings[at] as Found)) + 1;
    if (cost > left) break;
    left -= cost;
    shown.add(at);
  }
  for (const [at, string] of strings.entries())
    if (shown.has(at)) page.lines.push(printString(string));
  const hidden = [...strings.keys()].filter((at) => !shown.has(at));
  if (hidden.length > 0)
    page.say({
      text: `… ${hidden.length} shorter strings`,
      of: `strings of lines ${from} ${to}`,
      about: rangesOf(hidden),
      facts: [],
    });
  page.lines.push("… the end:", ...tail);
  return {
    text: `${page.lines.join("\n")}\n`,
    omitted: [{ unit: "lines", count: to - from, total: lines.length, what: "of bytes" }],
    statements: page.statements,
  };
}

function nameOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** The sequences a view speaks of: `bytes`, in hex; `strings of lines A B`, from the line A up to the line B. */
export function dumpOriginal(dump: Dump | undefined): OriginalUnits {
  return {
    values(of) {
      if (dump === undefined) return undefined;
      if (of === "bytes") return bytesOf(dump).map(nameOf);
      const [what, , , from, to] = of.split(" ");
      if (what !== "strings") return undefined;
      const lines = dump.lines.slice(Number(from), Number(to));
      return stringsOf({ lines }).map(({ text }) => text);
    },
  };
}

function bytesOf({ lines }: Pick<Dump, "lines">): readonly number[] {
  const bytes: number[] = [];
  for (const line of lines) if (line) for (const byte of line.bytes) bytes.push(byte);
  return bytes;
}

function printLines({ style, lines }: Dump): readonly string[] {
  const present = lines.filter((line) => line !== undefined);
  return finish(encodeDump([], { style, lines: present }))
    .split("\n")
    .slice(1);
}

function stringsOf({ lines }: Pick<Dump, "lines">): readonly Found[] {
  const found: Found[] = [];
  let text = "";
  let start = 0;
  let next = -1;
  const close = (): void => {
    if (text.length >= MIN_STRING && text.trim() !== "") found.push({ offset: start, text });
    text = "";
  };
  for (const line of lines) {
    if (line === undefined) continue;
    if (line.offset !== next) close();
    for (const [at, byte] of line.bytes.entries()) {
      if (!isPrintable(byte)) close();
      else {
        if (text === "") start = line.offset + at;
        text += String.fromCharCode(byte);
      }
    }
    next = line.offset + line.bytes.length;
  }
  close();
  return found;
}

function printString({ offset, text }: Found): string {
  const head = text.length > MAX_STRING ? `${text.slice(0, MAX_STRING)}…` : text;
  return `@${offset.toString(16)} ${head}`;
}
