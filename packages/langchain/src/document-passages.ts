/** Documents that have more tokens than there is room, as passages: what core's `compressDocuments` chooses, given back as documents. */
import {
  type CcrStore,
  type CompressTextResult,
  counterForModel,
  type HeadroomOptions,
  type TokenCounter,
} from "@headroom/core";
import { compressDocuments, type ScorerOptions } from "@headroom/core/documents";
import { isRecord } from "@headroom/core/kit";
import { Document, type DocumentInterface } from "@langchain/core/documents";

/** A document and what is shown of it. */
export interface FoundDocument {
  readonly document: DocumentInterface;
  /** Before passages are chosen: its form by its kind. */
  readonly result: CompressTextResult;
  /** The name of the document that says nearly all of it. */
  readonly like?: string;
  /** Nothing of it is shown. */
  readonly isLeftOut?: boolean;
}

export interface PassageOptions
  extends ScorerOptions,
    Pick<HeadroomOptions, "mode" | "model" | "secret" | "storeTimeoutMs" | "tokenCounter"> {
  readonly maxDocuments: number;
  readonly maxTokens: number;
  readonly namespace: string;
  readonly store?: CcrStore;
  readonly retrieveTool?: boolean;
}

interface Passages {
  /** One for each document that was found, in their order. */
  readonly shown: readonly FoundDocument[];
  /** Names the documents of which nothing is shown, where there are any. */
  readonly notShown: DocumentInterface | undefined;
}

/** Rejects as `compressDocuments` does. */
export async function passagesOf(
  found: readonly FoundDocument[],
  query: string,
  { retrieveTool, store, mode, model, ...options }: PassageOptions,
): Promise<Passages> {
  const counter = options.tokenCounter ?? (await counterForModel(model));
  const names = found.map(({ document }, at) => nameOf(document, at));
  const given = found.map(({ document, result }, at) => {
    const { kind = "text", tokensAfter, tokensBefore } = result.block;
    // A form that knows the kind of its text says more than sentences of it.
    const isForm = kind !== "text" && tokensAfter < tokensBefore;
    const text = isForm ? result.text : textOf(document);
    return { id: names[at] ?? "", text, whole: isForm || mode === "lossless" };
  });
  const chosen = await compressDocuments(given, query, {
    ...options,
    tokenCounter: counter,
    ...(retrieveTool && store ? { store } : {}),
  });
  const { ref, notShown, scorerFailure } = chosen;
  let { marker } = chosen;
  /** One marker serves all documents: it stands above the first gap. */
  const marked = (text: string): string => {
    const line = marker;
    marker = undefined;
    return line === undefined ? text : `${line}\n${text}`;
  };
  const why = `passages that answer the query${scorerFailure === undefined ? "" : `; ${scorerFailure}`}`;
  const leftOut: string[] = [];
  const shown = found.map(({ document, result }, at): FoundDocument => {
    const { text = "", like } = chosen.documents[at] ?? {};
    const was = given[at]?.text ?? "";
    if (text.trimEnd() === was.trimEnd()) {
      const isForm = was !== textOf(document);
      return { document, result: isForm ? result : asItIs(document, result) };
    }
    const seen = { ...(like === undefined ? {} : { like }), document };
    const more = ref === undefined ? {} : { ref };
    if (text !== "")
      return { ...seen, result: shortened(result, marked(text), why, counter, more) };
    leftOut.push(names[at] ?? "");
    const gone = shortened(result, "", "not shown: there is no room", counter, more);
    return { ...seen, result: gone, isLeftOut: true };
  });
  if (notShown === undefined) return { shown, notShown };
  const metadata = { headroom: { leftOut, ...(ref === undefined ? {} : { ref }) } };
  return { shown, notShown: new Document({ pageContent: marked(notShown), metadata }) };
}

/** The text of a document: a retriever may hand over some that have none. */
export function textOf(document: DocumentInterface): string {
  const text: unknown = document?.pageContent;
  return typeof text === "string" ? text : "";
}

/** What a document is called where it is not shown, or is like another one. Metadata may hold anything. */
function nameOf(document: DocumentInterface, at: number): string {
  const { id, metadata }: { readonly id?: unknown; readonly metadata?: unknown } = document ?? {};
  const known = isRecord(metadata) ? [metadata.source, metadata.title, id] : [id];
  const name = known.find((each) => NAMES.has(typeof each) && each !== "");
  return name === undefined ? `document ${at + 1}` : String(name);
}

const NAMES: ReadonlySet<string> = new Set(["bigint", "number", "string"]);

/** The report of a document that is returned as it is, whatever form it could have had. */
function asItIs(document: DocumentInterface, result: CompressTextResult): CompressTextResult {
  const pageContent = textOf(document);
  if (result.text === pageContent) return result;
  const { message, block, role, tokensBefore, milliseconds } = result.block;
  const place = { message, block, role, tokensBefore, milliseconds };
  return {
    text: pageContent,
    block: { ...place, outcome: "declined", reason: "has room", tokensAfter: tokensBefore },
    tokensBefore,
    tokensAfter: tokensBefore,
    tokensSaved: 0,
    savings: 0,
  };
}

function shortened(
  { block: { omitted: _, ref: __, ...row }, tokensBefore }: CompressTextResult,
  text: string,
  reason: string,
  counter: TokenCounter,
  ref: Pick<CompressTextResult, "ref">,
): CompressTextResult {
  const tokensAfter = text === "" ? 0 : counter.count(text);
  const kind = { kind: "text", compressor: "text", lossless: false, ...ref } as const;
  const tokensSaved = tokensBefore - tokensAfter;
  return {
    text,
    block: { ...row, ...kind, outcome: "compressed", reason, tokensAfter },
    ...ref,
    tokensBefore,
    tokensAfter,
    tokensSaved,
    savings: tokensBefore > 0 ? tokensSaved / tokensBefore : 0,
  };
}
