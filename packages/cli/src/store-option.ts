/**
 * `--store DIR`: where originals are, checked before anything is done.
 *
 * A new folder gets a SQLite file; a folder of plain files stays one, and is what a Node.js without `node:sqlite` makes.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CcrStore } from "@headroom/core";
import { sqliteStore } from "@headroom/sqlite";
import { CommandError } from "./command-error.ts";
import { folderStore } from "./folder-store.ts";
import type { Terminal } from "./terminal.ts";

export interface OpenedStore {
  readonly folder: string;
  readonly store: CcrStore;
}

/** The store that `--store` or HEADROOM_STORE names; `undefined` where neither does. */
export async function openStore(
  option: string | undefined,
  terminal: Terminal,
): Promise<OpenedStore | undefined> {
  const folder = option ?? (terminal.env.HEADROOM_STORE || undefined);
  if (folder === undefined) return undefined;
  if (folder === "") throw new CommandError("--store takes a folder, not an empty name.");
  const found = await statOrNothing(folder);
  if (found && !found.isDirectory()) throw new CommandError(`--store ${folder} is not a folder.`);
  return {
    folder,
    store: (await usesFiles(folder))
      ? folderStore({ folder })
      : sqliteStore({ path: join(folder, DATABASE) }),
  };
}

const DATABASE = "originals.db";

async function usesFiles(folder: string): Promise<boolean> {
  const names = (await statOrNothing(folder)) ? await readdir(folder) : [];
  // One that was set aside counts: its process may have been killed before it began a new one.
  if (names.some((name) => name.startsWith(DATABASE))) return false;
  return names.length > 0 || process.getBuiltinModule?.("node:sqlite") === undefined;
}

/** As `openStore`, for commands that only read: the folder has to be there. */
export async function openExistingStore(
  option: string | undefined,
  terminal: Terminal,
): Promise<OpenedStore> {
  const opened = await openStore(option, terminal);
  if (!opened) {
    throw new CommandError(
      "Which store? Give --store DIR (or set HEADROOM_STORE) as for compress.",
    );
  }
  if (!(await statOrNothing(opened.folder))) {
    throw new CommandError(`There is no store at ${opened.folder}.`);
  }
  return opened;
}

async function statOrNothing(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
