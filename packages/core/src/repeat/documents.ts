/** Texts taken apart, arguments of calls read, and what changed from one to another, remembered: the next turn has the same ones. */
import { type Lru, lru } from "../kit/lru.ts";
import { type CallArguments, readArguments } from "./call-texts.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { type Document, documentOf } from "./document.ts";

/** Bytes of a remembered document for each character of its text, roughly. */
const BYTES_PER_CHARACTER = 8;
/** The same for the arguments of a call, which are kept with the texts in them. */
const BYTES_PER_ARGUMENT = 12;
/** Of the bytes, the share for arguments of calls. */
const SHARE_OF_CALLS: number = 1 / 3;

/** Texts taken apart, those used last, and what differs between them: a memory of pure functions. */
export interface Documents {
  of(text: string): Document;
  /** The arguments of a call. */
  ofCall(args: string): CallArguments;
  difference(before: Document, after: Document): Difference | undefined;
}

export function rememberedDocuments(maxBytes: number): Documents {
  const forCalls = Math.floor(maxBytes * SHARE_OF_CALLS);
  const documents: Lru<string, Document> = lru({ max: maxBytes - forCalls });
  const calls: Lru<string, CallArguments> = lru({ max: forCalls });
  const differences = new WeakMap<Document, WeakMap<Document, Difference | null>>();
  return {
    of(text) {
      const known = documents.get(text);
      if (known) return known;
      const document = documentOf(text);
      documents.set(text, document, BYTES_PER_CHARACTER * text.length + 256);
      return document;
    },
    ofCall(args) {
      const known = calls.get(args);
      if (known) return known;
      const made = readArguments(args, documentOf);
      calls.set(args, made, BYTES_PER_ARGUMENT * args.length + 256);
      return made;
    },
    difference(before, after) {
      const from = differences.get(before) ?? new WeakMap<Document, Difference | null>();
      differences.set(before, from);
      const known = from.get(after);
      if (known !== undefined) return known ?? undefined;
      const difference = differenceOf(before, after);
      from.set(after, difference ?? null);
      return difference;
    },
  };
}
