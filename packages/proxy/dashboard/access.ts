/**
 * How the page gets its figures: from `/stats`, with the token where one is needed. The token is asked for once, stays in this tab,
 * and goes nowhere but into a header of requests to this proxy.
 */
import type { ProxyStats } from "../src/stats/types.ts";

const KEPT_AS = "headroom-token";

export type Answer =
  | { readonly stats: ProxyStats }
  /** A token is needed; `wasGiven` and not the right one. */
  | { readonly needsToken: true; readonly wasGiven: boolean }
  | { readonly problem: string };

let inMemory: string | undefined;

export function token(): string | undefined {
  try {
    return sessionStorage.getItem(KEPT_AS) ?? inMemory;
  } catch {
    return inMemory;
  }
}

export function keepToken(given: string | undefined): void {
  inMemory = given;
  try {
    if (given === undefined) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, given);
  } catch {
    // Then it lives as long as the page.
  }
}

export async function readStats(): Promise<Answer> {
  const given = token();
  try {
    const response = await fetch("/stats", {
      headers: given === undefined ? {} : { "x-headroom-token": given },
      cache: "no-store",
      signal: AbortSignal.timeout(10_000),
    });
    if (response.status === 401) return { needsToken: true, wasGiven: given !== undefined };
    if (!response.ok) return { problem: `The proxy answered with ${response.status}.` };
    return { stats: (await response.json()) as ProxyStats };
  } catch {
    return { problem: "The proxy does not answer." };
  }
}
