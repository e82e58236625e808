/** The programs of one run: a provider, a load generator, proxies; and what is asked of them. */
import { loadavg } from "node:os";
import { type Child, start } from "./child.ts";
import type { Round } from "./figures.ts";
import type {
  Arm,
  ArmTimes,
  Bodies,
  ClosedLoop,
  ClosedLoopFigures,
  OpenLoop,
  OpenLoopTimes,
} from "./load-child.ts";
import type { ProxySetup, Usage } from "./proxy-child.ts";

export interface Stage {
  readonly provider: Child;
  readonly providerPort: number;
  /** Milliseconds that the provider, a server of Node.js alone, needed to listen. */
  readonly startedMs: number;
  readonly load: Child;
  /** Name of a sabotage that every proxy of this run has. */
  readonly sabotage: string | undefined;
  /** 1 for a whole run. */
  readonly scale: number;
  stop(): Promise<void>;
}

export async function openStage(scale: number, sabotage?: string): Promise<Stage> {
  const began = performance.now();
  const provider = start("provider-child.ts");
  const providerPort = await provider.ask<number>("listen");
  const startedMs = performance.now() - began;
  const load = start("load-child.ts");
  return {
    provider,
    providerPort,
    startedMs,
    load,
    sabotage,
    scale,
    async stop() {
      await Promise.all([provider.stop(), load.stop()]);
    },
  };
}

export interface RunningProxy {
  readonly port: number;
  readonly startedMs: number;
  ask: Child["ask"];
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export async function startProxy(
  { providerPort, sabotage }: Stage,
  setup: Partial<ProxySetup> = {},
): Promise<RunningProxy> {
  const began = performance.now();
  const child = start("proxy-child.ts", { env: { HEADROOM_BENCH_SABOTAGE: sabotage ?? "" } });
  const port = await child.ask<number>("listen", { providerPort, ...setup });
  const startedMs = performance.now() - began;
  return {
    port,
    startedMs,
    ask: child.ask,
    usage: () => child.ask<Usage>("usage"),
    stop: child.stop,
  };
}

export interface Comparison {
  readonly bodies: (round: number) => Bodies;
  readonly path?: string;
  readonly headers?: readonly string[];
  /** Arrivals a second for each arm. */
  readonly rate: number;
  /** Arrivals a round for each arm. */
  readonly count: number;
  readonly rounds: number;
}

export interface Compared {
  /** Times of the first byte, of the end, and of events behind their writing. */
  readonly first: readonly Round[];
  readonly end: readonly Round[];
  readonly events: readonly Round[];
  readonly firstEvents: readonly Round[];
  /** Requests of the proxy that did not end with 200. */
  readonly failed: number;
  readonly lateMs: number;
  /** Requests of the proxy, those of the uncounted round included. */
  readonly sent: number;
  /** Processor time of the proxy for each of them, all its threads. */
  readonly cpuMs?: number;
}

/** Arrivals of the round before the first, at most. */
const UNCOUNTED = 30;

/** Direct and through a proxy, in turn within each round. A round before the first one is not counted. */
export async function compare(
  { load, providerPort }: Stage,
  port: number,
  { bodies, path = "/v1/messages", headers = [], rate, count, rounds }: Comparison,
): Promise<Compared> {
  const arm = (to: number): Arm => ({ port: to, path, headers });
  const times: OpenLoopTimes[] = [];
  for (let round = 0; round <= rounds; round++) {
    const task: OpenLoop = {
      arms: { direct: arm(providerPort), proxy: arm(port) },
      bodies: bodies(round),
      rate,
      count: round === 0 ? Math.min(count, UNCOUNTED) : count,
      seed: round + 1,
    };
    const result = await load.ask<OpenLoopTimes>("openLoop", task);
    if (round > 0) times.push(result);
  }
  const roundsOf = (what: Exclude<keyof ArmTimes, "failed">): readonly Round[] =>
    times.map(({ arms }) => ({
      direct: arms.direct?.[what] ?? [],
      proxy: arms.proxy?.[what] ?? [],
    }));
  return {
    first: roundsOf("first"),
    end: roundsOf("end"),
    events: roundsOf("events"),
    firstEvents: roundsOf("firstEvents"),
    failed: times.reduce((sum, { arms }) => sum + (arms.proxy?.failed ?? 0), 0),
    lateMs: Math.max(...times.map(({ lateMs }) => lateMs)),
    sent: rounds * count + Math.min(count, UNCOUNTED),
  };
}

/** As many requests as so many connections can carry. */
export function carry(
  { load }: Stage,
  port: number,
  task: Omit<ClosedLoop, "arm"> & { readonly path?: string },
): Promise<ClosedLoopFigures> {
  const { path = "/v1/messages", ...rest } = task;
  return load.ask<ClosedLoopFigures>("closedLoop", { ...rest, arm: { port, path } });
}

/** Processes that wait for a processor, over the last minute. */
export function busy(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
