/** Rows about a provider that fails: the client sees it as without the proxy, and what it does then is its own. */

import { errorEvent } from "./model-server.ts";
import { holds, type Row } from "./peer.ts";
import { conversation, looksUp } from "./task-rows.ts";
import type { Pair, Trial } from "./trial.ts";

/** An overloaded provider. */
export function overloadRows(pair: Pair): readonly Row[] {
  const status = ({ line }: Trial): string =>
    line.tap.connections
      .flatMap(({ received }) => received.match(/^HTTP\/1\.1 5\d\d/gm) ?? [])
      .join(", ");
  return [
    holds(
      `overloaded: passed on (${status(pair.straight)})`,
      status(pair.straight) !== "" && status(pair.through) === status(pair.straight),
      status(pair.through),
    ),
    ...behaviourRows("overloaded", pair),
  ];
}

/** An error in the middle of a stream. */
export function streamErrorRows(pair: Pair): readonly Row[] {
  const [path = ""] = conversation(pair.straight).map((request) => request.path);
  const event = errorEvent(path);
  const has = ({ line }: Trial): boolean =>
    line.tap.connections.some(({ received }) => received.includes(event.trim()));
  return [
    holds("error in a stream: passed on as it came", has(pair.straight) && has(pair.through)),
    ...behaviourRows("error in a stream", pair),
  ];
}

/** A connection that breaks in the middle of a stream. */
export function deathRows(pair: Pair): readonly Row[] {
  return [
    holds(
      "dead provider: seen as an abort, not as an end",
      brokenOff(pair.straight) === 1 && brokenOff(pair.through) === 1,
      `${brokenOff(pair.through)} broken off, straight ${brokenOff(pair.straight)}`,
    ),
    ...behaviourRows("dead provider", pair),
  ];
}

/** Streams whose last chunk never came. */
function brokenOff({ line }: Trial): number {
  return line.tap.connections.filter(
    ({ received }) =>
      /\r\ntransfer-encoding: chunked\r\n/i.test(received) && !received.endsWith("0\r\n\r\n"),
  ).length;
}

const ASKS = /POST \S*\/(?:messages|completions|responses)(?:\?\S*)? HTTP/;

/** What the client does then. */
function behaviourRows(what: string, { straight, through }: Pair): readonly Row[] {
  const attempts = (trial: Trial): number =>
    trial.line.tap.connections.reduce(
      (sum, { sent }) => sum + [...sent.matchAll(new RegExp(ASKS, "g"))].length,
      0,
    );
  const arrived = ({ line }: Trial): number =>
    line.server.seen.filter(
      (request) => ASKS.test(`${request.method} ${request.path} HTTP`) && !looksUp(request),
    ).length;
  const isSame = attempts(through) === attempts(straight) && arrived(through) === attempts(through);
  return [
    {
      what: `${what}: requests of the client`,
      value: `${attempts(through)} sent, ${arrived(through)} arrived`,
      reach: `${attempts(straight)}, as without`,
      isMet: isSame && attempts(straight) > 0,
    },
    holds(
      `${what}: the same end ("${straight.answer.slice(0, 40)}", exit ${straight.ran.code})`,
      through.answer === straight.answer &&
        through.ran.code === straight.ran.code &&
        through.executed === straight.executed,
      `"${through.answer}", exit ${through.ran.code}, executed ${through.executed} instead of ${straight.executed}`,
    ),
  ];
}
