/** Other versions of Node.js, installed from the npm registry with the workspace (`test/packed/package.json`). */
import { join } from "node:path";
import { root } from "../markdown.ts";

const installed = (name: string): string =>
  join(root, "test", "packed", "node_modules", name, "bin", "node");

/** The oldest that packages name, the oldest with SQLite, and the one the workspace runs on. */
export const nodes: {
  readonly oldest: string;
  readonly oldestWithSqlite: string;
  readonly current: string;
} = {
  oldest: installed("node20"),
  oldestWithSqlite: installed("node22"),
  current: process.execPath,
};
