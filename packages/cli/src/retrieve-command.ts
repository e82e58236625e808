/**
 * `headroom retrieve`: an original, or a slice of it, out of a store.
 *
 * The same slices that the model's tool serves, without its cap on size; without a slice, the whole original.
 */
import { parseArgs } from "node:util";
import { type RetrieveRequest, type RetrieveResult, retrieve } from "@headroom/core";
import { CommandError } from "./command-error.ts";
import { parsed, present, wholeNumber } from "./options.ts";
import { openExistingStore } from "./store-option.ts";
import type { Terminal } from "./terminal.ts";

export async function retrieveCommand(
  args: readonly string[],
  terminal: Terminal,
): Promise<undefined> {
  const { values, positionals } = parsed("retrieve", () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        store: { type: "string" },
        query: { type: "string" },
        lines: { type: "string" },
        rows: { type: "string" },
        path: { type: "string" },
        level: { type: "string" },
        count: { type: "boolean" },
        offset: { type: "string" },
        limit: { type: "string" },
        json: { type: "boolean" },
      },
    }),
  );
  const [hash, ...more] = positionals;
  if (hash === undefined || more.length > 0) {
    throw new CommandError("retrieve takes one REF. See: headroom retrieve --help");
  }
  const slice = present({
    query: values.query,
    lines: values.lines,
    rows: values.rows,
    path: values.path,
    level: values.level,
    count: values.count,
    offset: wholeNumber("offset", values.offset),
    limit: wholeNumber("limit", values.limit),
  });
  const { store } = await openExistingStore(values.store, terminal);
  const request: RetrieveRequest = { hash, ...slice };
  // The cap protects a model's context; a person may have it all.
  const result = await retrieve(store, request, { maxTokens: Number.POSITIVE_INFINITY });
  if (result.found && values.count && !values.json) {
    terminal.stdout.write(`${result.text}\n`);
    return undefined;
  }
  if (!result.found || (result.slices.length === 0 && !values.count)) {
    throw new CommandError(oneLine(result.note ?? result.text));
  }
  if (values.json) terminal.stdout.write(`${JSON.stringify(result)}\n`);
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
