/**
 * The one line that stands for lines that stand above already:
 *
 *     [158 lines, the same as Read "/src/app.ts" above, lines 64–221]
 *     [40 lines, the same as Bash "npm test" (2nd of 3) above, lines 3–42, "> test" to "done", but "1.2s" is now "1.4s"]
 *     [30 lines, the same as Bash "npm test" above, lines 3–32, but with 12 ms; =; 9 ms for its times and ids, in order]
 *     [23 lines, the same as lines 90–112 there]
 *     [297 lines, all the same as Bash "npm test" above]
 *
 *     [the same as Bash "npm test" above, but for these changes]
 *
 * The last one stands at the head of a diff: see difference.ts. `there` is the text that the reference before it names. A line is called by the number its file viewer gave it, else by its place
 * in the whole output. A line of content that looks like a reference follows a backslash.
 */

/** A reference, taken apart. */
export interface Reference {
  /** How many lines it stands for. */
  readonly count: number;
  /** Names the text; `undefined` where it is the one named last. */
  readonly label?: string;
  /** Which of the texts with this label, from 1. */
  readonly nth?: number;
  /** The first of the lines; `undefined` where it is the whole text. */
  readonly from?: number;
  /** Values of volatile fields: there, and here. */
  readonly now: ReadonlyMap<string, string>;
  /** Instead, the values of all volatile fields here, in order; `UNCHANGED` for one that is the same there. */
  readonly values?: readonly string[];
}

/** A value that is the same as there. */
export const UNCHANGED = "=";

/** What only a reader needs. */
export interface Hints {
  /** How many texts with this label there are so far. */
  readonly of: number;
  /** The first and the last line, where lines have no numbers to find them by. */
  readonly ends?: readonly [first: string, last: string];
}

const SAME = "the same as ";
const ABOVE = " above";
const THERE = " there";
const BUT_WITH = ", but with ";
const IN_ORDER = " for its times and ids, in order";
/** The most characters of a line that is quoted so that it can be found. */
const MAX_QUOTE = 40;

export function printReference(
  { count, label, nth, from, now, values }: Reference,
  { of, ends }: Hints,
): string {
  const lines = from === undefined ? "" : `lines ${from}–${from + count - 1}`;
  const which = whichOf(nth ?? 1, of);
  const head = `[${count} ${count === 1 ? "line" : "lines"}, `;
  const place =
    label === undefined
      ? `${SAME}${lines}${THERE}`
      : lines === ""
        ? `all ${SAME}${label}${which}${ABOVE}`
        : `${SAME}${label}${which}${ABOVE}, ${lines}`;
  const quoted = ends ? `, ${ends.map((line) => JSON.stringify(clipped(line))).join(" to ")}` : "";
  const changes = [...now].map(
    ([there, here]) => `${JSON.stringify(there)} is now ${JSON.stringify(here)}`,
  );
  const but = values
    ? `${BUT_WITH}${values.join("; ")}${IN_ORDER}`
    : changes.length > 0
      ? `, but ${changes.join(", ")}`
      : "";
  return `${head}${place}${quoted}${but}]`;
}

/** Reads what `printReference` writes; `undefined` for everything else. */
export function parseReference(line: string): Reference | undefined {
  if (!startsLikeReference(line) || !line.endsWith("]")) return undefined;
  const scan = new Scanner(line);
  scan.take("[");
  const count = scan.number();
  if (count === undefined || !(scan.take(" lines, ") || scan.take(" line, "))) return undefined;
  const isAll = scan.take("all ");
  if (!scan.take(SAME)) return undefined;
  let label: string | undefined;
  let nth: number | undefined;
  let from: number | undefined;
  if (!isAll && scan.take("lines ")) {
    from = scan.range(count);
    if (from === undefined || !scan.take(THERE)) return undefined;
  } else {
    const named = readLabel(scan);
    if (!named || !scan.take(ABOVE)) return undefined;
    label = named.label;
    nth = named.nth;
    if (!isAll) {
      if (!scan.take(", lines ")) return undefined;
      from = scan.range(count);
      if (from === undefined) return undefined;
    }
  }
  if (scan.peek(', "') && !(scan.take(", ") && scan.pair(" to "))) return undefined;
  const listed = scan.take(BUT_WITH) ? scan.upTo(IN_ORDER) : undefined;
  const now = new Map<string, string>();
  for (let lead = ", but "; scan.take(lead); lead = ", ") {
    const pair = scan.pair(" is now ");
    if (!pair) return undefined;
    now.set(...pair);
  }
  if (!scan.take("]") || !scan.isAtEnd) return undefined;
  return {
    count,
    now,
    ...(listed === undefined ? {} : { values: listed.split("; ") }),
    ...(label === undefined ? {} : { label }),
    ...(nth === undefined ? {} : { nth }),
    ...(from === undefined ? {} : { from }),
  };
}

