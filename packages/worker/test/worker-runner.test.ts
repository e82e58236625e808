import { execFileSync } from "node:child_process";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { createHeadroom, type HeadroomOptions, memoryStore } from "@headroom/core";
import { afterAll, describe, expect, it } from "vitest";
import { workerRunner } from "../src/index.ts";
import { plugin } from "./plugin.ts";

const runner = workerRunner({ threads: 1, minCharacters: 0 });
const instances: { close(): Promise<void> }[] = [];
const make = (options: HeadroomOptions = {}) => {
  const headroom = createHeadroom({ runner, ...options });
  instances.push(headroom);
  return headroom;
};
afterAll(async () => {
  for (const instance of instances) await instance.close();
});

const rows = (count: number): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, id) => ({
      id,
      name: `user ${id}`,
      url: `https://api.example.com/users/${id}`,
      plan: "free",
      note: `n${(id * 2_654_435_761) >>> 0}`,
    })),
  );
const log = (count: number): string =>
  Array.from(
    { length: count },
    (_, at) =>
      `2026-01-05T10:${String(at % 60).padStart(2, "0")}:00Z ${at === 41 ? "ERROR" : "INFO"} job ${at} done in ${at * 3} ms`,
  ).join("\n");
const table = [
  "NAME  READY  STATUS",
  ...Array.from({ length: 60 }, (_, at) => `pod-${at}  1/1    Running`),
].join("\n");

