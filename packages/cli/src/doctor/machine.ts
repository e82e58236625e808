/** Node.js, and the agents that `headroom wrap` would find. */
import process from "node:process";
import type { Terminal } from "../terminal.ts";
import { AGENTS } from "../wrap/agents.ts";
import { findProgram } from "../wrap/find-program.ts";
import type { Check } from "./check.ts";

const OLDEST = [20, 19];

export function nodeCheck(version: string = process.versions.node): Check {
  const name = "Node.js";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < (OLDEST[0] ?? 0) || (major === OLDEST[0] && minor < (OLDEST[1] ?? 0));
  if (isOld)
    return {
      name,
      state: "fail",
      says: `${version} is older than ${OLDEST.join(".")}.`,
      todo: "Install Node.js 24 (https://nodejs.org).",
    };
  if (process.getBuiltinModule?.("node:sqlite") === undefined)
    return {
      name,
      state: "warn",
      says: `${version} works; it has no SQLite, so --store keeps one plain file for each original.`,
      todo: "Use Node.js 22.13 or newer for one SQLite file.",
    };
  return { name, state: "ok", says: `${version}, with SQLite.` };
}

export function agentsCheck(env: Terminal["env"], cwd: string): Check {
  const name = "Agents";
  const found = Object.entries(AGENTS)
    .filter(([, { program }]) => findProgram(program, env, cwd) !== undefined)
    .map(([agent]) => agent);
  if (found.length === 0)
    return {
      name,
      state: "ok",
      says: `None of ${Object.keys(AGENTS).join(", ")} is on PATH; headroom wrap starts them, other programs use headroom proxy.`,
    };
  return { name, state: "ok", says: `${found.join(", ")}: start with headroom wrap ${found[0]}.` };
}
