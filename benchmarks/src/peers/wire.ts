/** The lines between a program and the scripted model: straight, or through the proxy. */
import { type CcrStore, memoryStore } from "@headroom/core";
import { createProxy, type HeadroomProxy, type ProxyOptions } from "@headroom/proxy";
import {
  type Faults,
  type Model,
  type ModelServer,
  type OtherAnswer,
  startModelServer,
} from "./model-server.ts";
import { type Part, type Sabotage, sabotaged } from "./sabotage.ts";
import { startTap, type Tap } from "./tap.ts";

export interface LineOptions {
  /** Whether the proxy stands in between. */
  readonly through: boolean;
  readonly model: Model;
  readonly faults?: Faults;
  readonly other?: OtherAnswer;
  readonly proxy?: ProxyOptions;
  /** What stands behind the proxy, where it is not the model's server. */
  readonly upstream?: string;
}

export interface Line {
  /** What the program takes for its provider: without `/v1`. */
  readonly url: string;
  readonly through: boolean;
  /** What the program sent and received. */
  readonly tap: Tap;
  /** What reached the model, and what it said. */
  readonly server: ModelServer;
  readonly proxy: HeadroomProxy | undefined;
  readonly store: CcrStore | undefined;
  close(): Promise<void>;
}

export interface Wire {
  /** The runs that are to be made, where not all are. */
  readonly part: Part | undefined;
  open(options: LineOptions): Promise<Line>;
}

/** @param sabotage what is done wrong on every line through the proxy */
export function wireWith(sabotage: Sabotage | undefined): Wire {
  return {
    part: sabotage === undefined ? undefined : sabotaged(sabotage).part,
    async open({ through, model, faults, other, proxy: more, upstream }) {
      const server = await startModelServer(model, faults, other);
      if (!through) {
        const tap = await startTap(server.url);
        return {
          url: tap.url,
          through,
          tap,
          server,
          proxy: undefined,
          store: undefined,
          async close() {
            await tap.stop();
            await server.stop();
          },
        };
      }
      const store = memoryStore();
      const saboteurs = sabotage === undefined ? undefined : sabotaged(sabotage);
      const behind = await saboteurs?.behind?.(upstream ?? server.url);
      const url = behind?.url ?? upstream ?? server.url;
      const upstreams = { anthropic: url, openai: url, google: url };
      // The machine may be busy with other work: what is judged is not how fast it is.
      const proxy = createProxy({ upstreams, store, deadlineMs: 20_000, ...more });
      const own = await proxy.listen({ port: 0 });
      const before = await saboteurs?.before?.(own);
      const tap = await startTap(before?.url ?? own);
      return {
        url: tap.url,
        through,
        tap,
        server,
        proxy,
        store,
        async close() {
          await tap.stop();
          await before?.stop();
          await proxy.close(100);
          await behind?.stop();
          await server.stop();
        },
      };
    },
  };
}
