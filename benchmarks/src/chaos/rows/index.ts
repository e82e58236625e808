/** Every row of the suite, in the order of the report. */
import type { Row } from "../row.ts";
import { folder } from "./folder.ts";
import { redisCluster } from "./redis-cluster.ts";
import { redisLife } from "./redis-life.ts";
import { redisMemory } from "./redis-memory.ts";
import { redisNetwork } from "./redis-network.ts";
import { redisRecords } from "./redis-records.ts";
import { redisReplicas } from "./redis-replicas.ts";
import { redisRestart } from "./redis-restart.ts";
import { redisSpeed } from "./redis-speed.ts";
import { sqliteFile } from "./sqlite-file.ts";
import { sqliteProcess } from "./sqlite-process.ts";

export const rows: readonly Row[] = [
  ...redisRestart,
  ...redisNetwork,
  ...redisMemory,
  ...redisReplicas,
  ...redisRecords,
  ...redisLife,
  ...redisCluster,
  ...redisSpeed,
  ...sqliteProcess,
  ...sqliteFile,
  ...folder,
];
