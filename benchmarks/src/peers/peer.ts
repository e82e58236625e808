/** A program that people run behind the proxy, and what is found out about it. */
import type { Wire } from "./wire.ts";

export interface Peer {
  readonly name: string;
  /** Installs the program into a folder of its own, or says why that cannot be done. What is there already is used. */
  install(folder: string): Promise<Installed | Missing>;
  /** Runs it with and without the proxy. Rejects where nothing can be said about it. */
  run(installed: Installed, wire: Wire): Promise<readonly Row[]>;
}

export interface Installed {
  readonly folder: string;
  /** Of the programs, in words: `"@openai/codex 0.171.0"`. */
  readonly version: string;
}

/** It could not be installed: nothing is known about it. */
export interface Missing {
  readonly why: string;
}

/** One figure, and what it has to be. */
export interface Row {
  readonly what: string;
  /** As it was measured, in words. */
  readonly value: string;
  /** What it has to reach, in words. */
  readonly reach: string;
  readonly isMet: boolean;
}

/** A row about something that is so or is not. @param seen why it is not */
export function holds(what: string, isMet: boolean, seen = ""): Row {
  return {
    what,
    value: isMet ? "yes" : `NO${seen === "" ? "" : `: ${seen}`}`,
    reach: "yes",
    isMet,
  };
}

/** Rows about one way of using a program. */
export function named(way: string, rows: readonly Row[]): readonly Row[] {
  return rows.map((row) => ({ ...row, what: `${way}: ${row.what}` }));
}
