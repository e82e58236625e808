export type { RedisClient } from "./client.ts";
export { type RedisStoreEvent, type RedisStoreOptions, redisStore } from "./redis-store.ts";
