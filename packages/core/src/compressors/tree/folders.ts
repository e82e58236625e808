/** The paths of a listing by folder, and what is counted about the names in one. */
import { nameStart } from "./folder-line.ts";

export interface Folder {
  /** With a slash at its end; empty at the top. */
  readonly path: string;
  /** What is listed right in it, in order. */
  readonly names: string[];
  readonly folders: Folder[];
}

/** All folders of a listing; those between two that hold nothing are passed over. */
export interface Folders {
  readonly root: Folder;
  readonly byPath: ReadonlyMap<string, Folder>;
}

/** Folders in order of first visit. */
export function foldersOf(paths: readonly string[]): Folders {
  const root: Folder = { path: "", names: [], folders: [] };
  const byPath = new Map<string, Folder>([["", root]]);
  for (const path of paths) {
    const at = nameStart(path);
    const folder = path.slice(0, at);
    let own = byPath.get(folder);
    if (own === undefined) {
      own = { path: folder, names: [], folders: [] };
      byPath.set(folder, own);
    }
    own.names.push(path.slice(at));
  }
  for (const folder of [...byPath.values()]) {
    if (folder === root) continue;
    let end = folder.path.length;
    let parent: Folder | undefined;
    while (!parent) {
      end = nameStart(folder.path.slice(0, end));
      parent = byPath.get(folder.path.slice(0, end));
    }
    parent.folders.push(folder);
  }
  return { root, byPath };
}

/** `.py` of `a.test.py`, `.so.*` of `libfoo.so.1.2`; `undefined` for `.gitignore`, `Makefile` and folders. */
export function extensionOf(name: string): string | undefined {
  const version = versionStart(name);
  if (version === name.length) return plainExtension(name);
  const extension = plainExtension(name.slice(0, version));
  return extension && `${extension}.*`;
}

/** Where the numbers at the end of a name begin, each behind a dot; its length where there are none. */
function versionStart(name: string): number {
  let start = name.length;
  for (let at = name.length - 1; at > 0; at--) {
    const code = name.charCodeAt(at);
    if (code === 46 && at + 1 < start) start = at;
    else if (code < 48 || code > 57) break;
  }
  return start;
}

function plainExtension(name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  if (dot <= 0 || dot === name.length - 1 || name.length - dot > 8) return undefined;
  for (let at = dot + 1; at < name.length; at++) {
    const code = name.charCodeAt(at) | 32;
    const isLetter = code >= 97 && code <= 122;
    if (!isLetter && (at === dot + 1 || code < 48 || code > 57)) return undefined;
  }
  return name.slice(dot);
}

/** `chunk-*.js` of `chunk-0412.js`: names that differ in their numbers only have one shape. */
export function shapeOf(name: string): string {
  let shape = "";
  let from = 0;
  for (let at = 0; at < name.length; ) {
    const end = digitsEnd(name, at);
    if (end === at) {
      at++;
      continue;
    }
    shape += `${name.slice(from, at)}*`;
    from = end;
    at = end;
  }
  return shape + name.slice(from);
}

function digitsEnd(name: string, from: number): number {
  let at = from;
  while (name.charCodeAt(at) >= 48 && name.charCodeAt(at) <= 57) at++;
  return at;
}
