/** Installs, uninstalls and looks at our entry in one client's file. */
import { dirname, resolve } from "node:path";
import type { Client, Scope, ServerCommand } from "./clients.ts";
import { ConfigProblem, type EntryPath } from "./config-format.ts";
import { difference } from "./difference.ts";
import { entryIn, FORMATS, startsSame, withEntry, withoutEntry } from "./edit-entry.ts";
import {
  type ConfigFile,
  exists,
  readConfig,
  readOwn,
  refuseReadOnly,
  removeEmptyFolder,
  removeFile,
  replaceConfig,
  writeOwn,
} from "./files.ts";
import type { Place } from "./place.ts";

const NAME = "headroom";
const ATTEMPTS = 3;

/** One client's file. */
export interface Target {
  readonly key: string;
  readonly client: Client;
  readonly scope: Scope;
  readonly path: string;
}

export interface Outcome {
  /** `planned` is what `--print` shows and does not write. */
  readonly action: "installed" | "removed" | "planned" | "unchanged";
  /** As `diff -u` shows it. */
  readonly difference?: string;
  /** Where the file as it was is kept. */
  readonly backup?: string;
  /** What else there is to say. */
  readonly note?: string;
}

export type State = "installed" | "differs" | "absent" | "unreadable";

export interface StateOf {
  readonly state: State;
  readonly reason?: string;
  readonly line?: number;
}

export function targetOf(
  key: string,
  client: Client,
  scope: Scope,
  place: Place,
): Target | undefined {
  const paths = client.files[scope]?.(place).map((path) => resolve(place.cwd, path));
  const path = paths?.find(exists) ?? paths?.[0];
  return path === undefined ? undefined : { key, client, scope, path };
}

/**
 * What starts the server. Programs that are started from a desktop have no `PATH` of a shell: a user's own file names this Node.js and
 * this script. A file that a project shares names the command.
 */
export function serverCommand(
  scope: Scope,
  { program }: Place,
  more: readonly string[] = [],
): ServerCommand {
  const serve = ["mcp", "serve", ...more];
  return scope === "project"
    ? { command: "headroom", args: serve }
    : { command: program.node, args: [program.script, ...serve] };
}

/** @throws ConfigProblem when the file is left alone */
export function install(target: Target, server: ServerCommand, isPlan: boolean): Outcome {
  const { client, path, scope } = target;
  const format = FORMATS[client.format];
  const members = client.entry(server);
  return untilStill(() => {
    const file = readConfig(path);
    const text = file?.text ?? "";
    const after = withEntry(format, entryPath(client), text, members);
    if (file && after === text) return { action: "unchanged" };
    refuseReadOnly(path);
    const shown = difference(path, file?.text, after);
    if (isPlan) return { action: "planned", difference: shown };
    const backup = backupOf(path);
    const isFirst = entryIn(format, entryPath(client), text) === undefined || !readOwn(backup);
    if (file && isFirst) writeOwn(backup, file.bytes);
    // A copy from an earlier file of that name is none of this one.
    else if (!file && readOwn(backup)) removeFile(backup);
    const mode = scope === "user" ? 0o600 : 0o666;
    if (!replaceConfig(path, file?.bytes, encoded(after, file), mode)) return undefined;
    return { action: "installed", difference: shown, ...(file && { backup }) };
  });
}

/** @throws ConfigProblem when the file is left alone */
export function uninstall(target: Target, place: Place, isPlan: boolean): Outcome {
  const { client, path, scope } = target;
  const format = FORMATS[client.format];
  const where = entryPath(client);
  const keys = Object.keys(client.entry(serverCommand(scope, place)));
  return untilStill(() => {
    const file = readConfig(path);
    if (!file || entryIn(format, where, file.text) === undefined) return { action: "unchanged" };
    refuseReadOnly(path);
    const backup = readOwn(backupOf(path));
    const after = withoutEntry(format, where, file.text, backup?.text, keys);
    const isGone = !backup && format.isBare(after, where);
    const shown = difference(path, file.text, isGone ? undefined : after);
    if (isPlan) return { action: "planned", difference: shown };
    if (isGone) {
      removeFile(path);
      if (scope === "project" && dirname(path) !== place.cwd) removeEmptyFolder(dirname(path));
      return {
        action: "removed",
        difference: shown,
        note: "Nothing else was in it: the file is gone.",
      };
    }
    const bytes =
      backup?.text === after && backup.hasMark === file.hasMark
        ? backup.bytes
        : encoded(after, file);
    if (!replaceConfig(path, file.bytes, bytes, 0o600)) return undefined;
    if (backup) removeFile(backupOf(path));
    const isThere = entryIn(format, where, after) !== undefined;
    return {
      action: "removed",
      difference: shown,
      ...(isThere && {
        note: `It has the entry "${NAME}" again that was there before; a second uninstall removes it.`,
      }),
    };
  });
}

export function stateOf(target: Target, place: Place): StateOf {
  const { client, path, scope } = target;
  try {
    const file = readConfig(path);
    const entry = file && entryIn(FORMATS[client.format], entryPath(client), file.text);
    if (entry === undefined) return { state: "absent" };
    const isOurs = startsSame(entry, client.entry(serverCommand(scope, place)));
    return { state: isOurs ? "installed" : "differs" };
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    const { message, line } = error;
    return { state: "unreadable", reason: message, ...(line !== undefined && { line }) };
  }
}

function entryPath(client: Client): EntryPath {
  return { container: client.container, name: NAME };
}

function backupOf(path: string): string {
  return `${path}.headroom-backup`;
}

function encoded(text: string, file: ConfigFile | undefined): Buffer {
  return Buffer.from(file?.hasMark ? `\uFEFF${text}` : text);
}

/** The client may write its file at the same time: then it is read again. */
function untilStill(attempt: () => Outcome | undefined): Outcome {
  for (let at = 0; at < ATTEMPTS; at++) {
    const outcome = attempt();
    if (outcome) return outcome;
  }
  throw new ConfigProblem("it changes while it is written to; end the program first");
}
