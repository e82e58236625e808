/**
 * Shortens retrieved documents, for `ContextualCompressionRetriever` and RAG chains.
 *
 * Ids and metadata are kept; what was done to a document is added under `metadata.headroom`. Within a room, all documents are
 * shortened together by `compressDocuments` of core: the passages that answer the query.
 */
import { type CcrRef, type ContentKind, InvalidOptionError } from "@headroom/core";
import type { ScorerOptions } from "@headroom/core/documents";
import { checkScorer } from "@headroom/core/kit";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch/web";
import type { Callbacks } from "@langchain/core/callbacks/manager";
import type { DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { type RunnableConfig, RunnableLambda } from "@langchain/core/runnables";
import { type FoundDocument, passagesOf, textOf } from "./document-passages.ts";
import { COMPRESSION_EVENT, eventOfTexts } from "./events.ts";
import type { HeadroomLangChainOptions } from "./options.ts";
import { type InstanceOf, instances, placeOf } from "./run.ts";

export interface HeadroomDocumentCompressorFields extends HeadroomLangChainOptions, ScorerOptions {
  /**
   * True where the model that reads the documents has the retrieve tool, so that they may be shortened, under a marker.
   * @default false: only lossless forms, and what `maxTokens` and `maxDocuments` ask for
   */
  readonly retrieveTool?: boolean;
  /**
   * The most documents that are returned, chosen by the retriever's order and the words of the query together. What is left out is
   * named in a last document. @default all
   */
  readonly maxDocuments?: number;
  /**
   * The most tokens of all documents together, 100 or more. Where they have more, the passages that answer the query are returned,
   * word for word and in the retriever's order; each gap is declared, with `retrieveTool` under a marker that redeems it. In
   * `mode: "lossless"` documents are returned whole or not at all. @default no bound
   */
  readonly maxTokens?: number;
}

/** `metadata.headroom` of a document that was changed. */
export interface DocumentNote {
  /** Redeems the original; where passages were chosen, all documents as one text, by the line numbers of the gaps. */
  readonly ref?: CcrRef;
  readonly kind?: ContentKind;
  readonly lossless: boolean;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** Names the earlier document that says nearly all of it: only what this one says is left. */
  readonly like?: string;
}

const LEAST_TOKENS = 100;

/** Makes retrieved documents short: each by its kind, and within `maxTokens` by what answers the query. */
export class HeadroomDocumentCompressor extends BaseDocumentCompressor {
  private readonly instanceOf: InstanceOf;
  private readonly fields: HeadroomDocumentCompressorFields;

  /** @throws InvalidOptionError */
  constructor(fields: HeadroomDocumentCompressorFields = {}) {
    super();
    checkScorer(fields);
    const { retrieveTool = false, maxDocuments, maxTokens, ...others } = fields;
    const { scorer: _, scorerTimeoutMs: __, ...options } = others;
    const isCount = (value: unknown, least: number): boolean =>
      value === undefined || (Number.isSafeInteger(value) && (value as number) >= least);
    if (!isCount(maxDocuments, 1))
      throw new InvalidOptionError("maxDocuments", maxDocuments, "a whole number, 1 or more");
    if (!isCount(maxTokens, LEAST_TOKENS))
      throw new InvalidOptionError(
        "maxTokens",
        maxTokens,
        `a whole number of tokens, ${LEAST_TOKENS} or more`,
      );
    this.fields = fields;
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
    const { maxDocuments = documents.length, maxTokens = Number.MAX_SAFE_INTEGER } = this.fields;
    const headroom = this.instanceOf(config);
    const found: readonly FoundDocument[] = await Promise.all(
      documents.map(async (document) => {
        const result = await headroom.compressText(
          textOf(document),
          typeof query === "string" ? { query } : {},
        );
        return { document, result };
      }),
    );
    const tokens = found.reduce((sum, { result }) => sum + result.tokensAfter, 0);
    const isAudit = this.fields.mode === "audit";
    const hasRoom = isAudit || (documents.length <= maxDocuments && tokens <= maxTokens);
    const { store: _, namespace: __, ...fields } = this.fields;
    const options = { ...fields, ...placeOf(this.fields, config), maxDocuments, maxTokens };
    const { shown, notShown } = hasRoom
      ? { shown: found, notShown: undefined }
      : await passagesOf(found, query, options);
    const results = shown.map(({ result }) => result);
    await dispatchCustomEvent(COMPRESSION_EVENT, eventOfTexts(results), config);
    const short = shown.filter(({ isLeftOut }) => !isLeftOut).map(shortDocument);
    return notShown === undefined ? short : [...short, notShown];
  }
}

/** The same object where nothing was gained. */
function shortDocument({ document, result, like }: FoundDocument): DocumentInterface {
  const { text, block, ref } = result;
  if (text === textOf(document)) return document;
  const note: DocumentNote = {
    ...(ref === undefined ? {} : { ref }),
    ...(block.kind === undefined ? {} : { kind: block.kind }),
    lossless: block.lossless === true,
    tokensBefore: block.tokensBefore,
    tokensAfter: block.tokensAfter,
    ...(like === undefined ? {} : { like }),
  };
  return Object.assign(Object.create(Object.getPrototypeOf(document)), document, {
    pageContent: text,
    metadata: { ...document.metadata, headroom: note },
  });
}
