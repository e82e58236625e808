/**
 * `headroom measure`: what compression would do to files, folders and recorded sessions. Writes nothing.
 *
 * Each file is one tool result, unless it is a message list or a session: those are run as the conversation they are. The
 * originals go to a store in memory, so the figures are those of a run with a store.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import {
  type BlockInfo,
  createHeadroom,
  type HeadroomOptions,
  memoryStore,
  type PriceTable,
} from "@headroom/core";
import { isRecord } from "@headroom/core/kit";
import { CommandError } from "./command-error.ts";
import { conversations, type MeasuredStability, printStability } from "./conversations.ts";
import { type FoundFile, findFiles } from "./find-files.ts";
import { decodeText } from "./input.ts";
import { type Measurement, printMeasurement } from "./measurement-table.ts";
import { headroomOptions, parsed, present, wholeNumber } from "./options.ts";
import { progressBar } from "./progress.ts";
import {
  costOfSession,
  type MeasuredCost,
  pricesOf,
  printCosts,
  type RecordedSession,
} from "./session-cost.ts";
import { type Tally, tally } from "./tally.ts";
import type { Terminal } from "./terminal.ts";
import { parseMessageDocument, parseMessageLines } from "./transcript.ts";

/** Larger files are named and left out: nobody hands them to a model, and they would dominate every figure. */
const MAX_FILE_BYTES = 100_000_000;
/** Room for the originals of the largest file. */
const ALL_BYTES = 4 * MAX_FILE_BYTES;

export async function measureCommand(
  args: readonly string[],
  terminal: Terminal,
): Promise<undefined> {
  const { values, positionals } = parsed("measure", () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        mode: { type: "string" },
        model: { type: "string" },
        query: { type: "string" },
        "min-tokens": { type: "string" },
        "token-budget": { type: "string" },
        cost: { type: "boolean" },
        prices: { type: "string" },
        json: { type: "boolean" },
      },
    }),
  );
  if (positionals.length === 0)
    throw new CommandError("measure takes PATHs. See: headroom measure --help");
  const tokenBudget = wholeNumber("token-budget", values["token-budget"]);
  const options = { ...headroomOptions(values), ...present({ tokenBudget }) };
  const prices = values.cost || values.prices !== undefined ? pricesOf(values.prices) : undefined;
  // Wrong options are told before the first file is read.
  createHeadroom({ ...options, store: memoryStore() });
  const files = await findFiles(positionals);
  if (files.length === 0) throw new CommandError(`No files in ${positionals.join(", ")}.`);
  const measurement = await measureFiles(
    files,
    options,
    present({ query: values.query }),
    prices,
    terminal,
  );
  const { costs, stability } = measurement;
  const sections = [
    printMeasurement(measurement),
    ...(costs && prices ? [printCosts(costs, prices)] : []),
    ...(stability ? [printStability(stability)] : []),
  ];
  terminal.stdout.write(values.json ? `${toJson(measurement)}\n` : sections.join("\n"));
}

async function measureFiles(
  files: readonly FoundFile[],
  options: HeadroomOptions,
  call: { readonly query?: string },
  prices: PriceTable | undefined,
  terminal: Terminal,
): Promise<Measurement & Sections> {
  const start = performance.now();
  const bar = progressBar(terminal.stderr);
  const sums = tally();
  const skipped: { path: string; reason: string }[] = [];
  const allBytes = files.reduce((sum, { bytes }) => sum + bytes, 1);
  const costs: MeasuredCost[] = [];
  const requests = conversations();
  let doneBytes = 0;
  let transcripts = 0;
  try {
    for (const file of files) {
      const text = await readText(file);
      if (text.text === undefined) {
        skipped.push({ path: file.path, reason: text.problem });
      } else {
        const onProgress = (share: number): void =>
          bar.update((doneBytes + file.bytes * share) / allBytes, file.path);
        const session = await measureText(text.text, { options, call, sums, onProgress });
        if (session) {
          transcripts++;
          if (session.request !== undefined) requests.add(file.path, session.request);
          if (prices)
            costs.push(await costOfSession(file.path, session, prices, options, ALL_BYTES));
        }
      }
      doneBytes += file.bytes;
      bar.update(doneBytes / allBytes, file.path);
    }
  } finally {
    bar.clear();
  }
  return {
    files: files.length - skipped.length,
    transcripts,
    skipped,
    tally: sums,
    milliseconds: performance.now() - start,
    ...present({ costs: prices && costs, stability: requests.report() }),
  };
}

/** What is printed below the tables, where there is something to say. */
interface Sections {
  readonly costs?: readonly MeasuredCost[];
  readonly stability?: MeasuredStability;
}

interface Run {
  readonly options: HeadroomOptions;
  readonly call: { readonly query?: string };
  readonly sums: Tally;
  /** Share of this text that is done. */
  onProgress(share: number): void;
}

interface MeasuredSession extends RecordedSession {
  /** The document, where the file is one request. */
  readonly request?: unknown;
}

/** The transcript, when the text was one. Each text has a store of its own, which goes with it. */
async function measureText(
  text: string,
  { options, call, sums, onProgress }: Run,
): Promise<MeasuredSession | undefined> {
  const document = parseMessageDocument(text);
  const messages = document?.messages ?? parseMessageLines(text);
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
  } else {
    const { block } = await headroom.compressText(text, call);
    sums.add(block);
  }
  if (!messages) return undefined;
  if (!document) return { messages };
  const { value } = document;
  const { system, tools } = isRecord(value) ? value : {};
  return { messages, request: value, system, tools };
}

async function readText(file: FoundFile): Promise<ReturnType<typeof decodeText>> {
  if (file.bytes > MAX_FILE_BYTES) return { text: undefined, problem: "larger than 100 MB" };
  try {
    return decodeText(await readFile(file.path));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { text: undefined, problem };
  }
}

function toJson({ tally: sums, ...rest }: Measurement): string {
  const total = sums.total();
  return JSON.stringify(
    { ...rest, total, kinds: sums.byKind(), tools: sums.byTool(), unchanged: sums.reasons() },
    undefined,
    2,
  );
}
