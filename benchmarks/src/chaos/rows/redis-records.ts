/** What stands under a ref is damaged, forged, or under another key. */
import { startAgent } from "../harness/agent-process.ts";
import { bombOf } from "../harness/forge.ts";
import { judge } from "../harness/judge.ts";
import type { Call, Marker, ReadResult } from "../harness/protocol.ts";
import { type ChaosRedis, chaosRedis } from "../harness/redis.ts";
import type { StoreSpec } from "../harness/spec.ts";
import { markersOf, totalsOf, unredeemed, WITHOUT_READS } from "../harness/tally.ts";
import { type TextId, textOf } from "../harness/texts.ts";
import { nextTurn, send } from "../harness/turns.ts";
import type { Measured } from "../measured.ts";
import { demand, type Row, type RunContext } from "../row.ts";

const MEBIBYTE = 1_048_576;
const KEY_OLD = "old key, long enough to be one: 1";
const KEY_NEW = "new key, long enough to be one: 2";

function figures(
  calls: readonly Call[],
  looks: readonly ReadResult[],
): Omit<Measured, "lostAtFirstLook" | "faults" | "demands"> {
  const totals = totalsOf(calls);
  return {
    ...WITHOUT_READS,
    ...totals,
    markers: markersOf(calls).length,
    wrong: looks.reduce((sum, look) => sum + look.wrong, 0),
    hung: looks.reduce((sum, look) => sum + look.hung, totals.hung),
  };
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, id) => id);

type Damage = "header bits" | "payload bits" | "chunk bits" | "cut" | "swapped" | "chunk removed";
const DAMAGES: readonly Damage[] = [
  "header bits",
  "payload bits",
  "chunk bits",
  "cut",
  "swapped",
  "chunk removed",
];

/** Damages one original's record; what applies to chunks needs an original that has some. */
async function damage(
  server: ChaosRedis,
  keys: readonly string[],
  how: Damage,
  seed: number,
  other: Buffer,
): Promise<boolean> {
  const client = server.admin();
  const [main = "", ...chunks] = keys;
  const ofChunk = how === "chunk bits" || how === "chunk removed";
  const key = ofChunk ? chunks[seed % Math.max(1, chunks.length)] : main;
  if (key === undefined) return false;
  if (how === "chunk removed") return (await client.unlink(key)) === 1;
  const value = await client.getBuffer(key);
  if (!value || value.byteLength < 2) return false;
  const bad = how === "swapped" ? other : Buffer.from(value);
  const half = Math.floor(value.byteLength / 2);
  const at =
    how === "header bits"
      ? seed % Math.min(64, value.byteLength)
      : half + (seed % (value.byteLength - half));
  if (how !== "swapped" && how !== "cut") bad.writeUInt8(bad.readUInt8(at) ^ (1 << (seed % 8)), at);
  await client.set(key, how === "cut" ? bad.subarray(0, at) : bad, "KEEPTTL");
  return !(await client.getBuffer(key))?.equals(value);
}

/** The keys of each original, its record first and its chunks after it; small originals before large ones. */
async function keysOfRecords(server: ChaosRedis): Promise<readonly (readonly string[])[]> {
  const grouped = new Map<string, string[]>();
  for (const key of (await server.admin().keys("*")).sort((a, b) => a.length - b.length)) {
    // A record and its chunks share a slot of the cluster: the names differ behind what stands in braces.
    const tag = key.slice(key.indexOf("{"), key.indexOf("}") + 1);
    grouped.set(tag, [...(grouped.get(tag) ?? []), key]);
  }
  return [...grouped.values()].sort((a, b) => a.length - b.length);
}

