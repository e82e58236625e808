/** Reads what stands in a ledger or comes over its channel, where others may have written anything. */
import { type CcrRef, parseRef, type SharedRecord, type Sighting } from "@headroom/core";

/** `undefined` for anything that is not a record. */
export function recordFrom(json: string): SharedRecord | undefined {
  const fields = objectFrom(json);
  const seen = fields && sightingOf(fields);
  if (!seen) return undefined;
  const { agent, at, tokens } = fields;
  if (typeof agent !== "string" || !isCount(at) || !isCount(tokens)) return undefined;
  return { name: seen.name, version: seen.version, ref: seen.ref, agent, at, tokens };
}

/** `undefined` for anything that is not a sighting. */
export function sightingFrom(json: string | null): Sighting | undefined {
  const fields = json === null ? undefined : objectFrom(json);
  const seen = fields && sightingOf(fields);
  return seen && typeof fields.whole === "boolean" ? { ...seen, whole: fields.whole } : undefined;
}

function sightingOf({
  name,
  version,
  ref,
}: Readonly<Record<string, unknown>>): Omit<Sighting, "whole"> | undefined {
  const parsed: CcrRef | undefined = typeof ref === "string" ? parseRef(ref) : undefined;
  if (typeof name !== "string" || !isCount(version) || parsed === undefined) return undefined;
  return { name, version, ref: parsed };
}

function objectFrom(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
