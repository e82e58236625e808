/** Every row of the suite, in the order of the report. */
import type { Row } from "../row.ts";
import { redisMemory } from "./redis-memory.ts";
import { redisNetwork } from "./redis-network.ts";
import { redisReplicas } from "./redis-replicas.ts";
import { redisRestart } from "./redis-restart.ts";

export const rows: readonly Row[] = [
  ...redisRestart,
  ...redisNetwork,
  ...redisMemory,
  ...redisReplicas,
];
