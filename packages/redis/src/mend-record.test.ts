/** What is sent, in which order, and how long it is waited, where a record does not open. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type RecordingClient, recordingClient } from "../test/recording-client.ts";
import { type MendCall, mendRecord, retireChunks, retireRecord } from "./mend-record.ts";
import { HEADER_BYTES, originalOf, parseHeader, type Sealed, seal } from "./record.ts";
import { scopeOf } from "./scope.ts";

const LIFE_MS = 1_000;
const READ = "0 1048596";
const bad = Buffer.from("no record");
const claimOf = (value: Buffer): string =>
  `n:mend:${createHash("sha256").update(value).digest("hex").slice(0, 16)}`;

/** The header of a record with three chunks: what stands in them does not matter here. */
function chunked(putId: string): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.write("HRC2", 0, "latin1");
  head.writeUInt32BE(2_097_153, 8);
  head.write(putId, 12, "hex");
  return head;
}
const chunksOf = (putId: string): string[] => [0, 1, 2].map((index) => `n:${putId}:${index}`);
const OLD = "0".repeat(16);
const NEW = "1".repeat(16);

let recording: RecordingClient;
let call: MendCall;
let sealed: Sealed;
let asked: Buffer[];
const holds = async (value: Buffer): Promise<boolean> => {
  asked.push(value);
  return value.toString() === "sound";
};
beforeEach(async () => {
  recording = recordingClient();
  asked = [];
  const { client } = recording;
  call = {
    client,
    lifeMs: LIFE_MS,
    lengthen: (name, factor = 1) => client.pexpire(name, LIFE_MS * factor, "GT"),
    extend: () => undefined,
  };
  sealed = await seal(originalOf("text"), "n", scopeOf({}).current);
});
afterEach(() => void vi.restoreAllMocks());

/** Waits take no time; `during` is what happens meanwhile. */
function pauses(during: (count: number) => void = () => undefined): number[] {
  const waited: number[] = [];
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void, ms: number) => {
    waited.push(ms);
    during(waited.length);
    queueMicrotask(run);
  }) as never);
  return waited;
}
const mend = (): Promise<boolean> => mendRecord(call, "n", bad, sealed, holds);

