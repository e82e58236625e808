/**
 * Real coding-agent transcripts (Claude Code JSONL), as whole requests.
 *
 * Beside savings: whether the literals an agent used in a tool call (paths, names, numbers that stood in a result before it) can
 * still be read, whether every reference leads back to the original, and how long a turn takes.
 */
import { anthropicMessages, type HeadroomOptions } from "@headroom/core";
import { decoded } from "../../test/laws/decode.ts";
import { type Given, watched } from "../../test/laws/forms.ts";
import { countBack, type RoundTrip, roundTrip, timed } from "./measure.ts";
import { ms, percent, progress, type Report, saved } from "./report.ts";
import { requestTokens, sessionMessages } from "./requests.ts";
import type { Bench } from "./subject.ts";
import { tokensOf } from "./tokens.ts";
import { timeTurns } from "./turns.ts";

interface Block {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly text?: string;
  readonly content?: string | readonly Block[];
}

interface Message {
  readonly role: string;
  readonly content: string | readonly Block[];
}

interface Tier {
  readonly name: string;
  readonly options: HeadroomOptions;
}

const TIERS: readonly Tier[] = [
  { name: "reads only, lossless", options: { mode: "lossless", include: ["read"] } },
  { name: "lossless", options: { mode: "lossless" } },
  { name: "balanced", options: {} },
];

interface Session {
  readonly name: string;
  readonly messages: readonly Message[];
}

/** Tokens before and after. */
interface Shrunk {
  before: number;
  after: number;
}

export async function sessions(bench: Bench): Promise<Report> {
  const out = bench.report("sessions", "Transcripts of coding agents");
  const samples = bench.data.readSet("sessions").map(
    ({ name, text }): Session => ({
      name,
      messages: sessionMessages(text) as readonly Message[],
    }),
  );
  if (samples.length === 0) out.text("The shared corpora are not there.");
  const rows: string[][] = [];
  let shares: readonly (readonly string[])[] = [];
  for (const tier of TIERS) {
    const { all, tool, reads, used, kept, back, milliseconds, left } = await measureTier(
      tier,
      samples,
      bench,
    );
    shares = sharesOf(left, tool);
    const { met, of } = countBack(back);
    const isStored = tier.options.mode !== "lossless";
    rows.push([
      tier.name,
      percent(saved(all.before, all.after)),
      percent(saved(tool.before, tool.after)),
      `${percent(saved(reads.before, reads.after))} of ${reads.before}`,
      `${kept}/${used}`,
      `${met}/${of}`,
      ms(milliseconds),
    ]);
    if (samples.length === 0) continue;
    const shareOfTools = saved(tool.before, tool.after);
    if (tier.options.include !== undefined)
      out.judge("sparse numbers", saved(reads.before, reads.after), {
        note: `${percent(shareOfTools)} of all tool tokens`,
      });
    else {
      out.judge(isStored ? "sessions balanced" : "sessions lossless", shareOfTools);
      out.judge("next actions", { met: kept, of: used }, { of: tier.name });
    }
    if (isStored) out.judge("sessions round trip", { met, of });
    else if (tier.options.include === undefined) out.judge("sessions decoded", { met, of });
  }
  out.table(
    ["tier", "saved", "of tool tokens", "of reads", "next-action literals", "back", "time"],
    rows,
  );
  out.text("Where the tokens of tools are in balanced mode, and which of them are left.");
  out.table(
    [
      "tokens of the result",
      "what became of it",
      "results",
      "tokens",
      "left",
      "share of what is left",
    ],
    shares,
  );
  if (samples.length > 0) await appendOnly(out, samples, bench);
  if (samples.length > 0) await timeTurns(out, samples, bench);
  out.save();
  return out;
}

async function measureTier(
  { name, options }: Tier,
  samples: readonly Session[],
  { subject }: Bench,
) {
  const all: Shrunk = { before: 0, after: 0 };
  const tool: Shrunk = { before: 0, after: 0 };
  const reads: Shrunk = { before: 0, after: 0 };
  const back: (RoundTrip | undefined)[] = [];
  const left = new Map<string, Shrunk & { count: number }>();
  let [used, kept, spent] = [0, 0, 0];
  for (const { name: session, messages } of samples) {
    progress(`${name}: ${session}`);
    const store = subject.store();
    const given: Given[] = [];
    const isLossless = options.mode === "lossless";
    const compressors = watched(given, subject.compressors());
    const instance = subject.make(isLossless ? { ...options, compressors } : { ...options, store });
    const { value: result, milliseconds } = await timed(() => instance.compress(messages));
    spent += milliseconds;
    add(all, requestTokens(messages), requestTokens(result.messages));
    for (const { message, block, kind, original, text, ref, became } of toolBlocks(
      messages,
      result,
    )) {
      const [before, after] = [tokensOf(original), tokensOf(text)];
      add(tool, before, after);
      const size = SIZES.findLast((least) => before >= least) ?? 0;
      const place = `${size}\0${became}`;
      const sum = left.get(place) ?? { before: 0, after: 0, count: 0 };
      add(sum, before, after);
      sum.count++;
      left.set(place, sum);
      if (kind?.includes("read")) add(reads, before, after);
      if (options.mode !== "lossless")
        back.push(
          await roundTrip(original, { text, ...(ref === undefined ? {} : { ref }) }, store),
        );
      progress(`${name}: ${session} ${message} ${block}`);
    }
    if (isLossless) {
      const texts = new Map(
        decoded(result.messages, given).map((one) => [`${one.message} ${one.block}`, one.text]),
      );
      for (const { message, block, original } of toolBlocks(messages, result))
        back.push(texts.get(`${message} ${block}`) === original ? "exact" : "WRONG");
    }
    const literals = nextActionLiterals(messages, result.messages);
    used += literals.used;
    kept += literals.kept;
  }
  progress("");
  return { all, tool, reads, used, kept, back, milliseconds: spent, left };
}

