/**
 * What was saved on this machine, as figures: a line of JSON for each run or minute, in a file for each month.
 *
 * Lines are appended whole, so several processes may write one file. Nothing of a text, a path or a key is in it, only names of
 * tools. A ledger that cannot be written is no reason for anything to fail. A running proxy writes the difference of its counters
 * once a minute; no request waits for it.
 */
import { appendFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BlockReport } from "@headroom/core";
import { isRecord } from "@headroom/core/kit";
import type { Check } from "../doctor/check.ts";
import type { Terminal } from "../terminal.ts";

/** What was saved of the results of one tool. */
export interface LedgerRow {
  /** `(no tool)` for what none gave. */
  readonly tool: string;
  readonly texts: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** One line. */
export interface LedgerEntry extends LedgerRow {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The command: `compress`, `proxy`, `wrap`, `mcp`. */
  readonly by: string;
}

/** The folder, by HEADROOM_LEDGER, else below XDG_STATE_HOME or HOME; `undefined` where none is kept. */
export function ledgerFolder(env: Terminal["env"]): string | undefined {
  const { HEADROOM_LEDGER: given, XDG_STATE_HOME: state, HOME: home, LOCALAPPDATA: local } = env;
  if (given) return given === "off" ? undefined : given;
  if (state) return join(state, "headroom");
  if (local) return join(local, "headroom");
  return home ? join(home, ".local", "state", "headroom") : undefined;
}

/** Notes what a command saved. Resolves when it is written; never rejects. */
export async function note(
  env: Terminal["env"],
  by: string,
  rows: readonly LedgerRow[],
  now: number = Date.now(),
): Promise<void> {
  const folder = ledgerFolder(env);
  const counted = rows.filter(({ texts, tokensBefore }) => texts > 0 && tokensBefore > 0);
  if (folder === undefined || counted.length === 0) return;
  const lines = counted.map((row) => `${JSON.stringify({ at: now, by, ...row })}\n`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await appendFile(join(folder, `${dayOf(now).slice(0, 7)}.jsonl`), lines.join(""), {
      mode: 0o600,
    });
  } catch {
    // A disk that is full or not ours: figures are not worth an error.
  }
}

/** What blocks say, by tool; texts that were not looked at are left out. */
export function rowsOf(blocks: readonly BlockReport[]): readonly LedgerRow[] {
  const rows = new Map<string, LedgerRow>();
  for (const { toolName: tool = OTHER, outcome, tokensBefore, tokensAfter } of blocks) {
    if (outcome === "protected") continue;
    const row = rows.get(tool) ?? { tool, texts: 0, tokensBefore: 0, tokensAfter: 0 };
    rows.set(tool, {
      tool,
      texts: row.texts + 1,
      tokensBefore: row.tokensBefore + tokensBefore,
      tokensAfter: row.tokensAfter + tokensAfter,
    });
  }
  return [...rows.values()];
}

const OTHER = "(no tool)";

/** The lines since a moment, those that are broken left out. */
export async function readLedger(folder: string, since: number): Promise<readonly LedgerEntry[]> {
  const first = `${dayOf(since).slice(0, 7)}.jsonl`;
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => /^\d{4}-\d\d\.jsonl$/.test(name) && name >= first)
    .toSorted();
  const entries: LedgerEntry[] = [];
  for (const name of names)
    for (const line of (await readFile(join(folder, name), "utf8").catch(() => "")).split("\n")) {
      const entry = entryOf(line);
      if (entry && entry.at >= since) entries.push(entry);
    }
  return entries;
}

function entryOf(line: string): LedgerEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isRecord(value)) return undefined;
    const { at, by, tool, texts, tokensBefore, tokensAfter } = value;
    return typeof at === "number" &&
      typeof by === "string" &&
      typeof tool === "string" &&
      typeof texts === "number" &&
      typeof tokensBefore === "number" &&
      typeof tokensAfter === "number"
      ? { at, by, tool, texts, tokensBefore, tokensAfter }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The day where the machine is, `2026-11-28`. */
export function dayOf(moment: number): string {
  const date = new Date(moment);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export async function ledgerCheck(env: Terminal["env"]): Promise<Check> {
  const name = "Ledger";
  const folder = ledgerFolder(env);
  if (folder === undefined)
    return { name, state: "ok", says: "none is kept: headroom stats has nothing to show." };
  const found = await stat(folder).catch(() => undefined);
  if (found && !found.isDirectory())
    return {
      name,
      state: "warn",
      says: `${folder} is no folder.`,
      todo: "Set HEADROOM_LEDGER to another, or to off.",
    };
  return { name, state: "ok", says: `figures for headroom stats are in ${folder}.` };
}
