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

/** The folder of the corpora, or `undefined` when only the project's own fixtures are there. */
export const corpora: string | undefined = existsSync(SHARED) ? SHARED : undefined;

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

/** The samples of a set in the order of their names. Empty when there are none. */
export function readSet(set: string): readonly Sample[] {
  if (corpora !== undefined) return readFolder(join(corpora, set));
  const folder = join(FIXTURES, FIXTURES_OF[set] ?? set, "fixtures");
  return existsSync(folder) ? readFixtures(folder) : [];
}

/** Whether there is anything to measure for a set. */
export function hasSet(set: string): boolean {
  return corpora !== undefined && existsSync(join(corpora, set));
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
