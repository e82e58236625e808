/** A folder store as somebody would write it first: no temporary file, no sync, no digest. For sabotage only. */
import { mkdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CcrStore } from "@headroom/core";
import type { StoreSpec } from "./spec.ts";

export function naiveFolder(_store: CcrStore, { path = "" }: StoreSpec): CcrStore {
  mkdirSync(path, { recursive: true });
  const fileOf = (ref: string): string => join(path, `${ref}.ccr`);
  return {
    name: "naive",
    readsBack: true,
    async put({ ref, text }) {
      sleep(300)
        .then(() => writeFile(fileOf(ref), text))
        .catch(() => undefined);
    },
    async get(ref) {
      const text = await readFile(fileOf(ref), "utf8").catch(() => undefined);
      return text === undefined ? undefined : { ref, text };
    },
    delete: async () => false,
  };
}
