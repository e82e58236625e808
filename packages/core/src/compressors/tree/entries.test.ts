import { expect, it } from "vitest";
import { type Entry, entryFor, rememberingEntries } from "./entries.ts";
import { type Folder, foldersOf } from "./folders.ts";

const paths = [1, 2, 3].flatMap((folder) =>
  Array.from({ length: 12 }, (_, name) => `src/part${folder}/file${name}.${"abc"[name % 3]}x`),
);
const { root, byPath } = foldersOf([...paths, "src/one.ts", "src/two.ts"]);
const wanted = { matches: new Set<string>(), notable: new Set<string>() };

function counted(): { readonly calls: Folder[]; readonly make: typeof fresh } {
  const calls: Folder[] = [];
  const make: typeof fresh = (folder, extra, levelOf) => {
    calls.push(folder);
    return fresh(folder, extra, levelOf);
  };
  return { calls, make };
}

function fresh(folder: Folder, extra: number, levelOf: (folder: Folder) => number): Entry {
  return entryFor(folder, extra, wanted, levelOf, () => undefined);
}

it("gives what is made anew, whatever levels were asked for before", () => {
  const entryOf = rememberingEntries(fresh);
  for (const own of [4, 2, 0, 4])
    for (const inside of [0, 2, 5, 0])
      for (const first of [inside, 9]) {
        const levelOf = (folder: Folder): number =>
          folder.path === "src/" ? own : folder.path === "src/part1/" ? first : inside;
        for (const folder of byPath.values())
          expect(entryOf(folder, 0, levelOf)).toEqual(fresh(folder, 0, levelOf));
      }
});

it("makes an entry once for the same levels", () => {
  const { calls, make } = counted();
  const entryOf = rememberingEntries(make);
  for (let page = 0; page < 3; page++) entryOf(root, 0, () => 2);
  expect(calls).toEqual([root]);
});
