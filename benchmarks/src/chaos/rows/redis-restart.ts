/** The server is not there, dies, comes back, or is another one than before. */
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { AOF_ALWAYS, type ChaosRedis, chaosRedis, DEBIAN } from "../harness/redis.ts";
import { type Faults, type UnderFault, underFault } from "../harness/under-fault.ts";
import type { Measured } from "../measured.ts";
import { demand, type Row, type RunContext } from "../row.ts";

const STRICT = { durability: "strict" };
/** What a warning about durability talks of; it has to stand in the report, because nobody listens to events by default. */
const DURABILITY_WORDS = ["evict", "restart", "append-only", "disk", "persist", "durab"];

/** Runs a load against a server of its own. */
async function onServer(
  context: RunContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  fault: (server: ChaosRedis) => Promise<Faults>,
  more: Partial<UnderFault> = {},
): Promise<Measured> {
  const server = await chaosRedis(args);
  try {
    const spec = context.store({ kind: "redis", port: server.port, options });
    return await underFault(context, { spec, fault: () => fault(server), ...more });
  } finally {
    await server.stop();
  }
}

async function killAndStart(server: ChaosRedis, times: number): Promise<Faults> {
  let kills = 0;
  for (let time = 0; time < times; time++) {
    if (time > 0) await sleep(900);
    kills += await server.kill();
    await sleep(200);
    await server.start();
  }
  return { "kills by SIGKILL": kills };
}

/** Whether a connection to a port of this machine is taken. */
async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const warns: UnderFault["demands"] = ({ before }) => {
  const warned = before.filter(({ acknowledged, why }) => {
    const words = why.toLowerCase();
    return acknowledged && DURABILITY_WORDS.some((word) => words.includes(word));
  }).length;
  return [
    demand(
      "reports that warn what the server may lose, without a listener",
      `${warned} of ${before.length}`,
      warned > 0,
    ),
  ];
};

export const redisRestart: readonly Row[] = [
  {
    id: "R1",
    title: "absent at the start, there after 3 s",
    promise: "keeps",
    recoversWithinMs: 2_000,
    sabotages: [
      { does: "never asks again after a failure", store: "stays-open", turns: "recovery" },
    ],
    async run(context) {
      const server = await chaosRedis([], { later: true });
      try {
        const absence = 3_000 * Math.max(0.5, context.scale);
        return await underFault(context, {
          spec: context.store({ kind: "redis", port: server.port }),
          warmPuts: 0,
          async fault() {
            let refused = 0;
            for (const end = Date.now() + absence; Date.now() < end; await sleep(500))
              if (!(await isListening(server.port))) refused++;
            await server.start();
            return { "times nobody listened on the port": refused };
          },
          demands: ({ during }) => [
            demand(
              "calls refused while it was absent",
              `${during.filter(({ acknowledged }) => !acknowledged).length} of ${during.length}`,
              during.length > 0 && during.some(({ acknowledged }) => !acknowledged),
            ),
          ],
        });
      } finally {
        await server.stop();
      }
    },
  },
  {
    id: "R2",
    title: "killed three times and started again, appendfsync always, strict",
    promise: "keeps",
    recoversWithinMs: 3_000,
    sabotages: [
      { does: "acknowledges every tenth put without writing", store: "forgets", turns: "lost" },
      { does: "takes a failure for an acknowledgement", store: "ignores-failures", turns: "lost" },
    ],
    run: (context) => onServer(context, AOF_ALWAYS, STRICT, (server) => killAndStart(server, 3)),
  },
  {
    id: "R2b",
    title: "replaced within 10 s by a server that syncs nothing, which is killed in turn, strict",
    promise: "keeps",
    sabotages: [
      {
        does: 'promises no more than durability "redis"',
        options: { durability: "redis" },
        turns: "lost",
      },
    ],
    minTried: 1_000,
    run(context) {
      let replacedAt = Number.POSITIVE_INFINITY;
      return onServer(
        context,
        AOF_ALWAYS,
        STRICT,
        async (server) => {
          const first = await server.kill();
          replacedAt = Date.now();
          await server.start({ args: [] });
          await sleep(2_500);
          const second = await server.kill();
          await server.start({ args: AOF_ALWAYS });
          return { "kills by SIGKILL": first + second, replacements: first };
        },
        // What the first server held went with its disk.
        { calls: 1_000, judged: ({ at }) => at >= replacedAt },
      );
    },
  },
  {
    id: "R3",
    title: "killed and started again, Debian's default settings",
    promise: "heals",
    recoversWithinMs: 3_000,
    sabotages: [
      {
        does: "acknowledges what it has put before without looking",
        store: "never-again",
        turns: "not healed",
      },
    ],
    run: (context) =>
      onServer(context, DEBIAN, {}, (server) => killAndStart(server, 1), { demands: warns }),
  },
  {
    id: "R3s",
    title: "killed and started again, Debian's default settings, strict",
    promise: "refuses",
    sabotages: [
      {
        does: 'promises no more than durability "redis"',
        options: { durability: "redis" },
        turns: "accepted",
      },
    ],
    minTried: 500,
    run: (context) =>
      onServer(context, DEBIAN, STRICT, (server) => killAndStart(server, 1), {
        calls: 500,
        warmPuts: 0,
        afterPuts: 0,
      }),
  },
  {
    id: "R4",
    title: "stopped for 3 s (SIGSTOP)",
    promise: "keeps",
    recoversWithinMs: 3_000,
    sabotages: [
      {
        does: "waits a minute for an answer",
        options: { timeoutMs: 60_000 },
        clientOptions: { socketTimeout: 60_000 },
        turns: "hung",
      },
    ],
    run: (context) =>
      onServer(context, [], {}, async (server) => {
        const before = await server.info("uptime_in_seconds");
        server.signal("SIGSTOP");
        await sleep(3_000);
        server.signal("SIGCONT");
        const after = await server.info("uptime_in_seconds");
        return { "seconds it stood still": after - before };
      }),
  },
  {
    id: "R12",
    title: "FLUSHALL in the middle",
    promise: "heals",
    recoversWithinMs: 3_000,
    sabotages: [
      {
        does: "acknowledges what it has put before without looking",
        store: "never-again",
        turns: "not healed",
      },
    ],
    run: (context) =>
      onServer(context, [], {}, async (server) => {
        const keys = await server.admin().dbsize();
        await server.admin().flushall();
        return { "keys removed": keys };
      }),
  },
];