async function damaged(
  context: RunContext,
  options: Readonly<Record<string, unknown>>,
): Promise<Measured> {
  const server = await chaosRedis();
  const spec = context.store({ kind: "redis", port: server.port, options });
  const writer = startAgent(spec, { putLimitMs: 10_000 });
  try {
    // Many small ones through the pipeline, some in several chunks past it: such sizes are rare in one tool's result.
    const small = numbers(context.count(240));
    const large = numbers(context.scale < 1 ? 12 : 24).map(
      (id) => `noise:${3 * MEBIBYTE + id * 977}`,
    );
    const calls = [
      ...(await writer.ask({ do: "send", ids: small, lanes: 4 })),
      ...(await writer.ask({ do: "send", ids: large, lanes: 1, direct: true })),
    ];
    const markers = markersOf(calls);
    const records = await keysOfRecords(server);
    const counts: Record<string, number> = Object.fromEntries(
      DAMAGES.map((how) => [`records damaged, ${how}`, 0]),
    );
    const other = (await server.admin().getBuffer(records[0]?.[0] ?? "")) ?? Buffer.alloc(64);
    for (const [index, keys] of records.entries()) {
      const how = DAMAGES[index % DAMAGES.length] ?? "cut";
      if (await damage(server, keys, how, index * 31 + 7, other))
        counts[`records damaged, ${how}`] = (counts[`records damaged, ${how}`] ?? 0) + 1;
    }
    const patient = { attempts: 1, readLimitMs: 10_000 };
    const firstLook = await judge(spec, markers, patient);
    // The next turn, through the process that put them and through a new one.
    const ids = markers.map(([, id]) => id);
    const half = (side: number): readonly TextId[] => ids.filter((_, index) => index % 2 === side);
    const isLarge = (id: TextId): boolean => typeof id === "string";
    const again = [
      ...(await writer.ask({ do: "send", ids: half(0).filter((id) => !isLarge(id)), lanes: 4 })),
      ...(await writer.ask({ do: "send", ids: half(0).filter(isLarge), lanes: 1, direct: true })),
      ...(await send(
        spec,
        half(1).filter((id) => !isLarge(id)),
      )),
      ...(await send(spec, half(1).filter(isLarge), { lanes: 1, direct: true })),
    ];
    const secondLook = await judge(spec, markers, { attempts: 3, readLimitMs: 10_000 });
    return {
      ...figures([...calls, ...again], [firstLook, secondLook]),
      tried: calls.length,
      acknowledged: calls.filter(({ acknowledged }) => acknowledged).length,
      lostAtFirstLook: unredeemed(firstLook),
      lostAfterNextTurn: unredeemed(secondLook),
      faults: counts,
      demands: [],
    };
  } finally {
    await writer.end();
    await server.stop();
  }
}

async function lastingRecords(server: ChaosRedis): Promise<number> {
  const client = server.admin();
  const lives = await Promise.all((await client.keys("*")).map((key) => client.pttl(key)));
  return lives.filter((milliseconds) => milliseconds > 60_000).length;
}

/** Originals are put under one setting and sent again under another. */
/** An original, and the mark that its text has left shortened. */
const RECORDS_EACH = 2;

/** The key of the original: its mark is smaller. */
async function largestKey(server: ChaosRedis): Promise<string> {
  const admin = server.admin();
  const sizes = await Promise.all(
    (await admin.keys("*")).map(async (key) => ({ key, size: await admin.strlen(key) })),
  );
  return sizes.sort((left, right) => right.size - left.size)[0]?.key ?? "";
}

