/** A store that throws, hangs or lies: no lossy text may leave, the report says so, and the call ends in time. */
import {
  type CcrEntry,
  type CcrStore,
  type Headroom,
  memoryStore,
  stripMarker,
} from "@headroom/core";
import { type Given, isMadeOf, watched } from "../../test/laws/forms.ts";
import { searchResults } from "./generate.ts";
import { timed } from "./measure.ts";
import { ms, type Report } from "./report.ts";
import type { Bench } from "./subject.ts";

const TIMEOUT_MS = 300;
/** Time a call may take beside waiting for the store. */
const SLACK_MS = 700;

const STORES: readonly (readonly [string, () => CcrStore])[] = [
  [
    "rejects every put",
    () => storeWith({ put: () => Promise.reject(new Error("connection refused")) }),
  ],
  [
    "throws before it returns a promise",
    () =>
      storeWith({
        put() {
          throw new Error("not a promise");
        },
      }),
  ],
  ["never answers", () => storeWith({ put: () => new Promise<void>(() => {}) })],
  ["is full", () => memoryStore({ maxBytes: 1000 })],
  [
    "putMany says which failed",
    () => ({
      ...storeWith({}),
      putMany: async (entries: readonly CcrEntry[]) => entries.map(() => new Error("no")),
    }),
  ],
  [
    "putMany answers nonsense",
    () => ({
      ...storeWith({}),
      putMany: (async () => "ok") as unknown as NonNullable<CcrStore["putMany"]>,
    }),
  ],
  ["fails every second put", flaky],
];

export async function storeFailure({ subject, report }: Bench): Promise<Report> {
  const out = report("store-failure", "A store that fails");
  const rows: string[][] = [];
  const blocks = { of: 0, safe: 0, unstored: 0, told: 0 };
  let inTime = 0;
  // What the work itself takes, with a store that answers at once: on a busy machine much more. The first call loads the vocabulary.
  const texts = [1, 2].map((seed) => JSON.stringify(searchResults(400, seed)));
  const healthy = (): Promise<unknown> =>
    requestOf(subject.make({ store: subject.store() }), texts);
  await healthy();
  for (const [name, make] of STORES) {
    const { milliseconds: healthyMs } = await timed(healthy);
    const store = make();
    const given: Given[] = [];
    const instance = subject.make({
      store,
      storeTimeoutMs: TIMEOUT_MS,
      compressors: watched(given, subject.compressors()),
    });
    const { value: results, milliseconds } = await timed(() => requestOf(instance, texts));
    let safeHere = 0;
    for (const [index, text] of texts.entries()) {
      const sent = String((results.messages[index + 2] as { content: unknown }).content);
      const { ref, outcome } = results.blocks[index] ?? {};
      const stored =
        ref === undefined ? undefined : (await store.get(ref).catch(() => undefined))?.text;
      if (sent === text || stored === text || isMadeOf(text, stripMarker(sent), given)) safeHere++;
      if (stored === text) continue;
      // Each block without an original has to be told, not one of several.
      blocks.unstored++;
      if (outcome === "store-down") blocks.told++;
    }
    blocks.of += texts.length;
    blocks.safe += safeHere;
    if (milliseconds <= healthyMs + TIMEOUT_MS + SLACK_MS) inTime++;
    rows.push([
      name,
      results.blocks
        .map(({ outcome, lossless }) => `${outcome}${lossless ? ", lossless" : ""}`)
        .join("; "),
      String(texts.length - safeHere),
      ms(milliseconds),
    ]);
  }
  out.text(`Two tool results of 400 rows each; the store has ${TIMEOUT_MS} ms.`);
  out.table(["store", "blocks", "lossy text without an original", "time"], rows);
  out.judge("no lossy text", { met: blocks.safe, of: blocks.of });
  out.judge("store-down told", { met: blocks.told, of: blocks.unstored });
  out.judge("in time", { met: inTime, of: STORES.length });
  out.save();
  return out;
}

/** One request with these tool results: its messages, and what is reported of the results. */
async function requestOf(instance: Headroom, texts: readonly string[]) {
  const { messages, blocks } = await instance.compress([
    { role: "user", content: "Which failed?" },
    {
      role: "assistant",
      content: null,
      tool_calls: texts.map((_, id) => ({
        id: `call_${id}`,
        type: "function",
        function: { name: "search", arguments: "{}" },
      })),
    },
    ...texts.map((content, id) => ({ role: "tool", tool_call_id: `call_${id}`, content })),
  ]);
  return { messages, blocks: blocks.filter(({ role }) => role === "tool") };
}

function storeWith(methods: Partial<CcrStore>): CcrStore {
  return {
    name: "failing",
    put: async () => {},
    get: async () => undefined,
    delete: async () => false,
    ...methods,
  };
}

function flaky(): CcrStore {
  const store = memoryStore();
  let puts = 0;
  return storeWith({
    get: (ref) => store.get(ref),
    put: (entry) => (puts++ % 2 === 0 ? Promise.reject(new Error("flaky")) : store.put(entry)),
  });
}
