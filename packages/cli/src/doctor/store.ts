/** The store: an original goes in, is read back, and goes away again; Redis is asked what its word is worth. */
import {
  type CcrStore,
  createHeadroom,
  memoryStore,
  refOf,
  refScope,
  retrieve,
} from "@headroom/core";
import { openProxyStore } from "../proxy/open-proxy-store.ts";
import type { Settings } from "../proxy/settings.ts";
import { openStore } from "../store-option.ts";
import type { Terminal } from "../terminal.ts";
import { type Check, failed } from "./check.ts";

const PATIENCE_MS = 10_000;

export interface FoundStore {
  readonly name: string;
  readonly store: CcrStore | undefined;
  readonly isRedis: boolean;
}

/** What `--store` names, else HEADROOM_STORE, else what the proxy would use. @throws CommandError */
export async function findStore(
  option: string | undefined,
  settings: Settings,
  terminal: Terminal,
): Promise<FoundStore> {
  const folder = option ?? (terminal.env.HEADROOM_STORE || undefined);
  const given = folder ?? settings.store ?? "memory";
  if (folder !== undefined && !/^(?:sqlite:|rediss?:|memory$|none$)/i.test(folder)) {
    const opened = await openStore(folder, terminal);
    return { name: `folder ${folder}`, store: opened?.store, isRedis: false };
  }
  const { kind, store } = await openProxyStore({ ...settings, store: given }, () => undefined);
  // A URL may have a password in it.
  const name = kind === "redis" ? `Redis at ${new URL(given).host}` : given;
  return { name, store, isRedis: kind === "redis" };
}

const TEXT = "An original of headroom doctor.";

export async function storeChecks({ name, store, isRedis }: FoundStore): Promise<readonly Check[]> {
  const row = "Store";
  if (!store)
    return [
      {
        name: row,
        state: "warn",
        says: "none: nothing is left out of requests.",
        todo: "Set --store sqlite:PATH.",
      },
    ];
  const ref = refOf(TEXT, refScope(`headroom doctor ${process.pid} ${Date.now()}`));
  try {
    const read = await inTime(
      (async () => {
        await store.put({ ref, text: TEXT });
        const entry = await store.get(ref);
        await store.delete(ref);
        return entry;
      })(),
    );
    if (read?.text !== TEXT)
      return [
        {
          name: row,
          state: "fail",
          says: `${name} gives back something else than was put there.`,
          todo: "Use another store.",
        },
      ];
  } catch (error) {
    const todo = isRedis
      ? "Is the server running, and are address and password right?"
      : "May this user write there, and is the disk full?";
    return [failed(row, error, `${name}: ${todo}`)];
  }
  const isMemory = name === "memory";
  const checks: Check[] = [
    {
      name: row,
      state: "ok",
      says: isMemory
        ? "memory: originals live as long as the process. --store sqlite:PATH keeps them."
        : `${name} takes originals and gives them back.`,
    },
  ];
  const warnings = store.warnings?.() ?? [];
  for (const warning of warnings)
    checks.push({
      name: isRedis ? "Redis" : row,
      state: "warn",
      says: warning,
      todo: todoFor(warning, name),
    });
  if (isRedis && warnings.length === 0)
    checks.push({
      name: "Redis",
      state: "ok",
      says: "evicts nothing, and what it acknowledges is on disk or on a replica.",
    });
  return checks;
}

function todoFor(warning: string, name: string): string {
  if (warning.includes("maxmemory-policy"))
    return "CONFIG SET maxmemory-policy noeviction, and in redis.conf.";
  if (warning.includes("append-only file and has"))
    return "appendonly yes in redis.conf, or a replica.";
  if (warning.includes("appendfsync"))
    return "appendfsync always in redis.conf, where no original may be lost.";
  if (warning.includes("not permitted"))
    return "Let this user call INFO and CONFIG GET, or look at redis.conf.";
  return `Look at ${name}.`;
}

/** Compresses, retrieves and compares. */
export async function roundTripCheck(): Promise<Check> {
  const name = "Round trip";
  const original = JSON.stringify(
    Array.from({ length: 400 }, (_, id) => ({
      id,
      state: id === 251 ? "failed" : "ok",
      region: "eu-west-1",
      ms: 20 + (id % 13),
    })),
  );
  try {
    const store = memoryStore();
    const { text, ref, savings } = await createHeadroom({ store }).compressText(original);
    const again =
      ref && (await retrieve(store, { hash: ref }, { maxTokens: Number.POSITIVE_INFINITY }));
    const [whole] = again?.slices ?? [];
    if (!text.includes("failed") || whole?.text !== original)
      return {
        name,
        state: "fail",
        says: "What came back is not what went in.",
        todo: "Please report it: this is a defect.",
      };
    return {
      name,
      state: "ok",
      says: `400 rows, ${Math.round(savings * 100)} % shorter, came back byte for byte.`,
    };
  } catch (error) {
    return failed(name, error, "Please report it: this is a defect.");
  }
}

function inTime<Value>(work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`No answer for ${PATIENCE_MS / 1_000} seconds.`)),
      PATIENCE_MS,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
