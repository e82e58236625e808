/**
 * Every package as a user gets it: packed, installed from its tarball with its peers, and used by a small program on the
 * oldest Node.js its package.json names, on the oldest with SQLite, and on the current one.
 *
 * Needs the packages built (`pnpm -r run build`), as `npm test` does first.
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../markdown.ts";
import { nodes } from "../support/node-versions.ts";
import { type RedisServer, redisStartable, startRedis } from "../support/redis-server.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly packageManager?: string;
  readonly engines: { readonly node: string };
}

const run = promisify(execFile);
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
const packages = readdirSync(join(root, "packages"))
  .map((folder) => ({ folder, ...manifestOf(join("packages", folder)) }))
  .filter((manifest) => manifest.private !== true);
/** What the packages work with; in the versions the workspace has. */
const PEERS = [
  "@anthropic-ai/sdk",
  "@langchain/core",
  "ai",
  "ioredis",
  "langchain",
  "openai",
  "@strands-agents/sdk",
];
const programs = join(root, "test", "packed", "programs");
const needsRedis = (name: string): boolean => name === "@headroom/redis";

const folder = mkdtempSync(join(tmpdir(), "headroom-packed-"));
const project = join(folder, "project");
let redis: RedisServer | undefined;

beforeAll(async () => {
  const unbuilt = packages.filter(
    ({ folder }) => !existsSync(join(root, "packages", folder, "dist")),
  );
  if (unbuilt.length > 0)
    throw new Error(`Build first: ${unbuilt.map(({ name }) => name).join(", ")} have no dist.`);
  if (redisStartable()) redis = await startRedis();
  await install(await pack());
  cpSync(programs, project, { recursive: true });
}, 240_000);

afterAll(async () => {
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});

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
async function pack(): Promise<Readonly<Record<string, string>>> {
  const tarballs = join(folder, "tarballs");
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
async function install(tarballs: Readonly<Record<string, string>>): Promise<void> {
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

interface Needs {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(realpathSync(from), to, "dir");
}

/** `>=20.19` as 20.19. */
function oldestOf({ engines }: Manifest): readonly [major: number, minor: number] {
  const [major, minor] = engines.node.replace(">=", "").split(".").map(Number);
  return [major ?? 0, minor ?? 0];
}

const versions = await Promise.all(
  [nodes.oldest, nodes.oldestWithSqlite, nodes.current].map(async (path) => {
    const { stdout } = await run(path, ["--version"]);
    const [major = 0, minor = 0] = stdout.trim().slice(1).split(".").map(Number);
    return { path, version: stdout.trim(), major, minor };
  }),
);

const uses = packages.flatMap((manifest) => {
  const [major, minor] = oldestOf(manifest);
  return versions
    .filter((node) => node.major > major || (node.major === major && node.minor >= minor))
    .map((node) => ({ ...manifest, path: node.path, node: node.version }));
});

describe("every package", () => {
  it.each(packages)("$name names an oldest Node.js on which it is tested", (manifest) => {
    const oldest = `v${oldestOf(manifest).join(".")}.0`;
    expect(versions.map(({ version }) => version)).toContain(oldest);
  });

  it.each(packages)("$name has a program that uses it", (manifest) => {
    expect(readdirSync(programs)).toContain(`${shortName(manifest)}.mjs`);
  });
});

describe.concurrent("installed from its tarball", () => {
  it.each(uses)("$name works on Node.js $node", async (use) => {
    if (needsRedis(use.name) && !redis) return;
    const env = { ...process.env, NODE_OPTIONS: "", REDIS_URL: redis?.url ?? "" };
    await run(use.path, [join(project, `${shortName(use)}.mjs`)], { cwd: project, env });
  });
});

function shortName({ name }: Manifest): string {
  return name.replace("@headroom/", "");
}
