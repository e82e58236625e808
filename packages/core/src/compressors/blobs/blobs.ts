/**
 * Texts with encoded bytes, runs of one character, minified code or vectors of numbers in them, which no other kind claims.
 *
 * A view says what each is, and leaves everything around it as it is.
 */
import { finish } from "../../steps.ts";
import type { Compressor, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits, Statement } from "../../types/statement.ts";
import { type Blob, findBlobs } from "../../view/blob.ts";

/** Others that claim the text know more about it. */
const UNSURE = 0.3;
/** Share of a text that its blobs take where it is ours. */
const MIN_SHARE = 0.25;
const MAX_CHARACTERS = 16_000_000;
/** The name of the blobs for the check of what is said about them. */
const BLOBS = "blobs";

export function blobsCompressor(): Compressor {
  return {
    name: "blobs",
    kind: "blobs",
    detect: (sample) => (shareOf(sample, finish(findBlobs(sample))) >= MIN_SHARE ? UNSURE : 0),
    // Nothing is shorter than the bytes themselves.
    encode: () => undefined,
    decode: () => undefined,
    shorten,
    original,
  };
}

function shareOf(text: string, blobs: readonly Blob[]): number {
  return blobs.reduce((sum, { start, end }) => sum + end - start, 0) / Math.max(1, text.length);
}

function* shorten(text: string, _context: ShortenContext): Steps<View | undefined> {
  if (text.length > MAX_CHARACTERS || !text.isWellFormed()) return undefined;
  const blobs = yield* findBlobs(text);
  if (blobs.length === 0) return undefined;
  const parts: string[] = [];
  const statements: Statement[] = [];
  let from = 0;
  let gone = 0;
  for (const [at, blob] of blobs.entries()) {
    const { start, end, head } = blob;
    const sentence = describe(blob);
    parts.push(text.slice(from, start + head), `… ${sentence} …`);
    statements.push({
      text: sentence,
      of: BLOBS,
      about: [[at, at + 1]],
      facts: [{ says: "list", values: [sentence] }],
    });
    gone += end - start - head;
    from = end;
  }
  parts.push(text.slice(from));
  const omitted = {
    unit: "characters",
    count: gone,
    total: text.length,
    what: "encoded or repeated",
  };
  return { text: parts.join(""), omitted: [omitted], statements };
}

/** `23984 characters more of PNG image in base64 (17.6 kB)` */
function describe({ start, end, head, what }: Blob): string {
  return `${end - start - head} characters more of ${what}`;
}

function* original(text: string): Steps<OriginalUnits> {
  const blobs = yield* findBlobs(text);
  const described = blobs.map(describe);
  return { values: (of) => (of === BLOBS ? described : undefined) };
}
