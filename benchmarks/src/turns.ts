/** How long a turn of a long session takes: all of it for the first time, and the next turn over what is known. */
import { timed } from "./measure.ts";
import { ms, progress, type Report } from "./report.ts";
import { requestTokens } from "./requests.ts";
import type { Bench } from "./subject.ts";

/** Tokens of the transcript of which a turn is timed. */
const LONG_TOKENS = 200_000;
/** Messages of the transcripts that show how the time grows: a turn is a call and its result. */
const FEW_MESSAGES = 100;
const MANY_MESSAGES = 800;
const RUNS = 5;

/** Times turns of a transcript that is made of whole sessions, one behind the other. */
export async function timeTurns(
  out: Report,
  samples: readonly { readonly messages: readonly unknown[] }[],
  bench: Bench,
): Promise<void> {
  progress("turns");
  const all = samples.flatMap(({ messages }) => messages);
  const long = await times(upToTokens(all, LONG_TOKENS), bench);
  out.judge("turn warm", long.warm);
  out.judge("turn cold", long.cold);
  const few = await times(all.slice(0, FEW_MESSAGES), bench);
  const many = await times(timesOver(all, MANY_MESSAGES), bench);
  const perMessage = many.cold / MANY_MESSAGES / (few.cold / FEW_MESSAGES);
  out.judge("turn growth", perMessage, {
    note: `cold ${ms(few.cold)} and ${ms(many.cold)}, warm ${ms(few.warm)} and ${ms(many.warm)}`,
  });
  progress("");
}

/** The best of a few runs: the code is warm, and what else the machine does counts as little as can be. */
async function times(
  messages: readonly unknown[],
  { subject }: Bench,
): Promise<{ readonly cold: number; readonly warm: number }> {
  let [cold, warm] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let run = 0; run < RUNS; run++) {
    const instance = subject.make({ store: subject.store() });
    // Every turn comes with strings of its own, as from the body of a request.
    const [before, now] = [messages.slice(0, -2), messages].map((list) => structuredClone(list));
    cold = Math.min(cold, (await timed(() => instance.compress(before ?? []))).milliseconds);
    warm = Math.min(warm, (await timed(() => instance.compress(now ?? []))).milliseconds);
  }
  return { cold, warm };
}

function upToTokens(messages: readonly unknown[], most: number): readonly unknown[] {
  let tokens = 0;
  const end = messages.findIndex((message) => {
    tokens += requestTokens([message]);
    return tokens > most;
  });
  return end < 0 ? messages : messages.slice(0, end);
}

/** So many messages, the transcript again from its start where it is too short. */
function timesOver(messages: readonly unknown[], count: number): readonly unknown[] {
  return Array.from({ length: count }, (_, at) => messages[at % messages.length]);
}
