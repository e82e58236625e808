/** Writers in processes of their own, and one reader beside them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Reads } from "../measured.ts";
import { type Agent, StuckError, startAgent } from "./agent-process.ts";
import type { Call, Marker } from "./protocol.ts";
import { type StoreSpec, withoutCopies } from "./spec.ts";
import { addReads, NO_READS } from "./tally.ts";
import type { TextId } from "./texts.ts";

export interface LoadOptions {
  readonly processes?: number;
  readonly lanes?: number;
  readonly paceMs?: number;
  /** Of the writers' processes. */
  readonly shell?: string;
  /** What the reader uses. @default the writers' store, without copies of its own */
  readonly reader?: StoreSpec;
  /** Reads go through the first writer's own store instead, which then should keep no copies. @default false */
  readonly writerReads?: boolean;
  readonly firstId?: number;
}

export interface Load {
  readonly calls: readonly Call[];
  /** Waits until something is so, at most this long. @returns whether it is */
  until(holds: (calls: readonly Call[]) => boolean, mostMs: number): Promise<boolean>;
  /** Reads at random among the markers that have left, until `over` resolves. */
  readUntil(over: Promise<unknown>): Promise<void>;
  /** What the reader has seen so far. */
  reads(): Reads & { readonly wrong: number; readonly hung: number };
  stop(): Promise<void>;
  /** Sends texts again through the processes that sent them first; what is refused, up to three times. */
  sendAgain(markers: readonly Marker[]): Promise<readonly Call[]>;
  /** Processes that said nothing more. */
  stuck(): number;
  end(): Promise<void>;
}

const READ_BATCH = 12;

export async function startLoad(spec: StoreSpec, options: LoadOptions = {}): Promise<Load> {
  const { processes = 2, lanes = 4, paceMs = 6, firstId = 0, shell } = options;
  const calls: Call[] = [];
  const left: Marker[] = [];
  const onCall = (call: Call): void => {
    calls.push(call);
    if (call.ref !== undefined) left.push([call.ref, call.id]);
  };
  const writers = Array.from({ length: processes }, () =>
    startAgent(spec, { onCall, ...(shell === undefined ? {} : { shell }) }),
  );
  const [first] = writers;
  const reader =
    options.writerReads && first ? first : startAgent(options.reader ?? withoutCopies(spec));
  await reader.ask({ do: "memory" });
  let read: Reads = NO_READS;
  let wrong = 0;
  let hung = 0;
  let stuck = 0;

  /** A process that is stuck counts, and ends nothing but its own work. */
  const attempt = async <Answer>(work: Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof StuckError)) throw error;
      stuck++;
      return undefined;
    }
  };

  for (const [index, writer] of writers.entries())
    await writer.ask({ do: "load", first: firstId + index, step: processes, lanes, paceMs });

  return {
    calls,
    async until(holds, mostMs) {
      const deadline = performance.now() + mostMs;
      while (!holds(calls)) {
        if (performance.now() > deadline) return false;
        await sleep(20);
      }
      return true;
    },
    async readUntil(over) {
      let isOver = false;
      const end = over.finally(() => {
        isOver = true;
      });
      end.catch(() => undefined);
      for (let at = 0; !isOver; at += READ_BATCH) {
        if (left.length === 0) {
          await sleep(50);
          continue;
        }
        // A stride that visits old and new ones alike.
        const markers = Array.from(
          { length: READ_BATCH },
          (_, index) => left[((at + index) * 7_919) % left.length] as Marker,
        );
        const result = await attempt(reader.ask({ do: "read", markers, attempts: 1 }));
        if (!result) break;
        read = addReads(read, result);
        wrong += result.wrong;
        hung += result.hung;
        await sleep(30);
      }
      await over;
    },
    reads: () => ({ ...read, wrong, hung }),
    async stop() {
      await Promise.all(writers.map((writer) => attempt(writer.ask({ do: "stop" }))));
    },
    async sendAgain(markers) {
      const ownerOf = (id: TextId): number => (Number(id) - firstId) % processes;
      const again: Call[] = [];
      await Promise.all(
        writers.map(async (writer, index) => {
          let ids = markers.map(([, id]) => id).filter((id) => ownerOf(id) === index);
          for (let turn = 0; turn < 3 && ids.length > 0; turn++) {
            if (turn > 0) await sleep(1_100);
            const sent = await attempt(writer.ask({ do: "send", ids, lanes }));
            if (!sent) return;
            again.push(...sent);
            ids = sent.filter(({ acknowledged }) => !acknowledged).map(({ id }) => id);
          }
        }),
      );
      return again;
    },
    stuck: () => stuck,
    async end() {
      await Promise.all([...new Set([...writers, reader])].map((agent: Agent) => agent.end()));
    },
  };
}
