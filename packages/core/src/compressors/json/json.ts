/**
 * JSON: answers of APIs, tools and command lines.
 *
 * The lossless form writes objects of the same kind as rows under one header, says once what is always the same, leaves
 * out what follows from other fields, and gives repeated text a short name (`print.ts` shows the notation). It is proven
 * by its decoder on every text. The lossy form keeps what `select/` chooses. Numbers, strings and key order are the
 * source's own; see `lexer.ts`.
 *
 * One trap: "the same" means the same lexemes. White space between them is not content, everything else is.
 */

import {
  detectDocument,
  type JsonDocument,
  readDocument,
  readInSteps,
} from "../../json/document.ts";
import { compareInSteps, sameJson } from "../../json/equal.ts";
import { countInSteps } from "../../steps.ts";
import type {
  Compressor,
  EncodeContext,
  ShortenContext,
  Steps,
  View,
} from "../../types/compressor.ts";
import { encodeDocument, mended, minifyDocument, renderPlan } from "./encode.ts";
import { decodeForm, decodeInSteps, hasLegend } from "./form.ts";
import { leastTokens } from "./least-tokens.ts";
import { sentencesIn } from "./select/note.ts";
import { originalUnits } from "./select/original.ts";
import { selectJson } from "./select/select.ts";

export interface JsonCompressorOptions {
  /**
   * Rows shown of one array besides those that must stay, in the view.
   * @default 10
   */
  readonly maxRows?: number;
}

/** Longer texts pass through: everything here is linear, but memory is a multiple of the text. */
const MAX_CHARACTERS = 16_000_000;

export function jsonCompressor(options: JsonCompressorOptions = {}): Compressor {
  // One context asks for several forms of one text: the document is read once for all of them.
  const read = new WeakMap<EncodeContext, ReadText>();
  function* documentOf(text: string, context: EncodeContext): Steps<JsonDocument | undefined> {
    const known = read.get(context);
    if (known?.text === text) return known.document;
    const document = yield* readMostly(text);
    read.set(context, { text, document });
    return document;
  }
  return {
    name: "json",
    kind: "json",
    detect: detectDocument,
    *encode(text, context) {
      const document = yield* documentOf(text, context);
      if (document === undefined) return undefined;
      return [yield* encodeDocument(document, context.counter), yield* minifyDocument(document)];
    },
    decode(encoded): string | undefined {
      if (hasLegend(encoded)) return decodeForm(encoded);
      return readDocument(encoded) === undefined ? undefined : encoded;
    },
    same: sameJson,
    prove,
    *shorten(text, context) {
      const document = yield* documentOf(text, context);
      return document && (yield* viewOf(document, context, options));
    },
    *original(text) {
      const document = yield* readMostly(text);
      if (document === undefined) return { values: () => undefined };
      const { source, root } = yield* mended(document);
      return originalUnits(source, root);
    },
    *leastTokens(text, context) {
      const document = yield* documentOf(text, context);
      return document === undefined ? 0 : yield* leastTokens(document, context.counter);
    },
  };
}

/** `decode` and `same`. */
function* prove(text: string, form: string): Steps<boolean> {
  let decoded: string | undefined = form;
  if (hasLegend(form)) decoded = yield* decodeInSteps(form);
  else if ((yield* readInSteps(form)) === undefined) return false;
  return decoded !== undefined && (yield* compareInSteps(text, decoded));
}

interface ReadText {
  readonly text: string;
  readonly document: JsonDocument | undefined;
}

/** The document that most of the text is. JSON in the middle of a log is the log's business. */
function* readMostly(text: string): Steps<JsonDocument | undefined> {
  if (text.length > MAX_CHARACTERS || hasLegend(text)) return undefined;
  const document = yield* readInSteps(text);
  if (document === undefined) return undefined;
  const length = document.root.end - document.root.start;
  return length * 2 < text.length ? undefined : document;
}

/** A view this much over its cap is made again, with a budget that is smaller by as much. */
const TOLERANCE = 1.1;
const MAX_TRIES = 3;
/** A try has to bring this much, for the next one to be made. */
const WORTH_SHARE = 0.85;

/** What `select/` shows of a document; `undefined` where nothing is left out. */
function* viewOf(
  given: JsonDocument,
  { query, counter, budgetTokens }: ShortenContext,
  { maxRows }: JsonCompressorOptions,
): Steps<View | undefined> {
  const document = yield* mended(given);
  let best: View | undefined;
  let least = Number.POSITIVE_INFINITY;
  let budget = budgetTokens;
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const selection = yield* selectJson(document.source, document.root, {
      budgetTokens: budget,
      counter,
      ...(query === undefined ? {} : { query }),
      ...(maxRows === undefined ? {} : { maxRows }),
    });
    if (selection === undefined || selection.omitted.length === 0) break;
    const { plan, omitted, said } = selection;
    const text = yield* renderPlan(document, plan, counter);
    const tokens = yield* countInSteps(text, counter);
    const isWorth = tokens < WORTH_SHARE * least;
    if (tokens < least) {
      best = { text, omitted, statements: sentencesIn(text, said) };
      least = tokens;
    }
    if (tokens <= TOLERANCE * budgetTokens || !isWorth) break;
    budget *= budgetTokens / tokens;
  }
  return best;
}
