/** The proxy in a process of its own, with or without a sabotage. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { memoryStore } from "@headroom/core";
import { createProxy, type ProxyOptions } from "@headroom/proxy";
import { answerAsks } from "./child.ts";
import { applySabotage } from "./sabotages.ts";

export interface ProxySetup {
  readonly providerPort: number;
  /** A store whose answers never come. */
  readonly hangs?: boolean;
  readonly deadlineMs?: number;
}

export interface Usage {
  /** Microseconds of processor time since the process began, all its threads. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

const lag = monitorEventLoopDelay({ resolution: 1 });

answerAsks({
  /** @returns the port it listens on */
  async listen({ providerPort, hangs = false, deadlineMs }: ProxySetup) {
    const origin = `http://127.0.0.1:${providerPort}`;
    const never = (): Promise<never> => new Promise(() => {});
    const store = hangs ? { name: "hangs", put: never, get: never, delete: never } : memoryStore();
    const options: ProxyOptions = {
      upstreams: { anthropic: origin, openai: origin, google: origin },
      store: store as NonNullable<ProxyOptions["store"]>,
      // As `headroom proxy` has it.
      ownsProcess: true,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    };
    const proxy = createProxy(applySabotage(process.env.HEADROOM_BENCH_SABOTAGE, options));
    return Number(new URL(await proxy.listen({ port: 0 })).port);
  },
  usage(): Usage {
    const { user, system } = process.cpuUsage();
    return { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() };
  },
  watchLag() {
    lag.enable();
    lag.reset();
  },
  /** Milliseconds that the event loop was late, in the 99th of 100 ticks, and at worst. */
  lag() {
    lag.disable();
    return { p99: lag.percentile(99) / 1e6, max: lag.max / 1e6 };
  },
});
