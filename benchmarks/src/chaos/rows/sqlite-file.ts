/** SQLite: the file is damaged, deleted or replaced under processes that have it open; what a put costs. */
import { copyFileSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { refOf, refScope } from "@headroom/core";
import { type Agent, startAgent } from "../harness/agent-process.ts";
import { judge } from "../harness/judge.ts";
import { inFolder } from "../harness/on-files.ts";
import { openStore } from "../harness/open-store.ts";
import type { Call, Marker, ReadResult } from "../harness/protocol.ts";
import type { StoreSpec } from "../harness/spec.ts";
import { flipBits, growTo, indexEntryBits, spoilPages } from "../harness/sqlite-file.ts";
import { markersOf, quantile, totalsOf, unredeemed, WITHOUT_READS } from "../harness/tally.ts";
import { textOf } from "../harness/texts.ts";
import { type NextTurn, nextTurn } from "../harness/turns.ts";
import type { Measured } from "../measured.ts";
import { demand, type Row, type RunContext } from "../row.ts";

const range = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

const sqlite = (folder: string): StoreSpec => ({ kind: "sqlite", path: join(folder, "store.db") });

/**
 * Two processes have the file open, something is done to it, and both go on: what they acknowledge from then on has to be
 * there for a third. What stood in the file before has to be there after the next turn.
 */
function twoProcesses(
  context: RunContext,
  harm: (path: string, folder: string) => Promise<Record<string, number>>,
): Promise<Measured> {
  return inFolder(async (folder) => {
    const spec = context.store(sqlite(folder));
    const path = spec.path ?? "";
    const [one, two] = [startAgent(spec), startAgent(spec)] as const;
    const send = (agent: Agent, ids: readonly number[]): Promise<readonly Call[]> =>
      agent.ask({ do: "send", ids, lanes: 2 });
    try {
      const count = context.count(60);
      const before = [
        ...(await send(one, range(0, count))),
        ...(await send(two, range(1_000, count))),
      ];
      const old = markersOf(before);
      const faults = await harm(path, folder);
      const looks: ReadResult[] = [];
      const look = async (agent: Agent, markers: readonly Marker[]): Promise<void> => {
        looks.push(await agent.ask({ do: "read", markers, attempts: 1 }));
      };
      const after: Call[] = [];
      // First one process notices and goes on, then the other, then both: each may stand in the other's way.
      await look(one, old);
      after.push(...(await send(one, range(2_000, count))));
      after.push(...(await send(two, range(3_000, count))));
      await look(two, old);
      after.push(...(await send(two, range(4_000, count))));
      after.push(...(await send(one, range(5_000, count))));
      const markers = markersOf(after);
      const firstLook = await judge(spec, markers);
      const again = await send(
        one,
        before.map(({ id }) => Number(id)),
      );
      const secondLook = await judge(spec, [...markers, ...old]);
      const totals = totalsOf([...before, ...after, ...again]);
      const all = [...looks, firstLook, secondLook];
      return {
        ...WITHOUT_READS,
        ...totals,
        tried: before.length + after.length,
        markers: markers.length + old.length,
        lostAtFirstLook: unredeemed(firstLook),
        lostAfterNextTurn: unredeemed(secondLook),
        wrong: all.reduce((sum, { wrong }) => sum + wrong, 0),
        hung: all.reduce((sum, { hung }) => sum + hung, totals.hung),
        faults,
        demands: [
          demand(
            "originals of before still not there after the next turn",
            unredeemed(secondLook),
            unredeemed(secondLook) === 0,
          ),
          demand(
            "puts acknowledged after it",
            `${after.filter(({ acknowledged }) => acknowledged).length} of ${after.length}`,
            after.filter(({ acknowledged }) => acknowledged).length >= after.length / 2,
          ),
        ],
      };
    } finally {
      await Promise.all([one.end(), two.end()]);
    }
  });
}

/** A put of this process that takes longer has hung. */
const LATE_MS = 3_500;

const HOLDS_ON = {
  does: "holds on to the file it has once opened, and checks nothing",
  store: "naive-sqlite",
  turns: "lost",
} as const;

export const sqliteFile: readonly Row[] = [
  {
    id: "Q4",
    title: "SQLite: two processes on a file that turns corrupt",
    promise: "keeps",
    needsRedis: false,
    minTried: 300,
    sabotages: [
      {
        does: "sets aside whatever file it finds when it cannot read",
        store: "sets-aside",
        turns: "lost",
      },
    ],
    run: (context) =>
      twoProcesses(context, async (path) => ({ "b-tree pages spoiled": spoilPages(path) })),
  },
  {
    id: "Q5",
    title: "SQLite: the file is deleted under two processes",
    promise: "keeps",
    needsRedis: false,
    minTried: 300,
    sabotages: [HOLDS_ON],
    run: (context) =>
      twoProcesses(context, async (path) => {
        const inode = statSync(path).ino;
        for (const companion of ["", "-wal", "-shm"]) rmSync(path + companion, { force: true });
        return {
          "files deleted":
            inode > 0 && statSync(path, { throwIfNoEntry: false }) === undefined ? 1 : 0,
        };
      }),
  },
  {
    id: "Q6",
    title: "SQLite: the file is replaced by another under two processes",
    promise: "keeps",
    needsRedis: false,
    minTried: 300,
    sabotages: [HOLDS_ON],
    run: (context) =>
      twoProcesses(context, async (path, folder) => {
        const other = join(folder, "other.db");
        const store = await openStore({ kind: "sqlite", path: other });
        const text = textOf(77_777);
        await store.put({ ref: refOf(text, refScope("default")), text });
        await store.close?.();
        const before = statSync(path).ino;
        for (const companion of ["-wal", "-shm"]) rmSync(path + companion, { force: true });
        renameSync(other, path);
        return { "files replaced": statSync(path).ino === before ? 0 : 1 };
      }),
  },
  {
    id: "Q7",
    title: "SQLite: bits flipped all over the file, in copies of it",
    promise: "heals",
    needsRedis: false,
    minTried: 60,
    sabotages: [
      { does: "checks no digest", store: "naive-sqlite", turns: "wrong" },
      { does: "serves damaged bytes", store: "damages", turns: "wrong" },
    ],
    run: (context) => inFolder((folder) => flipped(context, folder)),
  },
  {
    id: "Q8",
    title: "SQLite: what a put costs at 1,000 and at 400,000 rows",
    promise: "keeps",
    needsRedis: false,
    alone: true,
    minTried: 150,
    sabotages: [
      {
        does: "adds up all rows before every put",
        store: "sums-all-rows",
        turns: "demand",
        says: "large over small",
      },
    ],
    run: (context) => inFolder((folder) => cost(context, folder)),
  },
];

async function flipped(context: RunContext, folder: string): Promise<Measured> {
  const spec = context.store(sqlite(folder));
  const path = spec.path ?? "";
  const writer = startAgent(spec);
  const calls = await writer.ask({ do: "send", ids: range(0, 60), lanes: 2 });
  await writer.end();
  const markers = markersOf(calls);
  const sound = readFileSync(path);
  const entries = indexEntryBits(sound);
  const judges = startAgent(spec);
  const healer: NextTurn[] = [];
  let flips = 0;
  let indexFlips = 0;
  let refused = 0;
  let missed = 0;
  let wrong = 0;
  let hung = 0;
  try {
    const copies = context.count(60);
    for (let copy = 0; copy < copies; copy++) {
      const damaged = join(folder, `copy-${copy}.db`);
      copyFileSync(path, damaged);
      // Half of the copies get a bit of an index entry flipped: it then names another row.
      const inIndex = copy % 2 === 1 && entries.length > 0;
      const bits = inIndex
        ? [entries[(copy * 37) % entries.length] ?? 0]
        : [1, 2, 3].map((time) => ((copy * 3 + time) * 2_654_435_761) % (sound.byteLength * 8));
      flips += flipBits(damaged, bits);
      if (inIndex) indexFlips++;
      const copySpec = { ...spec, path: damaged };
      const look = await judges.ask({ do: "judge", spec: copySpec, markers });
      refused += look.refused.length;
      missed += look.missed.length;
      wrong += look.wrong;
      hung += look.hung;
      if (copy % 12 < 2) healer.push(await nextTurn(copySpec, markers, { lanes: 2 }));
      for (const companion of ["", "-wal", "-shm"]) rmSync(damaged + companion, { force: true });
    }
  } finally {
    await judges.end();
  }
  const totals = totalsOf(calls);
  return {
    ...WITHOUT_READS,
    ...totals,
    markers: markers.length,
    lostAtFirstLook: refused + missed,
    lostAfterNextTurn: healer.reduce((sum, { lost }) => sum + lost, 0),
    wrong: healer.reduce((sum, turn) => sum + turn.wrong, wrong),
    hung: healer.reduce((sum, turn) => sum + turn.hung, totals.hung + hung),
    faults: {
      "bits flipped": flips,
      "copies with a bit of an index entry flipped": indexFlips,
      "copies put to again": healer.length,
    },
    demands: [],
  };
}

async function cost(context: RunContext, folder: string): Promise<Measured> {
  const most = context.scale === 1 ? 400_000 : 200_000;
  const spec = context.store(sqlite(folder));
  const path = spec.path ?? "";
  const scope = refScope("default");
  const p50: number[] = [];
  const batch50: number[] = [];
  const markers: Marker[] = [];
  const rows: number[] = [];
  let puts = 0;
  const all: number[] = [];
  const one = await openStore(spec);
  await one.put({ ref: refOf(textOf(0), scope), text: textOf(0) });
  await one.close?.();
  for (const size of [1_000, most]) {
    rows.push(growTo(path, size));
    const store = await openStore(spec);
    const times: number[] = [];
    const batches: number[] = [];
    const put = async (id: number): Promise<void> => {
      const text = textOf(id);
      const ref = refOf(text, scope);
      const started = performance.now();
      await store.put({ ref, text });
      times.push(performance.now() - started);
      markers.push([ref, id]);
      puts++;
    };
    for (let id = size + 1; id <= size + 60; id++) await put(id);
    for (let batch = 0; batch < 9; batch++) {
      const entries = range(size + 1_000 + batch * 20, 20).map((id) => {
        const text = textOf(id);
        return { ref: refOf(text, scope), text, id };
      });
      const started = performance.now();
      if (store.putMany) await store.putMany(entries);
      else for (const entry of entries) await store.put(entry);
      batches.push(performance.now() - started);
      for (const { ref, id } of entries) markers.push([ref, id]);
      puts += entries.length;
    }
    await store.close?.();
    all.push(...times, ...batches);
    p50.push(quantile(times.slice(10), 0.5));
    batch50.push(quantile(batches, 0.5));
  }
  const look = await judge(spec, markers);
  const [small = Number.NaN, large = Number.NaN] = p50;
  const ratio = large / small;
  return {
    ...WITHOUT_READS,
    tried: puts,
    acknowledged: markers.length,
    markers: markers.length,
    lostAtFirstLook: unredeemed(look),
    wrong: look.wrong,
    hung: look.hung + all.filter((took) => took > LATE_MS).length,
    slowestMs: Math.max(...all),
    faults: { "rows in the small file": rows[0] ?? 0, "rows in the large file": rows[1] ?? 0 },
    demands: [
      demand(
        "put p50, large over small, ≤ 1.5",
        `${large.toFixed(2)} / ${small.toFixed(2)} ms = ${ratio.toFixed(2)}`,
        ratio <= 1.5,
      ),
      demand(
        "20 blocks in one request in the large file, p50 ≤ 5 ms",
        `${(batch50[1] ?? Number.NaN).toFixed(1)} ms`,
        (batch50[1] ?? Number.NaN) <= 5,
      ),
    ],
  };
}