describe("workerRunner", () => {
  for (const mode of ["lossless", "balanced"] as const)
    it(`gives the bytes that the calling thread gives, ${mode}`, async () => {
      const texts = [
        rows(300),
        log(400),
        table,
        `Notes\n\n${rows(40)}\n\n${log(60)}`,
        "plain words. ".repeat(400),
      ];
      const there = make({ mode, store: memoryStore(), minTokens: 50 });
      const here = createHeadroom({ mode, store: memoryStore(), minTokens: 50 });
      for (const text of texts) {
        const [ours, theirs] = [await here.compressText(text), await there.compressText(text)];
        expect(theirs.text).toBe(ours.text);
        expect({ ...theirs.block, milliseconds: 0 }).toEqual({ ...ours.block, milliseconds: 0 });
      }
    });

  it("has the compressors of plugins, imported in the thread", async () => {
    const text = Array(500).fill("hurrah").join(" ");
    const { text: shown, block } = await make({ plugins: async () => [plugin] }).compressText(text);
    expect(block).toMatchObject({ kind: "hurrah", outcome: "compressed" });
    expect(shown).toBe((await createHeadroom({ plugins: [plugin] }).compressText(text)).text);
  });

  it("leaves a text as it is where the thread finds no such plugin: the bytes would be others", async () => {
    const text = Array(500).fill("hurrah").join(" ");
    const other = { ...plugin, name: "gone" };
    const { block } = await make({ plugins: [other] }).compressText(text);
    expect(block).toMatchObject({ outcome: "failed" });
    expect(block.reason).toMatch(/exports no plugin gone/);
  });

  it("takes the model and the kinds of the instance along", async () => {
    const options = { model: "claude-sonnet-4", exclude: ["json"] };
    const text = rows(100);
    const [ours, theirs] = [
      await createHeadroom(options).compressText(text),
      await make(options).compressText(text),
    ];
    expect(theirs.tokensBefore).toBe(ours.tokensBefore);
    expect(theirs.block.compressor).toBe(ours.block.compressor);
    expect(theirs.block.kind).not.toBe("json");
  });

  it("rejects with the signal's reason while the thread is at work, and serves the next call", async () => {
    const headroom = make({ cacheBytes: 0 });
    await headroom.compressText(log(10).repeat(3));
    const signal = AbortSignal.timeout(20);
    await expect(headroom.compressText(rows(30_000), { signal })).rejects.toThrow(/timeout/i);
    expect((await headroom.compressText(rows(50))).block.outcome).toBe("compressed");
  });

  it("leaves a block as it is when the deadline comes first", async () => {
    const headroom = make({ deadlineMs: 15 });
    const { block, text } = await headroom.compressText(rows(30_000));
    expect(block.reason).toBe("not reached within deadlineMs (15)");
    expect(text).toBe(rows(30_000));
  });

  it("takes deadlines longer than a timer can be", async () => {
    for (const deadlineMs of [3e9, Number.POSITIVE_INFINITY]) {
      const { block } = await make({ deadlineMs }).compressText(rows(50));
      expect(block.outcome).toBe("compressed");
    }
  });

  it("closes an instance without harm to the others, however often, and after its own work", async () => {
    const shared = workerRunner({ threads: 1, minCharacters: 0 });
    const [one, other] = [
      createHeadroom({ runner: shared, cacheBytes: 0 }),
      createHeadroom({ runner: shared, cacheBytes: 0 }),
    ];
    await one.compressText(rows(50));
    await other.compressText(rows(50));
    const work = other.compressText(rows(3_000));
    await sleep(20);
    await one.close();
    await one.close();
    expect((await work).block.outcome).toBe("compressed");
    const last = other.compressText(rows(3_001));
    await sleep(20);
    await other.close();
    expect((await last).block.outcome).toBe("compressed");
    expect((await other.compressText(rows(60))).block.outcome).toBe("compressed");
  });

  it("leaves a block as it is when its thread breaks, and works on in another", async () => {
    const threads: Worker[] = [];
    const note = (thread: Worker): void => void threads.push(thread);
    process.on("worker", note);
    const headroom = createHeadroom({
      runner: workerRunner({ threads: 1, minCharacters: 0 }),
      cacheBytes: 0,
    });
    await headroom.compressText(rows(50));
    const text = rows(20_000);
    const work = headroom.compressText(text);
    await sleep(20);
    // As a thread does that has no memory left.
    threads[0]?.emit("error", new Error("out of memory"));
    const broken = await work;
    expect(broken.text).toBe(text);
    expect(broken.block).toMatchObject({
      outcome: "failed",
      reason: "the runner failed: out of memory",
    });
    expect((await headroom.compressText(rows(60))).block.outcome).toBe("compressed");
    // With work that waits for the thread.
    const texts = [rows(8_000), rows(61), rows(62)];
    const waiting = texts.map((each) => headroom.compressText(each));
    await sleep(20);
    threads.at(-1)?.emit("error", new Error("out of memory"));
    // The one whose turn it was fails and stays as it was; the others do not wait for ever.
    const results = await Promise.all(waiting);
    for (const [at, { text, block }] of results.entries())
      if (block.outcome !== "compressed")
        expect([block.outcome, text]).toEqual(["failed", texts[at]]);
    const compressed = results.filter(({ block }) => block.outcome === "compressed");
    expect(compressed.length).toBeGreaterThan(1);
    // Without work.
    threads.at(-1)?.emit("error", new Error("out of memory"));
    expect((await headroom.compressText(rows(70))).block.outcome).toBe("compressed");
    await headroom.close();
    process.off("worker", note);
  });

  it("serves calls that wait while a thread breaks between two tasks", async () => {
    const headroom = createHeadroom({
      runner: workerRunner({ threads: 1, minCharacters: 0, idleSeconds: 0 }),
      cacheBytes: 0,
    });
    await headroom.compressText(rows(50));
    let breaks = 0;
    // Breaks with nothing at hand, as a thread does that has just answered; the calls wait for it.
    const breaking = (thread: Worker): void => {
      if (breaks++ === 0) thread.emit("error", new Error("out of memory"));
    };
    await sleep(50);
    process.on("worker", breaking);
    const works = [rows(60), rows(61), rows(62)].map((text) => headroom.compressText(text));
    for (const { block } of await Promise.all(works)) expect(block.outcome).toBe("compressed");
    process.off("worker", breaking);
    expect(breaks).toBeGreaterThan(1);
    await headroom.close();
  });

  it("leaves blocks as they are where no thread can start", async () => {
    const breaking = (thread: Worker): void => {
      thread.emit("error", new Error("no such file"));
    };
    process.on("worker", breaking);
    const headroom = createHeadroom({ runner: workerRunner({ threads: 1, minCharacters: 0 }) });
    const works = [rows(50), rows(60)].map((text) => headroom.compressText(text));
    for (const { block } of await Promise.all(works))
      expect(block).toMatchObject({
        outcome: "failed",
        reason: "the runner failed: no such file",
      });
    process.off("worker", breaking);
    await headroom.close();
  });

  it("closes at once where the work was aborted", async () => {
    const headroom = createHeadroom({ runner: workerRunner({ threads: 1, minCharacters: 0 }) });
    await headroom.compressText(rows(50));
    const signal = AbortSignal.timeout(20);
    await expect(headroom.compressText(rows(30_000), { signal })).rejects.toThrow(/timeout/i);
    const started = performance.now();
    await headroom.close();
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("keeps the event loop free while a thread works on megabytes", async () => {
    const headroom = make({ store: memoryStore() });
    await headroom.compressText(rows(200));
    const text = rows(12_000);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    delay.enable();
    const { block } = await headroom.compressText(text);
    delay.disable();
    clearInterval(timer);
    expect(block.outcome).toBe("compressed");
    expect(ticks).toBeGreaterThan(10);
  });

  it("refuses functions, which no thread can take, and wrong options", () => {
    expect(() => createHeadroom({ runner, compressors: [] })).toThrow(/"runner"/);
    expect(() => workerRunner({ threads: 0 })).toThrow(/"threads"/);
    expect(() => workerRunner({ idleSeconds: -1 })).toThrow(/"idleSeconds"/);
    expect(() => workerRunner({ minCharacters: Number.NaN })).toThrow(/"minCharacters"/);
  });

  it("keeps no process alive", async () => {
    const script = `
      const { createHeadroom } = await import("@headroom/core");
      const { workerRunner } = await import(${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)});
      const headroom = createHeadroom({ runner: workerRunner({ minCharacters: 0 }) });
      console.log((await headroom.compressText(${JSON.stringify(log(100))})).block.outcome);`;
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const args = ["--conditions=@headroom/source", "--input-type=module", "-e", script];
    const out = execFileSync(process.execPath, args, { cwd, encoding: "utf8", timeout: 30_000 });
    expect(out.trim()).toBe("compressed");
    await sleep(0);
  });
});
