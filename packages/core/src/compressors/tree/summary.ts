/**
 * A listing in fewer tokens than its names have: every folder, examples, and counts.
 *
 * Kept in each folder: what the question matches (as full paths), what people look for in a new project (README, manifests,
 * entry points), extensions that are rare there, the first names and the last. The number of examples a folder is the
 * largest one that fits the cap. Folders that keep nothing are named in their parent's line with their count.
 *
 * Trap: a folder can be listed itself (find) or only occur in paths (git ls-files). Only listed entries are counted.
 */

import { linesMentioning } from "../../query/mention.ts";
import { rankByQuery } from "../../query/query.ts";
import { finish } from "../../steps.ts";
import type { ShortenContext, View } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import { printFact } from "../../view/fact.ts";
import { countsOf, endOf, isInFolder, namesLeft, pathsWith, sharedNames } from "./claims.ts";
import { isBareName, nameStart } from "./folder-line.ts";
import { extensionOf, type Folder, foldersOf } from "./folders.ts";

const LEGEND = "[paths by folder, in their order; … left out, by kind or in number; * is a number]";
const INSIDE_LEGEND = "; a/{b c}: b and c in a, nothing else";
const COUNT_LEGEND = "; a/(5): 5 left out in a, a not counted";
const BETWEEN_LEGEND = "; a … n … b: left out between a and b, … n at the end: anywhere";
const FULL_LEGEND = "; a path alone on its line: asked for, or marked as wrong";
/** Folders with more names have a line of their own. */
const MAX_INSIDE = 6;
/** Characters. To show one name that is no longer takes no more than to say that it is left out. */
const MAX_BRIEF = 12;
/** Characters. The one name of a folder that would be left out is shown if it is no longer. */
const MAX_SINGLE = 20;
/** A name that so many paths end with is looked for in none of them. */
const MAX_NOTABLE = 24;
/** Examples per folder, generous first. */
const LEVELS: readonly number[] = [
  4000, 2800, 2000, 1400, 1000, 800, 640, 540, 460, 400, 350, 300, 260, 225, 195, 170, 145, 125,
  110, 95, 80, 70, 60, 52, 45, 38, 32, 27, 23, 20, 17, 14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1, 0,
];
/** Of more folders none gets more examples than others. */
const MAX_FOLDERS = 4_000;
/** Entries of the topmost folder are asked for by name, so it keeps more of them. */
const TOP_EXTRA = 24;
const MAX_MATCHES = 60;
/** Shorter listings are kept whole. */
const MIN_PATHS = 40;
/** Extensions that are named in the sentence about all paths, if the most frequent one has a tenth of them. */
const MAX_EXTENSIONS = 40;
const MIN_SHARE = 10;

export interface Listing {
  readonly head: readonly string[];
  readonly paths: readonly string[];
  readonly tail: readonly string[];
}

/** What a long listing adds to the view of its paths. */
export interface Additions {
  readonly legend: string;
  /** Lines above the folders, and what they say. */
  readonly lines: readonly string[];
  readonly statements: readonly Statement[];
  /** What is said behind the names of a folder, about all that is listed in it. */
  about(folder: string): Statement | undefined;
}

