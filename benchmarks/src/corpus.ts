/**
 * Where the data comes from: the shared corpora when they lie beside the repository, else the fixtures of the compressors.
 *
 * Nothing here knows a file; a set is a folder, a sample a file with the needles file that stands beside it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Needle } from "./needles.ts";

export interface Sample {
  readonly name: string;
  readonly text: string;
  readonly needles: readonly Needle[];
  /** Everything the needles file says. */
  readonly facts: Readonly<Record<string, unknown>>;
}

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const SHARED = join(REPOSITORY, "../shared/corpora");
const FIXTURES = join(REPOSITORY, "packages/core/src/compressors");

/** Where samples come from. */
export interface Data {
  /** The samples of a set in the order of their names. Empty when there are none. */
  readSet(set: string): readonly Sample[];
  readonly name: "corpora" | "fixtures" | "small";
}

/** The compressor whose fixtures stand in for a set on machines without the corpora. Code, markdown and html have none. */
const FIXTURES_OF: Readonly<Record<string, string>> = {
  "api-json": "json",
  "json-tools": "json",
  "ci-logs": "log",
  logs: "log",
  search: "search",
  diffs: "diff",
  trees: "tree",
  tables: "table",
};

/** The shared corpora, or the fixtures where those are not there. */
export const corpora: Data = existsSync(SHARED)
  ? { readSet: (set) => readFolder(join(SHARED, set)), name: "corpora" }
  : { readSet: fixturesOf, name: "fixtures" };

/** The fixtures of the compressor that stands for a set. */
export function fixturesOf(set: string): readonly Sample[] {
  const folder = join(FIXTURES, FIXTURES_OF[set] ?? set, "fixtures");
  return existsSync(folder) ? readFixtures(folder) : [];
}

function readFolder(folder: string): readonly Sample[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => !file.endsWith(".needles.json") && statSync(join(folder, file)).isFile())
    .sort()
    .map((file) => {
      const stem = file.replace(/\.[a-z]+$/, "");
      const needles = join(folder, `${stem}.needles.json`);
      const facts = existsSync(needles) ? JSON.parse(readFileSync(needles, "utf8")) : {};
      return {
        name: stem,
        text: readFileSync(join(folder, file), "utf8"),
        needles: facts.needles ?? [],
        facts,
      };
    });
}

function readFixtures(folder: string): readonly Sample[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const files = readdirSync(join(folder, name));
      const input = files.find((file) => file.startsWith("input."));
      if (input === undefined) return [];
      const facts = files.includes("facts.txt")
        ? readFileSync(join(folder, name, "facts.txt"), "utf8")
            .split("\n")
            .filter((line) => line !== "")
        : [];
      const needles: Needle[] = facts.map((fact) => ({ kind: "must", expect: [fact] }));
      return [
        {
          name: basename(name),
          text: readFileSync(join(folder, name, input), "utf8"),
          needles,
          facts: {},
        },
      ];
    });
}
