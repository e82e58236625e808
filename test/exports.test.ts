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

/** Every entry point of every package, as its `exports` say. */
const entries = readdirSync(join(root, "packages")).flatMap((folder): Entry[] => {
  const manifest = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
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
