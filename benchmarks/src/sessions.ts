/**
 * Real coding-agent transcripts (Claude Code JSONL), as whole requests.
 *
 * Beside savings: whether the literals an agent used in its next tool call (paths, names, numbers that stood in the result
 * just before) can still be read there.
 */
import { createHeadroom, type HeadroomOptions, memoryStore } from "@headroom/core";
import { readSet } from "./corpus.ts";
import { timed } from "./measure.ts";
import { ms, percent, progress, type Report, report, saved } from "./report.ts";
import { sessionMessages } from "./requests.ts";

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

export async function sessions(): Promise<Report> {
  const out = report("sessions", "Transcripts of coding agents");
  const samples = readSet("sessions").map(({ name, text }) => ({
    name,
    messages: sessionMessages(text) as readonly Message[],
  }));
  if (samples.length === 0) out.text("The shared corpora are not there.");
  const rows: string[][] = [];
  for (const { name, options } of TIERS) {
    const sum = {
      before: 0,
      after: 0,
      tool: 0,
      toolAfter: 0,
      reads: 0,
      readsAfter: 0,
      used: 0,
      kept: 0,
      time: 0,
      changed: 0,
      back: 0,
    };
    for (const { name: session, messages } of samples) {
      progress(`${name}: ${session}`);
      const store = memoryStore({ maxBytes: 1024 ** 3 });
      const instance = createHeadroom(
        options.mode === "lossless" ? options : { ...options, store },
      );
      const { value: result, milliseconds } = await timed(() => instance.compress(messages));
      sum.time += milliseconds;
      sum.before += result.tokensBefore;
      sum.after += result.tokensAfter;
      for (const block of result.blocks) {
        if (block.role !== "tool") continue;
        sum.tool += block.tokensBefore;
        sum.toolAfter += block.tokensAfter;
        if (block.kind === "read") {
          sum.reads += block.tokensBefore;
          sum.readsAfter += block.tokensAfter;
        }
      }
      const { used, kept } = nextActionLiterals(messages, result.messages);
      sum.used += used;
      sum.kept += kept;
      const originals = new Set(messages.flatMap(toolTexts));
      for (const ref of result.refs) {
        sum.changed++;
        const entry = await store.get(ref);
        if (entry && originals.has(entry.text)) sum.back++;
      }
    }
    progress("");
    rows.push([
      name,
      percent(saved(sum.before, sum.after)),
      percent(saved(sum.tool, sum.toolAfter)),
      `${percent(saved(sum.reads, sum.readsAfter))} of ${sum.reads}`,
      `${sum.kept}/${sum.used}`,
      sum.changed > 0 ? `${sum.back}/${sum.changed}` : "–",
      ms(sum.time),
    ]);
    if (name.startsWith("reads") && samples.length > 0) {
      out.target({
        figure: "sessions: sparse line numbers of reads, lossless",
        target: "≥ 20 % of the tool tokens of reads",
        value: `${percent(saved(sum.reads, sum.readsAfter))} of reads, ${percent(saved(sum.tool, sum.toolAfter))} of all tool tokens`,
        reached: saved(sum.reads, sum.readsAfter) >= 0.2,
      });
    }
    if (name === "balanced" && sum.changed > 0) {
      out.target({
        figure: "sessions: originals of changed blocks, byte for byte",
        target: "100 %",
        value: `${sum.back} of ${sum.changed}`,
        reached: sum.back === sum.changed,
      });
    }
  }
  out.table(
    ["tier", "saved", "of tool tokens", "of reads", "next-action literals", "back", "time"],
    rows,
  );
  if (samples.length > 0) await appendOnly(out, samples);
  out.save();
  return out;
}

/** Every prefix of a session gives the bytes that the whole session gives for it. */
async function appendOnly(
  out: Report,
  samples: readonly { readonly name: string; readonly messages: readonly Message[] }[],
): Promise<void> {
  let compared = 0;
  let changed = 0;
  const times: number[] = [];
  for (const { messages } of samples) {
    const store = memoryStore({ maxBytes: 1024 ** 3 });
    const instance = createHeadroom({ store });
    let previous: readonly Message[] = [];
    const steps = Math.min(6, messages.length);
    for (let step = 1; step <= steps; step++) {
      const prefix = messages.slice(0, Math.ceil((messages.length * step) / steps));
      const { value: result, milliseconds } = await timed(() => instance.compress(prefix));
      times.push(milliseconds);
      for (const [index, message] of previous.entries()) {
        compared++;
        if (JSON.stringify(message) !== JSON.stringify(result.messages[index])) changed++;
      }
      previous = result.messages;
    }
  }
  out.target({
    figure: "sessions: earlier messages whose bytes change as the session grows",
    target: "0",
    value: `${changed} of ${compared}`,
    reached: changed === 0,
  });
}

/** Literals of a tool call that stood in the results just before it: how many, and how many still do. */
function nextActionLiterals(
  before: readonly Message[],
  after: readonly Message[],
): { used: number; kept: number } {
  let used = 0;
  let kept = 0;
  let results = "";
  let shown = "";
  for (const [index, message] of before.entries()) {
    if (message.role === "user") {
      results = toolTexts(message).join("\n");
      shown = after[index] === undefined ? "" : toolTexts(after[index]).join("\n");
    } else if (results !== "" && typeof message.content !== "string") {
      for (const block of message.content) {
        if (block.type !== "tool_use") continue;
        for (const literal of new Set(
          JSON.stringify(block.input ?? "").match(/[\w./-]{6,}/g) ?? [],
        )) {
          if (!results.includes(literal)) continue;
          used++;
          if (shown.includes(literal)) kept++;
        }
      }
    }
  }
  return { used, kept };
}

function toolTexts({ content }: Message): readonly string[] {
  if (typeof content === "string") return [];
  return content.flatMap((block) => {
    if (block.type !== "tool_result") return [];
    if (typeof block.content === "string") return [block.content];
    return (block.content ?? []).flatMap(({ text }) => (text === undefined ? [] : [text]));
  });
}
