import type { CcrEntry, CcrStore } from "@headroom/core";

/** A store that has every optional method. */
export type FullStore = CcrStore & Required<Pick<CcrStore, "putMany" | "close">>;

/** The smallest store that keeps every law: what liars start from. */
export function honestStore(now: () => number): FullStore {
  const entries = new Map<string, CcrEntry>();
  const deadline = (entry: CcrEntry): number => entry.expiresAt ?? Number.POSITIVE_INFINITY;
  const store: FullStore = {
    name: "honest",
    async put(entry) {
      const old = entries.get(entry.ref);
      const live = old !== undefined && deadline(old) > now() ? old : undefined;
      if (live !== undefined && live.text !== entry.text) throw new Error("another text");
      entries.set(
        entry.ref,
        live !== undefined && deadline(live) >= deadline(entry) ? live : { ...entry },
      );
    },
    async putMany(all) {
      const answers = await Promise.allSettled(all.map((entry) => store.put(entry)));
      return answers.map((answer) =>
        answer.status === "rejected" ? (answer.reason as Error) : undefined,
      );
    },
    async get(ref) {
      const entry = entries.get(ref);
      return entry !== undefined && deadline(entry) > now() ? { ...entry } : undefined;
    },
    delete: async (ref) => entries.delete(ref),
    close: async () => undefined,
  };
  return store;
}
