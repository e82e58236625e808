/** A store that throws, hangs or lies: no lossy text may leave, the report says so, and the call ends in time. */
import {
  type CcrEntry,
  type CcrStore,
  createHeadroom,
  defaultCompressors,
  memoryStore,
  stripMarker,
} from "@headroom/core";
import { searchResults } from "./generate.ts";
import { sameJson } from "./json-lexemes.ts";
import { timed } from "./measure.ts";
import { ms, type Report, report } from "./report.ts";

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

export async function storeFailure(): Promise<Report> {
  const out = report("store-failure", "A store that fails");
  const rows: string[][] = [];
  let lossy = 0;
  let silent = 0;
  let late = 0;
  for (const [name, make] of STORES) {
    const texts = [1, 2].map((seed) => JSON.stringify(searchResults(400, seed)));
    const store = make();
    const instance = createHeadroom({ store, storeTimeoutMs: TIMEOUT_MS });
    const { value: results, milliseconds } = await timed(async () => {
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
    });
    let lossyHere = 0;
    for (const [index, text] of texts.entries()) {
      const sent = String((results.messages[index + 2] as { content: unknown }).content);
      const { ref } = results.blocks[index] ?? {};
      const stored =
        ref === undefined ? undefined : (await store.get(ref).catch(() => undefined))?.text;
      if (sent !== text && stored !== text && !decodes(sent, text)) lossyHere++;
    }
    lossy += lossyHere;
    const down = results.blocks.filter(({ outcome }) => outcome === "store-down").length;
    const failedBlocks = results.blocks.filter(({ ref }) => ref === undefined).length;
    if (failedBlocks > 0 && down === 0) silent++;
    if (milliseconds > TIMEOUT_MS + SLACK_MS) late++;
    rows.push([
      name,
      results.blocks
        .map(({ outcome, lossless }) => `${outcome}${lossless ? ", lossless" : ""}`)
        .join("; "),
      String(lossyHere),
      ms(milliseconds),
    ]);
  }
  out.text(`Two tool results of 400 rows each; the store has ${TIMEOUT_MS} ms.`);
  out.table(["store", "blocks", "lossy text without an original", "time"], rows);
  out.target({
    figure: "failing store: lossy text that left",
    target: "0",
    value: String(lossy),
    reached: lossy === 0,
  });
  out.target({
    figure: "failing store: not reported as store-down",
    target: "0",
    value: `${silent} of ${STORES.length} stores`,
    reached: silent === 0,
  });
  out.target({
    figure: "failing store: calls beyond their deadline",
    target: "0",
    value: String(late),
    reached: late === 0,
  });
  out.save();
  return out;
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

function decodes(sent: string, text: string): boolean {
  const body = stripMarker(sent);
  return defaultCompressors().some((compressor) => {
    const decoded = compressor.decode(body);
    return decoded !== undefined && (decoded === text || sameJson(decoded, text));
  });
}
