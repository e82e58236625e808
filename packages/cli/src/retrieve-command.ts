/**
 * `headroom retrieve`: an original, or a slice of it, out of a store.
 *
 * The same slices that the model's tool serves, without its cap on size; without a slice, the whole original.
 */
import { type RetrieveRequest, type RetrieveResult, retrieve } from "@headroom/core";
import { CommandError } from "./command-error.ts";
import { present, readOptions } from "./options.ts";
import { openExistingStore } from "./store-option.ts";
import type { Terminal } from "./terminal.ts";

export async function retrieveCommand(
  args: readonly string[],
  terminal: Terminal,
): Promise<undefined> {
  const given = readOptions("retrieve", args);
  const { text, has, positionals } = given;
  const [hash, ...more] = positionals;
  if (hash === undefined || more.length > 0) {
    throw new CommandError("retrieve takes one REF. See: headroom retrieve --help");
  }
  const slice = present({
    query: text("query"),
    lines: text("lines"),
    rows: text("rows"),
    path: text("path"),
    level: text("level"),
    count: has("count") || undefined,
    offset: given.number("offset"),
    limit: given.number("limit"),
  });
  const { store } = await openExistingStore(text("store"), terminal);
  const request: RetrieveRequest = { hash, ...slice };
  // The cap protects a model's context; a person may have it all.
  const result = await retrieve(store, request, { maxTokens: Number.POSITIVE_INFINITY });
  if (result.found && has("count") && !has("json")) {
    terminal.stdout.write(`${result.text}\n`);
    return undefined;
  }
  if (!result.found || (result.slices.length === 0 && !has("count"))) {
    throw new CommandError(oneLine(result.note ?? result.text));
  }
  if (has("json")) terminal.stdout.write(`${JSON.stringify(result)}\n`);
  else print(result, terminal);
}

/** One slice byte for byte, several with a line above each that says where it stood. */
function print({ slices, text, note }: RetrieveResult, terminal: Terminal): void {
  const [first, ...more] = slices;
  terminal.stdout.write(more.length === 0 && first ? first.text : `${text}\n`);
  const where = more.length === 0 && first ? first.label : `${slices.length} slices`;
  terminal.stderr.write(`headroom: ${where}${note ? `. ${oneLine(note)}` : ""}\n`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
