/** Packages from npm, into a folder of their own. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Installed, Missing } from "./peer.ts";

const run = promisify(execFile);

/** @param name of the package, in the version given, or the newest */
export async function npmInstall(
  folder: string,
  name: string,
  version = "latest",
): Promise<Installed | Missing> {
  const manifest = join(folder, "node_modules", name, "package.json");
  if (!existsSync(manifest)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    try {
      const spec = `${name}@${version}`;
      // Nothing is written into the home folder.
      const env = { ...process.env, npm_config_cache: join(folder, "npm-cache") };
      await run("npm", ["install", "--no-audit", "--no-fund", spec], { cwd: folder, env });
    } catch (error) {
      const { stderr = "" } = error as { readonly stderr?: string };
      const [why = ""] = (stderr.trim() || String(error)).split("\n");
      return { why };
    }
  }
  const { version: its } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return { folder, version: `${name} ${its}` };
}
