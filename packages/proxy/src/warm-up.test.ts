import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { createProxy } from "./proxy.ts";

it("a proxy that listens has a thread before the first request, and closes without it", async () => {
  const started = once(process, "worker");
  const proxy = createProxy({ namespace: "one" });
  await proxy.listen({ port: 0 });
  const [worker] = (await started) as [Worker];
  await proxy.close(0);
  expect(worker.threadId).toBeGreaterThan(0);
});
