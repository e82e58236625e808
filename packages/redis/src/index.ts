export type { RedisClient } from "./client.ts";
export {
  type RedisLedgerClient,
  type RedisLedgerOptions,
  type RedisSubscriber,
  redisLedger,
} from "./redis-ledger.ts";
export { type RedisStoreEvent, type RedisStoreOptions, redisStore } from "./redis-store.ts";
