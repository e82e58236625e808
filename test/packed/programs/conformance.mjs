import assert from "node:assert/strict";
import { ccrStoreCases } from "@headroom/conformance";
import { memoryStore } from "@headroom/core";

const cases = ccrStoreCases({ create: (now) => memoryStore({ now }), runs: 5 });
assert.ok(cases.length > 10);
for (const law of cases) await law.run();
