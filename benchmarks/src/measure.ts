/**
 * One text through the lossless and the balanced tier, with everything that can be checked about the answer.
 */
import {
  type CompressTextResult,
  createHeadroom,
  defaultCompressors,
  type Headroom,
  loadCounter,
  memoryStore,
  retrieve,
  stripMarker,
  type TokenCounter,
} from "@headroom/core";
import type { Sample } from "./corpus.ts";
import { sameJson } from "./json-lexemes.ts";
import { inventedLiterals } from "./literals.ts";
import {
  addTallies,
  type Needle,
  requestFor,
  type Tally,
  tallyVisible,
  visible,
} from "./needles.ts";

export interface Measured {
  readonly sample: Sample;
  readonly lossless: CompressTextResult;
  readonly losslessMs: number;
  /** `undefined` where nothing changed. */
  readonly decoded: "exact" | "same value" | "WRONG" | "not decodable here" | undefined;
  readonly balanced: CompressTextResult;
  readonly balancedMs: number;
  readonly roundTrip: "exact" | "WRONG" | undefined;
  readonly must: Tally;
  readonly query: Tally;
  readonly exact: Tally;
  readonly invented: readonly string[];
}

const STORE_BYTES = 512 * 1024 * 1024;

export const counter: TokenCounter = await loadCounter("o200k_base");

/** Fresh instances, so that no sample profits from another one. */
export async function measure(sample: Sample): Promise<Measured> {
  const { text } = sample;
  const lossless = await timed(() => createHeadroom({ mode: "lossless" }).compressText(text));
  const store = memoryStore({ maxBytes: STORE_BYTES });
  const instance = createHeadroom({ store });
  const balanced = await timed(() => instance.compressText(text));
  const of = (kind: Needle["kind"]): readonly Needle[] =>
    sample.needles.filter((one) => one.kind === kind);
  const asked: Tally[] = [];
  for (const needle of of("query")) {
    const answer = await instance.compressText(text, { query: needle.question ?? "" });
    asked.push(labelled(tallyVisible(needle, answer.text), needle));
  }
  const exact: Tally[] = [];
  for (const needle of of("ccr")) exact.push(await tallyExact(needle, balanced.value, instance));
  return {
    sample,
    lossless: lossless.value,
    losslessMs: lossless.milliseconds,
    decoded: decode(text, lossless.value),
    balanced: balanced.value,
    balancedMs: balanced.milliseconds,
    roundTrip: await roundTrip(text, balanced.value, store),
    must: addTallies(
      of("must").map((one) => labelled(tallyVisible(one, balanced.value.text), one)),
    ),
    query: addTallies(asked),
    exact: addTallies(exact),
    invented: balanced.value.text === text ? [] : inventedLiterals(balanced.value.text, text),
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
  instance: Headroom,
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

/** The store holds the original, and the tool serves it page by page. */
export async function roundTrip(
  text: string,
  { ref }: Pick<CompressTextResult, "ref">,
  store: ReturnType<typeof memoryStore>,
): Promise<"exact" | "WRONG" | undefined> {
  if (ref === undefined) return undefined;
  if ((await store.get(ref))?.text !== text) return "WRONG";
  let served = "";
  let offset = 0;
  // A page verifies the whole original, so a large one is read at its start only.
  for (let page = 0; page < (text.length > 200_000 ? 2 : 1000); page++) {
    const answer = await retrieve(store, { hash: ref, offset }, { maxTokens: 20_000 });
    served += answer.slices.map((slice) => slice.text).join("");
    if (answer.nextOffset === undefined) return served === text ? "exact" : "WRONG";
    offset = answer.nextOffset;
  }
  return text.startsWith(served) && served.length > 0 ? "exact" : "WRONG";
}

function decode(text: string, { text: output, block }: CompressTextResult): Measured["decoded"] {
  if (output === text) return undefined;
  const compressor = defaultCompressors().find(({ name }) => name === block.compressor);
  const decoded = compressor?.decode(stripMarker(output));
  // A text in several parts is decoded part by part inside the pipeline only.
  if (compressor === undefined) return "not decodable here";
  if (decoded === text) return "exact";
  if (decoded === undefined) return "not decodable here";
  return sameJson(decoded, text) ? "same value" : "WRONG";
}

function labelled(tally: Tally, { kind, question = "" }: Needle): Tally {
  return { ...tally, missing: tally.missing.map((one) => `${kind} (${question}): ${one}`) };
}
