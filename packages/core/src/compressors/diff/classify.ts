/**
 * Whether people read the diff of a file: lock files, generated and minified files are counted, everything else is shown.
 *
 * By name where names are conventions, by content where files say so themselves (`Code generated … DO NOT EDIT`, `@generated`)
 * or are one long line. Names are compared whole: `clock.ts` and `lock.go` are people's files.
 *
 * Trap: code that writes such marks, or tests for them, is not generated. The mark has to stand in a comment in the first
 * lines of the file.
 */

export type Authorship = "human" | "lock file" | "generated" | "minified";

const LOCK_FILES: ReadonlySet<string> = new Set([
  ".terraform.lock.hcl",
  "bun.lock",
  "bun.lockb",
  "cargo.lock",
  "composer.lock",
  "conda-lock.yml",
  "deno.lock",
  "flake.lock",
  "gemfile.lock",
  "go.sum",
  "go.work.sum",
  "gradle.lockfile",
  "mix.lock",
  "npm-shrinkwrap.json",
  "package-lock.json",
  "package.resolved",
  "packages.lock.json",
  "pdm.lock",
  "pipfile.lock",
  "pnpm-lock.yaml",
  "pnpm-lock.yml",
  "podfile.lock",
  "poetry.lock",
  "pubspec.lock",
  "uv.lock",
  "yarn.lock",
]);

const MINIFIED_ENDS: readonly string[] = [
  ".min.js",
  ".min.mjs",
  ".min.css",
  ".js.map",
  ".mjs.map",
  ".css.map",
];

const GENERATED_ENDS: readonly string[] = [
  ".pb.go",
  ".pb.cc",
  ".pb.h",
  "_pb2.py",
  "_pb2.pyi",
  "_pb2_grpc.py",
  ".g.dart",
  ".freezed.dart",
  ".designer.cs",
];

/** New or old line number up to which a file says that it is generated. */
const HEAD_LINES = 12;
const LONG_LINE = 1000;
const LONG_ON_AVERAGE = 400;
/** Prose has one space in six characters; minified code has far fewer. */
const MAX_SPACES = 0.08;

/** A body line of the diff, its sign in front, and where it stands in the file. */
export interface PlacedLine {
  readonly line: string;
  readonly number: number;
}

export function authorshipOf(path: string, body: Iterable<PlacedLine>): Authorship {
  const name = path
    .slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)
    .toLowerCase();
  if (LOCK_FILES.has(name)) return "lock file";
  if (MINIFIED_ENDS.some((end) => name.endsWith(end))) return "minified";
  if (GENERATED_ENDS.some((end) => name.endsWith(end)) || name.includes(".generated.")) {
    return "generated";
  }
  if (path.includes("__generated__/")) return "generated";
  let changed = 0;
  let characters = 0;
  let spaces = 0;
  let longest = 0;
  for (const { line, number } of body) {
    if (number <= HEAD_LINES && saysGenerated(line)) return "generated";
    if (line[0] !== "+" && line[0] !== "-") continue;
    changed++;
    characters += line.length;
    longest = Math.max(longest, line.length);
    if (line.length > LONG_ON_AVERAGE) for (const each of line) if (each === " ") spaces++;
  }
  const isLong = longest > LONG_LINE && characters > changed * LONG_ON_AVERAGE;
  return isLong && spaces < characters * MAX_SPACES ? "minified" : "human";
}

const COMMENTS: readonly string[] = ["//", "#", "/*", "*", "--", "<!--", ";", "%", '"""'];

function saysGenerated(line: string): boolean {
  if (line.length > 300) return false;
  const text = line.slice(1).trim();
  if (!COMMENTS.some((mark) => text.startsWith(mark))) return false;
  if (text.includes("@generated")) return true;
  const lower = text.toLowerCase();
  return (
    lower.includes("generated") &&
    (lower.includes("do not edit") || lower.includes("do not modify"))
  );
}
