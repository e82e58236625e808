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
import type { Compressed, CompressionContext, Compressor } from "../../types/compressor.ts";
import { detectDocument, type JsonDocument, readDocument } from "./document.ts";
import { encodeDocument, minifyDocument, renderPlan } from "./encode.ts";
import { decodeForm, hasLegend } from "./form.ts";
import { sameJson } from "./same.ts";
import { selectJson } from "./select/select.ts";

export interface JsonCompressorOptions {
  /**
   * Rows shown of one array besides those that must stay, in the lossy form.
   * @default 10
   */
  readonly maxRows?: number;
}

/** Longer texts pass through: everything here is linear, but memory is a multiple of the text. */
const maxLength = 16_000_000;

/**
 * A lossless form of at most so many tokens that meets the target is the answer. A longer one still yields to a view a
 * third its size: hundreds of rows that say the same are not worth reading, however well they are written.
 */
const fine = 500;

export function jsonCompressor(options: JsonCompressorOptions = {}): Compressor {
  return {
    name: "json",
    kind: "json",
    detect: detectDocument,
    compress(text, context): Compressed | undefined {
      if (text.length > maxLength || hasLegend(text)) return undefined;
      const document = readDocument(text);
      if (document === undefined) return undefined;
      // JSON in the middle of a log is the log's business.
      if ((document.root.end - document.root.start) * 2 < text.length) return undefined;
      const lossless = smallest(document, context);
      const met = lossless.tokens <= context.budgetTokens;
      if (!context.lossy || (met && lossless.tokens <= fine)) return exact(lossless, text);
      const { query, counter, budgetTokens } = context;
      const selection = selectJson(text, document.root, {
        budgetTokens,
        counter,
        ...(query === undefined ? {} : { query }),
        ...(options.maxRows === undefined ? {} : { maxRows: options.maxRows }),
      });
      if (selection === undefined || selection.omitted.length === 0) return exact(lossless, text);
      const view = renderPlan(document, selection.plan, counter);
      const most = met ? lossless.tokens / 3 : lossless.tokens;
      if (counter.count(view) >= most) return exact(lossless, text);
      return { text: view, lossless: false, omitted: selection.omitted };
    },
    decode(compressed): string | undefined {
      if (hasLegend(compressed)) return decodeForm(compressed);
      return readDocument(compressed) === undefined ? undefined : compressed;
    },
    same: sameJson,
  };
}

interface Lossless {
  readonly text: string;
  readonly tokens: number;
  /** The document without white space: what the text has to decode to. */
  readonly minified: string;
}

/** The lossless form, proven by its decoder; the minified document where the proof fails. */
function exact({ text, minified }: Lossless, original: string): Compressed | undefined {
  // Both are free of white space, so the same lexemes are the same text.
  const proven = text === minified || decodeForm(text) === minified ? text : minified;
  return proven.length < original.length ? { text: proven, lossless: true } : undefined;
}

/** The lossless form with the fewest tokens, not yet proven: our notation, or just no white space. */
function smallest(document: JsonDocument, { counter }: CompressionContext): Lossless {
  const minified = minifyDocument(document);
  const encoded = encodeDocument(document, counter);
  if (encoded.length >= minified.length)
    return { text: minified, tokens: counter.count(minified), minified };
  const tokens = counter.count(encoded);
  // Counting is what costs most here: not needed where the notation is shorter by far.
  if (encoded.length < minified.length * clearlyShorter) return { text: encoded, tokens, minified };
  const plain = counter.count(minified);
  return tokens < plain
    ? { text: encoded, tokens, minified }
    : { text: minified, tokens: plain, minified };
}

/** The notation has up to a third more tokens a character than JSON. */
const clearlyShorter = 0.6;
