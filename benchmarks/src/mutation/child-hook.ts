/** Loaded with `node --import`: processes and threads that tests start get the changed source as well. */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { changed, orderFromEnvironment } from "./change.ts";

const { root, change } = orderFromEnvironment();
if (change !== undefined) {
  const path = join(root, change.file);
  const target = pathToFileURL(path).href;
  registerHooks({
    load(url, context, next) {
      if (url !== target) return next(url, context);
      const source = changed(readFileSync(path, "utf8"), change);
      return { format: "module-typescript", source, shortCircuit: true };
    },
  });
}
