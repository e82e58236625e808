/** The package on the oldest Node.js that it names, beside a process on this one. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { redisStore } from "@headroom/redis";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisStartable } from "../../../test/support/redis-server.ts";
import { entryOf, noise, type Served, serve } from "./servers.ts";

const folder = new URL("..", import.meta.url).pathname;

/** A Node.js before 22.15, which has no zstd. `npm test` brings a newer one, and what started it stands behind that in PATH. */
function olderNode(): string | undefined {
  const places = (process.env.PATH ?? "").split(delimiter);
  const found = [...places, "/usr/bin", "/usr/local/bin"].map((place) => join(place, "node"));
  return [...new Set(found)].filter(existsSync).find((path) => {
    const version = execFileSync(path, [
      "-p",
      "process.versions.node + !require('zlib').zstdCompressSync",
    ]);
    return /^(20|22)\..*true/.test(String(version));
  });
}

const older = olderNode();
if (older === undefined)
  process.stderr.write(
    "SKIPPED: no Node.js before 22.15 in PATH, so redis is not tested on one.\n",
  );

describe.runIf(redisStartable() && older !== undefined)("an older Node.js", () => {
  let served: Served;
  let place: string;
  beforeAll(async () => {
    served = await serve();
    // Beside the package, so that its dependencies are found.
    place = mkdtempSync(join(folder, "node_modules", ".older-"));
    const bundle = await rolldown({
      input: join(folder, "src/index.ts"),
      platform: "node",
      external: ["ioredis"],
      resolve: { conditionNames: ["@headroom/source", "import", "node"] },
    });
    await bundle.write({ dir: place, entryFileNames: "redis.mjs", format: "esm" });
    writeFileSync(
      join(place, "run.mjs"),
      `import { redisStore } from "./redis.mjs";
       const [url, mode, entries, options] = process.argv.slice(2).map((each, i) => (i < 2 ? each : JSON.parse(each)));
       const store = redisStore({ url, localCacheBytes: 0, timeoutMs: 5_000, ...options });
       for (const { ref, length, text } of entries) {
         if (mode === "put") await store.put({ ref, text });
         console.log((await store.get(ref))?.text === text && text.length === length);
       }
       await store.close();`,
    );
  });
  afterAll(async () => {
    rmSync(place, { recursive: true, force: true });
    await served?.stop();
  });

  it("loads, and reads what this one writes and the other way round", async () => {
    const entries = [entryOf("short"), entryOf("a line\n".repeat(5_000)), entryOf(noise(60_000))];
    const spec = JSON.stringify(entries.map((entry) => ({ ...entry, length: entry.text.length })));
    for (const options of [{}, { encryptionKey: "k".repeat(32) }]) {
      const store = redisStore({
        client: served.admin,
        localCacheBytes: 0,
        timeoutMs: 5_000,
        ...options,
      });
      for (const mode of ["get", "put"]) {
        await served.admin.flushall();
        if (mode === "get") for (const entry of entries) await store.put(entry);
        const said = execFileSync(
          String(older),
          [join(place, "run.mjs"), served.server.url, mode, spec, JSON.stringify(options)],
          { encoding: "utf8" },
        );
        expect(said).toBe("true\ntrue\ntrue\n");
        for (const { ref, text } of entries) {
          expect((await store.get(ref))?.text === text).toBe(true);
          await store.put({ ref, text });
        }
      }
    }
  }, 60_000);
});