describe("a record that does not open", () => {
  it("is written over by the one who claims it, with the life it has", async () => {
    recording.values.set("n", bad);
    recording.lives.set("n", 7_000);
    const waited = pauses();
    expect(await mend()).toBe(true);
    expect(recording.sent).toEqual([
      `set ${claimOf(bad)} PX 2000 NX`,
      `getrange n ${READ}`,
      "set n KEEPTTL",
      "pexpire n 1000 NX",
      "pexpire n 1000 GT",
      `getrange n ${READ}`,
      `unlink ${claimOf(bad)}`,
    ]);
    expect(recording.values).toEqual(new Map([["n", sealed.value]]));
    expect(recording.lives.get("n")).toBe(7_000);
    expect([waited, asked]).toEqual([[], []]);
  });

  it.each([
    ["longer than a put's", 7_000, 7_701],
    ["shorter", 500, 1_100],
    ["none", undefined, 1_100],
  ])("takes its chunks along, which live as long as it does: %s", async (_, life, expected) => {
    recording.values.set("n", chunked(OLD));
    if (life !== undefined) recording.lives.set("n", life);
    sealed = { ...sealed, header: parseHeader(chunked(NEW)) as never, value: chunked(NEW) };
    expect(await mendRecord(call, "n", chunked(OLD), sealed, holds)).toBe(true);
    expect(recording.sent.slice(2)).toEqual([
      "pttl n",
      ...chunksOf(NEW).map((chunk) => `pexpire ${chunk} ${expected} GT`),
      "set n KEEPTTL",
      "pexpire n 1000 NX",
      "pexpire n 1000 GT",
      `getrange n ${READ}`,
      ...chunksOf(OLD).map((chunk) => `pexpire ${chunk} 60000 LT`),
      `unlink ${claimOf(chunked(OLD))}`,
    ]);
  });

  it("is left to another process that has claimed it: what that one writes is enough", async () => {
    recording.values.set("n", bad).set(claimOf(bad), Buffer.from("1"));
    const waited = pauses((count) => {
      if (count === 3) recording.values.set("n", Buffer.from("sound"));
      if (count === 3) recording.values.delete(claimOf(bad));
    });
    expect(await mend()).toBe(false);
    expect(waited).toEqual([10, 10, 10]);
    expect(asked.map(String)).toEqual(["sound"]);
    expect(recording.sent.filter((command) => command.startsWith("set n "))).toEqual([]);
    expect(recording.sent.at(-1)).toBe(`unlink ${claimOf(bad)}`);
    expect([...recording.values.keys()]).toEqual(["n"]);
  });

  it("is waited for 400 times, and then the put says why it fails", async () => {
    recording.values.set("n", bad).set(claimOf(bad), Buffer.from("1"));
    const waited = pauses();
    await expect(mend()).rejects.toThrow(
      /^a damaged record is being written anew by another process$/,
    );
    expect(waited).toEqual(Array.from({ length: 400 }, () => 10));
    expect(recording.values.get("n")).toEqual(bad);
  });

  it.each([
    ["another that does not open", Buffer.from("worse"), ["worse"]],
    ["nothing", Buffer.alloc(0), []],
  ])("is claimed anew where %s has come in its place", async (_, value, looked) => {
    if (value.byteLength > 0) recording.values.set("n", value);
    expect(await mend()).toBe(true);
    expect(recording.sent.filter((command) => /^(unlink|set)/.test(command))).toEqual([
      `set ${claimOf(bad)} PX 2000 NX`,
      `unlink ${claimOf(bad)}`,
      `set ${claimOf(value)} PX 2000 NX`,
      "set n KEEPTTL",
      `unlink ${claimOf(value)}`,
    ]);
    expect(asked.map(String)).toEqual(looked);
  });

  it("leaves no claim of another process behind as its own", async () => {
    recording.values.set("n", Buffer.from("sound")).set(claimOf(bad), Buffer.from("1"));
    expect(await mend()).toBe(false);
    expect(recording.sent).toEqual([`set ${claimOf(bad)} PX 2000 NX`, `getrange n ${READ}`]);
  });

  it("is not acknowledged where what was written cannot be read back", async () => {
    recording.values.set("n", bad);
    recording.before = (command) => {
      if (command.includes(" GT")) recording.values.set("n", Buffer.from("another"));
    };
    await expect(mend()).rejects.toThrow(/^the record could not be read back$/);
  });

  it("fails with whichever command fails, and sends nothing behind it", async () => {
    const run = async (failing: number): Promise<readonly string[]> => {
      recording = recordingClient();
      recording.values.set("n", chunked(OLD));
      call = { ...call, client: recording.client };
      recording.before = (_, count) => {
        if (count === failing) throw new Error("down");
      };
      const header = parseHeader(chunked(NEW)) as never;
      const mended = mendRecord(
        { ...call, lengthen: (name) => recording.client.pexpire(name, LIFE_MS, "GT") },
        "n",
        chunked(OLD),
        { header, value: chunked(NEW), chunks: [] },
        holds,
      );
      if (failing === 0) expect(await mended).toBe(true);
      else await expect(mended, `command ${failing}`).rejects.toThrow("down");
      await new Promise((resolve) => setImmediate(resolve));
      return recording.sent;
    };
    // Commands that travel together are all sent.
    const together = [2, 3, 6, 10, 13, 14];
    const all = await run(0);
    expect(all).toHaveLength(14);
    for (let failing = 1; failing <= all.length; failing++)
      expect(await run(failing)).toEqual(
        all.slice(
          0,
          together.find((end) => end >= failing),
        ),
      );
  });
});

it("what nobody names any more lives for another minute at most, with its chunks", async () => {
  await retireRecord(call, "n");
  await retireChunks(call, "n", chunked(OLD));
  await retireChunks(call, "n", bad);
  expect(recording.sent).toEqual([
    "pexpire n 60000 LT",
    ...chunksOf(OLD).map((chunk) => `pexpire ${chunk} 60000 LT`),
  ]);
});