/** `undefined` where nothing would be left out. */
export function summarizePaths(
  listing: Listing,
  context: ShortenContext,
  additions?: Additions,
): View | undefined {
  if (listing.paths.length < MIN_PATHS) return undefined;
  const matches = new Set(findMatches(listing.paths, context.query));
  for (const path of listing.paths) if (isWrong(path)) matches.add(path);
  const { root } = foldersOf(listing.paths);
  const notable = notableIn(listing.paths);
  const general = saidOfAll(listing.paths, pathsWith(context.query, listing.paths));
  const fits = ({ text, omitted }: Rendered): boolean =>
    (omitted > 0 || additions !== undefined) && context.counter.count(text) <= context.budgetTokens;
  const pageAt = (at: number, more: ReadonlySet<Folder>): Rendered => {
    const [usual = 0, higher = usual] = [LEVELS[at], LEVELS[at - 1]];
    const levelOf = (folder: Folder): number => (more.has(folder) ? higher : usual);
    return render(listing, root, { matches, notable }, levelOf, general, additions);
  };
  const none: ReadonlySet<Folder> = new Set();
  // The most generous level that fits; the sparest one where none does.
  const level = firstOf(LEVELS.length, (at) => fits(pageAt(at, none)));
  const spare = level === LEVELS.length ? pageAt(LEVELS.length - 1, none) : undefined;
  const isLeft = spare && (spare.omitted > 0 || additions !== undefined);
  let best = isLeft ? spare : spare ? undefined : pageAt(level, none);
  if (spare === undefined && level > 0) {
    // What room is left goes to the upper folders.
    const all = byDepth(root);
    const folders = all.length > MAX_FOLDERS ? [] : all;
    const fewer = firstOf(folders.length, (at) =>
      fits(pageAt(level, new Set(folders.slice(0, folders.length - at)))),
    );
    if (fewer < folders.length)
      best = pageAt(level, new Set(folders.slice(0, folders.length - fewer)));
  }
  if (!best) return undefined;
  const total = listing.paths.length;
  const { text, statements, omitted } = best;
  return { text, statements, omitted: [{ unit: "paths", count: omitted, total }] };
}

