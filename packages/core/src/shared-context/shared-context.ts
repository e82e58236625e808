/**
 * What several agents know together: contents by name, kept once, and handed out compressed.
 *
 * An agent is told "same as X" or "changed since X" only if it has seen all of X. Contents are in the store, so every agent can
 * retrieve every ref.
 */

import { refOf, refScope } from "../ccr/ref.ts";
import { retrieve } from "../ccr/retrieve.ts";
import { createHeadroom } from "../create.ts";
import { HeadroomError, InvalidOptionError, StoreError } from "../errors.ts";
import type { HeadroomOptions } from "../options.ts";
import { warningsOf } from "../save.ts";
import { printChanges } from "../text/line-diff.ts";
import { counterForModel } from "../tokens/index.ts";
import type { SharedLedger, SharedRecord, Sighting } from "../types/shared-context.ts";
import type { CcrRef, CcrStore } from "../types/store.ts";
import { memoryLedger } from "./memory-ledger.ts";

export interface SharedContextOptions
  extends Omit<HeadroomOptions, "store" | "hooks" | "adapter" | "roles" | "tools"> {
  /** Keeps the contents; shared by all agents. */
  readonly store: CcrStore;
  /** Keeps who put and saw what. @default memoryLedger() */
  readonly ledger?: SharedLedger;
  /** Current time in milliseconds, for provenance. @default Date.now */
  readonly now?: () => number;
}

/** What became of a `put`. */
export interface SharedPut extends SharedRecord {
  /** Set when the same content was there before: who put it first, and as what. */
  readonly duplicateOf?: SharedRecord;
  /**
   * What those who rely on the content have to know: that the ledger outlives a store that forgets with the process, and what
   * the store says of itself. Absent while there is nothing to say.
   */
  readonly warnings?: readonly string[];
}

export interface SharedGetOptions {
  /** Who reads. */
  readonly agent: string;
  /** The original instead of its compressed form. @default false */
  readonly full?: boolean;
  /** Number of the version the agent has. Where there is no newer one, the text is empty. @default none */
  readonly ifChangedSince?: number;
}

/** What an agent gets to read. */
export interface SharedView extends SharedRecord {
  /**
   * `full`: the original. `compressed`: as `compressText` gives it, with its marker. `difference`: against the version this
   * agent has read. `same`: a pointer to what this agent has read under another name. `unchanged`: nothing.
   */
  readonly form: "full" | "compressed" | "difference" | "same" | "unchanged";
  readonly text: string;
  readonly tokensServed: number;
}

export interface SharedStats {
  readonly puts: number;
  readonly duplicates: number;
  readonly reads: number;
  readonly tokensPut: number;
  /** Tokens readers would have got without compression. */
  readonly tokensFull: number;
  readonly tokensServed: number;
  /** `1 - tokensServed / tokensFull`, 0 when nothing was read. */
  readonly savings: number;
}

export interface SharedContext {
  /** Puts a version of `name`. Rejects with `StoreError` when the content could not be kept. */
  put(name: string, content: string, by: { readonly agent: string }): Promise<SharedPut>;
  /** The latest version of `name` for one reader; `undefined` when there is none. */
  get(name: string, options: SharedGetOptions): Promise<SharedView | undefined>;
  /** The latest version of every name, with who put it and when. */
  entries(): Promise<readonly SharedRecord[]>;
  stats(): Promise<SharedStats>;
  /** Calls `listener` for every later `put`, of any agent in any process. Resolves to what ends it. */
  subscribe(listener: (record: SharedRecord) => void): Promise<() => Promise<void>>;
  /** Closes the ledger; the store is the caller's. */
  close(): Promise<void>;
}

