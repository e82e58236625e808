import { pick, type Random, times, whole, word } from "./random.ts";

const ENDS = [".ts", ".ts", ".test.ts", ".py", ".json", ".md", "", ".tar.gz", ".tsx", "_test.go"];
const ODD_NAMES = ["README.md", "Makefile", ".gitignore", "a b.txt", "[id].tsx", "x=1;y.js", "ü.c"];
const FOLDERS = [
  "src",
  "src/api",
  "src/store",
  "lib",
  "tests/unit",
  "docs",
  "a/b/c/d",
  "app/(shop)",
];

export function path(random: Random): string {
  const folder = pick(FOLDERS, random);
  if (random() < 0.1) return pick(ODD_NAMES, random);
  if (random() < 0.1) return `${folder}/${pick(ODD_NAMES, random)}`;
  const name = random() < 0.4 ? `${word(random)}_${whole(30, random)}` : word(random);
  return `${folder}/${name}${pick(ENDS, random)}`;
}

/** Paths below some folders, sorted or walked or as they come, each once. */
export function paths(count: number, random: Random): readonly string[] {
  const top = random() < 0.4 ? pick(["./", "/home/dev/project/", "packages/core/"], random) : "";
  const list = [...new Set(times(count, () => top + path(random)))];
  const order = random();
  if (order < 0.5) return list.sort();
  if (order < 0.7) return list.sort((a, b) => a.localeCompare(b, "en"));
  return list;
}
