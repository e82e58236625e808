/**
 * Shortens retrieved documents, for `ContextualCompressionRetriever` and RAG chains.
 *
 * Ids and metadata are kept; what was done to a document is added under `metadata.headroom`. The query of the retrieval ranks
 * what a shortened document keeps.
 */
import type { CcrRef, ContentKind } from "@headroom/core";
import type { DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { type HeadroomLangChainOptions, headroomFor } from "./options.ts";

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
  private readonly headroom: ReturnType<typeof headroomFor>;

  /** @throws InvalidOptionError */
  constructor(fields: HeadroomDocumentCompressorFields = {}) {
    super();
    const { retrieveTool = false, ...options } = fields;
    this.headroom = headroomFor(options, retrieveTool);
  }

  override compressDocuments(
    documents: DocumentInterface[],
    query: string,
  ): Promise<DocumentInterface[]> {
    return Promise.all(documents.map((document) => this.compressDocument(document, query)));
  }

  /** The same object where nothing was gained. */
  private async compressDocument(
    document: DocumentInterface,
    query: string,
  ): Promise<DocumentInterface> {
    const { text, block, ref } = await this.headroom.compressText(document.pageContent, { query });
    if (text === document.pageContent) return document;
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
}
