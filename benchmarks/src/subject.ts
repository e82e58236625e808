/** What the benchmarks measure: the library as it is, or one that is broken on purpose. */
import {
  type CcrStore,
  type Compressor,
  createHeadroom,
  estimateTokens,
  type Headroom,
  type HeadroomOptions,
  loadCounter,
  memoryStore,
  type TokenCounter,
} from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import { compressDocuments } from "@headroom/core/documents";
import type { Data } from "./corpus.ts";
import type { Report } from "./report.ts";
import type { BenchName } from "./targets.ts";

export interface Subject {
  make(options?: HeadroomOptions): Headroom;
  compressors(): readonly Compressor[];
  readonly compressDocuments: typeof compressDocuments;
  /** A new store that is large enough for anything measured here. */
  store(): CcrStore;
  /** The library's exact counter. */
  readonly counter: TokenCounter;
  estimate(text: string): number;
  /** Name of the sabotage, by which a child process makes the same subject. */
  readonly sabotage?: string;
}

/** How much is measured. */
export interface Size {
  readonly growthBytes: readonly [number, number, number];
  readonly rateBytes: number;
  /** Units an input made to hurt is built of. */
  readonly hostileUnits: number;
  /** Processes that are started for a cold request. */
  readonly coldRuns: number;
  /** Search results of the cold request. */
  readonly coldRows: number;
  /** Times are added up until there are so many milliseconds. */
  readonly enoughMs: number;
  /** How often that is done; the median counts. */
  readonly batches: number;
}

/** One run of a part of the benchmarks. */
export interface Bench {
  readonly subject: Subject;
  readonly data: Data;
  readonly size: Size;
  report(name: BenchName, title: string): Report;
}

export const FULL: Size = {
  growthBytes: [500_000, 1_000_000, 2_000_000],
  rateBytes: 1_000_000,
  hostileUnits: 250_000,
  coldRuns: 5,
  coldRows: 1_000,
  enoughMs: 100,
  batches: 3,
};

const STORE_BYTES = 1024 ** 3;

export const library: Subject = {
  make: createHeadroom,
  compressors: defaultCompressors,
  compressDocuments,
  store: () => memoryStore({ maxBytes: STORE_BYTES }),
  counter: await loadCounter("o200k_base"),
  estimate: estimateTokens,
};
