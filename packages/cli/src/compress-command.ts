/**
 * `headroom compress`: one text or one message list in, the same with fewer tokens out.
 *
 * The result goes to standard output byte for byte, so that the command can stand in a pipe; what was done goes to
 * standard error. Without a store only lossless forms are used: what is left out could not be had back.
 */
import { type CompressResult, type CompressTextResult, createHeadroom } from "@headroom/core";
import { CommandError } from "./command-error.ts";
import { readInput } from "./input.ts";
import { note, rowsOf } from "./ledger/ledger.ts";
import { headroomOptions, present, readOptions } from "./options.ts";
import { spliceJson } from "./splice-json.ts";
import { openStore } from "./store-option.ts";
import { summarizeMessages, summarizeText } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { type MessageDocument, parseMessageDocument } from "./transcript.ts";

/** A person can wait for a slow disk; a request cannot. */
const STORE_TIMEOUT_MS = 30_000;

export async function compressCommand(
  args: readonly string[],
  terminal: Terminal,
): Promise<undefined> {
  const given = readOptions("compress", args);
  const { text, has, positionals } = given;
  if (positionals.length > 1)
    throw new CommandError("compress takes one FILE. See: headroom compress --help");
  const format = formatOption(text("format"));
  const options = headroomOptions(given);
  const opened = await openStore(text("store"), terminal);
  if (!opened && (text("mode") === "balanced" || text("mode") === "aggressive")) {
    throw new CommandError(
      `--mode ${text("mode")} leaves text out, so it needs --store DIR to keep the originals.`,
    );
  }
  const headroom = createHeadroom({
    ...options,
    ...present({ store: opened?.store }),
    storeTimeoutMs: STORE_TIMEOUT_MS,
  });
  const call = present({ query: text("query") });
  const input = await readInput(positionals[0], terminal);
  const document = format === "text" ? undefined : parseMessageDocument(input.text);
  if (!document && format === "messages") {
    throw new CommandError(
      `${input.label} is not a message list (an array of messages, or an object with "messages").`,
    );
  }
  if (document) {
    const result = await headroom.compress(document.messages, call);
    const output = printMessages(input.text, document, result);
    write(terminal, has("json") ? jsonReport(result, output) : output);
    terminal.stderr.write(`${summarizeMessages(result, opened?.folder)}\n`);
    await note(terminal.env, "compress", rowsOf(result.blocks));
  } else {
    const result = await headroom.compressText(input.text, call);
    write(terminal, has("json") ? jsonReport(result, JSON.stringify(result.text)) : result.text);
    terminal.stderr.write(`${summarizeText(result, opened?.folder)}\n`);
    await note(terminal.env, "compress", rowsOf([result.block]));
  }
  for (const warning of opened?.store.warnings?.() ?? [])
    terminal.stderr.write(`headroom: ${warning}\n`);
}

function formatOption(value: string | undefined): "text" | "messages" | undefined {
  if (value === undefined || value === "text" || value === "messages") return value;
  throw new CommandError(`--format is "text" or "messages", not "${value}".`);
}

/** The input with nothing but the changed texts replaced, formatting included. */
function printMessages(
  source: string,
  document: MessageDocument,
  result: CompressResult<unknown>,
): string {
  const after = document.withMessages(result.messages);
  return spliceJson(source, document.value, after) ?? JSON.stringify(after);
}

/** The report with the output as its last member, spliced in as it is. */
function jsonReport(
  result: CompressResult<unknown> | CompressTextResult,
  outputJson: string,
): string {
  const { tokensBefore, tokensAfter, tokensSaved, savings } = result;
  const blocks = "blocks" in result ? result.blocks : [result.block];
  const refs = "refs" in result ? result.refs : result.ref === undefined ? [] : [result.ref];
  const report = JSON.stringify({ tokensBefore, tokensAfter, tokensSaved, savings, refs, blocks });
  return `${report.slice(0, -1)},"output":${outputJson.trim()}}\n`;
}

function write(terminal: Terminal, text: string): void {
  const needsNewline = terminal.stdout.isTTY === true && text !== "" && !text.endsWith("\n");
  terminal.stdout.write(needsNewline ? `${text}\n` : text);
}
