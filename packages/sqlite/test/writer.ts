/** Puts numbered texts into a store and tells its parent each one that was acknowledged. */
import { refOf, refScope } from "@headroom/core";
import { sqliteStore } from "@headroom/sqlite";

const [path = "", id = "", count = "0"] = process.argv.slice(2);
const store = sqliteStore({ path, busyTimeoutMs: 10_000 });
const scope = refScope("default");
for (let i = 0; i < Number(count); i++) {
  const text = `writer ${id}, text ${i} `.repeat(200);
  await store.put({ ref: refOf(text, scope), text });
  process.send?.(text);
}
await store.close?.();
process.disconnect?.();
