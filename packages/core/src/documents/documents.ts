/**
 * Retrieved documents within a number of tokens: the passages that answer the question, from all documents together.
 *
 * All documents are one text, each under a title, so that one original and one numbering of lines serve them all. No word of what
 * stays is dropped; each gap says how much is left out and on which lines. Of a document that is nearly an earlier one, what differs is
 * shown.
 */
import { printMarker } from "../ccr/marker.ts";
import { refOf, refScope } from "../ccr/ref.ts";
import { chooseUnits, type Ranking, rankUnits } from "../compressors/text/choose-units.ts";
import {
  askScorer,
  checkScorer,
  type Scored,
  type ScorerOptions,
} from "../compressors/text/scorer.ts";
import { drawUnits, omissionsOf, partsOf, scorable } from "../compressors/text/view.ts";
import { InvalidOptionError, StoreError } from "../errors.ts";
import { falseSentence } from "../forms/check.ts";
import { countTokens } from "../forms/count.ts";
import { settle } from "../forms/pace.ts";
import { scheduler } from "../forms/schedule.ts";
import { saveOriginals } from "../save.ts";
import { estimateCounter } from "../tokens/estimate.ts";
import type { Steps, View } from "../types/compressor.ts";
import type { Statement } from "../types/statement.ts";
import type { CcrRef, CcrStore } from "../types/store.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { bestFirst } from "./best-first.ts";
import { type Collection, collect, type RetrievedDocument } from "./collection.ts";

export type { ScorerOptions, UnitScorer } from "../compressors/text/scorer.ts";
export type { RetrievedDocument } from "./collection.ts";

export interface CompressDocumentsOptions extends ScorerOptions {
  /** The most tokens of `text`, titles and marker included; 100 or more. */
  readonly maxTokens: number;
  /**
   * The most documents of which anything is shown, chosen by the order they are given in and the words of the query together.
   * @default all
   */
  readonly maxDocuments?: number;
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
  /** The id of an earlier document that says nearly all of it: `text` says so, and is what only this one says. */
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
  /** The first line of `text`, which names the ref: for those who send `documents`. Absent where `ref` is. */
  readonly marker?: string;
  /** The last line of `text`, which names the documents that are not shown. Absent where all are. */
  readonly notShown?: string;
  /** Why the words of the query ranked and not the scorer. Absent without a scorer, where it was used, and where all have room. */
  readonly scorerFailure?: string;
}

/** Least `maxTokens`: the marker, a title and a sentence. */
const LEAST_TOKENS = 100;
/** Tokens of the marker. */
const MARKER_TOKENS = 48;

/**
 * Shortens documents to `maxTokens` together, by what they say about the query. Where all have room, they stand whole.
 *
 * A document without a text counts as an empty one.
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
  checkOptions(documents, options);
  return compressTidy(documents.map(tidy), typeof query === "string" ? query : "", options);
}

/** What stores and retrievers hand over may lack a text, or have numbers for ids. */
function tidy(document: RetrievedDocument): RetrievedDocument {
  const { id, text }: { readonly id?: unknown; readonly text?: unknown } = document;
  const isTidy = typeof text === "string" && (id === undefined || typeof id === "string");
  if (isTidy) return document;
  const { id: _, ...others } = document;
  const name =
    typeof id === "string" || typeof id === "number" || typeof id === "bigint"
      ? { id: String(id) }
      : {};
  return { ...others, ...name, text: typeof text === "string" ? text : "" };
}

