/** What compressors offer for one text: the lossless form with the fewest tokens, proven, and a view. */
import type {
  Compressor,
  EncodeContext,
  Omission,
  ShortenContext,
  View,
} from "../types/compressor.ts";
import type { Form, Pace } from "../types/runner.ts";
import { falseSentence } from "./check.ts";
import { countTokens } from "./count.ts";
import { Interruption, settle } from "./pace.ts";
import { type Candidate, SURE, SURE_OF_PARAGRAPH } from "./route.ts";

/** What was tried and did not come to a form, for the report. */
export interface Trouble {
  readonly reasons: string[];
  failed: boolean;
}

export function noTrouble(): Trouble {
  return { reasons: [], failed: false };
}

/** A form longer than this many times the shortest has more tokens, whatever it is made of. */
const HOPELESS = 1 / 0.6;
/** Characters only rule out the hopeless: a form a little longer than the text may have fewer tokens. */
const LONGER_THAN_TEXT = 1.1;

interface Offer {
  readonly compressor: Compressor;
  readonly text: string;
}

export interface Lossless {
  /** The form with the fewest tokens that decodes to the text. */
  readonly form?: Form;
  /** Characters of the shortest form that each compressor offered. */
  readonly lengths: ReadonlyMap<Compressor, number>;
}

/** Lets the compressors compete for the lossless form with the fewest tokens. */
export async function bestLossless(
  text: string,
  compressors: readonly Compressor[],
  context: EncodeContext,
  pace: Pace,
  trouble: Trouble,
): Promise<Lossless> {
  const lengths = new Map<Compressor, number>();
  const offers: Offer[] = [];
  for (const compressor of compressors)
    for (const form of await encodings(text, compressor, context, pace, trouble)) {
      if (form.length >= text.length * LONGER_THAN_TEXT) continue;
      offers.push({ compressor, text: form });
      lengths.set(compressor, Math.min(form.length, lengths.get(compressor) ?? form.length));
    }
  const shortest = Math.min(...offers.map((offer) => offer.text.length));
  const counted: { offer: Offer; tokens: number }[] = [];
  for (const offer of offers) {
    if (offer.text.length > shortest * HOPELESS) continue;
    counted.push({ offer, tokens: await countTokens(offer.text, context.counter, pace) });
  }
  counted.sort((a, b) => a.tokens - b.tokens);
  for (const { offer, tokens } of counted) {
    const { compressor, text: form } = offer;
    if (await proves(text, offer, pace, trouble)) {
      const proven = { ...named(compressor), text: form, tokens, lossless: true, omitted: [] };
      return { form: proven, lengths };
    }
    trouble.reasons.push(`${compressor.name} could not prove its form`);
  }
  return { lengths };
}

async function encodings(
  text: string,
  compressor: Compressor,
  context: EncodeContext,
  pace: Pace,
  trouble: Trouble,
): Promise<readonly string[]> {
  try {
    await pace.rest();
    const forms = await settle(compressor.encode(text, context), pace);
    const list = typeof forms === "string" ? [forms] : (forms ?? []);
    if (list.length === 0) trouble.reasons.push(`${compressor.name} has no form for it`);
    return list;
  } catch (error) {
    note(error, compressor, trouble);
    return [];
  }
}

/** Law 4: a lossless form is used after its decoder gave the text back. */
async function proves(
  text: string,
  { compressor, text: form }: Offer,
  pace: Pace,
  trouble: Trouble,
): Promise<boolean> {
  try {
    await pace.rest();
    if (compressor.prove) return await settle(compressor.prove(text, form), pace);
    const decoded = compressor.decode(form);
    return decoded !== undefined && (compressor.same?.(text, decoded) ?? decoded === text);
  } catch (error) {
    note(error, compressor, trouble);
    return false;
  }
}

/**
 * The view of the first of the candidates that has one.
 *
 * Where one that is sure of the text finds nothing to leave out, those that take any text are not asked: they would leave out what
 * it holds to be worth reading.
 */
export async function firstView(
  text: string,
  candidates: readonly Candidate[],
  context: ShortenContext,
  pace: Pace,
  trouble: Trouble,
): Promise<Form | undefined> {
  let least = 0;
  for (const { compressor, score } of candidates) {
    if (!compressor.shorten || score < least) continue;
    try {
      await pace.rest();
      const view = await settle(compressor.shorten(text, context), pace);
      if (!view) {
        if (score >= SURE) least = SURE_OF_PARAGRAPH;
        continue;
      }
      const untrue = await whyUnusable(text, view, compressor, context, pace);
      if (untrue === undefined) {
        const tokens = await countTokens(view.text, context.counter, pace);
        const { text: shown, omitted, note } = view;
        const form = { ...named(compressor), text: shown, omitted, tokens, lossless: false };
        return note === undefined ? form : { ...form, note };
      }
      trouble.reasons.push(`${compressor.name} ${untrue}`);
    } catch (error) {
      note(error, compressor, trouble);
    }
  }
  return undefined;
}

/** Laws 3 and 9: a view that does not say what it left out, or says something false about it, is not used. */
async function whyUnusable(
  text: string,
  view: View,
  compressor: Compressor,
  { firstLine = 1 }: ShortenContext,
  pace: Pace,
): Promise<string | undefined> {
  if (view.omitted.length === 0) return "does not say what it left out";
  const read = view.statements?.some(({ of, field }) => of !== "" || field !== undefined);
  const original = read ? await settle(compressor.original?.(text), pace) : undefined;
  const sentence = await settle(falseSentence(text, view, original, firstLine), pace);
  return sentence === undefined ? undefined : `says what is not so: ${sentence.slice(0, 80)}`;
}

/** A compressor that throws has failed; that the work was interrupted is not its fault. */
function note(error: unknown, { name }: Compressor, trouble: Trouble): void {
  if (Interruption.isInstance(error)) throw error;
  trouble.failed = true;
  trouble.reasons.push(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
}

function named({ kind, name }: Compressor): { kind: string; compressor: string } {
  return { kind, compressor: name };
}

/** Omissions of several parts, added up by what they count. */
export function mergeOmissions(omitted: readonly Omission[]): readonly Omission[] {
  const merged = new Map<string, Omission>();
  for (const omission of omitted) {
    const key = `${omission.unit}\0${omission.what ?? ""}`;
    const old = merged.get(key);
    merged.set(
      key,
      old
        ? { ...old, count: old.count + omission.count, total: old.total + omission.total }
        : omission,
    );
  }
  return [...merged.values()];
}
