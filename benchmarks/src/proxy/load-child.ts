/** The load generator: open-loop arrivals that change between arms, and as many requests as a number of connections can carry. */
import { random } from "../generate.ts";
import { nothingToCompress, transcript } from "./bodies.ts";
import { answerAsks } from "./child.ts";
import { send, type Timed } from "./client.ts";
import { percentile } from "./figures.ts";

export interface Arm {
  readonly port: number;
  readonly path: string;
  readonly headers?: readonly string[];
}

export type Bodies =
  | { readonly kind: "nothing"; readonly bytes: number; readonly stream?: boolean }
  /** One transcript that grows by a turn with each arrival. */
  | {
      readonly kind: "growing";
      readonly bytes: number;
      readonly from: number;
      readonly seed: number;
    }
  /** Another transcript with each arrival. */
  | { readonly kind: "unseen"; readonly bytes: number; readonly seed: number }
  | {
      readonly kind: "same";
      readonly bytes: number;
      readonly seed: number;
      readonly stream?: boolean;
    };

export interface OpenLoop {
  readonly arms: Readonly<Record<string, Arm>>;
  readonly bodies: Bodies;
  /** Arrivals a second for each arm. */
  readonly rate: number;
  /** Arrivals for each arm. */
  readonly count: number;
  readonly seed: number;
}

/** Milliseconds for each arm, in the order of arrival. */
export interface ArmTimes {
  readonly first: readonly number[];
  readonly end: readonly number[];
  /** Milliseconds between an event's writing and its arrival, of streams; the first of each stream apart. */
  readonly events: readonly number[];
  readonly firstEvents: readonly number[];
  readonly failed: number;
}

export interface OpenLoopTimes {
  readonly arms: Readonly<Record<string, ArmTimes>>;
  /** How late the generator itself was, in the 99th of 100. */
  readonly lateMs: number;
}

type MutableTimes = { -readonly [Key in keyof ArmTimes]: Key extends "failed" ? number : number[] };

async function openLoop(task: OpenLoop): Promise<OpenLoopTimes> {
  const next = random(task.seed);
  const names = Object.keys(task.arms);
  const times = Object.fromEntries(
    names.map((name) => [
      name,
      { first: [], end: [], events: [], firstEvents: [], failed: 0 } as MutableTimes,
    ]),
  );
  const bodies = bodiesOf(task.bodies, task.count);
  const isStream = "stream" in task.bodies && task.bodies.stream === true;
  const late: number[] = [];
  const running: Promise<void>[] = [];
  const start = performance.now();
  let due = 0;
  // Each arrival goes to all arms in turn, in an order that is drawn: no arm always has the others' work before it.
  for (let at = 0; at < task.count; at++) {
    for (const name of shuffled(names, next)) {
      due += (-Math.log(1 - next()) * 1_000) / (task.rate * names.length);
      const wait = start + due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      late.push(Math.max(0, performance.now() - start - due));
      const arm = task.arms[name];
      const own = times[name];
      if (!arm || !own) continue;
      running.push(
        send({ ...arm, body: [bodies(at)], keepsChunks: isStream }).then(
          (timed) => {
            if (timed.status !== 200) own.failed++;
            own.first.push(timed.firstMs);
            own.end.push(timed.endMs);
            if (isStream) addEvents(own, timed);
          },
          () => {
            own.failed++;
          },
        ),
      );
    }
  }
  await Promise.all(running);
  return { arms: times, lateMs: percentile(late, 0.99) };
}

/** The clock of each event's writing stands in it. */
function addEvents(own: MutableTimes, { chunks }: Timed): void {
  let isFirst = true;
  for (const { at, bytes } of chunks)
    for (const [, written = "0"] of bytes.toString("latin1").matchAll(/"at":"(\d+)"/g)) {
      const ms = Number(at - BigInt(written)) / 1e6;
      (isFirst ? own.firstEvents : own.events).push(ms);
      isFirst = false;
    }
}

function bodiesOf(bodies: Bodies, count: number): (at: number) => Buffer {
  const more = "stream" in bodies && bodies.stream ? { stream: true } : {};
  switch (bodies.kind) {
    case "nothing": {
      const body = nothingToCompress(bodies.bytes, more);
      return () => body;
    }
    case "same": {
      const body = transcript(bodies.bytes, 0, bodies.seed, more);
      return () => body;
    }
    case "growing":
    case "unseen": {
      const made = Array.from({ length: count }, (_, at) =>
        bodies.kind === "growing"
          ? transcript(bodies.bytes, bodies.from + at, bodies.seed)
          : transcript(bodies.bytes, 0, bodies.seed + at),
      );
      return (at) => made[at] ?? Buffer.alloc(0);
    }
  }
}

function shuffled<Item>(items: readonly Item[], next: () => number): Item[] {
  const left = [...items];
  const drawn: Item[] = [];
  while (left.length > 0) drawn.push(...left.splice(Math.floor(next() * left.length), 1));
  return drawn;
}

export interface ClosedLoop {
  readonly arm: Arm;
  readonly bodies: Bodies;
  readonly connections: number;
  readonly requests: number;
}

export interface ClosedLoopFigures {
  readonly seconds: number;
  readonly failed: number;
}

async function closedLoop({
  arm,
  bodies,
  connections,
  requests,
}: ClosedLoop): Promise<ClosedLoopFigures> {
  const body = bodiesOf(bodies, Math.min(requests, 64));
  let [left, failed] = [requests, 0];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0)
        await send({ ...arm, body: [body(left % 64)] }).then(
          ({ status }) => {
            if (status !== 200) failed++;
          },
          () => {
            failed++;
          },
        );
    }),
  );
  return { seconds: (performance.now() - start) / 1_000, failed };
}

answerAsks({ openLoop, closedLoop });