/** Tokens from which on results are counted together. */
const SIZES = [0, 200, 500, 1_500, 4_000];

function sharesOf(
  left: ReadonlyMap<string, Shrunk & { readonly count: number }>,
  tool: Shrunk,
): readonly (readonly string[])[] {
  return [...left]
    .sort(([, a], [, b]) => b.after - a.after)
    .map(([place, { count, before, after }]) => {
      const [size = "0", became = ""] = place.split("\0");
      const next = SIZES[SIZES.indexOf(Number(size)) + 1];
      const range = next === undefined ? `from ${size}` : `${size} to ${next - 1}`;
      return [range, became, `${count}`, `${before}`, `${after}`, percent(after / tool.after)];
    });
}

function add(sum: Shrunk, before: number, after: number): void {
  sum.before += before;
  sum.after += after;
}

/** Every text of a tool, as it was and as it is sent. */
function toolBlocks(
  messages: readonly Message[],
  result: {
    readonly messages: readonly Message[];
    readonly blocks: readonly {
      readonly message: number;
      readonly block: string;
      readonly kind?: string;
      readonly ref?: string;
      readonly outcome: string;
      readonly lossless?: boolean;
    }[];
  },
) {
  const rows = new Map(result.blocks.map((row) => [`${row.message} ${row.block}`, row]));
  return messages.flatMap((message, index) => {
    const sent = new Map(
      anthropicMessages.read(result.messages[index]).map(({ id, text }) => [id, text]),
    );
    return anthropicMessages
      .read(message)
      .filter(({ role }) => role === "tool")
      .map(({ id, text }) => {
        const row = rows.get(`${index} ${id}`);
        // A text that is gone is changed, and without a ref: it does not come back.
        return {
          message: index,
          block: id,
          original: text,
          text: sent.get(id) ?? "",
          kind: row?.kind,
          ref: row?.ref,
          became: row?.lossless === false ? "shortened" : (row?.outcome ?? "gone"),
        };
      });
  });
}

/** Every prefix of a session gives the bytes that the whole session gives for it. */
async function appendOnly(
  out: Report,
  samples: readonly Session[],
  { subject }: Bench,
): Promise<void> {
  let compared = 0;
  let changed = 0;
  for (const { messages } of samples) {
    const instance = subject.make({ store: subject.store() });
    let previous: readonly Message[] = [];
    const steps = Math.min(6, messages.length);
    for (let step = 1; step <= steps; step++) {
      const prefix = messages.slice(0, Math.ceil((messages.length * step) / steps));
      const result = await instance.compress(prefix);
      for (const [index, message] of previous.entries()) {
        compared++;
        if (JSON.stringify(message) !== JSON.stringify(result.messages[index])) changed++;
      }
      previous = result.messages;
    }
  }
  out.judge("sessions append-only", { met: compared - changed, of: compared });
}

/**
 * Literals in the arguments of a tool call that stood in a result before it: how many, and how many still stand somewhere before it
 * in what is sent: in a result, in the words of the user or the assistant, or in the arguments of an earlier call.
 */
function nextActionLiterals(
  before: readonly Message[],
  after: readonly Message[],
): { used: number; kept: number } {
  let used = 0;
  let kept = 0;
  let results = "";
  let shown = "";
  for (const [index, message] of before.entries()) {
    for (const block of blocksOf(message)) {
      if (block.type !== "tool_use") continue;
      for (const literal of new Set(jsonOf(block.input).match(LITERAL) ?? [])) {
        if (!results.includes(literal)) continue;
        used++;
        if (shown.includes(literal)) kept++;
      }
    }
    results += `${toolTexts(message).join("\n")}\n`;
    const sent = after[index];
    if (sent === undefined) continue;
    for (const { text } of anthropicMessages.read(sent)) shown += `${text}\n`;
    for (const block of blocksOf(sent))
      if (block.type === "tool_use") shown += `${jsonOf(block.input)}\n`;
  }
  return { used, kept };
}

const LITERAL = /[\w./-]{6,}/g;

function blocksOf({ content }: Message): readonly Block[] {
  return typeof content === "string" ? [] : content;
}

function jsonOf(input: unknown): string {
  return JSON.stringify(input ?? "");
}

function toolTexts({ content }: Message): readonly string[] {
  if (typeof content === "string") return [];
  return content.flatMap((block) => {
    if (block.type !== "tool_result") return [];
    if (typeof block.content === "string") return [block.content];
    return (block.content ?? []).flatMap(({ text }) => (text === undefined ? [] : [text]));
  });
}
