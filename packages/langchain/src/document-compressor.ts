/**
 * Shortens retrieved documents, for `ContextualCompressionRetriever` and RAG chains.
 *
 * Ids and metadata are kept; what was done to a document is added under `metadata.headroom`. The query of the retrieval ranks
 * what a shortened document keeps.
 */
import {
  type CcrRef,
  type CompressTextResult,
  type ContentKind,
  InvalidOptionError,
} from "@headroom/core";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch/web";
import type { Callbacks } from "@langchain/core/callbacks/manager";
import { Document, type DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { type RunnableConfig, RunnableLambda } from "@langchain/core/runnables";
import { bestFirst, fitting, type Room } from "./document-ranking.ts";
import { COMPRESSION_EVENT, eventOfTexts } from "./events.ts";
import type { HeadroomLangChainOptions } from "./options.ts";
import { type InstanceOf, instances } from "./run.ts";

export interface HeadroomDocumentCompressorFields extends HeadroomLangChainOptions {
  /**
   * True where the model that reads the documents has the retrieve tool, so that they may be shortened.
   * @default false: only lossless forms
   */
  readonly retrieveTool?: boolean;
  /**
   * The most documents that are returned, best first by the retriever's order and the words of the query together. What is left out
   * is named in a last document. @default all, in the retriever's order
   */
  readonly maxDocuments?: number;
  /** The most tokens of all documents together, once they are short; chosen and named as with `maxDocuments`. @default no bound */
  readonly maxTokens?: number;
}

/** `metadata.headroom` of a document that was changed. */
export interface DocumentNote {
  /** Redeems the original. */
  readonly ref?: CcrRef;
  readonly kind?: ContentKind;
  readonly lossless: boolean;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

export class HeadroomDocumentCompressor extends BaseDocumentCompressor {
  private readonly instanceOf: InstanceOf;
  private readonly room: Room;

  /** @throws InvalidOptionError */
  constructor(fields: HeadroomDocumentCompressorFields = {}) {
    super();
    const { retrieveTool = false, maxDocuments, maxTokens, ...options } = fields;
    for (const [name, value] of Object.entries({ maxDocuments, maxTokens }))
      if (value !== undefined && !(Number.isSafeInteger(value) && value > 0))
        throw new InvalidOptionError(name, value, "a whole number, 1 or more");
    this.room = { maxDocuments, maxTokens };
    this.instanceOf = instances(options, retrieveTool);
  }

  override async compressDocuments(
    documents: DocumentInterface[],
    query: string,
    callbacks?: Callbacks,
  ): Promise<DocumentInterface[]> {
    const run = RunnableLambda.from((input: DocumentInterface[], config: RunnableConfig) =>
      this.run(input, query, config),
    );
    return run.invoke(documents, {
      runName: "HeadroomDocumentCompressor",
      ...(callbacks === undefined ? {} : { callbacks }),
    });
  }

  private async run(
    documents: readonly DocumentInterface[],
    query: string,
    config: RunnableConfig,
  ): Promise<DocumentInterface[]> {
    const headroom = this.instanceOf(config);
    const results = await Promise.all(
      documents.map(({ pageContent }) => headroom.compressText(pageContent, { query })),
    );
    await dispatchCustomEvent(COMPRESSION_EVENT, eventOfTexts(results), config);
    const short = documents.map((document, index) => shortDocument(document, results[index]));
    const { maxDocuments, maxTokens } = this.room;
    if (maxDocuments === undefined && maxTokens === undefined) return short;
    const ranked = bestFirst(
      documents.map(({ pageContent }) => pageContent),
      query,
    );
    const tokens = results.map(({ tokensAfter }) => tokensAfter);
    const kept = fitting(ranked, tokens, this.room);
    const left = ranked.filter((index) => !kept.includes(index));
    const pick = (indices: readonly number[]): DocumentInterface[] =>
      indices.flatMap((index) => short[index] ?? []);
    return left.length === 0 ? pick(kept) : [...pick(kept), leftOut(pick(left))];
  }
}

/** What there was no room for, as a document: what exists is not denied. */
function leftOut(documents: readonly DocumentInterface[]): DocumentInterface {
  const names = documents.map(({ id, metadata }, index) =>
    String(metadata.source ?? metadata.title ?? id ?? `document ${index + 1}`),
  );
  const count = names.length === 1 ? "1 more document was" : `${names.length} more documents were`;
  return new Document({
    pageContent: `[${count} found and left out for room: ${names.join("; ")}]`,
    metadata: { headroom: { leftOut: names } },
  });
}

/** The same object where nothing was gained. */
function shortDocument(
  document: DocumentInterface,
  result: CompressTextResult | undefined,
): DocumentInterface {
  if (!result || result.text === document.pageContent) return document;
  const { text, block, ref } = result;
  const note: DocumentNote = {
    ...(ref === undefined ? {} : { ref }),
    ...(block.kind === undefined ? {} : { kind: block.kind }),
    lossless: block.lossless === true,
    tokensBefore: block.tokensBefore,
    tokensAfter: block.tokensAfter,
  };
  return Object.assign(Object.create(Object.getPrototypeOf(document)), document, {
    pageContent: text,
    metadata: { ...document.metadata, headroom: note },
  });
}
