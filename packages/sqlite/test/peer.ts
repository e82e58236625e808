/** A process of its own with a store: does what its parent asks, one message at a time. */
import type { CcrRef } from "@headroom/core";
import { type SqliteStoreOptions, sqliteStore } from "@headroom/sqlite";

export interface Request {
  readonly put?: readonly { readonly ref: string; readonly text: string }[];
  readonly get?: string;
  readonly close?: true;
  /** Closes the store and opens one on this file. */
  readonly open?: SqliteStoreOptions;
}

export interface Answer {
  readonly errors?: readonly (string | null)[];
  readonly text?: string | null;
  readonly error?: string;
}

const options = JSON.parse(process.argv[2] ?? "{}") as SqliteStoreOptions;
let store = sqliteStore(options);

process.on("message", async (request: Request) => {
  process.send?.(await answer(request));
});

async function answer({ put, get, close, open }: Request): Promise<Answer> {
  try {
    if (open) {
      await store.close?.();
      store = sqliteStore(open);
      return {};
    }
    if (close) {
      await store.close?.();
      return {};
    }
    if (put) {
      const entries = put.map(({ ref, text }) => ({ ref: ref as CcrRef, text }));
      const errors = await store.putMany?.(entries);
      return { errors: errors?.map((error) => error?.message ?? null) ?? [] };
    }
    return { text: (await store.get(get as CcrRef))?.text ?? null };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
