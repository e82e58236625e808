/**
 * Which results are superseded: reads of a file that was changed, or read again, later. It is fed with a transcript in order, and
 * what it knows of a result never changes again.
 */
import type { PlacedBlock } from "../block.ts";
import type { ToolCall } from "../types/message.ts";
import { covers, type FileUse, type Lines } from "./file-use.ts";

/** More reads of one file are not watched at the same time: the oldest is left out. */
const MAX_WATCHED = 64;
/** Characters of a result that say how a call ended. */
const HEAD = 200;

interface Watched {
  readonly lines: Lines | undefined;
  readonly blocks: readonly number[];
}

export interface StaleReads {
  /** Takes the results of one message. @param first index of the first block among those of the transcript */
  add(blocks: readonly PlacedBlock[], first: number): void;
  /** Why the result is superseded; `undefined` where it is not, as far as is known yet. */
  why(block: number): Reason | undefined;
}

interface Reason {
  /** A sentence about the result. */
  readonly words: string;
  /** Index of the block that shows the same file later, where one does. */
  readonly by?: number;
}

export function staleReads(filesOf: (call: ToolCall) => readonly FileUse[]): StaleReads {
  const watched = new Map<string, Watched[]>();
  const reasons = new Map<number, Reason>();
  const supersede = (path: string, reason: Reason, lines?: Lines): void => {
    const left: Watched[] = [];
    for (const read of watched.get(path) ?? []) {
      if (!covers(lines, read.lines)) left.push(read);
      else for (const block of read.blocks) if (!reasons.has(block)) reasons.set(block, reason);
    }
    watched.set(path, left);
  };
  const take = (uses: readonly FileUse[], blocks: readonly number[]): void => {
    for (const { action, path, lines } of uses)
      if (action === "edit") supersede(path, { words: `${path} was changed after this was read.` });
      else {
        const [by = -1] = blocks;
        supersede(path, { words: `${path} was read again after this.`, by }, lines);
      }
    const [use] = uses;
    // Of a result that shows several files a part may still be true.
    if (uses.length !== 1 || use?.action !== "read") return;
    const list = watched.get(use.path) ?? [];
    list.push({ lines: use.lines, blocks });
    watched.set(use.path, list.slice(-MAX_WATCHED));
  };
  return {
    add(blocks, first) {
      for (const [id, places] of resultsIn(blocks)) {
        const results = places.flatMap((place) => blocks[place] ?? []);
        const call = results[0]?.call;
        if (!call || call.id !== id || results.some(failed)) continue;
        take(
          filesOf(call),
          places.map((place) => first + place),
        );
      }
    },
    why: (block) => reasons.get(block),
  };
}

/** Blocks by the call they answer. */
function resultsIn(blocks: readonly PlacedBlock[]): ReadonlyMap<string, readonly number[]> {
  const results = new Map<string, number[]>();
  for (const [place, { block }] of blocks.entries()) {
    if (block.role !== "tool" || block.toolCallId === undefined) continue;
    const places = results.get(block.toolCallId) ?? [];
    places.push(place);
    results.set(block.toolCallId, places);
  }
  return results;
}

/** Whether a result says that its call failed, by its flag or in the words of the usual tools. */
function failed({ block: { isError, text } }: PlacedBlock): boolean {
  if (isError) return true;
  const head = text.slice(0, HEAD).trimStart();
  return /^(?:<tool_use_error>|error\b|failed\b|traceback\b)/i.test(head) || EXIT.test(head);
}

const EXIT = /(?:exited with code|exit code:?|"exit_code":) ?[1-9]/i;
