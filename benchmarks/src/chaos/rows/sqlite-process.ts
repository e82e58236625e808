/** SQLite: writers killed, the disk full, several writers. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { diskFull, inFolder, killLoop } from "../harness/on-files.ts";
import type { Call } from "../harness/protocol.ts";
import type { StoreSpec } from "../harness/spec.ts";
import type { TextId } from "../harness/texts.ts";
import { underFault } from "../harness/under-fault.ts";
import { demand, type Row } from "../row.ts";

const SPEC = (folder: string): StoreSpec => ({ kind: "sqlite", path: join(folder, "store.db") });

const WRITERS = 3;
/** Processes take numbers in turns. */
const processOf = (id: TextId): number => Number(id) % WRITERS;

/** Calls that began while one of another process was still on. */
function overlaps(calls: readonly Call[]): number {
  const inOrder = calls.toSorted((a, b) => a.at - b.at);
  return inOrder.filter(({ id, at }, index) => {
    const before = inOrder[index - 1];
    return before && before.at + before.ms > at && processOf(before.id) !== processOf(id);
  }).length;
}

export const sqliteProcess: readonly Row[] = [
  {
    id: "Q1",
    title: "SQLite: three writers killed (SIGKILL) again and again",
    promise: "keeps",
    needsRedis: false,
    minTried: 1_000,
    sabotages: [{ does: "acknowledges before it commits", store: "naive-sqlite", turns: "lost" }],
    run: (context) =>
      inFolder((folder) => killLoop(context, context.store(SPEC(folder)), folder, 14)),
  },
  {
    id: "Q2",
    title: "SQLite: the disk is full",
    promise: "keeps",
    needsRedis: false,
    readsGoOn: true,
    minTried: 1_000,
    sabotages: [
      { does: "takes a failure for an acknowledgement", store: "ignores-failures", turns: "lost" },
    ],
    run: (context) => diskFull(context, SPEC),
  },
  {
    id: "Q3",
    title: "SQLite: three processes write at once",
    promise: "keeps",
    needsRedis: false,
    readsGoOn: true,
    sabotages: [
      { does: "takes a busy file for an acknowledgement", store: "naive-sqlite", turns: "lost" },
    ],
    run: (context) =>
      inFolder((folder) =>
        underFault(context, {
          spec: context.store(SPEC(folder)),
          processes: WRITERS,
          lanes: 2,
          paceMs: 1,
          async fault() {
            await sleep(2_000 * context.scale);
            return {};
          },
          async settle(calls) {
            return { "calls of two processes that overlapped": overlaps(calls) };
          },
          demands({ before, during, after }) {
            const all = [...before, ...during, ...after];
            const writers = new Set(
              all.filter((call) => call.acknowledged).map(({ id }) => processOf(id)),
            );
            return [
              demand(
                `processes of ${WRITERS} whose puts were acknowledged`,
                writers.size,
                writers.size === WRITERS,
              ),
            ];
          },
        }),
      ),
  },
];
