/** Packages from PyPI, into a virtual environment of their own. */
import { execFile } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Installed, Missing } from "../peer.ts";

const run = promisify(execFile);

/**
 * @param steps what `pip install` is called with, one list after another
 * @param named packages whose versions are told
 */
export async function pipInstall(
  folder: string,
  steps: readonly (readonly string[])[],
  named: readonly string[],
): Promise<Installed | Missing> {
  const done = join(folder, "installed");
  try {
    if (!existsSync(done)) {
      rmSync(folder, { recursive: true, force: true });
      await run("python3", ["-m", "venv", folder]);
      for (const step of steps)
        await run(programOf(folder, "pip"), ["install", "--quiet", ...step], { maxBuffer: 1e8 });
      writeFileSync(done, "");
    }
    const versions = await Promise.all(named.map((name) => versionOf(folder, name)));
    return { folder, version: versions.join(", ") };
  } catch (error) {
    const said = (error as { readonly stderr?: string }).stderr || String(error);
    return { why: said.trim().split("\n").at(-1) ?? "pip install failed" };
  }
}

/** A program of a virtual environment. */
export function programOf(folder: string, name: string): string {
  return join(folder, "bin", name);
}

async function versionOf(folder: string, name: string): Promise<string> {
  const asks = `import importlib.metadata as m; print(m.version(${JSON.stringify(name)}))`;
  const { stdout } = await run(programOf(folder, "python"), ["-c", asks]);
  return `${name} ${stdout.trim()}`;
}
