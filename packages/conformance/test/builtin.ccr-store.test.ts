import { memoryStore } from "@headroom/core";
import { describe, it } from "vitest";
import { ccrStoreCases } from "../src/index.ts";

describe("memoryStore", () => {
  for (const law of ccrStoreCases({ create: (now) => memoryStore({ now }) })) it(law.name, law.run);
});

describe("memoryStore with a life of its own", () => {
  const create = (now: () => number) => memoryStore({ now, ttlSeconds: 3_600 });
  for (const law of ccrStoreCases({ create })) it(law.name, law.run);
});
