/**
 * `headroom measure`: what compression would do to files, folders and recorded sessions. Writes nothing but the report of `--html`.
 *
 * Each file is one tool result, unless it is a message list or a session: those are run as the conversation they are. The
 * originals go to a store in memory, so the figures are those of a run with a store.
 */
import { writeFile } from "node:fs/promises";
import {
  type BlockInfo,
  createHeadroom,
  type HeadroomOptions,
  memoryStore,
  type PriceTable,
} from "@headroom/core";
import { CommandError } from "../command-error.ts";
import { headroomOptions, present, readOptions } from "../options.ts";
import { progressBar } from "../progress.ts";
import { findSessions, type SessionSource, sessionPlaces } from "../sessions/find-sessions.ts";
import { type Content, type Item, itemsOf, MAX_FILE_BYTES } from "../sessions/items.ts";
import { styleFor } from "../style.ts";
import type { Terminal } from "../terminal.ts";
import { conversations, printStability } from "./conversations.ts";
import { findFiles } from "./find-files.ts";
import { type Measurement, printMeasurement } from "./measurement-table.ts";
import { costOfSession, pricesOf, printCosts, type SimulatedSession } from "./session-cost.ts";
import { type Tally, tally } from "./tally.ts";

/** Room for the originals of the largest file. */
const ALL_BYTES = 4 * MAX_FILE_BYTES;

export async function measureCommand(
  args: readonly string[],
  terminal: Terminal,
): Promise<undefined> {
  const given = readOptions("measure", args);
  const { text, has, number, positionals } = given;
  const options = {
    ...headroomOptions(given),
    ...present({ tokenBudget: number("token-budget") }),
  };
  const html = text("html");
  const wantsCosts = has("cost") || text("prices") !== undefined || html !== undefined;
  const prices = wantsCosts ? pricesOf(text("prices")) : undefined;
  // Wrong options are told before the first file is read.
  createHeadroom({ ...options, store: memoryStore() });
  const { items, sources } = await whatToMeasure(positionals, terminal);
  const run: Run = { options, call: present({ query: text("query") }), prices };
  const measurement = await measureItems(items, run, sources, terminal);
  const { sessions, stability } = measurement;
  if (html !== undefined) {
    const { htmlReport } = await import("./html-report.ts");
    await writeFile(html, htmlReport(measurement, prices));
  }
  if (has("json")) {
    terminal.stdout.write(`${toJson(measurement)}\n`);
    return;
  }
  const style = styleFor(terminal.stdout, terminal.env);
  const sections = [
    printMeasurement(measurement, style),
    ...(sessions && prices
      ? [
          printCosts(
            sessions.map(({ cost }) => cost),
            prices,
            style,
          ),
        ]
      : []),
    ...(stability ? [printStability(stability)] : []),
  ];
  terminal.stdout.write(sections.join("\n"));
  if (html !== undefined) terminal.stderr.write(`headroom: the report is in ${html}\n`);
}

interface Measured {
  readonly items: readonly Item[];
  /** Where sessions were looked for, where no path was given. */
  readonly sources?: readonly SessionSource[];
}

async function whatToMeasure(paths: readonly string[], terminal: Terminal): Promise<Measured> {
  if (paths.length > 0) {
    const items = await itemsOf(await findFiles(paths));
    if (items.length === 0) throw new CommandError(`No files in ${paths.join(", ")}.`);
    return { items };
  }
  const sources = await findSessions(terminal.env);
  const files = await findFiles(sources.map(({ path }) => path));
  const items = await itemsOf(files.filter(({ path }) => !/\.(?:md|txt|lock)$/.test(path)));
  if (items.length === 0) {
    const places = sessionPlaces(terminal.env).map(({ path }) => path);
    throw new CommandError(
      `No sessions of Claude Code, Codex or OpenCode on this machine${places.length > 0 ? ` (looked in ${places.join(", ")})` : ""}. Give PATHs: headroom measure logs/ response.json`,
    );
  }
  return { items, sources };
}

interface Run {
  readonly options: HeadroomOptions;
  readonly call: { readonly query?: string };
  readonly prices: PriceTable | undefined;
}

async function measureItems(
  items: readonly Item[],
  run: Run,
  sources: readonly SessionSource[] | undefined,
  terminal: Terminal,
): Promise<Measurement> {
  const start = performance.now();
  const bar = progressBar(terminal.stderr);
  const sums = tally();
  const skipped: { path: string; reason: string }[] = [];
  // An item of unknown size counts as something.
  const sizeOf = ({ bytes }: Item): number => bytes + 1_000;
  const all = items.reduce((sum, item) => sum + sizeOf(item), 1);
  const sessions: SimulatedSession[] = [];
  const requests = conversations();
  let done = 0;
  let transcripts = 0;
  try {
    for (const item of items) {
      const size = sizeOf(item);
      const onProgress = (share: number): void =>
        bar.update((done + size * share) / all, item.path);
      const content = await item.read();
      if ("problem" in content) skipped.push({ path: item.path, reason: content.problem });
      else await measureContent(content, { ...run, sums, onProgress });
      if ("session" in content) {
        transcripts++;
        const { session } = content;
        if (session.request !== undefined) requests.add(item.path, session.request);
        if (run.prices)
          sessions.push(
            await costOfSession(item.path, session, run.prices, run.options, ALL_BYTES),
          );
      }
      done += size;
      bar.update(done / all, item.path);
    }
  } finally {
    bar.clear();
  }
  return {
    files: items.length - skipped.length,
    transcripts,
    skipped,
    tally: sums,
    milliseconds: performance.now() - start,
    ...present({
      sessions: run.prices && sessions,
      stability: requests.report(),
      sources: sources?.map((source) => ({
        ...source,
        sessions: items.filter(({ path }) => path.startsWith(rootOf(source))).length,
      })),
    }),
  };
}

/** What the paths of a source's sessions begin with. */
function rootOf({ path }: SessionSource): string {
  return path
    .replace(/opencode\.db$/, "ses_")
    .replace(/message$/, "ses_")
    .replace(/storage\/ses_$/, "");
}

interface Measuring extends Run {
  readonly sums: Tally;
  /** Share of this text that is done. */
  onProgress(share: number): void;
}

/** Each text has a store of its own, which goes with it. */
async function measureContent(
  content: Exclude<Content, { readonly problem: string }>,
  { options, call, sums, onProgress }: Measuring,
): Promise<void> {
  const messages = "session" in content ? content.session.messages : undefined;
  const beforeCompress = ({ message }: BlockInfo): undefined => {
    onProgress(message / (messages?.length ?? 1));
  };
  const headroom = createHeadroom({
    ...options,
    store: memoryStore({ maxBytes: ALL_BYTES }),
    hooks: { beforeCompress },
  });
  if (messages) {
    const { blocks, tokensBefore } = await headroom.compress(messages, call);
    for (const block of blocks) sums.add(block);
    sums.addFrame(blocks.reduce((rest, block) => rest - block.tokensBefore, tokensBefore));
  } else if ("text" in content) {
    const { block } = await headroom.compressText(content.text, call);
    sums.add(block);
  }
}

function toJson({ tally: sums, sessions, ...rest }: Measurement): string {
  const total = sums.total();
  const costs = sessions?.map(({ cost }) => cost);
  return JSON.stringify(
    {
      ...rest,
      ...present({ costs }),
      total,
      kinds: sums.byKind(),
      tools: sums.byTool(),
      unchanged: sums.reasons(),
    },
    undefined,
    2,
  );
}
