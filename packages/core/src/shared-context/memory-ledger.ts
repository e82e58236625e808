import type { SharedCount, SharedLedger, SharedRecord, Sighting } from "../types/shared-context.ts";

const COUNTS: Readonly<Record<SharedCount, number>> = {
  puts: 0,
  duplicates: 0,
  reads: 0,
  tokensPut: 0,
  tokensFull: 0,
  tokensServed: 0,
};

/** The ledger of a shared context whose agents live in one process. */
export function memoryLedger(): SharedLedger {
  const latest = new Map<string, SharedRecord>();
  const firsts = new Map<string, SharedRecord>();
  const seen = new Map<string, Sighting>();
  const listeners = new Set<(record: SharedRecord) => void>();
  const counts = { ...COUNTS };
  return {
    name: "memory",
    async append(record) {
      const kept = { ...record, version: (latest.get(record.name)?.version ?? 0) + 1 };
      latest.set(record.name, kept);
      for (const listener of listeners) listener(kept);
      return kept;
    },
    latest: async (name) => latest.get(name),
    list: async () => [...latest.values()],
    async first(ref, candidate) {
      const known = firsts.get(ref);
      if (known) return known;
      firsts.set(ref, candidate);
      return candidate;
    },
    seen: async (agent, name) => seen.get(keyOf(agent, "name", name)),
    seenContent: async (agent, ref) => seen.get(keyOf(agent, "ref", ref)),
    async markSeen(agent, sighting) {
      seen.set(keyOf(agent, "name", sighting.name), sighting);
      if (sighting.whole) seen.set(keyOf(agent, "ref", sighting.ref), sighting);
    },
    async add(added) {
      for (const name of Object.keys(COUNTS) as SharedCount[]) counts[name] += added[name] ?? 0;
    },
    counts: async () => ({ ...counts }),
    async subscribe(listener) {
      listeners.add(listener);
      return async () => {
        listeners.delete(listener);
      };
    },
  };
}

function keyOf(agent: string, what: "name" | "ref", value: string): string {
  return `${agent.length}:${agent}:${what}:${value}`;
}
