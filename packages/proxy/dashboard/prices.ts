/** Prices that the user sets, and what they make of the tokens. They stay in the browser. */
import type { ProxyStats } from "../src/stats/types.ts";

/** US dollars for a million tokens. */
export interface Prices {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

export type PriceName = keyof Prices;

export const PRICE_NAMES: readonly PriceName[] = ["input", "cacheRead", "cacheWrite", "output"];

/** By model; `*` for all that have none of their own. */
export type PriceList = ReadonlyMap<string, Prices>;

export const ALL_MODELS = "*";
/** No provider asks for as much. */
const MAX_PRICE = 1_000_000;

/** A price as a person types it; `undefined` for what is none. A comma may stand for the point. */
export function readPrice(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^\d{0,7}(?:[.,]\d{0,6})?$/.test(trimmed) || !/\d/.test(trimmed)) return undefined;
  const value = Number(trimmed.replace(",", "."));
  return isPrice(value) ? value : undefined;
}

function isPrice(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= MAX_PRICE;
}

/** What was kept. Anything that is no price list, or not all of one, counts for nothing. */
export function readPriceList(kept: string | null): PriceList {
  const list = new Map<string, Prices>();
  try {
    const rows: unknown = JSON.parse(kept ?? "[]");
    if (!Array.isArray(rows)) return list;
    for (const row of rows.slice(0, 200)) {
      const [model, prices] = Array.isArray(row) ? row : [];
      if (typeof model !== "string" || typeof prices !== "object" || prices === null) continue;
      const given = prices as Record<PriceName, unknown>;
      if (PRICE_NAMES.every((name) => isPrice(given[name])))
        list.set(model, {
          input: given.input as number,
          cacheRead: given.cacheRead as number,
          cacheWrite: given.cacheWrite as number,
          output: given.output as number,
        });
    }
  } catch {
    // Somebody else's, or cut off.
  }
  return list;
}

export function writePriceList(list: PriceList): string {
  return JSON.stringify([...list]);
}

export interface CostRow {
  readonly model: string;
  readonly answers: number;
  readonly uncachedTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** US dollars. Absent where the model has no prices. */
  readonly cost?: number;
  /** What the tokens that were left out would have cost, at the same mix of cached and other input. */
  readonly saved?: number;
}

export function costs({ usage }: ProxyStats, list: PriceList): CostRow[] {
  return usage.models.map((row) => {
    const { model, answers, inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = row;
    const uncachedTokens = Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens);
    const prices = list.get(model) ?? list.get(ALL_MODELS);
    const tokens = {
      model,
      answers,
      uncachedTokens,
      cacheReadTokens,
      cacheWriteTokens,
      outputTokens,
    };
    if (prices === undefined) return tokens;
    const input =
      (uncachedTokens * prices.input +
        cacheReadTokens * prices.cacheRead +
        cacheWriteTokens * prices.cacheWrite) /
      1e6;
    const saved = inputTokens > 0 ? (row.savedTokens * input) / inputTokens : 0;
    return { ...tokens, cost: input + (outputTokens * prices.output) / 1e6, saved };
  });
}

/** `undefined` where nothing has a price. */
export function total(rows: readonly CostRow[], name: "cost" | "saved"): number | undefined {
  const priced = rows.flatMap((row) => row[name] ?? []);
  return priced.length === 0 ? undefined : priced.reduce((sum, one) => sum + one, 0);
}
