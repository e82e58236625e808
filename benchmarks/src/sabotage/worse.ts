/** Whether a figure got worse over a sabotage. */
import { type Measurement, reaches, shareOf, type Target } from "../targets.ts";

/** What a figure has to move by where it was red before: times differ from run to run. */
const CLEARLY = 1.25;

/** Red over a sabotage is what was green before it, or is clearly worse than before. */
export function isWorse(target: Target, before: Measurement, after: Measurement): boolean {
  if (reaches(target, after)) return false;
  if (reaches(target, before)) return true;
  const [was, is] = [numberOf(before), numberOf(after)];
  // What could not even be measured before shows nothing.
  if (was === undefined) return false;
  if (is === undefined) return true;
  return "atMost" in target ? is > CLEARLY * was : CLEARLY * is < was;
}

function numberOf(measured: Measurement): number | undefined {
  const value = typeof measured === "object" ? shareOf(measured) : measured;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
