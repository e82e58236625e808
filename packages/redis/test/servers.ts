/** What the tests of this folder share: a server of their own, texts, and a look at what was sent. */
import { type CcrEntry, refOf, refScope } from "@headroom/core";
import { Redis } from "ioredis";
import { type RedisServer, startRedis } from "../../../test/support/redis-server.ts";

export const KEY = "k".repeat(32);
export const OTHER_KEY = "o".repeat(32);

const scope = refScope("default");

export function entryOf(text: string): CcrEntry {
  return { ref: refOf(text, scope), text };
}

/** Text that hardly shrinks: a megabyte of it takes about 0.7 megabytes packed. */
export function noise(characters: number, seed = 1): string {
  let state = seed;
  const parts: string[] = [];
  for (let length = 0; length < characters; length += 6) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    parts.push((state % 2_176_782_336).toString(36).padStart(6, "0"));
  }
  return parts.join("").slice(0, characters);
}

export interface Served {
  readonly server: RedisServer;
  /** Not the store's: it looks and damages. */
  readonly admin: Redis;
  stop(): Promise<void>;
}

export async function serve(args: readonly string[] = [], port?: number): Promise<Served> {
  const server = await startRedis(args, port);
  const admin = new Redis(server.url);
  admin.on("error", () => {});
  return {
    server,
    admin,
    async stop() {
      admin.disconnect();
      await server.stop();
    },
  };
}

/** The commands that reach the server while `call` runs, as `"set hr1:…"`. Those of `admin` connections count too. */
export async function commandsOf(
  admin: Redis,
  call: () => Promise<unknown>,
): Promise<readonly string[]> {
  const monitor = await admin.monitor();
  monitor.on("error", () => {});
  const seen: string[] = [];
  monitor.on("monitor", (_time: string, args: readonly string[]) =>
    seen.push(args.slice(0, 2).join(" ").toLowerCase()),
  );
  await call();
  await admin.echo("end");
  while (!seen.includes("echo end")) await new Promise((resolve) => setTimeout(resolve, 5));
  monitor.disconnect();
  return seen.filter((command) => command !== "echo end");
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
