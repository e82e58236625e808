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
      await run("npm", ["install", "--no-audit", "--no-fund", spec], { cwd: folder });
    } catch (error) {
      const said = (error as { readonly stderr?: string }).stderr ?? String(error);
      return { why: said.trim().split("\n")[0] ?? "npm install failed" };
    }
  }
  const { version: its } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return { folder, version: `${name} ${its}` };
}
