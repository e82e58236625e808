/** A folder with every package installed from its tarball, as a user has it. */
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../markdown.ts";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly packageManager?: string;
  readonly engines: { readonly node: string };
  readonly exports?: Readonly<Record<string, unknown>>;
}

export interface PackedPackage extends Manifest {
  /** Its folder in `packages/`. */
  readonly folder: string;
}

interface Needs {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const run = promisify(execFile);
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));

/** Every package that is published. */
export const packages: readonly PackedPackage[] = readdirSync(join(root, "packages"))
  .map((folder) => ({ folder, ...manifestOf(join("packages", folder)) }))
  .filter((manifest) => manifest.private !== true);

/** What the packages work with; in the versions the workspace has. */
const PEERS = [
  "@anthropic-ai/sdk",
  "@google/genai",
  "@langchain/core",
  "@strands-agents/sdk",
  "@types/node",
  "ai",
  "ioredis",
  "langchain",
  "openai",
];

/** Makes the folder, and in it `project` with the packages. @throws Error when a package is not built */
export async function makeProject(): Promise<{
  readonly folder: string;
  readonly project: string;
}> {
  const unbuilt = packages.filter(
    ({ folder }) => !existsSync(join(root, "packages", folder, "dist")),
  );
  if (unbuilt.length > 0)
    throw new Error(`Build first: ${unbuilt.map(({ name }) => name).join(", ")} have no dist.`);
  const folder = mkdtempSync(join(tmpdir(), "headroom-packed-"));
  const project = join(folder, "project");
  await install(await pack(join(folder, "tarballs")), project);
  return { folder, project };
}

/** The pnpm that the workspace names, whether or not one is installed. */
async function pnpm(args: readonly string[], cwd: string): Promise<void> {
  const name = manifestOf(".").packageManager ?? "pnpm";
  // The settings of the workspace's own run would count for this one too.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(npm|pnpm)_config_(?!registry)/i.test(key)),
  );
  const command = process.platform === "win32" ? "npx.cmd" : "npx";
  await run(command, ["-y", name, ...args], { cwd, env, maxBuffer: 1 << 26 });
}

/** The tarballs by package name. */
async function pack(tarballs: string): Promise<Readonly<Record<string, string>>> {
  mkdirSync(tarballs);
  await pnpm(["--filter", "./packages/*", "-r", "pack", "--pack-destination", tarballs], root);
  return Object.fromEntries(
    packages.map(({ name, version }) => [
      name,
      join(tarballs, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`),
    ]),
  );
}

/**
 * Lays the tarballs out as an installer does: each in `node_modules`, with what its own manifest asks for beside it. That comes
 * from the workspace, in the versions it has: asking a registry anew would take minutes and test the registry.
 */
async function install(tarballs: Readonly<Record<string, string>>, project: string): Promise<void> {
  const modules = join(project, "node_modules");
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const name of PEERS) link(join(root, "node_modules", name), join(modules, name));
  for (const { folder: home, name } of packages) {
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    await run("tar", ["-xzf", tarballs[name] ?? "", "--strip-components=1", "-C", target]);
    const packed = JSON.parse(readFileSync(join(target, "package.json"), "utf8")) as Needs;
    const needs = { ...packed.dependencies, ...packed.peerDependencies };
    for (const need of Object.keys(needs)) {
      // Those of ours stand beside it, from their own tarballs.
      if (packages.some((other) => other.name === need)) continue;
      const found = [join(root, "packages", home), root]
        .map((place) => join(place, "node_modules", need))
        .find((path) => existsSync(path));
      if (found) link(found, join(target, "node_modules", need));
      else if (!packed.peerDependenciesMeta?.[need]?.optional)
        throw new Error(`${name} asks for ${need}, which the workspace does not have.`);
    }
  }
}

/** Puts a package where imports of a folder find it. */
export function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(realpathSync(from), to, "dir");
}
