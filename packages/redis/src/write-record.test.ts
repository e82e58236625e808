/** What a put, a delete and a rotation send, in which order; and that no failure of a command is lost. */
import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { type RecordingClient, recordingClient } from "../test/recording-client.ts";
import { type Proofs, proofs } from "./proofs.ts";
import { chunkNames, HEADER_BYTES, originalOf, parseHeader, seal } from "./record.ts";
import { scopeOf } from "./scope.ts";
import { endOutdated, removeRecord, type WriteCall, writeRecord } from "./write-record.ts";

const LIFE_MS = 1_000;
const READ = "0 1048596";
const plain = scopeOf({}).current;
const small = originalOf("text");
/** More than is packed before the server is asked, in one value. */
const large = originalOf("a".repeat(262_145));
/** In two chunks. */
const huge = originalOf(randomBytes(1_500_000).toString("base64"));

let recording: RecordingClient;
let known: Proofs;
beforeEach(() => {
  recording = recordingClient();
  known = proofs();
});
const call = (lengthen?: WriteCall["lengthen"]): WriteCall => ({
  client: recording.client,
  lifeMs: LIFE_MS,
  lengthen:
    lengthen ?? ((name, factor = 1) => recording.client.pexpire(name, LIFE_MS * factor, "GT")),
  extend: () => undefined,
  proofs: known,
});
const write = (original = small): Promise<boolean> => writeRecord(call(), "n", plain, original);
const take = (): string[] => recording.sent.splice(0);
const put = ["set n PX 1000 NX", `getrange n ${READ}`];
const looked = ["pexpire n 1000 GT", `getrange n ${READ}`];
const refusal = (): Error => Object.assign(new Error("OOM"), { name: "ReplyError" });
const chunksOf = (value: Buffer | undefined): readonly string[] => {
  const header = value && parseHeader(value);
  return header ? chunkNames("n", header) : [];
};

describe("a put", () => {
  it("is one round trip, and one look where this process knows the record", async () => {
    expect(await write()).toBe(true);
    expect(take()).toEqual(put);
    expect(await write()).toBe(false);
    expect(take()).toEqual(looked);
  });

  it("proves what another process has written, and lengthens its life", async () => {
    await write();
    take();
    known = proofs();
    expect(await write()).toBe(false);
    expect(take()).toEqual([...put, "pexpire n 1000 GT", "getrange n 0 0"]);
    recording.lives.set("n", 500);
    known = proofs();
    expect(await write()).toBe(false);
    expect(take()).toEqual([...put, "pexpire n 1000 GT"]);
  });

  it("is refused where what was there has expired before its life was lengthened", async () => {
    await write();
    known = proofs();
    recording.before = (command) => {
      if (command.startsWith("pexpire")) recording.values.delete("n");
    };
    await expect(write()).rejects.toThrow(
      /^the record that was there has expired; the next put writes it$/,
    );
  });

  it("asks first from 262,145 bytes on", async () => {
    await write(originalOf("a".repeat(262_144)));
    expect(take()).toEqual(put);
    recording.values.clear();
    await write(large);
    expect(take()).toEqual([...looked, ...put]);
  });

  it("writes chunks that outlive their record, before it", async () => {
    await write(huge);
    const chunks = chunksOf(recording.values.get("n"));
    expect(chunks).toHaveLength(2);
    expect(take()).toEqual([...looked, ...chunks.map((chunk) => `set ${chunk} PX 1100`), ...put]);
  });

  it("is refused where another text stands there", async () => {
    const other = await seal(originalOf("another"), "n", plain);
    recording.values.set("n", other.value);
    await expect(write()).rejects.toThrow(/^another text stands under this ref\.$/);
  });

  it.each([
    ["the server refuses a chunk", refusal, 3, true],
    ["nothing answers a chunk", () => new Error("down"), 3, false],
    ["the server refuses the record", refusal, 5, true],
    ["nothing answers the record", () => new Error("down"), 5, false],
  ])("leaves no chunks behind where %s", async (_, error, failing, cleans) => {
    recording.before = (_command, count) => {
      if (count === failing) throw error();
    };
    await expect(write(huge)).rejects.toThrow(error().message);
    const cleaning = take().slice(failing === 3 ? 4 : 6);
    if (!cleans) expect(cleaning).toEqual([]);
    else if (failing === 3)
      expect(cleaning).toEqual([
        expect.stringMatching(/^unlink .*:0$/),
        expect.stringMatching(/^unlink .*:1$/),
      ]);
    else
      expect(cleaning).toEqual([
        `getrange n ${READ}`,
        expect.stringMatching(/^pexpire .*:0 60000 LT$/),
        expect.stringMatching(/^pexpire .*:1 60000 LT$/),
      ]);
  });

  it("retires its chunks where another process was first", async () => {
    const other = await seal(huge, "n", plain);
    recording.before = (command) => {
      if (!command.startsWith("set n PX")) return;
      recording.values.set("n", other.value);
      for (const [index, name] of chunkNames("n", other.header).entries())
        recording.values.set(name, other.chunks[index] ?? Buffer.alloc(0));
    };
    expect(await write(huge)).toBe(false);
    expect(take().filter((command) => command.endsWith("60000 LT"))).toHaveLength(2);
  });
});

