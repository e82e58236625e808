/** Source files of this machine, chosen by rules: toolchains, system headers and what npm installed. No file is named. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tokensOf } from "../tokens.ts";
import { type SourceFile, typeShare } from "./types.ts";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
/** Bytes. */
const SMALLEST = 6_000;
const LARGEST = 120_000;
/** Shorter ones are never outlined. */
const MIN_TOKENS = 1_500;
/** Files of a set, and how many times that are looked at. */
const FILES = 30;
const TRIED = 8;
/** Files that are looked at for one set, and folders within each other. */
const MOST_SEEN = 30_000;
const MOST_DEEP = 14;

export interface SourceSet {
  readonly name: string;
  readonly files: readonly SourceFile[];
}

const SCRIPTS: readonly string[] = [".ts", ".tsx", ".mts"];
const DECLARATIONS: readonly string[] = [".test.ts", ".d.ts", ".d.mts", ".d.cts"];

/** Sets in the order of a table; empty where a machine has none. */
export function sourceSets(): readonly SourceSet[] {
  const npm = join(REPOSITORY, "node_modules/.pnpm");
  const python = run("python3", ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]);
  const go = run("go", ["env", "GOROOT"]);
  const own = readdirSync(join(REPOSITORY, "packages")).map((name) =>
    join(REPOSITORY, "packages", name, "src"),
  );
  return [
    set("Python", [python], [".py"]),
    set("TypeScript", own, SCRIPTS, DECLARATIONS, false),
    set("TypeScript of npm", [npm], SCRIPTS, DECLARATIONS, false),
    set("TypeScript, most of it types", [npm, ...own], SCRIPTS, DECLARATIONS, true),
    set("declarations", [npm], [".d.ts"]),
    set("JavaScript", [npm], [".js", ".mjs", ".cjs"], [".min.js"]),
    set("Go", [go && join(go, "src")], [".go"]),
    { name: "Java", files: javaFiles() },
    set("C headers", ["/usr/include"], [".h"]),
    set("C", ["/usr/share", "/usr/lib"], [".c"]),
    set("C++", ["/usr/include/c++"], [".hpp", ".h", ".tcc"]),
    set("PHP", ["/usr/share", "/usr/lib"], [".php"]),
    set("Ruby", ["/usr/share", "/usr/lib"], [".rb"]),
    set("Rust", ["/usr/share", "/usr/lib"], [".rs"]),
    set("C#", ["/usr/share", "/usr/lib"], [".cs"]),
  ];
}

/**
 * Files below folders by the ends of their names, every so many of all, in the order of their paths.
 *
 * @param typesOnly only files of which more than half is types, or only others, as the compiler says
 */
function set(
  name: string,
  folders: readonly (string | undefined)[],
  ends: readonly string[],
  not: readonly string[] = [],
  typesOnly?: boolean,
): SourceSet {
  const found: string[] = [];
  for (const folder of folders)
    if (folder && existsSync(folder)) collect(folder, ends, not, found, 0);
  const files = spread(found.sort(), FILES * TRIED)
    .map(read)
    .filter((file) => file !== undefined);
  const isOfKind = files.filter(
    (file) => typesOnly === undefined || typeShare(file) > 0.5 === typesOnly,
  );
  return { name, files: spread(isOfKind, FILES) };
}

function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  const step = Math.max(1, items.length / count);
  return Array.from(
    { length: Math.min(count, items.length) },
    (_, at) => items[Math.floor(at * step)] as Item,
  );
}

function collect(
  folder: string,
  ends: readonly string[],
  not: readonly string[],
  found: string[],
  depth: number,
): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (found.length >= MOST_SEEN) return;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < MOST_DEEP) collect(path, ends, not, found, depth + 1);
    const isWanted =
      ends.some((end) => path.endsWith(end)) && !not.some((end) => path.endsWith(end));
    if (entry.isFile() && isWanted && isOfSize(statSync(path).size)) found.push(path);
  }
}

function isOfSize(bytes: number): boolean {
  return bytes >= SMALLEST && bytes <= LARGEST;
}

/** Well-formed UTF-8 that is long enough to be outlined. */
function read(path: string): SourceFile | undefined {
  const text = readFileSync(path).toString("utf8");
  return text.includes("\ufffd") || tokensOf(text) < MIN_TOKENS ? undefined : { path, text };
}

/** Out of the archive that a JDK has beside it. */
function javaFiles(): readonly SourceFile[] {
  const zip = ["/usr/lib/jvm"]
    .flatMap((folder) =>
      existsSync(folder)
        ? readdirSync(folder).map((name) => join(folder, name, "lib/src.zip"))
        : [],
    )
    .find(existsSync);
  const script = `
import sys, json, zipfile
archive = zipfile.ZipFile(sys.argv[1])
names = sorted(i.filename for i in archive.infolist() if i.filename.startswith("java.base/java/") and ${SMALLEST} <= i.file_size <= ${LARGEST})
step = max(1, len(names) // ${FILES})
print(json.dumps([{"path": n, "text": archive.read(n).decode("utf8")} for n in names[::step][:${FILES}]]))`;
  const printed = zip && run("python3", ["-c", script, zip]);
  const files = printed ? (JSON.parse(printed) as readonly SourceFile[]) : [];
  return files.filter(({ text }) => tokensOf(text) >= MIN_TOKENS);
}

/** What a program prints; `undefined` where there is no such program. */
export function run(program: string, args: readonly string[], input = ""): string | undefined {
  try {
    return execFileSync(program, args, {
      encoding: "utf8",
      input,
      maxBuffer: 1 << 28,
      stdio: ["pipe", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}
