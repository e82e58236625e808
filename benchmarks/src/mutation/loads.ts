/** Which files a test loads, by its imports and theirs. A test that never loads a file cannot notice a change to it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { importsOf } from "./places.ts";

export type Loads = (test: string) => ReadonlySet<string>;

/** @param root the repository: its packages name their sources under the condition `@headroom/source`. */
export function loadsIn(root: string): Loads {
  const packages = packagesIn(root);
  const direct = new Map<string, readonly string[]>();
  const whole = new Map<string, ReadonlySet<string>>();

  function importedBy(file: string): readonly string[] {
    let found = direct.get(file);
    if (found === undefined) {
      found = importsOf(readFileSync(join(root, file), "utf8")).flatMap((from) => {
        const path = from.startsWith(".") ? join(dirname(file), from) : packages.get(from);
        if (path === undefined || !path.endsWith(".ts")) return [];
        return existsSync(join(root, path)) ? [path.split(sep).join("/")] : [];
      });
      direct.set(file, found);
    }
    return found;
  }

  return (test) => {
    let loaded = whole.get(test);
    if (loaded === undefined) {
      const reached = new Set([test]);
      for (const file of reached) for (const next of importedBy(file)) reached.add(next);
      loaded = reached;
      whole.set(test, loaded);
    }
    return loaded;
  };
}

/** `@headroom/core/kit` → `packages/core/src/kit/index.ts`, and so on. */
function packagesIn(root: string): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  if (!existsSync(join(root, "packages"))) return sources;
  for (const folder of readdirSync(join(root, "packages"))) {
    const manifest = join(root, "packages", folder, "package.json");
    if (!existsSync(manifest)) continue;
    const { name, exports = {} } = JSON.parse(readFileSync(manifest, "utf8")) as {
      name: string;
      exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    };
    for (const [key, value] of Object.entries(exports)) {
      const source = typeof value === "string" ? undefined : value["@headroom/source"];
      if (source === undefined) continue;
      const path = relative(root, join(root, "packages", folder, source));
      sources.set(`${name}${key.slice(1)}`, path);
    }
  }
  return sources;
}
