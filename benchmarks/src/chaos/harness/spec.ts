/** A store described in JSON, so that any process can open it. */

export interface StoreSpec {
  readonly kind: "redis" | "sqlite" | "folder";
  readonly port?: number;
  /** Ports of a cluster's nodes. */
  readonly cluster?: readonly number[];
  /** Ports of sentinels that know the primary as `chaos`. */
  readonly sentinels?: readonly number[];
  readonly path?: string;
  /** Options of the store beside these; what is not named keeps its default. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly clientOptions?: Readonly<Record<string, unknown>>;
  /** Added to the store's clock, one after the other, each for half a second. */
  readonly clockSkewsMs?: readonly number[];
  /** Name of a sabotage in `sabotage.ts`: the store breaks what a row guards. */
  readonly sabotage?: string;
  /** Where a sabotaged store reads instead. */
  readonly otherPort?: number;
}

/** A reader that has no copies of its own. */
export function withoutCopies(spec: StoreSpec): StoreSpec {
  if (spec.kind !== "redis") return spec;
  return { ...spec, options: { ...spec.options, localCacheBytes: 0 } };
}
