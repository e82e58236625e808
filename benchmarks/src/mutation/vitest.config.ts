/** The tests of one mutant: in stages, one worker, until the first failure. `npm run mutation` says which. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vitest/config";
import { changed, orderFromEnvironment } from "./change.ts";

const { root, change, stages } = orderFromEnvironment();
const target = change && join(root, change.file);

/** A plugin hands the changed text over when the file is read, and keeps it out of Vitest's cache on disk. */
function swap(): Plugin {
  return {
    name: "headroom-mutation",
    enforce: "pre",
    load(id) {
      if (change === undefined || id !== target) return undefined;
      return changed(readFileSync(id, "utf8"), change);
    },
    configureVitest({ defineCacheKeyGenerator }) {
      defineCacheKeyGenerator(({ id }) => (id === target ? false : undefined));
    },
  };
}

export default defineConfig({
  root,
  test: {
    bail: 1,
    maxWorkers: 1,
    cache: false,
    reporters: ["minimal"],
    projects: stages.map(({ files, isolate }, order) => ({
      plugins: [swap()],
      ssr: { resolve: { conditions: ["@headroom/source"] } },
      test: {
        name: `stage-${order + 1}`,
        root,
        include: [...files],
        isolate,
        maxWorkers: 1,
        testTimeout: 60_000,
        sequence: { groupOrder: order },
        setupFiles: [fileURLToPath(new URL("./fixed-seed.ts", import.meta.url))],
      },
    })),
  },
});