describe("an outdated record", () => {
  const outdated = async (isPlain: boolean, life: number): Promise<string[]> => {
    await write();
    const old = await seal(small, "old", plain);
    recording.values.set("old", old.value);
    recording.lives.set("old", life);
    take();
    await endOutdated(call(), "n", [
      { name: "none", isPlain },
      { name: "old", isPlain },
    ]);
    return take();
  };
  const heads = ["getrange none 0 19", "getrange old 0 19", "pttl old"];
  const lengthened = (life: number): string[] => [
    "getrange n 0 19",
    `pexpire n ${life} GT`,
    "getrange n 0 0",
  ];

  it.each<[string, boolean, number, readonly string[]]>([
    ["plain, a shorter life", true, 1_000, ["getrange old 0 19", "unlink old"]],
    [
      "plain, a longer life",
      true,
      1_001,
      [...lengthened(1_001), "getrange old 0 19", "unlink old"],
    ],
    ["sealed, a shorter life", false, 1_000, ["pexpire old 60000 LT", ...lengthened(1_000)]],
    ["sealed, a longer life", false, 9_000, ["pexpire old 60000 LT", ...lengthened(9_000)]],
  ])("ends, and the new one lives as long as it: %s", async (_, isPlain, life, expected) => {
    expect(await outdated(isPlain, life)).toEqual([...heads, ...expected]);
  });

  it.each([
    [true, 8],
    [false, 7],
  ])("is reported where a command fails (plain: %s)", async (isPlain, count) => {
    for (let failing = 1; failing <= count; failing++) {
      recording = recordingClient();
      let taken = 0;
      const start = (): void => {
        recording.before = () => {
          if (++taken === failing) throw new Error("down");
        };
      };
      await write();
      recording.values.set("old", (await seal(small, "old", plain)).value);
      recording.lives.set("old", 5_000);
      start();
      const ended = endOutdated(call(), "n", [
        { name: "none", isPlain },
        { name: "old", isPlain },
      ]);
      await expect(ended, `command ${failing}`).rejects.toThrow("down");
      expect(taken).toBe(failing === 1 ? 2 : failing);
    }
  });

  it("is not ended for a record that was removed meanwhile", async () => {
    recording.before = (command) => {
      if (command === "pexpire n 5000 GT") recording.values.delete("n");
    };
    await expect(outdated(false, 5_000)).rejects.toThrow(
      /^the record was removed meanwhile; the next put writes it$/,
    );
  });

  it("of chunks takes them along, and those of the new one live longer", async () => {
    await write(huge);
    const chunks = chunksOf(recording.values.get("n"));
    const old = await seal(huge, "old", plain);
    recording.values.set("old", old.value);
    recording.lives.set("old", 5_000);
    take();
    await endOutdated(call(), "n", [{ name: "old", isPlain: false }]);
    expect(take()).toEqual([
      "getrange old 0 19",
      "pttl old",
      "pexpire old 60000 LT",
      ...chunkNames("old", old.header).map((chunk) => `pexpire ${chunk} 60000 LT`),
      "getrange n 0 19",
      ...chunks.map((chunk) => `pexpire ${chunk} 5500 GT`),
      "pexpire n 5000 GT",
      "getrange n 0 0",
    ]);
  });
});

describe("a removed record", () => {
  it("goes before its chunks, and is told from none", async () => {
    await write(huge);
    const value = recording.values.get("n");
    take();
    expect(await removeRecord(call(), "n")).toBe(true);
    expect(take()).toEqual([
      `getrange n 0 ${HEADER_BYTES - 1}`,
      "unlink n",
      ...chunksOf(value).map((chunk) => `unlink ${chunk}`),
    ]);
    expect([...recording.values.keys()]).toEqual([]);
    expect(await removeRecord(call(), "n")).toBe(false);
  });

  it("is reported where a command fails", async () => {
    for (let failing = 1; failing <= 4; failing++) {
      recording = recordingClient();
      known = proofs();
      await write(huge);
      let taken = 0;
      recording.before = () => {
        if (++taken === failing) throw new Error("down");
      };
      await expect(removeRecord(call(), "n"), `command ${failing}`).rejects.toThrow("down");
      // Chunks go together.
      expect(taken).toBe(failing === 3 ? 4 : failing);
    }
  });
});
