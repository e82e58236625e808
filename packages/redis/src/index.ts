export type { RedisClient } from "./client.ts";
export type { RedisStoreEvent, RedisStoreOptions } from "./options.ts";
export {
  type RedisLedgerClient,
  type RedisLedgerEvent,
  type RedisLedgerOptions,
  type RedisSubscriber,
  redisLedger,
} from "./redis-ledger.ts";
export { redisStore } from "./redis-store.ts";
