/** What is printed and committed: scores, and every change that nothing noticed. */
import { markdownTable, percent } from "../report.ts";
import type { Named } from "./named.ts";
import { OPERATORS } from "./places.ts";
import { isReached, nameOf, type Outcome, type Score, wasNoticed } from "./score.ts";

/** One outcome in one line. */
export function printed(outcome: Outcome, named: readonly Named[]): string {
  const { file, line, operator, before, after } = outcome.mutant;
  const verdict = wasNoticed(outcome) ? undefined : nameOf(outcome, named)?.verdict;
  const fate = verdict ?? outcome.fate;
  return `${fate.padEnd(10)} ${file}:${line} ${operator}  ${before}  →  ${after}`;
}

export function resultsOf(
  outcomes: readonly Outcome[],
  scores: readonly Score[],
  named: readonly Named[],
  seed: number,
): string {
  const unnoticed = outcomes.filter((outcome) => !wasNoticed(outcome));
  const kept = unnoticed.filter((outcome) => nameOf(outcome, named) !== undefined);
  const survivors = unnoticed.filter((outcome) => !kept.includes(outcome));
  return [
    "# Changes to the source that the tests notice",
    "",
    `Written by \`npm run mutation\`. Seed ${seed}, ${outcomes.length} changes, one at a time.`,
    "",
    ...scoreTable(scores),
    "",
    ...operatorTable(outcomes),
    "",
    `## Not noticed (${survivors.length})`,
    "",
    ...survivors.map(inMarkdown),
    "",
    `## Not noticed, with a reason (${kept.length})`,
    "",
    ...kept.map((outcome) => {
      const { verdict, reason } = nameOf(outcome, named) ?? { verdict: "", reason: "" };
      return `${inMarkdown(outcome)}: ${verdict}, ${reason}`;
    }),
  ]
    .join("\n")
    .trimEnd();
}

function inMarkdown({ mutant, fate }: Outcome): string {
  const { room, file, line, operator, before, after } = mutant;
  const where = `${room}, ${file}:${line}, ${operator}${fate === "survived" ? "" : `, ${fate}`}`;
  return `- ${where}: ${code(before)} → ${code(after)}`;
}

/** Back-ticks within need a longer fence around them. */
function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function scoreTable(scores: readonly Score[]): readonly string[] {
  return markdownTable(
    [
      "room",
      "run",
      "noticed",
      "of them hung",
      "equivalent",
      "accepted",
      "share",
      "target",
      "reached",
    ],
    scores.map((score) => [
      score.name,
      ...[score.run, score.noticed, score.timedOut, score.equivalent, score.accepted].map(String),
      percent(score.share, 0),
      percent(score.target, 0),
      isReached(score) ? "yes" : "NO",
    ]),
  );
}

function operatorTable(outcomes: readonly Outcome[]): readonly string[] {
  return markdownTable(
    ["operator", "noticed", "run"],
    OPERATORS.map((operator) => {
      const own = outcomes.filter(({ mutant }) => mutant.operator === operator);
      return [operator, `${own.filter(wasNoticed).length}`, `${own.length}`];
    }),
  );
}