/** The first of so many that is true, where each behind it is too; their number where none is. */
function firstOf(count: number, isTrue: (at: number) => boolean): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isTrue(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** All folders, the upper ones first. */
function byDepth(root: Folder): readonly Folder[] {
  const folders = [root];
  for (const folder of folders) folders.push(...folder.folders);
  return folders;
}

export function findMatches(
  paths: readonly string[],
  query: string | undefined,
): ReadonlySet<string> {
  const matches = new Set<string>();
  if (query === undefined) return matches;
  const scores = rankByQuery(query, paths);
  const order = paths.map((_, at) => at).filter((at) => (scores[at] ?? 0) > 0);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const floor = 0.3 * (scores[order[0] ?? -1] ?? 0);
  for (const at of order.slice(0, MAX_MATCHES)) {
    if ((scores[at] ?? 0) >= floor) matches.add(paths[at] ?? "");
  }
  for (const at of finish(linesMentioning(query, paths)).slice(0, MAX_MATCHES))
    matches.add(paths[at] ?? "");
  return matches;
}

/** What tools say of a package or a folder that is not as it should be. */
const WRONG: readonly string[] = [
  "UNMET ",
  " invalid",
  " extraneous",
  " missing",
  " FAILED",
  "[error opening dir]",
  "Permission denied",
];

function isWrong(path: string): boolean {
  return WRONG.some((word) => path.includes(word));
}

/** What is shown where it can be. */
interface Wanted {
  /** Paths. */
  readonly matches: ReadonlySet<string>;
  /** Names. */
  readonly notable: ReadonlySet<string>;
}

interface Rendered {
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly omitted: number;
}

function render(
  listing: Listing,
  tree: Folder,
  { matches, notable }: Wanted,
  levelOf: (folder: Folder) => number,
  general: General,
  additions: Additions | undefined,
): Rendered {
  const statements: Statement[] = [...(additions?.statements ?? [])];
  const legend = additions?.legend ?? LEGEND;
  const lines: string[] = [legend, ...listing.head];
  lines.push(...general.lines);
  statements.push(...general.statements);
  lines.push(...(additions?.lines ?? []));
  let omitted = 0;
  let hasInside = false;
  let hasFull = false;
  let hasCount = false;
  let hasPlace = false;
  // The first folder that branches is what the reader calls the top.
  let top = tree;
  while (top.names.length <= 1 && top.folders.length === 1 && top.folders[0]) top = top.folders[0];
  const stack: Folder[] = [tree];
  for (let folder = stack.pop(); folder; folder = stack.pop()) {
    const listedFolders = new Set<string>();
    const items: string[] = [];
    const below: Folder[] = [];
    let collapsed = 0;
    for (const child of folder.folders) {
      const name = child.path.slice(folder.path.length);
      listedFolders.add(name);
      listedFolders.add(name.slice(0, -1));
      const inside = namesInside(child, matches, levelOf(child));
      if (inside !== undefined && additions?.about(child.path) === undefined) {
        items.push(`${name}{${inside}}`);
        hasInside = true;
        continue;
      }
      const shows =
        child.folders.length > 0 || keepsAny(child, { matches, notable }, levelOf(child));
      if (shows) below.push(child);
      else {
        const count = child.names.length;
        const text = `${name}(${count})`;
        collapsed += count;
        hasCount = true;
        items.push(text);
        statements.push({
          text,
          of: `names in ${folder.path}`,
          field: name,
          about: [[0, count]],
          facts: [],
        });
      }
    }
    omitted += collapsed;
    const kept = keptNames(
      folder,
      listedFolders,
      { matches, notable },
      levelOf(folder) + (folder === top ? TOP_EXTRA : 0),
    );
    const left: number[] = [];
    const full: string[] = [];
    const names: string[] = [];
    /** How many of the names that are shown stand above the first that is left out, and above the last. */
    let [above, between] = [0, 0];
    for (const [at, name] of folder.names.entries()) {
      if (matches.has(folder.path + name)) full.push(folder.path + name);
      else if (kept.has(name)) names.push(isBareName(name) ? name : JSON.stringify(name));
      else if (!listedFolders.has(name)) {
        if (left.length === 0) above = names.length;
        between = names.length;
        left.push(at);
      }
    }
    const [only] = left;
    const single = left.length === 1 && only !== undefined ? (folder.names[only] ?? "") : "";
    if (single !== "" && single.length <= MAX_SINGLE && isBareName(single)) {
      names.splice(above, 0, single);
      left.length = 0;
    }
    omitted += left.length;
    if (full.length > 0) hasFull = true;
    const parts = [...names, ...items];
    if (left.length > 0) {
      const rest = namesLeft(folder.path, folder.names, left);
      // Where they are one run, its place says which names can be among them.
      const isRun = above > 0 && above === between && above < names.length;
      if (isRun) hasPlace = true;
      parts.splice(isRun ? above : parts.length, 0, `… ${rest.text}${isRun ? " …" : ""}`);
      statements.push(rest);
    }
    const about = additions?.about(folder.path);
    if (about) {
      parts.push(`… ${about.text}`);
      statements.push(about);
    }
    const here = folder.path === "" ? "(top)" : folder.path;
    if (parts.length > 0) lines.push(`${here}: ${parts.join(" ")}`);
    else if (full.length === 0 && folder !== tree) lines.push(here);
    lines.push(...full);
    for (let at = below.length - 1; at >= 0; at--) stack.push(below[at] as Folder);
  }
  lines.push(...listing.tail);
  const more =
    (hasCount ? COUNT_LEGEND : "") +
    (hasPlace ? BETWEEN_LEGEND : "") +
    (hasFull ? FULL_LEGEND : "") +
    (hasInside ? INSIDE_LEGEND : "");
  lines[0] = `${legend.slice(0, -1)}${more}]`;
  return { text: lines.join("\n"), statements, omitted };
}

/** What is said of all paths, whichever of them are shown. */
interface General {
  readonly lines: readonly string[];
  readonly statements: readonly Statement[];
}

function saidOfAll(paths: readonly string[], asked: Statement | undefined): General {
  const all = allPaths(paths);
  const others = [sharedNames(paths), asked].filter((said) => said !== undefined);
  return {
    lines: [lineOf(all), ...others.map(({ text }) => text)],
    statements: [...all, ...others],
  };
}

/** `… 1204 paths in all: .ts ×700, .json ×300, no extension ×204; 1200 of the paths in folders`, as sentences. */
function allPaths(paths: readonly string[]): readonly Statement[] {
  const names = paths.map((path) => path.slice(nameStart(path)));
  const most = countsOf(names.map(extensionOf), 1)?.counts[0]?.[1] ?? 0;
  // Names of folders with a dot in them have no extension worth a word.
  const fact =
    most * MIN_SHARE >= paths.length ? countsOf(names.map(endOf), MAX_EXTENSIONS) : undefined;
  const inFolders = paths.filter(isInFolder).length;
  const statements: Statement[] = [
    {
      text: `… ${paths.length} paths in all`,
      of: "extensions",
      about: [[0, paths.length]],
      facts: [],
    },
  ];
  if (fact)
    statements.push({
      text: printFact(fact),
      of: "extensions",
      about: [[0, paths.length]],
      facts: [fact],
    });
  if (inFolders > 0 && inFolders < paths.length)
    statements.push({
      text: `${inFolders} of these paths in folders`,
      of: "folders",
      about: [[0, inFolders]],
      facts: [],
    });
  return statements;
}

/** Sentences on one line: of the paths, behind a colon their extensions, and then how many are in folders. */
function lineOf(statements: readonly Statement[]): string {
  const [all, ...others] = statements.map(({ text }) => text);
  const isCounted = ({ facts }: Statement): boolean => facts.length > 0;
  return `${all}${statements.some(isCounted) ? ": " : ", "}${others.join("; ")}`.replace(/, $/, "");
}

/** All names of a folder without folders in it, where they are few; `undefined` elsewhere. */
function namesInside(
  { names, folders, path }: Folder,
  matches: ReadonlySet<string>,
  level: number,
): string | undefined {
  const [only = ""] = names;
  const isBrief = names.length === 1 && only.length <= MAX_BRIEF;
  if (
    folders.length > 0 ||
    !(isBrief || (level > 0 && names.length <= Math.min(MAX_INSIDE, level + 2)))
  )
    return undefined;
  const isPlain = (name: string): boolean =>
    isBareName(name) && !/[{}]/.test(name) && !matches.has(path + name);
  return names.every(isPlain) ? names.join(" ") : undefined;
}

function keepsAny(folder: Folder, { matches, notable }: Wanted, level: number): boolean {
  if (folder.names.some((name) => matches.has(folder.path + name) || notable.has(name)))
    return true;
  return level >= 3 || (level > 0 && folder.names.length > 8);
}

function keptNames(
  folder: Folder,
  folders: ReadonlySet<string>,
  { matches, notable }: Wanted,
  level: number,
): ReadonlySet<string> {
  const kept = new Set<string>();
  const files = folder.names.filter((name) => !folders.has(name));
  for (const name of files) {
    if (matches.has(folder.path + name)) kept.add(name);
  }
  const room = level + kept.size;
  // Leaving out two names says no less than naming them.
  if (files.length <= room + (level > 0 ? 2 : 0)) return new Set(files);
  let found = 0;
  for (const name of files) {
    if (notable.has(name) && found++ < Math.max(3, level)) kept.add(name);
  }
  if (level >= 2) {
    const counts = new Map<string, number>();
    for (const name of files) {
      const end = extensionOf(name) ?? "";
      counts.set(end, (counts.get(end) ?? 0) + 1);
    }
    for (const name of files) {
      if (kept.size < room && counts.get(extensionOf(name) ?? "") === 1) kept.add(name);
    }
  }
  for (const name of files) {
    if (kept.size >= room - 1) break;
    kept.add(name);
  }
  const last = files[files.length - 1];
  if (level > 0 && last !== undefined && kept.size < room) kept.add(last);
  return kept;
}

const NOTABLE: ReadonlySet<string> = new Set(
  (
    "readme license licence changelog security contributing makefile dockerfile jenkinsfile procfile gemfile rakefile " +
    "package.json tsconfig.json pyproject.toml setup.py requirements.txt cargo.toml go.mod pom.xml build.gradle " +
    "docker-compose.yml compose.yaml main index app server cli mod lib"
  ).split(" "),
);

/** Names of a listing that people look for, but for those that are everywhere in it. */
function notableIn(paths: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const name = path.slice(nameStart(path));
    if (isNotable(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count <= MAX_NOTABLE).map(([name]) => name));
}

function isNotable(name: string): boolean {
  const lower = name.toLowerCase();
  if (NOTABLE.has(lower)) return true;
  const dot = lower.indexOf(".");
  return dot > 0 && NOTABLE.has(lower.slice(0, dot));
}
