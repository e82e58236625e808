/**
 * One text through the lossless and the balanced tier, with everything that can be checked about the answer.
 */
import { type CcrStore, type CompressTextResult, retrieve, stripMarker } from "@headroom/core";
import { type Given, isMadeOf, watched } from "../../test/laws/forms.ts";
import type { Sample } from "./corpus.ts";
import { inventedLiterals } from "./literals.ts";
import {
  addTallies,
  type Needle,
  requestFor,
  type Tally,
  tallyVisible,
  visible,
} from "./needles.ts";
import type { Subject } from "./subject.ts";
import type { Count } from "./targets.ts";
import { countsAgree, tokensOf } from "./tokens.ts";

/** One tier's answer for a text. */
export interface Tier {
  readonly text: string;
  readonly block: CompressTextResult["block"];
  readonly tokens: number;
  readonly milliseconds: number;
  /** Whether the original comes back from the text itself, whatever the library says; `undefined` where nothing changed. */
  readonly decodes: boolean | undefined;
  /** Whether the library's token figures are those of another package. */
  readonly reportsTokens: boolean;
}

export interface Measured {
  readonly sample: Sample;
  readonly tokens: number;
  readonly lossless: Tier;
  readonly balanced: Tier;
  /** Of a changed text; `undefined` where nothing changed. */
  readonly roundTrip: RoundTrip | undefined;
  readonly must: Tally;
  readonly query: Tally;
  readonly exact: Tally;
  readonly invented: readonly string[];
}

export type RoundTrip = "exact" | "WRONG" | "NO REF";

/** Fresh instances, so that no sample profits from another one. */
export async function measure(sample: Sample, subject: Subject): Promise<Measured> {
  const { text } = sample;
  const tokens = tokensOf(text);
  const tier = async (mode: "lossless" | "balanced", store?: CcrStore) => {
    const given: Given[] = [];
    const compressors = watched(given, subject.compressors());
    const instance = subject.make({ mode, compressors, ...(store ? { store } : {}) });
    const { value, milliseconds } = await timed(() => instance.compressText(text));
    const { text: output, block, ref, tokensBefore, tokensAfter } = value;
    const after = tokensOf(output);
    const answer: Tier = {
      text: output,
      block,
      tokens: after,
      milliseconds,
      decodes: output === text ? undefined : isMadeOf(text, stripMarker(output), given),
      reportsTokens: countsAgree(tokens, tokensBefore) && countsAgree(after, tokensAfter),
    };
    return { answer, instance, ref };
  };
  const { answer: lossless } = await tier("lossless");
  const store = subject.store();
  const { answer: balanced, instance, ref } = await tier("balanced", store);
  const of = (kind: Needle["kind"]): readonly Needle[] =>
    sample.needles.filter((one) => one.kind === kind);
  const asked: Tally[] = [];
  for (const needle of of("query")) {
    const answer = await instance.compressText(text, { query: needle.question ?? "" });
    asked.push(labelled(tallyVisible(needle, answer.text), needle));
  }
  const exact: Tally[] = [];
  const emitted = { text: balanced.text, ...(ref === undefined ? {} : { ref }) };
  for (const needle of of("ccr")) exact.push(await tallyExact(needle, emitted, instance));
  return {
    sample,
    tokens,
    lossless,
    balanced,
    roundTrip: await roundTrip(text, emitted, store),
    must: addTallies(of("must").map((one) => labelled(tallyVisible(one, balanced.text), one))),
    query: addTallies(asked),
    exact: addTallies(exact),
    invented: balanced.text === text ? [] : inventedLiterals(balanced.text, text),
  };
}

export interface Timed<Value> {
  readonly value: Value;
  /** By the clock on the wall. */
  readonly milliseconds: number;
  /** Processor time of this thread: the same on an idle machine, and still comparable on a busy one. */
  readonly threadMs: number;
}

export async function timed<Value>(run: () => Promise<Value> | Value): Promise<Timed<Value>> {
  const used = process.threadCpuUsage();
  const start = performance.now();
  const value = await run();
  const milliseconds = performance.now() - start;
  const { user, system } = process.threadCpuUsage(used);
  return { value, milliseconds, threadMs: (user + system) / 1000 };
}

/** A needle is met when it can be read in the block, or one call serves it. */
export async function tallyExact(
  needle: Needle,
  { text, ref }: { readonly text: string; readonly ref?: string },
  instance: Pick<ReturnType<Subject["make"]>, "retrieve">,
): Promise<Tally> {
  const read = tallyVisible(needle, text);
  if (ref === undefined || read.met === 1) return labelled(read, needle);
  const answer = await instance.retrieve(requestFor(needle, ref));
  const served = answer.slices.map((slice) => slice.text).join("\n");
  const missing = (needle.expect ?? []).filter((one) => !visible(served, one));
  const strings = needle.expect?.length ?? 0;
  return labelled(
    {
      needles: 1,
      met: missing.length === 0 ? 1 : 0,
      strings,
      stringsMet: strings - missing.length,
      missing,
    },
    needle,
  );
}

/**
 * The store holds the original of a changed text, and the tool serves it page by page.
 *
 * @returns undefined where nothing changed
 */
export async function roundTrip(
  original: string,
  emitted: { readonly text: string; readonly ref?: string },
  store: CcrStore,
): Promise<RoundTrip | undefined> {
  if (emitted.text === original) return undefined;
  const { ref } = emitted;
  if (ref === undefined) return "NO REF";
  if ((await store.get(ref as Parameters<CcrStore["get"]>[0]))?.text !== original) return "WRONG";
  let served = "";
  let offset = 0;
  // A page verifies the whole original, so a large one is read at its start only.
  for (let page = 0; page < (original.length > 200_000 ? 2 : 1000); page++) {
    const answer = await retrieve(store, { hash: ref, offset }, { maxTokens: 20_000 });
    served += answer.slices.map((slice) => slice.text).join("");
    if (answer.nextOffset === undefined) return served === original ? "exact" : "WRONG";
    offset = answer.nextOffset;
  }
  return original.startsWith(served) && served.length > 0 ? "exact" : "WRONG";
}

/** How many of the changed ones come back byte for byte. */
export function countBack(all: readonly (RoundTrip | undefined)[]): Count {
  const changed = all.filter((one) => one !== undefined);
  return { met: changed.filter((one) => one === "exact").length, of: changed.length };
}

/** How many of these hold. */
export function countOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): Count {
  return { met: items.filter(holds).length, of: items.length };
}

/** How many of the changed texts decode. */
export function countDecoded(tiers: readonly Tier[]): Count {
  const changed = tiers.filter(({ decodes }) => decodes !== undefined);
  return countOf(changed, ({ decodes }) => decodes === true);
}

function labelled(tally: Tally, { kind, question = "" }: Needle): Tally {
  return { ...tally, missing: tally.missing.map((one) => `${kind} (${question}): ${one}`) };
}
