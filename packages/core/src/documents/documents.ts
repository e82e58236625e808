/**
 * Retrieved documents within a number of tokens: the passages that answer the question, from all documents together.
 *
 * All documents are one text, each under a title, so that one original and one numbering of lines serve them all. No word of what
 * stays is dropped; each gap says how much is left out and on which lines. Of a document that is nearly an earlier one, what differs is
 * shown.
 */
import { printMarker } from "../ccr/marker.ts";
import { refOf, refScope } from "../ccr/ref.ts";
import { chooseUnits, rankUnits } from "../compressors/text/choose-units.ts";
import { drawUnits, omissionsOf, partsOf } from "../compressors/text/view.ts";
import { InvalidOptionError, StoreError } from "../errors.ts";
import { falseSentence } from "../forms/check.ts";
import { settle } from "../forms/pace.ts";
import { saveOriginals } from "../save.ts";
import { estimateCounter } from "../tokens/estimate.ts";
import type { Steps, View } from "../types/compressor.ts";
import type { Statement } from "../types/statement.ts";
import type { CcrRef, CcrStore } from "../types/store.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { type Collection, collect, type RetrievedDocument } from "./collection.ts";

export type { RetrievedDocument } from "./collection.ts";

export interface CompressDocumentsOptions {
  /** The most tokens of `text`, titles and marker included; 100 or more. */
  readonly maxTokens: number;
  /** @default an estimate that needs no vocabulary */
  readonly tokenCounter?: TokenCounter;
  /**
   * Keeps all documents as one text, which `headroom_retrieve` serves by the line numbers of the gaps. Without a store there is no
   * marker, and what is left out is in the hands of the caller alone.
   */
  readonly store?: CcrStore;
  /** As in `createHeadroom`. @default "default" */
  readonly namespace?: string;
  /** As in `createHeadroom`. */
  readonly secret?: string;
  /** @default 1,000 */
  readonly storeTimeoutMs?: number;
}

export interface CompressedDocument {
  readonly id: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** What is shown of it, without its title; empty where nothing is. */
  readonly text: string;
  /** The id of an earlier document that says nearly all of it: `text` is what only this one says. */
  readonly like?: string;
}

export interface CompressedDocuments {
  /** For a prompt: each document that is shown, under its title. */
  readonly text: string;
  /** One for each document, in the order given. */
  readonly documents: readonly CompressedDocument[];
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** Redeems all documents as one text. Absent without a store, and where all have room. */
  readonly ref?: CcrRef;
}

/** Least `maxTokens`: the marker, a title and a sentence. */
const LEAST_TOKENS = 100;
/** Tokens of the marker. */
const MARKER_TOKENS = 48;

/**
 * Shortens documents to `maxTokens` together, by what they say about the query. Where all have room, they stand whole.
 *
 * @param query what they were retrieved for. Empty: what documents begin with, and their structure
 * @throws InvalidOptionError
 * @throws StoreError when the store did not keep the originals
 */
export async function compressDocuments(
  documents: readonly RetrievedDocument[],
  query: string,
  options: CompressDocumentsOptions,
): Promise<CompressedDocuments> {
  checkOptions(options);
  const { maxTokens, tokenCounter: counter = estimateCounter, store } = options;
  const collection = await settle(collect(documents));
  const tokensBefore = counter.count(collection.text);
  const given = ({ id, metadata, like }: Collection["documents"][number]) => ({
    id,
    ...(metadata === undefined ? {} : { metadata }),
    ...(like === undefined ? {} : { like: collection.documents[like]?.id ?? "" }),
  });
  const whole = {
    text: collection.text,
    documents: collection.documents.map((each, at) => ({
      ...given({ ...each, like: undefined }),
      text: documents[at]?.text ?? "",
    })),
    tokensBefore,
    tokensAfter: tokensBefore,
  };
  if (tokensBefore <= maxTokens) return whole;
  const room = maxTokens - (store ? MARKER_TOKENS : 0);
  const drawn = await settle(drawWithin(collection, query, room, counter));
  if (drawn === undefined) return whole;
  const ref = store && (await save(collection.text, store, options));
  const marker =
    ref === undefined ? "" : `${printMarker({ ref, kind: "text", omitted: drawn.omitted })}\n`;
  const text = marker + drawn.text;
  return {
    text,
    documents: collection.documents.map((each, at) => ({
      ...given(each),
      text: drawn.texts[at] ?? "",
    })),
    tokensBefore,
    tokensAfter: counter.count(text),
    ...(ref === undefined ? {} : { ref }),
  };
}

