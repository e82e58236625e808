/** Loads the parts of an instance. A bundle of one file has in it what is named here and used by it. */
import type { Parts } from "./parts.ts";

export const repeats: NonNullable<Parts["repeats"]> = () => import("./repeat/index.ts");
export const history: NonNullable<Parts["history"]> = () => import("./history/index.ts");
export const retrieval: NonNullable<Parts["retrieval"]> = () => import("./ccr/retrieve.ts");
export const analysis: NonNullable<Parts["analysis"]> = () => import("./history/analysis.ts");

/** What an instance can do besides compressing, all of it. */
export const ALL_PARTS: Parts = { repeats, history, retrieval, analysis };
