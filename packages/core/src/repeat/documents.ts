/** Texts taken apart, and what changed from one to another, remembered: the next turn has the same ones. */
import { type Lru, lru } from "../kit/lru.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { type Document, documentOf } from "./document.ts";

/** Bytes of a remembered document for each character of its text, roughly. */
const BYTES_PER_CHARACTER = 8;

/** Texts taken apart, those used last, and what differs between them: a memory of pure functions. */
export interface Documents {
  of(text: string): Document;
  difference(before: Document, after: Document): Difference | undefined;
}

export function rememberedDocuments(maxBytes: number): Documents {
  const documents: Lru<string, Document> = lru({ max: maxBytes });
  const differences = new WeakMap<Document, WeakMap<Document, Difference | null>>();
  return {
    of(text) {
      const known = documents.get(text);
      if (known) return known;
      const document = documentOf(text);
      documents.set(text, document, BYTES_PER_CHARACTER * text.length + 256);
      return document;
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
