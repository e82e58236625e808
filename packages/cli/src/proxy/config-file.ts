/** The file of `--config`: JSON in which comments and trailing commas may stand. */
import { readFile } from "node:fs/promises";
import type { ParseError } from "jsonc-parser";
import { CommandError } from "../command-error.ts";

/** One member of the file. */
export interface FileEntry {
  readonly key: string;
  readonly value: unknown;
  /** Counted from 1. */
  readonly line: number;
}

/** @throws CommandError for what is no object of JSON, or names a key twice */
export async function readConfigFile(path: string): Promise<readonly FileEntry[]> {
  const text = (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  // Loaded late: most start without a file.
  const { getNodeValue, parseTree, printParseErrorCode } = await import("jsonc-parser");
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    const what = printParseErrorCode(first.error)
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
      .toLowerCase();
    throw new CommandError(`${path}, line ${lineAt(first.offset)} is not valid JSON: ${what}.`);
  }
  if (root?.type !== "object")
    throw new CommandError(`${path} has to be one JSON object: { "port": 8787 }.`);
  const seen = new Set<string>();
  return (root.children ?? []).map((property) => {
    const [name, value] = property.children ?? [];
    const key = String(name?.value);
    const line = lineAt(property.offset);
    if (seen.has(key)) throw new CommandError(`${path}, line ${line}: "${key}" is there twice.`);
    seen.add(key);
    return { key, line, value: value && getNodeValue(value) };
  });
}
