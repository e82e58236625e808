import { redisStore } from "@headroom/redis";
import { PATIENT_MS, roundTrip } from "./round-trip.mjs";

const url = process.env.REDIS_URL;
await roundTrip(() => redisStore({ url, localCacheBytes: 0, timeoutMs: PATIENT_MS }));
