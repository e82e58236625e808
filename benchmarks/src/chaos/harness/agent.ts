/** A process of its own that compresses, stores and redeems; see `protocol.ts`. Started by `agent-process.ts`. */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CcrStore,
  createHeadroom,
  memoryStore,
  refOf,
  refScope,
  retrieve,
} from "@headroom/core";
import { bounded } from "./bounded.ts";
import { openStore } from "./open-store.ts";
import type {
  AgentJob,
  Answers,
  Call,
  FromAgent,
  FromParent,
  Marker,
  ReadResult,
  Task,
} from "./protocol.ts";
import { type TextId, textOf } from "./texts.ts";

const job = JSON.parse(process.argv[2] ?? "{}") as AgentJob;
const store = await openStore(job.spec);
const headroom = createHeadroom({ store });
const scope = refScope("default");
/** Vocabulary and compressors are loaded by the first call, which takes seconds on a busy machine: that is no finding. */
const warmed = once(() => createHeadroom({ store: memoryStore() }).compressText(textOf(1)));
let stopped = false;
let loading: Promise<unknown> = Promise.resolve();

const tell = (message: FromAgent): void => {
  process.send?.(message);
};

async function send(id: TextId, direct: boolean): Promise<Call> {
  const text = textOf(id);
  const at = Date.now();
  const { value, error, hung, ms } = await bounded(job.putLimitMs, async () => {
    if (!direct) {
      const { text: sent, ref, block } = await headroom.compressText(text);
      const left = ref !== undefined && sent.includes(ref);
      return { acknowledged: ref !== undefined, ref: left ? ref : undefined, why: block.reason };
    }
    const ref = refOf(text, scope);
    await store.put({ ref, text });
    return { acknowledged: true, ref, why: "put" };
  });
  const ref = value?.ref;
  if (ref !== undefined && job.ledger !== undefined)
    appendFileSync(job.ledger, `${JSON.stringify([ref, id])}\n`);
  return {
    id,
    at,
    ms,
    hung,
    acknowledged: value?.acknowledged === true,
    ...(ref === undefined ? {} : { ref }),
    why: value?.why ?? (hung ? "did not end in time" : messageOf(error)),
  };
}

async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await work(items[at] as Item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function load({ first, step, lanes, paceMs }: Task & { do: "load" }): Promise<void> {
  let id = first;
  const lane = async (): Promise<void> => {
    while (!stopped) {
      const mine = id;
      id += step;
      tell({ call: await send(mine, false) });
      await sleep(paceMs);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/**
 * Redeems each marker through `retrieve`, as the model's tool does, and compares every character. What is refused is tried
 * again when all others have been, so that a breaker that is open for a second decides nothing.
 */
async function read(
  from: CcrStore,
  markers: readonly Marker[],
  attempts: number,
): Promise<ReadResult> {
  const missed: Marker[] = [];
  let refused = markers;
  let served = 0;
  let wrong = 0;
  let hung = 0;
  let slowestMs = 0;
  let why: string | undefined;
  for (let attempt = 0; attempt < attempts && refused.length > 0; attempt++) {
    if (attempt > 0) await sleep(1_200);
    const again: Marker[] = [];
    await inLanes(refused, attempt < 2 ? 4 : 1, async (marker) => {
      const [, id] = marker;
      const result = await bounded(job.readLimitMs, () => redeem(from, marker));
      slowestMs = Math.max(slowestMs, result.ms);
      tell({ beat: true });
      if (result.hung) hung++;
      else if (result.error !== undefined) {
        why = messageOf(result.error);
        again.push(marker);
      } else if (result.value === undefined) missed.push(marker);
      else if (result.value === textOf(id)) served++;
      else wrong++;
    });
    refused = again;
  }
  return { served, refused, missed, wrong, hung, slowestMs, ...(why ? { why } : {}) };
}

/** What was put past the pipeline is read past `retrieve` too, which would look through megabytes for tokens. */
async function redeem(from: CcrStore, [hash, id]: Marker): Promise<string | undefined> {
  const parts: string[] = [];
  for (let offset = 0; typeof id === "number"; ) {
    const answer = await retrieve(from, { hash, offset }, { maxTokens: 100_000_000 });
    if (!answer.found) break;
    parts.push(...answer.slices.map(({ text }) => text));
    if (answer.nextOffset === undefined) return parts.join("");
    offset = answer.nextOffset;
  }
  // `retrieve` hides a text that is not the ref's own: here it has to count.
  const ref = hash as Parameters<CcrStore["get"]>[0];
  return (await from.get(ref))?.text;
}

async function judge({ spec, markers }: Task & { do: "judge" }): Promise<ReadResult> {
  const fresh = await openStore(spec);
  try {
    return await read(fresh, markers, 3);
  } finally {
    await fresh.close?.();
  }
}

const DO: { readonly [Name in Task["do"]]: (task: Task & { do: Name }) => Promise<Answers[Name]> } =
  {
    async load(task) {
      await warmed();
      loading = load(task);
      return undefined;
    },
    async stop() {
      stopped = true;
      await loading;
      return undefined;
    },
    async send({ ids, lanes, direct = false }) {
      const calls: Call[] = [];
      if (!direct) await warmed();
      await inLanes(ids, lanes, async (id) => {
        calls.push(await send(id, direct));
        tell({ beat: true });
      });
      return calls;
    },
    async forge({ ids }) {
      let accepted = 0;
      for (const id of ids)
        await store.put({ ref: refOf(textOf(id), scope), text: `forged ${id}` }).then(
          () => accepted++,
          () => undefined,
        );
      return { tried: ids.length, accepted };
    },
    read: ({ markers, attempts }) => read(store, markers, attempts),
    judge,
    async memory() {
      globalThis.gc?.();
      const peakRssBytes = process.resourceUsage().maxRSS * 1_024;
      return { rssBytes: process.memoryUsage().rss, peakRssBytes };
    },
    async end() {
      await headroom.close();
      return undefined;
    },
  };

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.on("disconnect", () => process.exit());
process.on("message", ({ number, task }: FromParent) => {
  const work = DO[task.do] as (task: Task) => Promise<unknown>;
  work(task)
    .catch((error: unknown) => ({ error: messageOf(error) }))
    .then((answer) => {
      tell({ number, answer });
      if (task.do === "end") process.disconnect();
    })
    .catch(() => undefined);
});
