/**
 * Long transcripts: recorded sessions turn by turn with `history`, what a turn takes, and what sessions cost at the prices and with the
 * prompt cache of a provider.
 */
import { type BlockReport, findMarkers, type Headroom, type HeadroomOptions } from "@headroom/core";
import { policies, withoutResults } from "./ledger.ts";
import { timed } from "./measure.ts";
import { ms, percent, progress, type Report, saved } from "./report.ts";
import { requestTokens, sessionMessages } from "./requests.ts";
import type { Bench } from "./subject.ts";

interface Session {
  readonly name: string;
  readonly messages: readonly unknown[];
}

/** Requests are looked at after every so many messages. */
const STEP = 3;
/** An epoch begins at this share of a session's tokens, and shrinks to half of it. */
const TRIGGER_SHARE = 0.4;
const LONG_TOKENS = 200_000;
const LONG_HISTORY = { triggerTokens: 80_000, targetTokens: 40_000 };
const RUNS = 5;
/** Per million tokens; only their relations matter. */
const PRICES = { input: 5, output: 25 };
/** Tools and system prompt of a coding agent, which the records do not have. */
const PREFIX_TOKENS = 18_000;
const COST_SAVED = 0.3;

export async function history(bench: Bench): Promise<Report> {
  const out = bench.report("history", "Long transcripts: epochs, turns and costs");
  const sessions = bench.data.readSet("sessions").map(({ name, text }) => ({
    name,
    messages: sessionMessages(text),
  }));
  if (sessions.length === 0) out.text("The shared corpora are not there.");
  else {
    await epochs(out, sessions, bench);
    await turns(out, sessions, bench);
    await costs(out, sessions, bench);
  }
  out.save();
  return out;
}

async function epochs(out: Report, sessions: readonly Session[], bench: Bench): Promise<void> {
  const rows: string[][] = [];
  const all = { requests: 0, onlyAtEpochs: 0, changed: 0, back: 0 };
  for (const { name, messages } of sessions) {
    progress(`epochs: ${name}`);
    const options = await optionsFor(messages, bench);
    const headroom = bench.subject.make(options);
    let before: readonly string[] = [];
    let known = 0;
    let made = await headroom.compress(messages.slice(0, 0));
    for (let length = STEP; length < messages.length + STEP; length += STEP) {
      made = await headroom.compress(messages.slice(0, length));
      const now = made.messages.map((message) => JSON.stringify(message));
      const found = made.epochs?.length ?? 0;
      all.requests++;
      if (found > known || before.every((json, at) => json === now[at])) all.onlyAtEpochs++;
      [before, known] = [now, found];
    }
    const old = made.blocks.filter(({ reason }) => reason.startsWith("history"));
    all.changed += old.length;
    for (const row of old) if (await comesBack(row, messages, made.messages, headroom)) all.back++;
    rows.push([name.slice(0, 40), `${messages.length}`, `${known}`, `${old.length}`]);
  }
  progress("");
  out.table(["session", "messages", "epochs", "old blocks"], rows);
  out.judge("history breaks", { met: all.onlyAtEpochs, of: all.requests });
  out.judge("history redeemable", { met: all.back, of: all.changed });
}

async function optionsFor(
  messages: readonly unknown[],
  { subject }: Bench,
): Promise<HeadroomOptions> {
  const { tokensAfter } = await subject.make({ store: subject.store() }).simulate(messages);
  const triggerTokens = Math.max(2, Math.floor(tokensAfter * TRIGGER_SHARE));
  return { store: subject.store(), history: { triggerTokens, keepRecentTurns: 2 } };
}

/** Whether the text that is sent names an original, and the store has the text that stood there. */
async function comesBack(
  { message, block, tokensBefore }: BlockReport,
  before: readonly unknown[],
  after: readonly unknown[],
  headroom: Headroom,
): Promise<boolean> {
  const [sent, original] = [textAt(after[message], block), textAt(before[message], block)];
  const [marker] = findMarkers(sent);
  if (!marker?.ref) return false;
  const maxTokens = 2 * tokensBefore + 1_000;
  const { slices } = await headroom.retrieve({ hash: marker.ref }, { maxTokens });
  return slices.map(({ text }) => text).join("") === original;
}

function textAt(message: unknown, path: string): string {
  let value: unknown = message;
  for (const key of path.split(".")) value = (value as Record<string, unknown> | undefined)?.[key];
  return String(value);
}

/** The best of a few runs: what else the machine does counts as little as can be. */
async function turns(out: Report, sessions: readonly Session[], { subject }: Bench): Promise<void> {
  progress("turns");
  const messages = upToTokens(sessions.flatMap((session) => session.messages));
  const [cold, warm]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    const headroom = subject.make({ store: subject.store(), history: LONG_HISTORY });
    // Every turn comes with strings of its own, as from the body of a request.
    const before = structuredClone(messages.slice(0, -2)) as unknown[];
    const now = structuredClone(messages) as unknown[];
    cold.push((await timed(() => headroom.compress(before))).milliseconds);
    warm.push((await timed(() => headroom.compress(now))).milliseconds);
  }
  progress("");
  out.judge("history warm", Math.min(...warm));
  out.judge("history cold", Math.min(...cold));
}

function upToTokens(messages: readonly unknown[]): readonly unknown[] {
  let tokens = 0;
  const end = messages.findIndex((message) => {
    tokens += requestTokens([message]);
    return tokens > LONG_TOKENS;
  });
  return end < 0 ? messages : messages.slice(0, end);
}

async function costs(out: Report, sessions: readonly Session[], bench: Bench): Promise<void> {
  const { subject } = bench;
  const rows: string[][] = [];
  const ledger: string[][] = [];
  const met = { saved: 0, notAbove: 0 };
  for (const { name, messages } of sessions) {
    progress(`costs: ${name}`);
    const headroom = subject.make({ store: subject.store() });
    const session = { messages, prefixTokens: PREFIX_TOKENS };
    const { value: cost, milliseconds } = await timed(() => headroom.cost(session, PRICES));
    const { inputSaved, turns, without, with: own } = cost;
    if (inputSaved >= COST_SAVED) met.saved++;
    if (own.inputCost <= without.inputCost) met.notAbove++;
    rows.push([
      name.slice(0, 40),
      `${turns.length}`,
      percent(inputSaved),
      percent(cost.saved),
      `${cost.retrievals}`,
      ms(milliseconds),
    ]);
    const least = await subject
      .make({ mode: "lossless" })
      .cost({ ...session, messages: withoutResults(messages) }, PRICES);
    ledger.push([
      name.slice(0, 40),
      `${without.cacheReadTokens} → ${own.cacheReadTokens}`,
      `${without.cacheWriteTokens} → ${own.cacheWriteTokens}`,
      `${without.uncachedTokens} → ${own.uncachedTokens}`,
      `${without.outputTokens} → ${own.outputTokens}`,
      percent(inputSaved),
      percent(saved(without.inputCost, least.without.inputCost)),
    ]);
  }
  out.table(["session", "requests", "input cost saved", "cost saved", "retrievals", "time"], rows);
  out.text(
    "The tokens of all requests of a session, without and with compression, by what is paid for them. Last, what would be saved if its results had no tokens at all: the rest is the prefix, the calls and the words of the model.",
  );
  out.table(
    ["session", "read from the cache", "written to it", "uncached", "output", "saved", "at most"],
    ledger,
  );
  await policies(out, sessions, bench, PRICES);
  progress("");
  out.judge("input cost", { met: met.saved, of: sessions.length });
  out.judge("input cost never above", { met: met.notAbove, of: sessions.length });
}
