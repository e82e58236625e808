/**
 * Web pages, for people who give a model what a browser or a fetch tool returns.
 *
 * There is no lossless form: the markup is what is left out. Of an article the view shows the main content, of another page the text
 * in its structure, both as Markdown with their links and tables.
 */
import type { Compressor } from "@headroom/core";
import { InvalidOptionError } from "@headroom/core";
import { detectPage } from "./detect.ts";
import { type Page, readPage } from "./page.ts";
import { originalOf, viewOf } from "./view.ts";

/** Options of `htmlCompressor`. */
export interface HtmlCompressorOptions {
  /**
   * Characters. A longer page is left to the other compressors.
   * @default 8_000_000
   */
  readonly maxCharacters?: number;
}

const MAX_CHARACTERS = 8_000_000;
/** A shorter text is no page. */
const MIN_CHARACTERS = 200;

/**
 * Web pages as Markdown: `compressors: [...defaultCompressors(), htmlCompressor()]`. The page itself stays redeemable.
 *
 * Throws `InvalidOptionError` for wrong options.
 */
export function htmlCompressor(options: HtmlCompressorOptions = {}): Compressor {
  const { maxCharacters = MAX_CHARACTERS } = options;
  if (!Number.isSafeInteger(maxCharacters) || maxCharacters < 1)
    throw new InvalidOptionError("maxCharacters", maxCharacters, "a whole number from 1");
  /** The page that was read last: it is read again to check what its view says. */
  let last: { readonly source: string; readonly page: Page } | undefined;
  return {
    name: "html",
    kind: "html",
    leavesFiles: true,
    detect: detectPage,
    encode: () => undefined,
    decode: () => undefined,
    *shorten(source, context) {
      if (source.length > maxCharacters || source.length < MIN_CHARACTERS) return undefined;
      const page = yield* readPage(source);
      last = { source, page };
      return yield* viewOf(source, page, context);
    },
    *original(source) {
      const page = last?.source === source ? last.page : yield* readPage(source);
      last = undefined;
      return yield* originalOf(page);
    },
  };
}
