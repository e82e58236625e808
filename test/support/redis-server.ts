/** A real redis-server for tests: `REDIS_URL`, else one started from PATH on a free port in a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

const HOW_TO =
  "Install redis-server (Debian: apt-get install redis-server; macOS: brew install redis) or set REDIS_URL.";

/**
 * Whether Redis tests can run. On Debian as root the server is installed first, and that is said; in CI a missing server
 * fails; elsewhere the reason is printed and the suites are skipped.
 */
export function redisAvailable(): boolean {
  if (process.env.REDIS_URL || findServer()) return true;
  if (existsSync("/etc/debian_version") && process.getuid?.() === 0) {
    try {
      execFileSync("apt-get", ["update", "-qq"], { stdio: "ignore" });
      execFileSync("apt-get", ["install", "-y", "-qq", "redis-server"], {
        stdio: "ignore",
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    } catch {
      // Reported below.
    }
    if (findServer()) return true;
  }
  if (process.env.CI === "true") throw new Error(`No redis-server. ${HOW_TO}`);
  return false;
}

/** Whether a server can be started here, for tests that need one of their own: they flush, freeze or kill it. */
export function redisStartable(): boolean {
  return redisAvailable() && findServer() !== undefined;
}

/** The server that `REDIS_URL` names, else one started for the caller. Nothing on it may be flushed. */
export async function testRedis(): Promise<Pick<RedisServer, "url" | "stop">> {
  const url = process.env.REDIS_URL;
  return url ? { url, stop: async () => {} } : startRedis();
}

/** Starts a server of its own, whatever `REDIS_URL` says. @param args redis-server options, e.g. `["--appendonly", "yes"]` */
export async function startRedis(
  args: readonly string[] = [],
  fixedPort?: number,
  binary: string = findServer() ?? "redis-server",
): Promise<RedisServer> {
  const port = fixedPort ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), "headroom-redis-"));
  const child = spawn(
    binary,
    ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", ...args],
    { stdio: "ignore" },
  );
  await answers(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    process: child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGCONT");
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const up = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`redis-server did not answer on port ${port}.`);
}

function findServer(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];
  return folders.map((folder) => join(folder, "redis-server")).find((path) => existsSync(path));
}
