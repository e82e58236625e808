/** Sentinels that watch one primary and promote its replica when it dies. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { freePort } from "../../../../test/support/redis-server.ts";
import { endsWithUs } from "./children.ts";

export interface Sentinels {
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

/** @param primaryPort known as `chaos` to whoever asks */
export async function startSentinels(primaryPort: number, count = 3): Promise<Sentinels> {
  const children: ChildProcess[] = [];
  const ports: number[] = [];
  const folder = mkdtempSync(join(tmpdir(), "headroom-sentinel-"));
  for (let index = 0; index < count; index++) {
    const port = await freePort();
    const file = join(folder, `${port}.conf`);
    writeFileSync(
      file,
      [
        `port ${port}`,
        "bind 127.0.0.1",
        `dir ${folder}`,
        `sentinel monitor chaos 127.0.0.1 ${primaryPort} ${Math.floor(count / 2) + 1}`,
        "sentinel down-after-milliseconds chaos 1000",
        "sentinel failover-timeout chaos 4000",
        "",
      ].join("\n"),
    );
    children.push(endsWithUs(spawn("redis-sentinel", [file], { stdio: "ignore" })));
    ports.push(port);
  }
  await agreed(ports, count);
  return {
    ports,
    async stop() {
      for (const child of children) {
        if (child.exitCode !== null) continue;
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** They know each other and the replica, so that a vote can be held. */
async function agreed(ports: readonly number[], count: number): Promise<void> {
  for (const port of ports) {
    const client = new Redis(port, "127.0.0.1");
    client.on("error", () => {});
    for (let wait = 0; wait < 200; wait++) {
      const fields = await client.call("SENTINEL", "MASTER", "chaos").catch(() => []);
      const pairs = (Array.isArray(fields) ? fields : Object.entries(fields ?? {}).flat()).map(
        String,
      );
      const field = (name: string): number => Number(pairs[pairs.indexOf(name) + 1] ?? 0);
      if (field("num-other-sentinels") >= count - 1 && field("num-slaves") >= 1) break;
      await sleep(100);
    }
    client.disconnect();
  }
}
