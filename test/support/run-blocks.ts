/**
 * Runs files one after the other in this process and prints what each of them logged, as JSON: one process for all code
 * blocks of the documents, because starting one costs more than running a block.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

/** What became of one file. */
export interface BlockRun {
  readonly lines: readonly string[];
  readonly error?: string;
}

const runs: Record<string, BlockRun> = {};
for (const file of process.argv.slice(2)) {
  const empty = mkdtempSync(join(tmpdir(), "headroom-readme-"));
  process.chdir(empty);
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void lines.push(...format(...values).split("\n"));
  try {
    await import(pathToFileURL(file).href);
    runs[file] = { lines };
  } catch (error) {
    runs[file] = { lines, error: error instanceof Error ? String(error.stack) : String(error) };
  } finally {
    console.log = log;
    process.chdir(tmpdir());
    rmSync(empty, { recursive: true, force: true });
  }
}
process.stdout.write(JSON.stringify(runs), () => process.exit(0));
