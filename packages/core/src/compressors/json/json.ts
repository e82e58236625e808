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
import type { Compressor, EncodeContext, Steps } from "../../types/compressor.ts";
import { encodeDocument, mended, minifyDocument } from "./encode.ts";
import { decodeForm, decodeInSteps, hasLegend } from "./form.ts";
import { leastTokens } from "./least-tokens.ts";
import { originalUnits } from "./select/original.ts";
import { viewOf } from "./view.ts";

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
