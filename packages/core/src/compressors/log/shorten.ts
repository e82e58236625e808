/** The view of a log: what is planned and there is room for, a sentence for each gap, and a summary above. */
import { parseQuery } from "../../query/query.ts";
import { countInSteps } from "../../steps.ts";
import { splitInSteps } from "../../text/lines.ts";
import type { Omission, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import type { TokenCounter } from "../../types/tokens.ts";
import { fill } from "./fill.ts";
import { closeSmallGaps, fold } from "./fold.ts";
import { withHeadings } from "./headings.ts";
import { SHOWN_LINES } from "./original.ts";
import { planView } from "./plan.ts";
import { countLines, summarize } from "./summary.ts";
import { type View as ShownLog, viewOf } from "./view.ts";

/** Lines of which the tokens are counted, to know how many characters a token has. */
const COUNTED_LINES = 200;
const COUNTED_CHARACTERS = 200;
/** The share of the room that is for lines. */
const LINES_SHARE = 0.85;
/** One line of each kind of error is shown even where that takes more than the cap: so much of it, and so many tokens more. */
const ERRORS_SHARE = 1.5;
const ERRORS_TOKENS = 1_000;
/** A view over its cap is made again, and so is one that takes less than this share of it though there is more to show. */
const USED = 0.88;
const TRIES = 3;

/** Shows the lines that matter and says what the others are. */
export function* shortenLog(text: string, context: ShortenContext): Steps<View | undefined> {
  const { budgetTokens, counter, query, firstLine = 1 } = context;
  const { text: raw } = yield* splitInSteps(text);
  const log = yield* viewOf(raw);
  const { lines } = log;
  const plan = yield* planView(lines, raw, query);
  const asked = query === undefined ? undefined : finderOf(query);
  const cut = cutSentences(log);
  const counts = yield* countLines(lines);
  const perToken = yield* charactersPerToken(lines, counter);
  const most = (budgetTokens * ERRORS_SHARE + ERRORS_TOKENS) * perToken;
  let room = budgetTokens * perToken;
  for (let tries = 1; ; tries++) {
    const filled = yield* fill(lines, plan.units, room * LINES_SHARE, most);
    const headed = yield* withHeadings(filled.shown, plan.trouble, plan.ways);
    const shown = yield* closeSmallGaps(lines, headed);
    sayEmptyEnd(log, shown);
    const body = yield* fold(lines, shown, {
      templates: plan.templates,
      origins: log.origins,
      firstLine,
      room,
      ...(asked === undefined ? {} : { asked }),
    });
    const summary = yield* summarize(
      { lines, shown, templates: plan.templates, severity: plan.severity, firstLine },
      counts,
      room,
    );
    const omitted = omissions(text, log, body);
    if (omitted.length === 0) return undefined;
    const head = [...cut.lines, ...summary.map((statement) => statement.text)];
    const result = [...head, body.text].join("\n");
    const tokens = yield* countInSteps(result, counter);
    if (tokens > budgetTokens && tries < TRIES) {
      room = Math.min(room * 0.9, (room * budgetTokens * 0.97) / tokens);
      continue;
    }
    if (tokens < budgetTokens * USED && filled.isFull && tries === 1) {
      room *= Math.min(1.5, (budgetTokens * 0.97) / tokens);
      continue;
    }
    if (result.length >= text.length) return undefined;
    return {
      text: result,
      omitted,
      statements: [...cut.statements, ...summary, ...body.statements],
    };
  }
}

/** Of lines at the end that had a stamp alone a sentence says that they were there: an empty line there would be no line. */
function sayEmptyEnd({ lines, stamps }: ShownLog, shown: Uint8Array): void {
  for (let at = lines.length - 1; lines[at] === "" && stamps[at] !== undefined; at--) shown[at] = 0;
}

/** By lines from all over the log. */
function* charactersPerToken(lines: readonly string[], counter: TokenCounter): Steps<number> {
  const step = Math.max(1, Math.floor(lines.length / COUNTED_LINES));
  const some = lines
    .filter((_, at) => at % step === 0)
    .map((line) => line.slice(0, COUNTED_CHARACTERS));
  const text = some.join("\n");
  return text.length / Math.max(1, yield* countInSteps(text, counter));
}

/** What was cut from the start of lines, and that it was. */
function cutSentences({ stamps, origins }: ShownLog): {
  readonly lines: readonly string[];
  readonly statements: readonly Statement[];
} {
  const first = stamps.findIndex((stamp) => stamp !== undefined);
  const last = stamps.findLastIndex((stamp) => stamp !== undefined);
  if (first < 0) return { lines: [], statements: [] };
  const say = (which: string, at: number): Statement => ({
    text: `${which} stamp ${stamps[at]}`,
    of: SHOWN_LINES,
    field: "stamp",
    about: [[at, at + 1]],
    facts: [{ says: "list", values: [stamps[at] ?? ""] }],
  });
  const statements = [say("first", first), say("last", last)];
  const lines = [`… stamps cut from line starts: ${statements.map(({ text }) => text).join(", ")}`];
  if (origins.length > 0)
    lines.push("… names at line starts (job, step) cut where the line shown above has the same");
  return { lines, statements };
}

function omissions(
  text: string,
  { lines, stamps, origins, cleaned, overwritten }: ShownLog,
  { hiddenLines, cutCharacters }: { readonly hiddenLines: number; readonly cutCharacters: number },
): readonly Omission[] {
  const omitted: Omission[] = [];
  const total = lines.length;
  if (hiddenLines > 0) omitted.push({ unit: "lines", count: hiddenLines, total });
  if (cutCharacters > 0)
    omitted.push({
      unit: "characters",
      count: cutCharacters,
      total: text.length,
      what: "inside long lines",
    });
  const cutStamps = stamps.reduce((sum, stamp) => sum + (stamp === undefined ? 0 : 1), 0);
  if (cutStamps > 0) omitted.push({ unit: "time stamps", count: cutStamps, total: cutStamps });
  const named = origins.reduce((sum, origin) => sum + (origin === "" ? 0 : 1), 0);
  if (named > 0)
    omitted.push({ unit: "names at line starts", count: named, total: named, what: "repeated" });
  if (cleaned > 0) omitted.push({ unit: "lines' terminal codes", count: cleaned, total });
  if (overwritten.cut > 0)
    omitted.push({
      unit: "texts before a carriage return",
      count: overwritten.cut,
      total: overwritten.total,
    });
  return omitted;
}

/** Where in a line stands what the question quotes; for lines too long to be shown whole. */
function finderOf(question: string): (line: string) => number {
  const { literals, words } = parseQuery(question);
  const texts = [
    ...literals.map(({ text }) => text),
    ...[...words.keys()].filter((word) => word.length > 4),
  ];
  return (line) => {
    const lower = line.toLowerCase();
    for (const text of texts) {
      const at = lower.indexOf(text);
      if (at >= 0) return at;
    }
    return -1;
  };
}
