/**
 * Remembers what replays have tried, so that the next turn over the same history tries nothing twice. What is tried after a message
 * depends on the messages up to it and on the options: where those are the same, so is the outcome.
 */
import type { PlacedBlock } from "../block.ts";
import { lru } from "../kit/lru.ts";
import type { MessageFrame } from "../transcript.ts";
import type { ToolCall } from "../types/message.ts";
import type { OldBlock, Tries } from "./epochs.ts";
import type { FileUse } from "./file-use.ts";
import { type FileTools, filesOf } from "./files.ts";

export interface ReplayMemory {
  /** What is known of the messages that this transcript has in common with an earlier one. */
  recall(options: string, transcript: Transcript): Tries;
  keep(options: string, transcript: Transcript, tries: Tries): void;
  /** `filesOf`, remembered. @param own the same in all calls */
  filesOf(call: ToolCall, own: FileTools): readonly FileUse[];
}

interface Transcript {
  readonly blocks: readonly OldBlock[];
  readonly frames: readonly MessageFrame[];
}

interface Kept extends Transcript {
  readonly options: string;
  readonly tries: Tries;
  readonly bytes: number;
}

/** Conversations that take turns. */
const MAX_KEPT = 16;
/** Bytes of what stands beside the text of a block, roughly, for each try. */
const BLOCK_BYTES = 64;

/** Of the bytes, the share for arguments of calls. */
const SHARE_OF_CALLS: number = 1 / 8;
/** Bytes of what a call does, beside its arguments, roughly. */
const CALL_BYTES = 256;

/** @param maxBytes of texts and tries; 0 keeps nothing */
export function replayMemory(maxBytes: number): ReplayMemory {
  let kept: readonly Kept[] = [];
  const forCalls = Math.floor(maxBytes * SHARE_OF_CALLS);
  const uses = lru<string, { readonly name: string; readonly files: readonly FileUse[] }>({
    max: forCalls,
  });
  return {
    filesOf(call, own) {
      const { name, args = "" } = call;
      const known = uses.get(args);
      if (known?.name === name) return known.files;
      const files = filesOf(call, own);
      uses.set(args, { name, files }, 2 * args.length + CALL_BYTES);
      return files;
    },
    recall(options, transcript) {
      let best: Kept | undefined;
      let length = 0;
      for (const one of kept) {
        const same = one.options === options ? messagesInCommon(one, transcript) : 0;
        if (same > length) [best, length] = [one, same];
      }
      return new Map([...(best?.tries ?? [])].filter(([message]) => message < length));
    },
    keep(options, transcript, tries) {
      if (tries.size === 0) return;
      const text = transcript.blocks.reduce((sum, { placed }) => sum + placed.block.text.length, 0);
      const bytes = 2 * text + BLOCK_BYTES * transcript.blocks.length * (tries.size + 1);
      // A turn takes the place of the turn before it.
      const others = kept.filter(
        (one) => one.options !== options || messagesInCommon(one, transcript) < one.frames.length,
      );
      let room = maxBytes - forCalls;
      kept = [{ ...transcript, options, tries, bytes }, ...others]
        .slice(0, MAX_KEPT)
        .filter((one) => {
          room -= one.bytes;
          return room >= 0;
        });
    },
  };
}

function messagesInCommon(left: Transcript, right: Transcript): number {
  let at = 0;
  const most = Math.min(left.frames.length, right.frames.length);
  for (let message = 0; message < most; message++) {
    if (!isSameFrame(left.frames[message], right.frames[message])) return message;
    for (; left.blocks[at]?.placed.message === message; at++)
      if (!isSameBlock(left.blocks[at], right.blocks[at])) return message;
    if (right.blocks[at]?.placed.message === message) return message;
  }
  return most;
}

function isSameFrame(left: MessageFrame | undefined, right: MessageFrame | undefined): boolean {
  return (
    left?.tokens === right?.tokens &&
    left?.startsTurn === right?.startsTurn &&
    left?.isPinned === right?.isPinned
  );
}

function isSameBlock(left: OldBlock | undefined, right: OldBlock | undefined): boolean {
  return (
    left !== undefined &&
    right !== undefined &&
    left.tokens === right.tokens &&
    left.mayShrink === right.mayShrink &&
    isSamePlaced(left.placed, right.placed)
  );
}

function isSamePlaced(left: PlacedBlock, right: PlacedBlock): boolean {
  return (
    left.message === right.message &&
    left.query === right.query &&
    left.call?.args === right.call?.args &&
    left.call?.name === right.call?.name &&
    left.call?.id === right.call?.id &&
    left.block.text === right.block.text &&
    left.block.role === right.block.role &&
    left.block.toolName === right.block.toolName &&
    left.block.toolCallId === right.block.toolCallId &&
    left.block.isError === right.block.isError
  );
}
