/** The proxy broken on purpose, in one way each, and the targets that have to turn red over it. */
import { subscribe } from "node:diagnostics_channel";
import { type IncomingMessage, ServerResponse } from "node:http";
import type { ProxyOptions } from "@headroom/proxy";
import type { TargetName } from "../targets.ts";

export interface ProxySabotage {
  readonly name: string;
  /** One sentence; the proxy is its subject. */
  readonly does: string;
  readonly turns: readonly TargetName[];
  /** Breaks the process it is called in. @returns the options to start with */
  apply(options: ProxyOptions): ProxyOptions;
}

/** Does something when a request has come in, before the proxy sees it. */
function withEachRequest(work: (request: IncomingMessage) => void): void {
  subscribe("http.server.request.start", (message) =>
    work((message as { readonly request: IncomingMessage }).request),
  );
}

function spin(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

export const PROXY_SABOTAGES: readonly ProxySabotage[] = [
  {
    name: "dawdles",
    does: "computes 30 ms longer over each request",
    turns: ["P1 p50", "P1 p99", "P2", "P3"],
    apply(options) {
      withEachRequest(() => spin(30));
      return options;
    },
  },
  {
    name: "reads-slowly",
    does: "computes 600 ms longer over each long request",
    turns: ["P4 p50", "P4 p99", "P5 warm p50", "P5 warm p99", "P5 cold p50"],
    apply(options) {
      withEachRequest(({ headers }) => {
        if (Number(headers["content-length"]) > 400_000) spin(600);
      });
      return options;
    },
  },
  {
    name: "waits-on",
    does: "gives compression ten times its deadline",
    turns: ["P6"],
    apply: (options) => ({ ...options, deadlineMs: 10 * (options.deadlineMs ?? 250) }),
  },
  {
    name: "gathers",
    does: "holds each piece of a stream back for 30 ms",
    turns: ["P7", "P7 first event"],
    apply(options) {
      const { write } = ServerResponse.prototype;
      ServerResponse.prototype.write = function (this: ServerResponse, ...given: unknown[]) {
        setTimeout(() => Reflect.apply(write, this, given), 30);
        return true;
      } as typeof write;
      return options;
    },
  },
  {
    name: "hoards",
    does: "keeps a megabyte for each request",
    turns: ["P9 peak"],
    apply(options) {
      const kept: Buffer[] = [];
      withEachRequest(() => {
        if (kept.length < 700) kept.push(Buffer.alloc(1_000_000, 1));
      });
      return options;
    },
  },
  {
    name: "leaks",
    does: "forgets to let go of some kilobytes of each request",
    turns: ["P9 drift"],
    apply(options) {
      const kept: Buffer[] = [];
      withEachRequest(() => {
        kept.push(Buffer.alloc(40_000, 1));
      });
      return options;
    },
  },
  {
    name: "sleeps-in",
    does: "needs a second more before it begins",
    turns: ["P10"],
    apply(options) {
      spin(1_000);
      return options;
    },
  },
  {
    name: "naps",
    does: "holds its event loop for 400 ms every now and then",
    turns: ["P8"],
    apply(options) {
      const nap = (): void => {
        spin(400);
        setTimeout(nap, 40).unref();
      };
      setTimeout(nap, 3_000).unref();
      return options;
    },
  },
  {
    name: "changes-its-mind",
    does: "shortens in every second turn only",
    turns: ["prefix breaks", "dearer turns", "cost of long sessions", "cost of short sessions"],
    apply(options) {
      let turn = 0;
      withEachRequest(() => turn++);
      const hooks = { beforeCompress: () => turn % 2 === 0 };
      return { ...options, compression: { ...options.compression, hooks } };
    },
  },
];

export function applySabotage(name: string | undefined, options: ProxyOptions): ProxyOptions {
  if (name === undefined || name === "") return options;
  const found = PROXY_SABOTAGES.find((one) => one.name === name);
  if (!found) throw new Error(`There is no sabotage ${name}.`);
  return found.apply(options);
}
