/** What `measure` goes through, one after the other: files, and the sessions in the storage of OpenCode. */
import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { isRecord } from "@headroom/core/kit";
import { decodeText } from "../input.ts";
import type { FoundFile } from "../measure/find-files.ts";
import type { RecordedSession } from "../measure/session-cost.ts";
import { parseJsonLines, parseMessageDocument, parseMessageLines } from "../transcript.ts";
import { codexSession } from "./codex.ts";
import { databaseSessions, folderSessions, type OpenCodeSession } from "./opencode.ts";

/** Larger files are named and left out: nobody hands them to a model, and they would dominate every figure. */
export const MAX_FILE_BYTES = 100_000_000;

export interface Item {
  readonly path: string;
  readonly bytes: number;
  read(): Promise<Content>;
}

export type Content =
  | { readonly session: MeasuredSession }
  | { readonly text: string }
  | { readonly problem: string };

export interface MeasuredSession extends RecordedSession {
  /** The document, where the file is one request. */
  readonly request?: unknown;
}

/** Files of OpenCode's storage become its sessions. */
export async function itemsOf(files: readonly FoundFile[]): Promise<readonly Item[]> {
  const items: Item[] = [];
  const folders = new Set<string>();
  for (const file of files) {
    if (basename(file.path) === "opencode.db") {
      items.push(...sessionItems(file.path, tryDatabase(file)));
      continue;
    }
    const storage = storageOf(file.path);
    if (storage === undefined) items.push(fileItem(file));
    else if (!folders.has(storage)) {
      folders.add(storage);
      items.push(...sessionItems(storage, await folderSessions(storage)));
    }
  }
  return items;
}

/** `…/opencode/storage` of a file in it. */
function storageOf(path: string): string | undefined {
  const found =
    /^(.*[\\/]opencode[\\/]storage)[\\/](?:message|part|session|session_diff|project|todo)[\\/]/.exec(
      path,
    );
  return found?.[1];
}

function tryDatabase(file: FoundFile): readonly OpenCodeSession[] | { readonly problem: string } {
  try {
    return databaseSessions(file.path);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function sessionItems(
  path: string,
  found: readonly OpenCodeSession[] | { readonly problem: string },
): readonly Item[] {
  if ("problem" in found) return [{ path, bytes: 0, read: async () => found }];
  return found.map(({ id, bytes, read }) => ({
    path: `${dirname(path)}/${id}`,
    bytes,
    read: async () => ({ session: { messages: await read() } }),
  }));
}

function fileItem(file: FoundFile): Item {
  return { ...file, read: () => readItem(file) };
}

async function readItem(file: FoundFile): Promise<Content> {
  if (file.bytes > MAX_FILE_BYTES) return { problem: "larger than 100 MB" };
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file.path);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const decoded = decodeText(bytes);
  if (decoded.text === undefined) return { problem: decoded.problem };
  const session = sessionIn(decoded.text);
  return session ? { session } : { text: decoded.text };
}

/** The conversation that a text holds, if it does. */
function sessionIn(text: string): MeasuredSession | undefined {
  const document = parseMessageDocument(text);
  if (document) {
    const { value, messages } = document;
    const { system, tools } = isRecord(value) ? value : {};
    return { messages, request: value, system, tools };
  }
  const lines = parseJsonLines(text);
  if (lines === undefined) return undefined;
  const codex = codexSession(lines);
  if (codex) return codex;
  const messages = parseMessageLines(lines);
  return messages && { messages };
}