/** A shared context over a store and a ledger. @throws InvalidOptionError */
export function createSharedContext(options: SharedContextOptions): SharedContext {
  const { ledger = memoryLedger(), now = Date.now, ...headroomOptions } = options;
  if (!options.store)
    throw new InvalidOptionError("store", options.store, "a CcrStore, for example memoryStore()");
  const { store, namespace = "default", secret = "" } = options;
  const headroom = createHeadroom(headroomOptions);
  const scope = refScope(namespace, secret);
  const counting = async (text: string): Promise<number> =>
    (options.tokenCounter ?? (await counterForModel(options.model))).count(text);

  const warnings = (): readonly string[] => [
    ...(store.survives === "process" && ledger.name !== "memory"
      ? [`store "${store.name}" forgets with this process, ledger "${ledger.name}" may not`]
      : []),
    ...warningsOf(store),
  ];

  const original = async (ref: CcrRef): Promise<string> => {
    const { found, slices } = await retrieve(
      store,
      { hash: ref },
      {
        namespace,
        secret,
        maxTokens: Number.POSITIVE_INFINITY,
        ...(options.signal ? { signal: options.signal } : {}),
      },
    );
    if (!found)
      throw new HeadroomError(
        "ref-not-found",
        `The content of ${ref} is not in store "${store.name}": it expired or was removed. Put it again.`,
      );
    return slices.map(({ text }) => text).join("");
  };

  const difference = async (
    record: SharedRecord,
    seen: Sighting | undefined,
    text: string,
  ): Promise<string | undefined> => {
    if (!seen?.whole || seen.version >= record.version) return undefined;
    const before = await original(seen.ref).catch(() => undefined);
    if (before === undefined) return undefined;
    const head = `[${record.name}: version ${record.version} by ${record.agent}, changes since version ${seen.version}, which you have read]`;
    return `${head}\n${printChanges(before, text)}`;
  };

  /** The shortest thing this reader can understand. */
  const shortest = async (
    record: SharedRecord,
    { agent }: SharedGetOptions,
  ): Promise<Pick<SharedView, "form" | "text"> & { whole: boolean }> => {
    const elsewhere = await ledger.seenContent(agent, record.ref);
    if (elsewhere && elsewhere.name !== record.name) {
      const text = `[${record.name}: version ${record.version} by ${record.agent} is the same as ${elsewhere.name}, version ${elsewhere.version}, which you have read]`;
      if ((await counting(text)) < record.tokens) return { form: "same", text, whole: true };
    }
    const text = await original(record.ref);
    const { text: short, block } = await headroom.compressText(text, { toolName: record.name });
    const compressed = {
      form: "compressed" as const,
      text: short,
      whole: block.outcome !== "compressed" || block.lossless === true,
    };
    const changed = await difference(record, await ledger.seen(agent, record.name), text);
    if (changed === undefined || (await counting(changed)) >= block.tokensAfter) return compressed;
    return { form: "difference", text: changed, whole: true };
  };

  return {
    async put(name, content, { agent }) {
      const ref = refOf(content, scope);
      const tokens = await counting(content);
      await store.put({ ref, text: content });
      if (!store.readsBack && (await store.get(ref))?.text !== content)
        throw new StoreError(store.name, "put", "what was stored could not be read back.");
      const record = await ledger.append({ name, ref, agent, at: now(), tokens });
      const first = await ledger.first(ref, record);
      const duplicate = first.name !== record.name || first.version !== record.version;
      await ledger.add({ puts: 1, tokensPut: tokens, ...(duplicate ? { duplicates: 1 } : {}) });
      // Who wrote a content has seen it.
      await ledger.markSeen(agent, { name, version: record.version, ref, whole: true });
      const said = warnings();
      return {
        ...record,
        ...(duplicate ? { duplicateOf: first } : {}),
        ...(said.length > 0 ? { warnings: said } : {}),
      };
    },
    async get(name, getOptions) {
      const record = await ledger.latest(name);
      if (!record) return undefined;
      const { agent, full = false, ifChangedSince } = getOptions;
      if (ifChangedSince !== undefined && ifChangedSince >= record.version) {
        await ledger.add({ reads: 1, tokensFull: record.tokens });
        return { ...record, form: "unchanged", text: "", tokensServed: 0 };
      }
      const view = full
        ? { form: "full" as const, text: await original(record.ref), whole: true }
        : await shortest(record, getOptions);
      const tokensServed = await counting(view.text);
      await ledger.markSeen(agent, {
        name,
        version: record.version,
        ref: record.ref,
        whole: view.whole,
      });
      await ledger.add({ reads: 1, tokensFull: record.tokens, tokensServed });
      return { ...record, form: view.form, text: view.text, tokensServed };
    },
    entries: () => ledger.list(),
    async stats() {
      const counts = await ledger.counts();
      return {
        ...counts,
        savings: counts.tokensFull > 0 ? 1 - counts.tokensServed / counts.tokensFull : 0,
      };
    },
    subscribe: (listener) => ledger.subscribe(listener),
    async close() {
      await ledger.close?.();
    },
  };
}
