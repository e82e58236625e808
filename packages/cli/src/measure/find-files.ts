/**
 * The files that `measure` reads: those named, and those in the folders named, in a fixed order.
 *
 * Folders of version control and installed packages are not gone into, symbolic links inside folders are not followed.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

export interface FoundFile {
  readonly path: string;
  readonly bytes: number;
}

const CLOSED_FOLDERS = new Set([".git", ".hg", ".svn", "node_modules"]);

/** Rejects when a path that was named is not there; what cannot be read inside a folder is left out. */
export async function findFiles(paths: readonly string[]): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    const named = await stat(path);
    if (!named.isDirectory()) {
      found.set(path, { path, bytes: named.size });
      continue;
    }
    const folders = [path];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      const { files, inside } = await look(folder);
      for (const file of files) found.set(file.path, file);
      folders.push(...inside.toReversed());
    }
  }
  return [...found.values()];
}

async function look(folder: string): Promise<{ files: FoundFile[]; inside: string[] }> {
  const files: FoundFile[] = [];
  const inside: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!CLOSED_FOLDERS.has(entry.name)) inside.push(path);
    } else if (entry.isFile()) {
      const { size } = await stat(path).catch(() => ({ size: 0 }));
      files.push({ path, bytes: size });
    }
  }
  return { files, inside };
}