async function compressTidy(
  documents: readonly RetrievedDocument[],
  query: string,
  options: CompressDocumentsOptions,
): Promise<CompressedDocuments> {
  const { maxTokens, maxDocuments = documents.length, store, scorer } = options;
  const { tokenCounter: counter = estimateCounter } = options;
  const pace = scheduler().pace();
  const chosen = await settle(chosenOf(documents, query, maxDocuments), pace);
  const collection = await settle(
    collect(documents, (at) => chosen === undefined || chosen.has(at)),
    pace,
  );
  const tokensBefore = await countTokens(collection.text, counter, pace);
  const given = ({ id, metadata, like }: Collection["documents"][number]) => ({
    id,
    ...(metadata === undefined ? {} : { metadata }),
    ...(like === undefined ? {} : { like: collection.documents[like]?.name ?? "" }),
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
  if (tokensBefore <= maxTokens && chosen === undefined) return whole;
  const scored =
    scorer &&
    (await askScorer(
      scorer,
      scorable(
        collection.text,
        collection.units,
        (at) => collection.hidden.has(at) || collection.repeated.has(at),
      ),
      query,
      options.scorerTimeoutMs,
    ));
  const room = maxTokens - (store ? MARKER_TOKENS : 0);
  const drawn = await settle(drawWithin(collection, query, room, counter, scored), pace);
  if (drawn === undefined) return whole;
  const ref = store && (await save(collection.text, store, options));
  const marker = ref && printMarker({ ref, kind: "text", omitted: drawn.omitted });
  const text = marker === undefined ? drawn.text : `${marker}\n${drawn.text}`;
  return {
    text,
    documents: collection.documents.map((each, at) => ({
      ...given(each),
      text: drawn.texts[at] ?? "",
    })),
    tokensBefore,
    tokensAfter: counter.count(text),
    ...(ref === undefined ? {} : { ref }),
    ...(marker === undefined ? {} : { marker }),
    ...(drawn.notShown === undefined ? {} : { notShown: drawn.notShown }),
    ...(scored?.failure === undefined ? {} : { scorerFailure: scored.failure }),
  };
}

/** The documents of which something may be shown; `undefined` for all. */
function* chosenOf(
  documents: readonly RetrievedDocument[],
  query: string,
  maxDocuments: number,
): Steps<ReadonlySet<number> | undefined> {
  if (documents.length <= maxDocuments) return undefined;
  const texts = documents.map(({ text }) => text);
  return new Set((yield* bestFirst(texts, query)).slice(0, maxDocuments));
}

/** Documents that are not shown and are named all the same. */
const MAX_NAMED = 12;
/** Their names take no more than this share of the room. */
const NAMES_SHARE = 0.25;

interface DrawnDocuments extends View {
  /** What is shown of each document. */
  readonly texts: readonly string[];
  readonly notShown?: string | undefined;
}

/** Tokens add up to more or less than those of the parts, and what is not shown is named: what turns out too long is drawn again. */
const MAX_TRIES = 6;

/** `undefined` where a sentence of it would not be true, which no test has seen. */
function* drawWithin(
  collection: Collection,
  query: string,
  room: number,
  counter: TokenCounter,
  { scores }: Pick<Scored, "scores"> = {},
): Steps<DrawnDocuments | undefined> {
  const { text: source, units, hidden, repeated } = collection;
  const hints = { hidden, repeated, scores, isCollection: true };
  const ranked = yield* rankUnits(source, units, { counter, query }, hints);
  const ranking = withNotes(ranked, collection, counter);
  const drawFor = (budgetTokens: number): Steps<DrawnDocuments> =>
    draw(collection, chooseUnits(ranking, budgetTokens), room, counter);
  let budgetTokens = room;
  let drawn = yield* drawFor(budgetTokens);
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const excess = counter.count(drawn.text) - room;
    if (excess <= 0) break;
    budgetTokens = tries === MAX_TRIES ? 0 : Math.max(0, budgetTokens - excess - 2 ** (tries - 1));
    drawn = yield* budgetTokens === 0
      ? draw(collection, new Set(), room, counter)
      : drawFor(budgetTokens);
  }
  const isFalse = yield* falseSentence(source, drawn, partsOf(source, units), 1);
  return isFalse === undefined ? drawn : undefined;
}

/** A title costs what is said below it as well. */
function withNotes(ranking: Ranking, { documents }: Collection, counter: TokenCounter): Ranking {
  const costs = [...ranking.costs];
  for (const { units, note } of documents)
    if (note !== undefined) costs[units[0]] = (costs[units[0]] ?? 0) + counter.count(`${note}\n`);
  return { ...ranking, costs };
}

function* draw(
  { text: source, units, documents }: Collection,
  shown: ReadonlySet<number>,
  room: number,
  counter: TokenCounter,
): Steps<DrawnDocuments> {
  const texts: string[] = [];
  const out: string[] = [];
  const statements: Statement[] = [];
  const gone = { lines: 0, parts: 0 };
  const away: string[] = [];
  for (const { units: own, name, like, note } of documents) {
    const [first, end] = own;
    // Its title is the first unit.
    let isShown = false;
    for (let at = first + 1; at < end; at++) isShown ||= shown.has(at);
    const body = yield* drawUnits(source, units, shown, [first + 1, end], 1);
    gone.lines += body.lines;
    gone.parts += body.parts;
    const text = isShown ? body.text.trimEnd() : "";
    texts.push(isShown && note !== undefined ? `${note}\n${text}` : text);
    if (isShown) {
      const title = units[first];
      out.push(source.slice(title?.start ?? 0, title?.end ?? 0).trimEnd(), texts.at(-1) ?? "");
      statements.push(...body.statements);
    } else if (end - first > 1) {
      // An empty document has nothing that could be shown.
      const isLike = like !== undefined;
      away.push(isLike ? `${name} (nearly the same as ${documents[like]?.name ?? ""})` : name);
    }
  }
  const notShown = away.length > 0 ? namesWithin(away, room * NAMES_SHARE, counter) : undefined;
  if (notShown !== undefined) out.push(notShown);
  const omitted = omissionsOf(units, gone);
  return { text: `${out.join("\n")}\n`, texts, omitted, statements, notShown };
}

/** Names as many as have room, and says how many more there are. */
function namesWithin(names: readonly string[], room: number, counter: TokenCounter): string {
  for (let count = Math.min(names.length, MAX_NAMED); count > 0; count--) {
    const more = names.length - count;
    const named = names.slice(0, count).join("; ");
    const line = `[not shown: ${named}${more > 0 ? `; and ${more} more` : ""}]`;
    if (counter.count(line) <= room) return line;
  }
  return `[not shown: ${names.length} ${names.length === 1 ? "document" : "documents"}]`;
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

function checkOptions(documents: unknown, options: CompressDocumentsOptions): void {
  const areObjects =
    Array.isArray(documents) &&
    documents.every((each) => typeof each === "object" && each !== null);
  if (!areObjects)
    throw new InvalidOptionError("documents", documents, "an array of { text, id, metadata }");
  if (typeof options !== "object" || options === null)
    throw new InvalidOptionError("options", options, "{ maxTokens }");
  checkScorer(options);
  const { maxTokens, maxDocuments = 1 } = options;
  if (!(Number.isSafeInteger(maxDocuments) && maxDocuments >= 1))
    throw new InvalidOptionError("maxDocuments", maxDocuments, "a whole number, 1 or more");
  if (!(Number.isSafeInteger(maxTokens) && maxTokens >= LEAST_TOKENS))
    throw new InvalidOptionError(
      "maxTokens",
      maxTokens,
      `a whole number of tokens, ${LEAST_TOKENS} or more`,
    );
}
