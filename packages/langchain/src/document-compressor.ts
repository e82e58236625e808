/**
 * Shortens retrieved documents, for `ContextualCompressionRetriever` and RAG chains.
 *
 * Ids and metadata are kept; what was done to a document is added under `metadata.headroom`. The query of the retrieval ranks
 * what a shortened document keeps.
 */
import type { CcrRef, CompressTextResult, ContentKind } from "@headroom/core";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch/web";
import type { Callbacks } from "@langchain/core/callbacks/manager";
import type { DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { type RunnableConfig, RunnableLambda } from "@langchain/core/runnables";
import { COMPRESSION_EVENT, eventOfTexts } from "./events.ts";
import type { HeadroomLangChainOptions } from "./options.ts";
import { type InstanceOf, instances } from "./run.ts";

export interface HeadroomDocumentCompressorFields extends HeadroomLangChainOptions {
  /**
   * True where the model that reads the documents has the retrieve tool, so that they may be shortened.
   * @default false: only lossless forms
   */
  readonly retrieveTool?: boolean;
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

  /** @throws InvalidOptionError */
  constructor(fields: HeadroomDocumentCompressorFields = {}) {
    super();
    const { retrieveTool = false, ...options } = fields;
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
    return documents.map((document, index) => shortDocument(document, results[index]));
  }
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
