import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { hasFolders, joinFolders, splitFolders } from "./folders.ts";

const table = (cells: readonly string[]) => ({
  names: ["size", "path"],
  notes: ["@>8", "@9"],
  rows: cells.map((cell, at) => [`${at}`, cell]),
});

describe("folders", () => {
  it.each<[string, readonly string[], readonly (readonly string[])[]]>([
    [
      "paths",
      ["src/lib/b.ts", "src/lib/c.ts", "src/lib/d/", "src/lib"],
      [
        ["src/lib/", "b.ts"],
        ["src/lib/", "c.ts"],
        ["src/lib/", "d/"],
        ["src/", "lib"],
      ],
    ],
    [
      "dotted names",
      ["net.ipv4.all.x", "net.ipv4.all.y", "net.ipv4.all.z"],
      [
        ["net.ipv4.all.", "x"],
        ["net.ipv4.all.", "y"],
        ["net.ipv4.all.", "z"],
      ],
    ],
  ])("of %s stand in a column of their own", (_, cells, expected) => {
    expect(finish(hasFolders(table(cells)))).toBe(true);
    const split = finish(splitFolders(table(cells)));
    expect(split.names).toEqual(["size", "path", "…path"]);
    expect(split.notes).toEqual(["@>8", "@9+", ""]);
    expect(split.rows.map((row) => row.slice(1))).toEqual(expected);
    expect(finish(joinFolders(split))).toEqual(table(cells));
  });

  it.each<[string, readonly string[]]>([
    ["files in folders of their own", ["a/one.ts", "b/two.ts", "c/three.ts", "d/four.ts"]],
    ["names of two parts", ["example.org", "example.com", "example.net"]],
    ["versions and addresses", ["10.0.0.1", "10.0.0.2", "10.0.0.3", "1.2.3-beta", "1.2.3-rc"]],
    ["sentences", ["see a/b for more", "see a/b for less", "see a/b for all"]],
    ["short folders", ["a/b", "a/c", "a/d"]],
  ])("%s are not cut", (_, cells) => expect(finish(hasFolders(table(cells)))).toBe(false));
});
