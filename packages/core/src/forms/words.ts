/**
 * What a view says last: in how many lines of the original words of trouble occur, and which of them nowhere. A reader of a shortened
 * text asks that first, and would have to come back for it.
 */
import { Meter } from "../steps.ts";
import { LINE_WORK } from "../text/lines.ts";
import type { Steps } from "../types/compressor.ts";
import type { Fact, Statement, UnitRange } from "../types/statement.ts";
import { printFact } from "../view/fact.ts";

const WORDS: readonly string[] = [
  "error",
  "fail",
  "exception",
  "traceback",
  "fatal",
  "critical",
  "panic",
  "abort",
  "crash",
  "segfault",
  "out of memory",
  "killed",
  "denied",
  "refused",
  "timeout",
  "timed out",
  "retry",
  "warn",
  "deprecated",
];
/** One of the words with the letters behind it to the end of the word, and a colon, as it stands behind `error:`. */
const SPELLED = new RegExp(`(?:${WORDS.join("|")})[a-z]{0,40}:?`, "gi");
/** Shorter texts are read as a whole. */
const MIN_LINES = 20;
/** Of one word so many spellings are counted, the most frequent. */
const MAX_OF_WORD = 4;
/** A text with more of them has other words in mind. */
const MAX_SPELLINGS = 1_000;

/** Sentences about all lines of the original, each a line of its own; none about a short text. */
export function* saidOfWords(lines: readonly string[]): Steps<readonly Statement[]> {
  if (lines.length < MIN_LINES) return [];
  const { spellings, found } = yield* spellingsIn(lines);
  const said: Statement[] = [];
  const say = (head: string, fact: Fact, tail = ""): void => {
    const about: readonly UnitRange[] = [[0, lines.length]];
    said.push({ text: `${head} ${printFact(fact)}${tail}`, of: "", about, facts: [fact] });
  };
  if (spellings.size > 0 && spellings.size <= MAX_SPELLINGS) {
    const { texts, cut } = chosen(spellings);
    const counts = (yield* countIn(found, texts)).toSorted(
      (a, b) => wordAt(a[0]) - wordAt(b[0]) || b[1] - a[1],
    );
    say(
      "… lines of the original with these very letters, in longer words too:",
      { says: "spelled", counts },
      cut.length === 0 ? "; no other spellings" : `; and other spellings of ${cut.join(", ")}`,
    );
  }
  const met = [...new Set([...spellings.keys()].map((one) => one.toLowerCase()))];
  const texts = WORDS.filter((word) => !met.some((one) => one.includes(word)));
  if (texts.length > 0)
    say("… nowhere in the original, in capitals or not:", { says: "nowhere", texts });
  return said;
}

/** How often each spelling was met, and the lines with any. */
function* spellingsIn(lines: readonly string[]): Steps<{
  readonly spellings: ReadonlyMap<string, number>;
  readonly found: readonly string[];
}> {
  const meter = new Meter();
  const spellings = new Map<string, number>();
  const found: string[] = [];
  for (const line of lines) {
    if (meter.isDue(line.length + LINE_WORK)) yield;
    const own = line.match(SPELLED);
    if (own === null) continue;
    found.push(line);
    for (const spelling of own) spellings.set(spelling, (spellings.get(spelling) ?? 0) + 1);
  }
  return { spellings, found };
}

/** Of each word the spellings that are counted, and the words of which these are not all. */
function chosen(spellings: ReadonlyMap<string, number>): {
  readonly texts: readonly string[];
  readonly cut: readonly string[];
} {
  const byCount = [...spellings].sort((a, b) => b[1] - a[1]).map(([spelling]) => spelling);
  const groups = WORDS.map((_, at) => {
    const own = byCount.filter((spelling) => wordAt(spelling) === at);
    return [
      ...new Set(own.flatMap((one) => (one.endsWith(":") ? [one.slice(0, -1), one] : [one]))),
    ];
  });
  return {
    texts: groups.flatMap((group) => group.slice(0, MAX_OF_WORD)),
    cut: WORDS.filter((_, at) => (groups[at]?.length ?? 0) > MAX_OF_WORD),
  };
}

/** Which of the words it begins with. */
function wordAt(spelling: string): number {
  const lower = spelling.toLowerCase();
  return WORDS.findIndex((word) => lower.startsWith(word));
}

/** In how many lines each text occurs, whatever stands before and behind it. */
function* countIn(
  lines: readonly string[],
  texts: readonly string[],
): Steps<readonly (readonly [text: string, count: number])[]> {
  const meter = new Meter();
  const counts = texts.map(() => 0);
  for (const line of lines) {
    for (const [at, text] of texts.entries())
      if (line.includes(text)) counts[at] = (counts[at] ?? 0) + 1;
    if (meter.isDue(line.length + texts.length * LINE_WORK)) yield;
  }
  return texts.map((text, at) => [text, counts[at] ?? 0]);
}
