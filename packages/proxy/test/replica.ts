/** A proxy in a process of its own: `replica.ts PROVIDER_URL REDIS_URL`. Prints its base URL; ends when its input does. */
import { redisStore } from "@headroom/redis";
import { createProxy } from "../src/index.ts";

const [provider = "", redis = ""] = process.argv.slice(2);
const proxy = createProxy({
  upstreams: { anthropic: provider, openai: provider, google: provider },
  store: redisStore({ url: redis }),
  deadlineMs: 30_000,
  workers: false,
});
process.stdout.write(`${await proxy.listen({ port: 0 })}\n`);
process.stdin.on("end", () => process.exit(0)).resume();
