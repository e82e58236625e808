/** Rows about a task that nothing disturbed. */
import { toolNames } from "../../../test/support/llm-rules.ts";
import { percent, saved } from "../report.ts";
import { tokensOf } from "../tokens.ts";
import { conversationOf } from "./conversation.ts";
import { PAUSE_MS, type Seen } from "./model-server.ts";
import { holds, type Row } from "./peer.ts";
import { prefixBreaks } from "./prefix.ts";
import { ANSWER, FACTS } from "./task/task.ts";
import type { Pair, Trial } from "./trial.ts";

export function taskRows({ straight, through }: Pair): readonly Row[] {
  const [before, after] = [tokensSent(straight), tokensSent(through)];
  const own = prefixBreaks(conversation(straight));
  const breaks = prefixBreaks(conversation(through));
  const retrievals = lookedUp(through);
  return [
    holds("ran to its end", endedWell(straight) && endedWell(through), endOf(straight, through)),
    holds(
      "final answer: the same, with both facts",
      through.answer === straight.answer && through.answer.endsWith(ANSWER),
      `"${through.answer}" instead of "${straight.answer}"`,
    ),
    holds(
      `executed commands: the same (${straight.executed.split(" ").length} in a shell)`,
      through.executed === straight.executed && straight.executed !== "",
      `${through.executed} instead of ${straight.executed}`,
    ),
    holds(
      "changes in the folder: the same",
      through.changes === straight.changes && straight.changes.includes("looked at"),
    ),
    {
      what: `tokens sent (straight ${before}, through ${after})`,
      value: `${percent(saved(before, after))} fewer`,
      reach: "≥ 50 %",
      isMet: saved(before, after) >= 0.5,
    },
    {
      what: "facts left out and looked up",
      value: String(retrievals),
      reach: "≥ 1",
      isMet: retrievals >= 1,
    },
    {
      what: `requests that the next does not begin with (straight: ${own.length})`,
      value: [String(breaks.length), ...breaks.slice(0, 1)].join("; "),
      reach: `≤ ${own.length}`,
      isMet: breaks.length <= own.length && conversation(through).length > 6,
    },
    ...streamRows(straight, through),
    ...headerRows(straight, through),
    holds(
      "requests that the provider would take",
      refusedOf(straight, through) === "",
      refusedOf(straight, through),
    ),
    holds(
      "nothing was sent as it came for want of time",
      Object.keys(through.line.proxy?.stats().failedOpen ?? {}).length === 0,
      JSON.stringify(through.line.proxy?.stats().failedOpen),
    ),
    ...traceRows(through),
  ];
}

function endedWell({ ran }: Trial): boolean {
  return ran.code === 0;
}

function endOf(...trials: readonly Trial[]): string {
  const bad = trials.find((trial) => !endedWell(trial));
  return bad ? `exit ${bad.ran.code}: ${(bad.ran.stderr || bad.ran.stdout).slice(-300)}` : "";
}

/** Requests in which the agent works, and not such as make a title. */
export function conversation({ line }: Trial): readonly Seen[] {
  return line.server.seen.filter(
    ({ method, path, json }) =>
      method === "POST" && !path.includes("count_tokens") && toolNames(json).length > 0,
  );
}

function tokensSent({ line }: Trial): number {
  return line.server.seen
    .filter(({ path }) => !path.includes("count_tokens"))
    .reduce((sum, { body }) => sum + tokensOf(body), 0);
}

/** Facts that stand in what was looked up. */
function lookedUp(trial: Trial): number {
  const last = conversation(trial).at(-1);
  if (last === undefined) return 0;
  return conversationOf(last).calls.filter(
    ({ name, result = "" }) =>
      name.endsWith("headroom_retrieve") && FACTS.some((fact) => result.includes(fact)),
  ).length;
}

/** Whether a request was made by the proxy: it ends with what was looked up. */
export function looksUp(request: Seen): boolean {
  return conversationOf(request).calls.at(-1)?.name.endsWith("headroom_retrieve") ?? false;
}

function refusedOf(...trials: readonly Trial[]): string {
  return trials.flatMap(({ line }) => line.server.refused).join("; ");
}

function streamRows(straight: Trial, through: Trial): readonly Row[] {
  const slowest = (deltas: readonly number[]): number => Math.max(0, ...deltas);
  const own = slowest(firstDeltas(straight, () => true));
  const rows = [true, false].flatMap((isShortened): readonly Row[] => {
    const all = firstDeltas(through, (delta) => delta.isShortened === isShortened);
    if (all.length === 0 && !isShortened) return [];
    const value = slowest(all);
    return [
      {
        what: `first delta, ${isShortened ? "with" : "without"} a marker in the body: slowest of ${all.length} (straight: ${own.toFixed(0)} ms)`,
        value: `${value.toFixed(0)} ms`,
        // Before the provider says the next thing: a reply that is held back comes after it.
        reach: `< ${PAUSE_MS} ms`,
        isMet: all.length > 0 && value < PAUSE_MS,
      },
    ];
  });
  return rows;
}

/** Milliseconds from the provider to the client. */
function firstDeltas(
  { line }: Trial,
  which: (delta: { readonly isShortened: boolean }) => boolean,
): readonly number[] {
  return line.server.firstDeltas
    .filter(which)
    .map(({ text, at }) => (line.tap.receivedAt(text, at) ?? Number.POSITIVE_INFINITY) - at);
}

/** A header that says what the client can do: it is the provider's to read. */
function headerRows(straight: Trial, through: Trial): readonly Row[] {
  const sent = betasSent(through);
  const seen = betasSeen(through);
  if (sent.length === 0 && betasSeen(straight).length === 0) return [];
  return [
    holds(
      `anthropic-beta byte for byte (${sent.length} of them)`,
      sent.length > 0 && sent.join("\n") === seen.join("\n"),
      `${seen[0]} instead of ${sent[0]}`,
    ),
  ];
}

function betasSent({ line }: Trial): readonly string[] {
  const all = line.tap.connections.flatMap(({ sent }) =>
    [...sent.matchAll(/\r\nanthropic-beta:([^\r]*)\r\n/gi)].map(([, value = ""]) => value.trim()),
  );
  return [...new Set(all)].sort();
}

function betasSeen({ line }: Trial): readonly string[] {
  const all = line.server.seen.flatMap(({ headers }) =>
    headers.flatMap((value, at) =>
      at % 2 === 1 && headers[at - 1]?.toLowerCase() === "anthropic-beta" ? [value] : [],
    ),
  );
  return [...new Set(all)].sort();
}

/** What only we write. */
const OURS = /headroom|\[\[hr[: ]/i;

function traceRows({ line, ran, stored }: Trial): readonly Row[] {
  const received = line.tap.connections.map((one) => one.received).join("\n");
  const named = stored.filter(({ text }) => text.includes("Order ")).length;
  const found = stored.find(({ text }) => OURS.test(text));
  return [
    holds("nothing of ours in what it was sent", !OURS.test(received), excerpt(received)),
    holds(
      "nothing of ours in what it printed",
      !OURS.test(ran.stdout + ran.stderr),
      excerpt(ran.stdout + ran.stderr),
    ),
    holds(
      `nothing of ours in what it stored (${stored.length} files, ${named} with the conversation)`,
      found === undefined && named > 0,
      found ? `${found.path}: ${excerpt(found.text)}` : "it stored nothing",
    ),
  ];
}

function excerpt(text: string): string {
  const at = text.search(OURS);
  return at < 0 ? "" : text.slice(Math.max(0, at - 60), at + 60).replaceAll(/\s+/g, " ");
}
