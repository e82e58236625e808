/** Our entry in the text of a configuration: put in, taken out, and looked at. */
import { isDeepStrictEqual } from "node:util";
import {
  applied,
  type ConfigFormat,
  ConfigProblem,
  type EntryPath,
  isObject,
  isRemote,
  type Members,
} from "./config-format.ts";
import { jsonConfig } from "./json-config.ts";
import { tomlConfig } from "./toml-config.ts";

export const FORMATS: Readonly<Record<"json" | "toml", ConfigFormat>> = {
  json: jsonConfig,
  toml: tomlConfig,
};

/** The entry as data; undefined where there is none. */
export function entryIn(format: ConfigFormat, path: EntryPath, text: string): unknown {
  return entryOf(format.read(text, path), path);
}

/**
 * The text with the entry. The same text when it is there already.
 *
 * @throws ConfigProblem where it cannot be put in without changing anything else
 */
export function withEntry(
  format: ConfigFormat,
  path: EntryPath,
  text: string,
  members: Members,
): string {
  const before = format.read(text, path);
  const old = entryOf(before, path);
  if (isObject(old) && !isRemote(old) && hasAll(old, members)) return text;
  const after =
    old === undefined
      ? applied(text, format.add(text, path, members))
      : format.change(text, path, members);
  const now = checked(format, path, before, after);
  if (!isObject(now) || !hasAll(now, members)) throw unsafe();
  return after;
}

/**
 * The text without the entry.
 *
 * @param first the text before the entry was put in, where it is known: it comes back as it was, but for what others changed since
 */
export function withoutEntry(
  format: ConfigFormat,
  path: EntryPath,
  text: string,
  first: string | undefined,
  keys: readonly string[],
): string {
  const before = format.read(text, path);
  const entry = entryOf(before, path);
  if (entry === undefined) return text;
  const after = first === undefined ? undefined : reversed(format, path, text, first, entry, keys);
  if (after === undefined) {
    const removed = format.remove(text, path, false);
    if (checked(format, path, before, removed) !== undefined) throw unsafe();
    return removed;
  }
  checked(format, path, before, after);
  return after;
}

function reversed(
  format: ConfigFormat,
  path: EntryPath,
  text: string,
  first: string,
  entry: unknown,
  keys: readonly string[],
): string | undefined {
  if (!isObject(entry)) return undefined;
  let old: unknown;
  let hadContainer: boolean;
  try {
    const data = format.read(first, path);
    old = entryOf(data, path);
    hadContainer = Object.hasOwn(data, path.container);
  } catch (error) {
    // Whatever it is, it is not what the entry was put into.
    if (error instanceof ConfigProblem) return undefined;
    throw error;
  }
  if (old !== undefined) {
    const own = Object.fromEntries(Object.entries(entry).filter(([key]) => keys.includes(key)));
    return format.change(first, path, own) === text ? first : format.putBack(text, path, first);
  }
  const edits = format.add(first, path, entry);
  if (applied(first, edits) === text) return first;
  const [edit, ...more] = edits;
  const span = format.span(text, path);
  if (edit && span && more.length === 0) {
    // Others changed other parts: where ours still stands as it was put in, exactly that goes.
    const at = text.lastIndexOf(edit.text, span[0]);
    if (at >= 0 && at + edit.text.length >= span[1]) {
      const without = text.slice(0, at) + text.slice(at + edit.text.length);
      if (isWithout(format, path, text, without)) return without;
    }
  }
  return format.remove(text, path, !hadContainer);
}

function isWithout(format: ConfigFormat, path: EntryPath, text: string, without: string): boolean {
  try {
    return checked(format, path, format.read(text, path), without) === undefined;
  } catch (error) {
    if (error instanceof ConfigProblem) return false;
    throw error;
  }
}

/** The entry of a changed text, after a look at whether all the rest is as before. */
function checked(format: ConfigFormat, path: EntryPath, before: Members, after: string): unknown {
  let data: Members;
  try {
    data = format.read(after, path);
  } catch (error) {
    if (error instanceof ConfigProblem) throw unsafe();
    throw error;
  }
  if (!isDeepStrictEqual(others(before, path), others(data, path))) throw unsafe();
  return entryOf(data, path);
}

function unsafe(): ConfigProblem {
  return new ConfigProblem("it cannot be changed without touching something else in it");
}

function entryOf(data: Members, { container, name }: EntryPath): unknown {
  const servers = Object.hasOwn(data, container) ? data[container] : undefined;
  return isObject(servers) && Object.hasOwn(servers, name) ? servers[name] : undefined;
}

/** All but the entry; no container is the same as an empty one. */
function others(data: Members, { container, name }: EntryPath): Members {
  const { [container]: servers, ...rest } = data;
  if (!isObject(servers)) return { ...data };
  const { [name]: _, ...kept } = servers;
  return Object.keys(kept).length === 0 ? rest : { ...rest, [container]: kept };
}

function hasAll(entry: Members, members: Members): boolean {
  return Object.entries(members).every(([key, value]) => isDeepStrictEqual(entry[key], value));
}

/** Whether the entry starts this program, with whatever arguments behind the ones that are needed. */
export function startsSame(entry: unknown, members: Members): boolean {
  if (!isObject(entry) || isRemote(entry)) return false;
  return Object.entries(members).every(([key, value]) => {
    const own = entry[key];
    if (!Array.isArray(value)) return own === value;
    return Array.isArray(own) && isDeepStrictEqual(own.slice(0, value.length), value);
  });
}
