/**
 * A listing in fewer tokens than its names have: every folder, examples, and counts.
 *
 * Kept in each folder: what the question matches (as full paths), what people look for in a new project (README, manifests,
 * entry points), extensions that are rare there, the first names and the last. The number of examples a folder is the
 * largest one that fits the budget. Folders that keep nothing are named in their parent's line with their count.
 *
 * Trap: a folder can be listed itself (find) or only occur in paths (git ls-files). Only listed entries are counted.
 */

import { linesMentioning } from "../../query/mention.ts";
import { rankByQuery } from "../../query/query.ts";
import { finish } from "../../steps.ts";
import type { ShortenContext, View } from "../../types/compressor.ts";
import { isBareName, nameStart } from "./folder-line.ts";

const LEGEND = "[paths by folder; … n and (n): entries left out]";
/** Examples per folder, generous first. */
const LEVELS = [24, 12, 8, 5, 3, 2, 1, 0] as const;
/** Entries of the topmost folder are asked for by name, so it keeps more of them. */
const TOP_EXTRA = 24;
const MAX_MATCHES = 60;
/** Shorter listings are kept whole. */
const MIN_PATHS = 40;

interface Folder {
  readonly path: string;
  readonly names: string[];
  readonly folders: Folder[];
}

interface Listing {
  readonly head: readonly string[];
  readonly paths: readonly string[];
  readonly tail: readonly string[];
}

/** `undefined` where nothing would be left out. */
export function summarizePaths(listing: Listing, context: ShortenContext): View | undefined {
  if (listing.paths.length < MIN_PATHS) return undefined;
  const matches = findMatches(listing.paths, context.query);
  const tree = buildTree(listing.paths);
  let best: { text: string; tokens: number; omitted: number } | undefined;
  for (const level of LEVELS) {
    const { text, omitted } = render(listing, tree, matches, level);
    if (omitted === 0) continue;
    const tokens = context.counter.count(text);
    if (best === undefined || tokens < best.tokens) best = { text, tokens, omitted };
    if (tokens <= context.budgetTokens) break;
  }
  if (!best) return undefined;
  const total = listing.paths.length;
  return {
    text: best.text,
    omitted: [{ unit: "paths", count: best.omitted, total }],
  };
}

function findMatches(paths: readonly string[], query: string | undefined): ReadonlySet<string> {
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

/** Folders in order of first visit; folders between two that hold something are passed over. */
function buildTree(paths: readonly string[]): Folder {
  const root: Folder = { path: "", names: [], folders: [] };
  const known = new Map<string, Folder>([["", root]]);
  const enter = (path: string): Folder => {
    const there = known.get(path);
    if (there) return there;
    const folder: Folder = { path, names: [], folders: [] };
    known.set(path, folder);
    return folder;
  };
  for (const path of paths) {
    const at = nameStart(path);
    enter(path.slice(0, at)).names.push(path.slice(at));
  }
  for (const folder of [...known.values()]) {
    if (folder === root) continue;
    let end = folder.path.length;
    let parent: Folder | undefined;
    while (!parent) {
      end = nameStart(folder.path.slice(0, end));
      parent = known.get(folder.path.slice(0, end));
    }
    parent.folders.push(folder);
  }
  return root;
}

function render(
  listing: Listing,
  tree: Folder,
  matches: ReadonlySet<string>,
  level: number,
): { text: string; omitted: number } {
  const lines: string[] = [LEGEND, ...listing.head];
  let omitted = 0;
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
      const shows = child.folders.length > 0 || keepsAny(child, matches, level);
      if (shows) below.push(child);
      else {
        collapsed += child.names.length;
        items.push(`${name}(${child.names.length})`);
      }
    }
    omitted += collapsed;
    const kept = keptNames(
      folder,
      listedFolders,
      matches,
      folder === top ? level + TOP_EXTRA : level,
    );
    const left = folder.names.filter((name) => !listedFolders.has(name) && !kept.has(name));
    omitted += left.length;
    const full: string[] = [];
    const names: string[] = [];
    for (const name of folder.names) {
      if (matches.has(folder.path + name)) full.push(folder.path + name);
      else if (kept.has(name)) names.push(isBareName(name) ? name : JSON.stringify(name));
    }
    const parts = [...names, ...items, ...(left.length > 0 ? [`… ${countByExtension(left)}`] : [])];
    const here = folder.path === "" ? "(top)" : folder.path;
    if (parts.length > 0) lines.push(`${here}: ${parts.join(" ")}`);
    else if (full.length === 0 && folder !== tree) lines.push(here);
    lines.push(...full);
    for (let at = below.length - 1; at >= 0; at--) stack.push(below[at] as Folder);
  }
  lines.push(...listing.tail);
  return { text: lines.join("\n"), omitted };
}

function keepsAny(folder: Folder, matches: ReadonlySet<string>, level: number): boolean {
  if (folder.names.some((name) => matches.has(folder.path + name) || isNotable(name))) return true;
  return level >= 3 || (level > 0 && folder.names.length > 8);
}

function keptNames(
  folder: Folder,
  folders: ReadonlySet<string>,
  matches: ReadonlySet<string>,
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
  let notable = 0;
  for (const name of files) {
    if (isNotable(name) && notable++ < Math.max(3, level)) kept.add(name);
  }
  if (level >= 2) {
    const counts = new Map<string, number>();
    for (const name of files) {
      const end = extensionOf(name);
      counts.set(end, (counts.get(end) ?? 0) + 1);
    }
    for (const name of files) {
      if (kept.size < room && counts.get(extensionOf(name)) === 1) kept.add(name);
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

/** `143 .py, 2 .json`; the most frequent first, the rest summed up. */
function countByExtension(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const end = extensionOf(name);
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shown = sorted.filter(([end], at) => end !== "" && (at < 3 || sorted.length <= 4));
  const rest = names.length - shown.reduce((sum, [, count]) => sum + count, 0);
  const words = shown.map(([end, count]) => `${count} ${end}`);
  if (rest > 0) words.push(words.length > 0 ? `${rest} other` : String(rest));
  return words.join(", ");
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  if (dot <= 0 || name.length - dot > 8) return "";
  for (let at = dot + 1; at < name.length; at++) {
    const code = name.charCodeAt(at) | 32;
    if (code < 97 || code > 122) return "";
  }
  return name.slice(dot);
}

const NOTABLE: ReadonlySet<string> = new Set(
  (
    "readme license licence changelog security contributing makefile dockerfile jenkinsfile procfile gemfile rakefile " +
    "package.json tsconfig.json pyproject.toml setup.py requirements.txt cargo.toml go.mod pom.xml build.gradle " +
    "docker-compose.yml compose.yaml main index app server cli mod lib"
  ).split(" "),
);

function isNotable(name: string): boolean {
  const lower = name.toLowerCase();
  if (NOTABLE.has(lower)) return true;
  const dot = lower.indexOf(".");
  return dot > 0 && NOTABLE.has(lower.slice(0, dot));
}
