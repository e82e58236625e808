/**
 * The public surface of every package, pinned in `surface/`: one line an export, types included.
 *
 * A red test here means: decide whether others may rely on it, then run vitest with `-u` and write a changeset.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { root } from "./markdown.ts";

interface Entry {
  readonly name: string;
  readonly source: string;
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly publishConfig: { readonly exports: unknown };
}

const manifests = readdirSync(join(root, "packages")).map((folder) => {
  const path = join(root, "packages", folder, "package.json");
  return { folder, manifest: JSON.parse(readFileSync(path, "utf8")) as Manifest };
});

/** Every entry point of every package, as its `exports` say. */
const entries = manifests.flatMap(({ folder, manifest }): Entry[] => {
  return Object.entries(manifest.exports ?? {}).flatMap(([path, target]) => {
    const source = (target as Record<string, string>)["@headroom/source"];
    if (source === undefined) return [];
    return [{ name: join(manifest.name, path), source: join(root, "packages", folder, source) }];
  });
});

describe("the public surface", () => {
  it("is that of every package", () => {
    expect(entries.length).toBeGreaterThan(2);
  });

  it.each(entries)("of $name is the pinned one", async ({ name, source }) => {
    const module: object = await import(pathToFileURL(source).href);
    const types = typesOf(source).map((type) => `type ${type}`);
    const surface = [...Object.keys(module).sort(), ...types].join("\n");
    const file = `${name.replace("@headroom/", "").replaceAll("/", "-")}.txt`;
    await expect(`${surface}\n`).toMatchFileSnapshot(join(root, "test", "surface", file));
  });
});

describe("the entry points", () => {
  /** What they plug into is ESM only, and no CommonJS module can import its types. */
  const ESM_ONLY = ["@headroom/strands"];
  const importable = manifests.flatMap(({ manifest }) =>
    manifest.exports ? [{ ...manifest, exports: manifest.exports }] : [],
  );

  it.each(importable)(
    "of $name are ESM and CommonJS, with types for both",
    ({ name, exports, publishConfig }) => {
      const published = Object.keys(exports).map((path) => {
        if (path === "./package.json") return [path, path];
        const base = `./dist/${path === "." ? "index" : path.slice(2)}`;
        const esm = { import: { types: `${base}.d.ts`, default: `${base}.js` } };
        const cjs = { require: { types: `${base}.d.cts`, default: `${base}.cjs` } };
        return [path, ESM_ONLY.includes(name) ? esm : { ...esm, ...cjs }];
      });
      expect(publishConfig.exports).toEqual(Object.fromEntries(published));
      // In the workspace a condition leads to the sources.
      for (const [path, target] of published)
        if (typeof target === "object") expect(exports[String(path)]).toMatchObject(target);
    },
  );

  const both = importable.filter(({ name }) => !ESM_ONLY.includes(name));
  it.each(both)("of $name are found by TypeScript that does not read them", (manifest) => {
    const paths = Object.keys(manifest.exports).filter((path) => !/^\.$|package.json/.test(path));
    const types = paths.map((path) => [path.slice(2), [`dist/${path.slice(2)}.d.cts`]]);
    expect(manifest).toMatchObject({ main: "./dist/index.cjs", types: "./dist/index.d.cts" });
    expect("typesVersions" in manifest ? manifest.typesVersions : undefined).toEqual(
      types.length === 0 ? undefined : { "*": Object.fromEntries(types) },
    );
  });
});

/** Names that a module exports as types: in `export { … } from`, or where they are declared. */
function typesOf(path: string): string[] {
  const source = readFileSync(path, "utf8");
  const names: string[] = [];
  for (const [, isType, list = ""] of source.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const item of list.split(",").map((part) => part.trim())) {
      const name = item.replace(/^type /, "").replace(/^.* as /, "");
      if (name !== "" && (isType !== undefined || item.startsWith("type "))) names.push(name);
    }
  }
  for (const [, name = ""] of source.matchAll(/^export (?:interface|type) (\w+)/gm))
    names.push(name);
  return names.sort();
}
