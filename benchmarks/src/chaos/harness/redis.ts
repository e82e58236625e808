/** A Redis server that can be killed, started again on its port, and asked what happened to it. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { freePort, type RedisServer, startRedis } from "../../../../test/support/redis-server.ts";
import { endsWithUs } from "./children.ts";

export const AOF_ALWAYS: readonly string[] = ["--appendonly", "yes", "--appendfsync", "always"];
/** What Debian's package writes into redis.conf: snapshots now and then, no append-only file. */
export const DEBIAN: readonly string[] = ["--save", "3600 1 300 100 60 10000"];

export interface ChaosRedis {
  readonly port: number;
  /** @returns 1 when it ended by this very signal */
  kill(): Promise<number>;
  /** Starts it again in its folder, or in a new one with other settings. */
  start(fresh?: { readonly args: readonly string[] }): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** A connection for the suite, to this start of the server. */
  admin(): Redis;
  /** A field of INFO as a number; 0 when it is not there. */
  info(field: string): Promise<number>;
  role(): Promise<string>;
  stop(): Promise<void>;
}

/** @param port a free one when absent; nothing is started when `later` is set */
export async function chaosRedis(
  args: readonly string[] = [],
  { later = false }: { readonly later?: boolean } = {},
): Promise<ChaosRedis> {
  const port = await freePort();
  const folders: string[] = [];
  let settings = args;
  let server: RedisServer | undefined;
  let connection: Redis | undefined;
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), "headroom-chaos-"));
    folders.push(made);
    return made;
  };
  let home = folder();
  const start = async (): Promise<void> => {
    server = await startRedis([...settings, "--dir", home], port);
    endsWithUs(server.process);
  };
  if (!later) await start();
  const admin = (): Redis => {
    if (!connection) {
      connection = new Redis(port, "127.0.0.1");
      connection.on("error", () => {});
    }
    return connection;
  };
  const disconnect = (): void => {
    connection?.disconnect();
    connection = undefined;
  };
  return {
    port,
    admin,
    async kill() {
      disconnect();
      const child = server?.process;
      if (!child || child.exitCode !== null) return 0;
      child.kill("SIGKILL");
      await once(child, "exit");
      return child.signalCode === "SIGKILL" ? 1 : 0;
    },
    async start(fresh) {
      if (fresh) {
        settings = fresh.args;
        home = folder();
      }
      await start();
      while (!(await isReady(admin()))) await sleep(20);
    },
    signal: (signal) => void server?.process.kill(signal),
    info: async (field) => Number((await fieldsOf(admin())).get(field) ?? 0) || 0,
    role: async () => (await fieldsOf(admin())).get("role") ?? "",
    async stop() {
      disconnect();
      await server?.stop();
      for (const made of folders) rmSync(made, { recursive: true, force: true });
    },
  };
}

async function isReady(client: Redis): Promise<boolean> {
  return client.ping().then(
    () => true,
    () => false,
  );
}

async function fieldsOf(client: Redis): Promise<ReadonlyMap<string, string>> {
  const info = await client.info("everything");
  return new Map(
    info.split("\n").flatMap((line) => {
      const at = line.indexOf(":");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()] as const];
    }),
  );
}

/** How often the server answered with this error, e.g. `OOM`. */
export async function errorsOf(client: Redis, error: string): Promise<number> {
  const stats = (await fieldsOf(client)).get(`errorstat_${error}`) ?? "";
  return Number(stats.split("=")[1] ?? 0);
}

/** Waits until a replica has all its primary has. */
export async function inSync(replica: ChaosRedis): Promise<void> {
  const client = replica.admin();
  while (!(await client.info("replication")).includes("master_link_status:up")) await sleep(50);
}