/** Documents that are not shown and are named all the same. */
const MAX_NAMED = 12;

interface DrawnDocuments extends View {
  /** What is shown of each document. */
  readonly texts: readonly string[];
}

/** Tokens add up to more or less than those of the parts, and what is not shown is named: what turns out too long is drawn again. */
const MAX_TRIES = 6;

/** `undefined` where a sentence of it would not be true, which no test has seen. */
function* drawWithin(
  collection: Collection,
  query: string,
  room: number,
  counter: TokenCounter,
): Steps<DrawnDocuments | undefined> {
  const { text: source, units, hidden } = collection;
  const ranking = yield* rankUnits(source, units, { counter, query }, hidden);
  let budgetTokens = room;
  let drawn = yield* draw(collection, chooseUnits(ranking, budgetTokens));
  for (let tries = 1; tries < MAX_TRIES; tries++) {
    const excess = counter.count(drawn.text) - room;
    if (excess <= 0) break;
    budgetTokens -= excess + 2 ** (tries - 1);
    drawn = yield* draw(collection, chooseUnits(ranking, Math.max(0, budgetTokens)));
  }
  const isFalse = yield* falseSentence(source, drawn, partsOf(source, units), 1);
  return isFalse === undefined ? drawn : undefined;
}

function* draw(
  { text: source, units, documents }: Collection,
  shown: ReadonlySet<number>,
): Steps<DrawnDocuments> {
  const texts: string[] = [];
  const out: string[] = [];
  const statements: Statement[] = [];
  const gone = { lines: 0, parts: 0 };
  const away: string[] = [];
  for (const { units: own, id, like, note } of documents) {
    const [first, end] = own;
    // Its title is the first unit.
    let isShown = false;
    for (let at = first + 1; at < end; at++) isShown ||= shown.has(at);
    const body = yield* drawUnits(source, units, shown, [first + 1, end], 1);
    gone.lines += body.lines;
    gone.parts += body.parts;
    texts.push(isShown ? body.text.trimEnd() : "");
    if (!isShown) {
      away.push(
        like === undefined ? id : `${id} (nearly the same as ${documents[like]?.id ?? ""})`,
      );
      continue;
    }
    const title = units[first];
    const head = source.slice(title?.start ?? 0, title?.end ?? 0).trimEnd();
    out.push(note === undefined ? head : `${head}\n${note}`, body.text.trimEnd());
    statements.push(...body.statements);
  }
  if (away.length > 0) {
    const more = away.length - MAX_NAMED;
    const named = away.slice(0, MAX_NAMED).join("; ");
    out.push(`[not shown: ${named}${more > 0 ? `; and ${more} more` : ""}]`);
  }
  return { text: `${out.join("\n")}\n`, texts, omitted: omissionsOf(units, gone), statements };
}

async function save(
  text: string,
  store: CcrStore,
  { namespace = "default", secret, storeTimeoutMs = 1_000 }: CompressDocumentsOptions,
): Promise<CcrRef> {
  const ref = refOf(text, refScope(namespace, secret));
  const { unsafe } = await saveOriginals(store, [{ ref, text }], storeTimeoutMs);
  const reason = unsafe.get(ref);
  if (reason !== undefined) throw new StoreError(store.name, "put", reason);
  return ref;
}

function checkOptions(options: CompressDocumentsOptions): void {
  const { maxTokens } = options;
  if (!(Number.isSafeInteger(maxTokens) && maxTokens >= LEAST_TOKENS))
    throw new InvalidOptionError(
      "maxTokens",
      maxTokens,
      `a whole number of tokens, ${LEAST_TOKENS} or more`,
    );
}
