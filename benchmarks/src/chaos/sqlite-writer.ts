/** Puts numbered texts into a SQLite store until it is over or killed. */
import { sqliteStore } from "@headroom/sqlite";
import { entryOf } from "./text.ts";

const [path = "", firstSeed = "0", count = "0"] = process.argv.slice(2);
const store = sqliteStore({ path, busyTimeoutMs: 5_000 });
for (let seed = Number(firstSeed); seed < Number(firstSeed) + Number(count); seed++) {
  const acknowledged = await store.put(entryOf(seed)).then(
    () => true,
    () => false,
  );
  await new Promise((resolve) => process.send?.({ seed, acknowledged }, resolve));
}
await store.close?.();
process.disconnect?.();
