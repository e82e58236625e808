/** What a put is worth: runs the writes of one and resolves when the server keeps them to the level that is asked for. */
import type { RedisClient } from "./client.ts";
import { AnswerError } from "./errors.ts";
import { primaries, probe, type ServerState } from "./probe.ts";

/** A server may be reconfigured under a connection. */
const ASK_AGAIN_MS = 10_000;

/** A put waits so long for the warnings of a new connection: one node of a cluster may not answer while the others do. */
const PATIENCE_MS = 100;

/** The server does not promise what is asked for. */
export class NotDurableError extends AnswerError {
  override readonly name = "NotDurableError";
}

export interface Durability {
  /** @throws NotDurableError */
  uphold(client: RedisClient, write: () => Promise<void>): Promise<void>;
  warnings(): readonly string[];
}

/** Acknowledged by the primary. What else can happen to it there is a warning, renewed with every connection. */
export function acknowledged(warn: (message: string) => void): Durability {
  const ask = oncePerTurn(probe);
  let current: readonly string[] = [];
  let answered: { readonly connections: readonly unknown[]; readonly at: number } | undefined;
  let first:
    | { readonly connections: readonly unknown[]; readonly patience: Promise<void> }
    | undefined;

  const renew = async (client: RedisClient, connections: readonly unknown[]): Promise<void> => {
    const warned = new Set(sameItems(answered?.connections, connections) ? current : []);
    current = warningsOf(await ask(client));
    answered = { connections, at: performance.now() };
    for (const message of current) if (!warned.has(message)) warn(message);
  };
  return {
    async uphold(client, write) {
      const connections = primaries(client).map(({ stream }) => stream);
      const isNew = !sameItems(answered?.connections, connections);
      const isOld = performance.now() - (answered?.at ?? 0) > ASK_AGAIN_MS;
      const asked = isNew || isOld ? renew(client, connections).catch(() => undefined) : undefined;
      if (isNew && !sameItems(first?.connections, connections))
        first = { connections, patience: waitFor(PATIENCE_MS) };
      // A report of the first put over a connection has the warnings already; later ones do not wait.
      await Promise.all([write(), isNew ? Promise.race([asked, first?.patience]) : undefined]);
    },
    warnings: () => current,
  };
}

/**
 * On disk (`appendfsync always`), or on so many replicas, and never on a server that evicts. The server is asked with every
 * put, before and after: an answer is not believed beyond the connection, the process or the role that gave it.
 */
export function strict(replicas: number, waitMs: number): Durability {
  const ask = oncePerTurn(probe);
  /** Nothing is written to a server that did not promise enough when it was last asked. */
  let promised = false;

  const demand = (state: ServerState): void => {
    if (state.identity === undefined || state.evicts !== false)
      throw new NotDurableError(
        "durability is strict and the server evicts keys, or would not say.",
      );
    if (!syncsEveryWrite(state) && (state.replicas ?? 0) < replicas)
      throw new NotDurableError(
        `durability is strict, and the server neither syncs every write (appendfsync always) nor has ${replicas} replica(s).`,
      );
  };
  return {
    async uphold(client, write) {
      if (!promised) demand(await ask(client));
      try {
        const [before] = await Promise.all([ask(client), write()]);
        demand(before);
        const onDisk = syncsEveryWrite(before);
        // INFO goes first: WAIT waits for what the primary had written when the command before it ran.
        const [after, reached] = await Promise.all([
          ask(client),
          onDisk ? replicas : waitAll(client, replicas, waitMs),
        ]);
        demand(after);
        if (after.identity !== before.identity || (onDisk && !syncsEveryWrite(after)))
          throw new NotDurableError("durability is strict and the server changed during the put.");
        if (reached < replicas)
          throw new NotDurableError(`only ${reached} of ${replicas} replicas have it.`);
        promised = true;
      } catch (error) {
        promised = false;
        throw error;
      }
    },
    warnings: () => [],
  };
}

function syncsEveryWrite({ persists, sync }: ServerState): boolean {
  return persists === true && sync === "always";
}

/** In a cluster WAIT has no key that would lead it to the right node: all of them are asked. */
async function waitAll(client: RedisClient, replicas: number, waitMs: number): Promise<number> {
  const reached = await Promise.all(
    primaries(client).map(async (node) => Number(await node.wait(replicas, Math.ceil(waitMs)))),
  );
  return Math.min(...reached);
}

function warningsOf({ identity, evicts, persists, sync, replicas }: ServerState): string[] {
  if (identity === undefined)
    return [
      "the server does not say whether it evicts or persists what it acknowledges (INFO is not permitted).",
    ];
  const warnings: string[] = [];
  if (evicts === true)
    warnings.push(
      "the server evicts keys when it is full (maxmemory-policy is not noeviction): originals can vanish while a marker lives.",
    );
  if (persists === false && (replicas ?? 0) === 0)
    warnings.push(
      "the server keeps no append-only file and has no replica: a restart loses the originals since its last snapshot.",
    );
  if (persists === true && sync === undefined)
    warnings.push(
      "the server does not say when its append-only file reaches the disk (CONFIG GET is not permitted).",
    );
  if (persists === true && sync !== undefined && sync !== "always")
    warnings.push(
      `the server does not sync every write (appendfsync ${sync}): a power failure loses the originals of the last ${sync === "everysec" ? "second or two" : "half minute"}.`,
    );
  return warnings;
}

/** The same answer for all calls of one turn of the event loop: their commands travel together. */
function oncePerTurn<Answer>(
  ask: (client: RedisClient) => Promise<Answer>,
): (client: RedisClient) => Promise<Answer> {
  let asked: Promise<Answer> | undefined;
  return (client) => {
    if (asked === undefined) {
      asked = ask(client);
      asked.catch(() => undefined);
      setImmediate(() => {
        asked = undefined;
      });
    }
    return asked;
  };
}

function waitFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}

function sameItems(one: readonly unknown[] | undefined, other: readonly unknown[]): boolean {
  return one?.length === other.length && one.every((item, index) => item === other[index]);
}