async function rekeyed(
  context: RunContext,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  more: {
    /** Has to read everything before the next turn. */
    readonly readsBoth?: boolean;
    /** Has to read everything after the next turn. */
    readonly last: Readonly<Record<string, unknown>>;
    /** Has to read nothing after the next turn. */
    readonly shut?: Readonly<Record<string, unknown>>;
    /** Replaced records are to be gone in a minute: until then other processes may still have the old setting. */
    readonly fades?: boolean;
  },
): Promise<Measured> {
  const server = await chaosRedis();
  const spec = (options: Readonly<Record<string, unknown>>): StoreSpec =>
    context.store({ kind: "redis", port: server.port, options });
  try {
    const calls = await send(spec(before), numbers(context.count(300)));
    const markers = markersOf(calls);
    const unreadable = await judge(spec(more.last), markers, { attempts: 1 });
    const firstLook = await judge(spec(after), markers, { attempts: 1 });
    const again = await send(
      spec(after),
      markers.map(([, id]) => id),
    );
    const secondLook = await judge(spec(more.last), markers, { attempts: 3 });
    const shutLook = more.shut ? await judge(spec(more.shut), markers, { attempts: 1 }) : undefined;
    const lasting = more.fades ? await lastingRecords(server) : undefined;
    return {
      ...figures([...calls, ...again], [firstLook, secondLook]),
      tried: calls.length,
      acknowledged: calls.filter(({ acknowledged }) => acknowledged).length,
      lostAtFirstLook: unredeemed(firstLook),
      lostAfterNextTurn: unredeemed(secondLook),
      faults: { "records the last setting cannot read before the turn": unredeemed(unreadable) },
      demands: [
        ...(more.readsBoth
          ? [
              demand(
                "read under the new setting before anything was sent again",
                `${firstLook.served} of ${markers.length}`,
                firstLook.served === markers.length,
              ),
            ]
          : []),
        ...(lasting === undefined
          ? []
          : [
              demand(
                "records that live longer than a minute after the turn",
                `${lasting} of ${RECORDS_EACH * markers.length}`,
                lasting === RECORDS_EACH * markers.length,
              ),
            ]),
        ...(shutLook
          ? [
              demand(
                "still readable under the old setting after the turn",
                shutLook.served,
                shutLook.served === 0,
              ),
            ]
          : []),
      ],
    };
  } finally {
    await server.stop();
  }
}

/** A record under another setting has another name: there is nothing that could be trusted. */
const FORGETS = {
  does: "acknowledges every tenth put without writing",
  store: "forgets",
  turns: "not healed",
} as const;
const TRUSTS = {
  does: "acknowledges what the server has something for, readable or not",
  store: "trusts-what-is-there",
  turns: "not healed",
} as const;
const DAMAGES_ANSWERS = { does: "serves damaged bytes", store: "damages", turns: "wrong" } as const;

