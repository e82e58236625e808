/**
 * `ls -R`: a block `folder:` with one name a line, blank lines between blocks.
 *
 * Each block becomes one line. A block in byte order may share name patterns, and leaves out the folders that have a line of
 * their own, since sorting puts them back. Long listings (`ls -lR`) are not handled here.
 */
import { isPlainFolder, readFolderLine } from "./folder-line.ts";
import { expandPattern, groupNames } from "./name-pattern.ts";

export const LS_LEGEND = "[ls -R: one line per folder; * is each name after the colon]";

export interface LsBlock {
  /** Without the slash and colon. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** Reads blocks that are separated by exactly one blank line. */
export function readLsBlocks(lines: readonly string[]): readonly LsBlock[] | undefined {
  const blocks: LsBlock[] = [];
  let at = 0;
  while (at < lines.length) {
    const head = lines[at] ?? "";
    if (!head.endsWith(":") || head.length < 2 || head[0] === " ") return undefined;
    const folder = head.slice(0, -1);
    if (!isPlainFolder(folder) || folder.includes(": ") || folder.endsWith("/")) return undefined;
    const names: string[] = [];
    at++;
    while (at < lines.length && lines[at] !== "") names.push(lines[at++] ?? "");
    blocks.push({ folder, names });
    if (at === lines.length - 1) return undefined;
    at++;
  }
  return blocks.length > 1 ? blocks : undefined;
}

export function encodeLsBlocks(blocks: readonly LsBlock[]): string {
  const out = [LS_LEGEND];
  const below = new Map<string, Set<string>>();
  for (const { folder } of blocks) {
    const slash = folder.lastIndexOf("/");
    const parent = folder.slice(0, Math.max(0, slash));
    const names = below.get(parent);
    if (names) names.add(folder.slice(slash + 1));
    else below.set(parent, new Set([folder.slice(slash + 1)]));
  }
  for (const { folder, names: all } of blocks) {
    const sorted = all.every((name, at) => at === 0 || (all[at - 1] ?? "") < name);
    const own = below.get(folder);
    const names = sorted && own ? all.filter((name) => !own.has(name)) : all;
    const { rest, patterns } = sorted
      ? groupNames(`${folder}/`, names)
      : { rest: names, patterns: [] };
    const words = rest.map((name) => (isWord(name) ? name : JSON.stringify(name)));
    out.push(`${folder}/: ${words.join(" ")}`.trimEnd(), ...patterns);
  }
  return out.join("\n");
}

export function decodeLsBlocks(compressed: string): readonly string[] | undefined {
  const [legend, ...lines] = compressed.split("\n");
  if (legend !== LS_LEGEND) return undefined;
  const blocks: Block[] = [];
  for (const line of lines) {
    const block = blocks[blocks.length - 1];
    const pattern = block && expandPattern(line);
    if (pattern) {
      const length = block.folder.length + 1;
      for (const path of pattern) block.names.push(path.slice(length));
      block.sort = true;
      continue;
    }
    if (line.endsWith("/:")) {
      blocks.push({ folder: line.slice(0, -2), names: [], sort: false });
      continue;
    }
    const read = readFolderLine(line);
    if (!read?.folder.endsWith("/")) return undefined;
    blocks.push({ folder: read.folder.slice(0, -1), names: [...read.names], sort: false });
  }
  const byFolder = new Map(blocks.map((block) => [block.folder, block]));
  for (const { folder } of blocks) {
    const slash = folder.lastIndexOf("/");
    const parent = slash === -1 ? undefined : byFolder.get(folder.slice(0, slash));
    const name = folder.slice(slash + 1);
    if (!parent) continue;
    parent.known ??= new Set(parent.names);
    if (parent.known.has(name)) continue;
    parent.names.push(name);
    parent.sort = true;
  }
  const out: string[] = [];
  for (const { folder, names, sort } of blocks) {
    if (out.length > 0) out.push("");
    out.push(`${folder}:`);
    if (sort) names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const name of names) out.push(name);
  }
  return out;
}

interface Block {
  readonly folder: string;
  readonly names: string[];
  /** The names that stand in the block's own lines, once it is known that folders of its own follow. */
  known?: ReadonlySet<string>;
  /** Something was left out or grouped, so the names were in byte order. */
  sort: boolean;
}

function isWord(name: string): boolean {
  return name !== "" && name[0] !== '"' && !/\s/.test(name);
}
