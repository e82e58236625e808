/** The folder store of the command line: killed, on a full disk, with a FIFO where a record should be. */
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { refOf, refScope } from "@headroom/core";
import { startAgent } from "../harness/agent-process.ts";
import { judge } from "../harness/judge.ts";
import { diskFull, inFolder, killLoop } from "../harness/on-files.ts";
import type { StoreSpec } from "../harness/spec.ts";
import { markersOf, totalsOf, unredeemed, WITHOUT_READS } from "../harness/tally.ts";
import { textOf } from "../harness/texts.ts";
import { nextTurn } from "../harness/turns.ts";
import { demand, type Row } from "../row.ts";

const SPEC = (folder: string): StoreSpec => ({ kind: "folder", path: join(folder, "originals") });

export const folder: readonly Row[] = [
  {
    id: "F1",
    title: "folder: three writers killed (SIGKILL) again and again",
    promise: "keeps",
    needsRedis: false,
    minTried: 500,
    sabotages: [
      { does: "acknowledges before it has written", store: "naive-folder", turns: "lost" },
    ],
    run: (context) => inFolder((home) => killLoop(context, context.store(SPEC(home)), home, 12)),
  },
  {
    id: "F2",
    title: "folder: the disk is full",
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
    id: "F3",
    title: "folder: a FIFO under a ref",
    promise: "keeps",
    needsRedis: false,
    minTried: 20,
    sabotages: [
      { does: "waits for whatever stands under the name", store: "naive-folder", turns: "hung" },
    ],
    run: (context) =>
      inFolder(async (home) => {
        const spec = context.store(SPEC(home));
        const path = spec.path ?? "";
        mkdirSync(path, { recursive: true, mode: 0o700 });
        const fifos = [100, 101].map((id) => {
          const ref = refOf(textOf(id), refScope("default"));
          const file = join(path, `${ref}.ccr`);
          execFileSync("mkfifo", [file]);
          return { id, ref, file };
        });
        const writer = startAgent(spec);
        try {
          const ids = Array.from({ length: 20 }, (_, id) => id);
          const planted = fifos.filter(({ file }) => lstatSync(file).isFIFO()).length;
          const calls = await writer.ask({
            do: "send",
            ids: [...fifos.map(({ id }) => id), ...ids],
            lanes: 4,
          });
          const markers = markersOf(calls);
          const look = await judge(spec, markers);
          const ofFifos = await judge(
            spec,
            fifos.map(({ ref, id }) => [ref, id] as const),
            { attempts: 1 },
          );
          const turn = context.withoutNextTurn ? undefined : await nextTurn(spec, markers);
          const totals = totalsOf(calls);
          return {
            ...WITHOUT_READS,
            ...totals,
            markers: markers.length,
            lostAtFirstLook: unredeemed(look),
            ...(turn ? { lostAfterNextTurn: turn.lost } : {}),
            wrong: look.wrong + ofFifos.wrong + (turn?.wrong ?? 0),
            hung: totals.hung + look.hung + ofFifos.hung + (turn?.hung ?? 0),
            faults: { "FIFOs under a ref": planted },
            demands: [
              demand(
                "puts of other texts acknowledged",
                `${calls.filter(({ id, acknowledged }) => acknowledged && Number(id) < 100).length} of ${ids.length}`,
                ids.every((id) => calls.some((call) => call.id === id && call.acknowledged)),
              ),
            ],
          };
        } finally {
          await writer.end();
          for (const name of readdirSync(path)) rmSync(join(path, name), { force: true });
        }
      }),
  },
];