export const redisRecords: readonly Row[] = [
  {
    id: "R15",
    title: "two processes put the same at once; other texts under the same refs",
    promise: "keeps",
    minTried: 1_000,
    sabotages: [{ does: "lets the last writer win", store: "last-write-wins", turns: "demand" }],
    async run(context) {
      const server = await chaosRedis();
      const spec = context.store({ kind: "redis", port: server.port });
      const agents = [startAgent(spec), startAgent(spec)];
      try {
        const ids = numbers(context.count(600));
        const both = await Promise.all(
          agents.map((agent) => agent.ask({ do: "send", ids, lanes: 4 })),
        );
        const calls = both.flat();
        const markers = markersOf(calls);
        const objects = await server.admin().dbsize();
        const forged = await agents[0]?.ask({ do: "forge", ids: ids.slice(0, context.count(200)) });
        const look = await judge(spec, markers);
        const turn = context.withoutNextTurn ? undefined : await nextTurn(spec, markers);
        const measured = figures(calls, [look]);
        return {
          ...measured,
          wrong: measured.wrong + (turn?.wrong ?? 0),
          hung: measured.hung + (turn?.hung ?? 0),
          lostAtFirstLook: unredeemed(look),
          ...(turn ? { lostAfterNextTurn: turn.lost } : {}),
          faults: {
            "originals put twice": calls.length - ids.length,
            "forgeries tried": forged?.tried ?? 0,
          },
          demands: [
            demand(
              `records for ${markers.length} originals, each with its mark`,
              objects,
              objects === RECORDS_EACH * markers.length,
            ),
            demand("forgeries accepted", forged?.accepted ?? "unknown", forged?.accepted === 0),
          ],
        };
      } finally {
        await Promise.all(agents.map((agent) => agent.end()));
        await server.stop();
      }
    },
  },
  {
    id: "R16",
    title:
      "bits flipped in header, payload and chunks; cut, swapped, chunks removed; then put again",
    promise: "heals",
    minTried: 250,
    sabotages: [TRUSTS, DAMAGES_ANSWERS],
    run: (context) => damaged(context, {}),
  },
  {
    id: "R16e",
    title: "the same, encrypted",
    promise: "heals",
    minTried: 250,
    sabotages: [TRUSTS],
    run: (context) => damaged(context, { encryptionKey: KEY_NEW }),
  },
  {
    id: "K1",
    title: "encryption key rotated: [new, old], then [new]",
    promise: "heals",
    minTried: 300,
    sabotages: [TRUSTS],
    run: (context) =>
      rekeyed(
        context,
        { encryptionKey: KEY_OLD },
        { encryptionKeys: [KEY_NEW, KEY_OLD] },
        {
          readsBoth: true,
          last: { encryptionKeys: [KEY_NEW] },
          fades: true,
        },
      ),
  },
  {
    id: "K2",
    title: "encryption switched on",
    promise: "heals",
    minTried: 300,
    sabotages: [FORGETS],
    run: (context) =>
      rekeyed(
        context,
        {},
        { encryptionKey: KEY_NEW },
        { last: { encryptionKey: KEY_NEW }, shut: {} },
      ),
  },
  {
    id: "K3",
    title: "encryption switched off",
    promise: "heals",
    minTried: 300,
    sabotages: [FORGETS],
    run: (context) => rekeyed(context, { encryptionKey: KEY_NEW }, {}, { last: {} }),
  },
  {
    id: "M2",
    title: "a small record that expands to 400 MB",
    promise: "heals",
    minTried: 2,
    sabotages: [{ does: "expands whatever it is given", store: "expands", turns: "demand" }],
    async run(context) {
      const server = await chaosRedis();
      const spec = context.store({ kind: "redis", port: server.port });
      try {
        const id = 3;
        const honest: StoreSpec = { kind: "redis", port: server.port };
        const first = await send(honest, [id]);
        const key = await largestKey(server);
        const calls = [...first, ...(await send(honest, [7]))];
        const markers = markersOf(calls);
        const ref = markers.find((marker) => marker[1] === id)?.[0] ?? "";
        const value = (await server.admin().getBuffer(key)) ?? Buffer.alloc(0);
        const bomb = bombOf(value, textOf(id), 400_000_000);
        if (bomb) await server.admin().set(key, bomb, "KEEPTTL");
        const reader = startAgent(
          { ...spec, options: { localCacheBytes: 0 } },
          { readLimitMs: 10_000 },
        );
        const target: readonly Marker[] = markers.filter((marker) => marker[0] === ref);
        const others = markers.filter((marker) => marker[0] !== ref);
        const before = await reader.ask({ do: "memory" });
        await reader.ask({ do: "read", markers: others, attempts: 1 });
        const look = await reader.ask({ do: "read", markers: target, attempts: 1 });
        const after = await reader.ask({ do: "memory" });
        await reader.end();
        const again = await send(spec, [id]);
        const healed = await judge(spec, markers);
        const grown = Math.round((after.peakRssBytes - before.peakRssBytes) / 1e6);
        return {
          ...figures([...calls, ...again], [healed]),
          tried: calls.length,
          lostAtFirstLook: unredeemed(look),
          lostAfterNextTurn: unredeemed(healed),
          faults: {
            "records forged": bomb ? 1 : 0,
            "bytes of the forged record": bomb?.byteLength ?? 0,
          },
          demands: [demand("memory one read took, ≤ 200 MB", `${grown} MB`, grown <= 200)],
        };
      } finally {
        await server.stop();
      }
    },
  },
];