/** The line above a diff that says what it is a diff of. */
export function printChanged(label: string, nth: number, of: number): string {
  return `[${SAME}${label}${whichOf(nth, of)}${ABOVE}, but for these changes]`;
}

/** Reads what `printChanged` writes. */
export function parseChanged(
  line: string,
): { readonly label: string; readonly nth: number } | undefined {
  const scan = new Scanner(line);
  if (!scan.take(`[${SAME}`)) return undefined;
  const named = readLabel(scan);
  if (!named || !scan.take(`${ABOVE}, but for these changes]`) || !scan.isAtEnd) return undefined;
  return { label: named.label, nth: named.nth ?? 1 };
}

/** Whether a line is written like a reference, or like one behind backslashes. */
export function looksLikeReference(line: string): boolean {
  let at = 0;
  while (line[at] === "\\") at++;
  return startsLikeReference(at === 0 ? line : line.slice(at));
}

/** Whether a line could be a reference behind a line number: a quick look. */
export function mayHoldReference(line: string): boolean {
  return line.includes(SAME);
}

/** The name of a text: who said it, and the beginning of what it was asked. */
export function labelOf(name: string, argument?: string, key?: string): string {
  const safe = name.replace(/[^\w.:/-]/g, "_").slice(0, 80) || "tool";
  const whole = argument === undefined ? safe : `${safe} ${JSON.stringify(argument)}`;
  return key === undefined ? whole : `${key.replace(/[^\w.-]/g, "_").slice(0, 40)} of ${whole}`;
}

/** A label, and which of the texts that have it. */
function readLabel(scan: Scanner): { readonly label: string; readonly nth?: number } | undefined {
  const label = scan.label();
  if (label === undefined || !scan.take(" (")) return label === undefined ? undefined : { label };
  const nth = scan.number();
  if (nth === undefined || !scan.word() || !scan.take(" of ")) return undefined;
  return scan.number() === undefined || !scan.take(")") ? undefined : { label, nth };
}

const startsLikeReference = (line: string): boolean =>
  /^\[(?:\d{1,9} lines?, (?:all )?)?the same as /.test(line);

const whichOf = (nth: number, of: number): string => (of > 1 ? ` (${ordinal(nth)} of ${of})` : "");

function ordinal(number: number): string {
  const [tens, ones] = [Math.floor(number / 10) % 10, number % 10];
  const end = tens === 1 ? "th" : (["th", "st", "nd", "rd"][ones] ?? "th");
  return `${number}${end}`;
}

function clipped(line: string): string {
  const trimmed = line.trim();
  return trimmed.length <= MAX_QUOTE
    ? trimmed
    : `${trimmed.slice(0, MAX_QUOTE - 1).toWellFormed()}…`;
}

/** Reads a reference from left to right. */
class Scanner {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#line.length;
  }

  peek(words: string): boolean {
    return this.#line.startsWith(words, this.#at);
  }

  take(words: string): boolean {
    if (!this.peek(words)) return false;
    this.#at += words.length;
    return true;
  }

  number(): number | undefined {
    const digits = this.#matched(/\d{1,9}/y);
    return digits === undefined ? undefined : Number(digits);
  }

  /** What stands before some words, which are passed. */
  upTo(words: string): string | undefined {
    const end = this.#line.indexOf(words, this.#at);
    if (end < 0) return undefined;
    const before = this.#line.slice(this.#at, end);
    this.#at = end + words.length;
    return before;
  }

  /** The end of `2nd`. */
  word(): boolean {
    return this.#matched(/[a-z]{2}/y) !== undefined;
  }

  /** The first number of `64–221`, where it counts `count` lines. */
  range(count: number): number | undefined {
    const from = this.number();
    if (from === undefined || !this.take("–")) return undefined;
    return this.number() === from + count - 1 ? from : undefined;
  }

  /** `Read "/src/app.ts"`, `content of Write "/src/app.ts"`, `Bash`. */
  label(): string | undefined {
    const start = this.#at;
    const head = this.#matched(/(?:[\w.-]{1,40} of )?[\w.:/-]{1,80}/y);
    if (head === undefined) return undefined;
    if (this.peek(' "')) {
      this.take(" ");
      if (this.#quoted() === undefined) return undefined;
    }
    return this.#line.slice(start, this.#at);
  }

  /** Two quoted texts with words between them. */
  pair(between: string): [string, string] | undefined {
    const first = this.#quoted();
    if (first === undefined || !this.take(between)) return undefined;
    const second = this.#quoted();
    return second === undefined ? undefined : [first, second];
  }

  /** A JSON string. */
  #quoted(): string | undefined {
    if (!this.peek('"')) return undefined;
    let end = this.#at + 1;
    while (end < this.#line.length && this.#line[end] !== '"')
      end += this.#line[end] === "\\" ? 2 : 1;
    const json = this.#line.slice(this.#at, end + 1);
    this.#at = end + 1;
    try {
      return JSON.parse(json) as string;
    } catch {
      return undefined;
    }
  }

  #matched(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#line)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
