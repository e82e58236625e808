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
import { renderPlan } from "./encode.ts";
import { decodeForm, hasLegend } from "./form.ts";
import { exceeds, type Lossless, prove, smallest } from "./lossless.ts";
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

/** From this length on the view is made before the lossless form, which it may spare. */
const viewFirst = 20_000;

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
      const length = document.root.end - document.root.start;
      if (length * 2 < text.length) return undefined;
      const { lossy, counter, budgetTokens } = context;
      // A view of a long list is mostly so much shorter that the lossless form need not be written.
      const first = lossy && length > viewFirst ? viewOf(document, context, options) : undefined;
      if (first && exceeds(document, Math.max(fine, first.tokens * 3), counter))
        return first.compressed;
      const lossless = smallest(document, counter);
      const met = lossless.tokens <= budgetTokens;
      if (!lossy || (met && lossless.tokens <= fine)) return exact(lossless, text);
      const view = first ?? viewOf(document, context, options);
      const most = met ? lossless.tokens / 3 : lossless.tokens;
      return view === undefined || view.tokens >= most ? exact(lossless, text) : view.compressed;
    },
    decode(compressed): string | undefined {
      if (hasLegend(compressed)) return decodeForm(compressed);
      return readDocument(compressed) === undefined ? undefined : compressed;
    },
    same: sameJson,
  };
}

function exact(lossless: Lossless, original: string): Compressed | undefined {
  const text = prove(lossless);
  return text.length < original.length ? { text, lossless: true } : undefined;
}

interface View {
  readonly compressed: Compressed;
  readonly tokens: number;
}

/** What is shown of a document that does not fit; `undefined` where nothing is left out. */
function viewOf(
  document: JsonDocument,
  { query, counter, budgetTokens }: CompressionContext,
  { maxRows }: JsonCompressorOptions,
): View | undefined {
  const selection = selectJson(document.source, document.root, {
    budgetTokens,
    counter,
    ...(query === undefined ? {} : { query }),
    ...(maxRows === undefined ? {} : { maxRows }),
  });
  if (selection === undefined || selection.omitted.length === 0) return undefined;
  const text = renderPlan(document, selection.plan, counter);
  const { omitted } = selection;
  return { compressed: { text, lossless: false, omitted }, tokens: counter.count(text) };
}
