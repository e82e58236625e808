/**
 * Every package as a user gets it: packed, installed from its tarball with its peers, and used by a small program on the
 * oldest Node.js its package.json names, on the oldest with SQLite, and on the current one; then as ESM and as CommonJS, in
 * TypeScript projects and under Jest.
 *
 * Needs the packages built (`pnpm -r run build`), as `npm test` does first.
 */
import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../markdown.ts";
import { nodes } from "../support/node-versions.ts";
import { type RedisServer, redisStartable, startRedis } from "../support/redis-server.ts";
import { examplesFor, type Flavour, flavours, writeFlavour } from "./flavours.ts";
import { type Manifest, makeProject, packages } from "./project.ts";

const run = promisify(execFile);
const home = join(root, "test", "packed");
const programs = join(home, "programs");
const needsRedis = (name: string): boolean => name === "@headroom/redis";

/** Whether it works is asked, not how fast: on a busy machine the type checker takes minutes. */
const PATIENT = { timeout: 240_000 };

let folder = "";
let project = "";
let redis: RedisServer | undefined;

beforeAll(async () => {
  if (redisStartable()) redis = await startRedis();
  ({ folder, project } = await makeProject());
  cpSync(programs, project, { recursive: true });
  for (const flavour of flavours) writeFlavour(project, flavour);
}, 240_000);

afterAll(async () => {
  await redis?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

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

type NodeVersion = (typeof versions)[number];

function runsOn(manifest: Manifest, node: NodeVersion): boolean {
  const [major, minor] = oldestOf(manifest);
  return node.major > major || (node.major === major && node.minor >= minor);
}

const uses = packages.flatMap((manifest) => {
  const node = versions.find((version) => runsOn(manifest, version));
  return node ? [{ ...manifest, path: node.path, node: node.version }] : [];
});
const later = versions.slice(1);

describe("every package", () => {
  it.each(packages)("$name names an oldest Node.js on which it is tested", (manifest) => {
    const oldest = `v${oldestOf(manifest).join(".")}.0`;
    expect(versions.map(({ version }) => version)).toContain(oldest);
  });

  it.each(packages)("$name has a program that uses it", (manifest) => {
    expect(readdirSync(programs)).toContain(`${shortName(manifest)}.mjs`);
  });
});

describe.concurrent("installed from its tarball", PATIENT, () => {
  const env = (): NodeJS.ProcessEnv => ({
    ...process.env,
    NODE_OPTIONS: "",
    REDIS_URL: redis?.url ?? "",
  });

  // By itself where least is there: nothing that another package has loaded helps it.
  it.each(uses)("$name works on Node.js $node", async (use) => {
    if (needsRedis(use.name) && !redis) return;
    await run(use.path, [join(project, `${shortName(use)}.mjs`)], { cwd: project, env: env() });
  });

  it.each(later)("all work in one process on Node.js $version", async (node) => {
    const names = packages
      .filter((manifest) => runsOn(manifest, node) && (redis || !needsRedis(manifest.name)))
      .map(shortName);
    expect(names.length).toBeGreaterThan(10);
    const script = join(project, "run-programs.mjs");
    const { stdout } = await run(node.path, [script, ...names], { cwd: project, env: env() });
    expect(JSON.parse(stdout)).toEqual({});
  });
});

describe("the command", PATIENT, () => {
  it("uses an optional package where it is installed, in worker threads too, and goes without", async () => {
    const env = { ...process.env, NODE_OPTIONS: "" };
    await run(nodes.current, [join(project, "optional.mjs")], { cwd: project, env });
  });
});

describe.concurrent("both builds in one process", PATIENT, () => {
  it.each(versions)(
    "know each other's errors and give the same bytes on Node.js $version",
    async ({ path }) => {
      const env = { ...process.env, NODE_OPTIONS: "" };
      await run(path, [join(project, "mixed.cjs")], { cwd: project, env });
    },
  );
});

describe.concurrent("the first examples of the READMEs", PATIENT, () => {
  it.each(flavours)("type-check: $name", async (flavour) => {
    const { stdout } = await compiled(flavour);
    const errors = stdout
      .split("\n")
      .filter((line) => /^\S/.test(line))
      // The types of this SDK are ESM, whatever its build: `module: node16` lets no CommonJS module import them.
      .filter((line) => !line.includes("TS1479") || !line.includes('import("@google/genai")'));
    expect(errors).toEqual([]);
  });

  const ways = ["node16-esm", "node16-cjs"].flatMap((name) =>
    versions.map((node) => ({ name, node, version: node.version })),
  );
  it.each(ways)("run as $name on Node.js $version", async ({ name, node }) => {
    const flavour = flavourNamed(name);
    await compiled(flavour);
    const examples = [...examplesFor(flavour)].filter(([, { manifest }]) => runsOn(manifest, node));
    const files = examples.map(([module]) => pathToFileURL(outOf(name, module)).href);
    const script = join(project, "run-examples.mjs");
    const { stdout, stderr } = await run(node.path, [script, ...files], {
      cwd: join(project, name),
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    // Node.js 22.13 warns of SQLite; what it requires that is ESM it would warn of too.
    expect(stderr).not.toMatch(/require\(\)|ES Module/);
    const printed = Object.values(JSON.parse(stdout) as Record<string, string[]>);
    expect(printed).toEqual(examples.map(([, { prints }]) => prints));
  });

  it("run under Jest as CommonJS", async () => {
    const flavour = flavourNamed("node16-cjs");
    await compiled(flavour);
    const examples = [...examplesFor(flavour)].map(([module, { prints }]) => ({
      path: outOf(flavour.name, module),
      prints,
    }));
    const cwd = join(project, flavour.name);
    writeFileSync(join(cwd, "examples.json"), JSON.stringify(examples));
    cpSync(join(home, "jest"), cwd, { recursive: true });
    const jest = join(home, "node_modules", "jest", "bin", "jest.js");
    const { stderr } = await run(process.execPath, [jest, "--ci", "--watchman=false"], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    expect(stderr).toMatch(new RegExp(`Tests: +${examples.length + 2} passed`));
  });
});

describe("bundled into one file", () => {
  const bundle = async (from: string, to: string): Promise<string> => {
    const file = join(project, "bundles", to);
    const entry = join(project, "bundles", from);
    await build({ entryPoints: [entry], outfile: file, bundle: true, minify: true, format: "esm" });
    return file;
  };

  /** What each weighs, and 2 kB: docs/decisions/2026-11-28-bundle-size.md. */
  it.each([
    ["the AI SDK package over estimated tokens and core", "ai-sdk", 244],
    ["JSON, searches, logs and lines with a store and retrieval", "bare", 156.5],
    ["JSON and logs, lossless", "bare-lossless", 119],
  ])("%s are within their limit of gzip, and work", async (_, name, kilobytes) => {
    const file = await bundle(`${name}.mjs`, `${name}.out.mjs`);
    expect(gzipSync(readFileSync(file), { level: 9 }).length).toBeLessThan(kilobytes * 1000);
    await run(process.execPath, [file], { cwd: project });
  });
});

describe("bundled into files that load one another", () => {
  const options = { bundle: true, minify: true, format: "esm", splitting: true } as const;

  /** kB of gzip that are loaded before the program runs, and the file it starts with. */
  const start = async (name: string): Promise<{ readonly file: string; readonly size: number }> => {
    const outdir = join(project, "bundles", `${name}-split`);
    const entryPoints = [{ in: join(project, "bundles", `${name}.mjs`), out: "start" }];
    const more = { metafile: true, absWorkingDir: project, outExtension: { ".js": ".mjs" } };
    const { metafile } = await build({ ...options, ...more, entryPoints, outdir });
    const files = new Set([join("bundles", `${name}-split`, "start.mjs")]);
    for (const file of files)
      for (const { path, kind, external } of metafile?.outputs[file]?.imports ?? [])
        if (kind === "import-statement" && !external) files.add(path);
    const sizes = [...files].map(
      (file) => gzipSync(readFileSync(join(project, file)), { level: 9 }).length,
    );
    const size = sizes.reduce((sum, bytes) => sum + bytes, 0) / 1000;
    return { file: join(outdir, "start.mjs"), size };
  };

  /** What each starts with, and 2 kB: docs/decisions/2026-11-28-bundle-size.md. */
  it.each([
    ["core", "core", 76],
    ["the AI SDK package over estimated tokens and core", "ai-sdk", 83],
    ["JSON, searches, logs and lines with a store and retrieval", "bare", 147],
    ["JSON and logs, lossless", "bare-lossless", 122.5],
  ])("%s start within their limit of gzip, and work", async (_, name, kilobytes) => {
    const { file, size } = await start(name);
    expect(size).toBeLessThan(kilobytes);
    await run(process.execPath, [file], { cwd: project });
  });
});

const compiling = new Map<string, Promise<{ readonly stdout: string }>>();

/** What the type checker says of a project; the compiled modules are in its `out`. */
function compiled({ name }: Flavour): Promise<{ readonly stdout: string }> {
  const tsc = join(root, "node_modules", ".bin", "tsc");
  const known = compiling.get(name);
  const made =
    known ?? run(tsc, ["-p", join(project, name)], { cwd: project }).catch((error) => error);
  compiling.set(name, made);
  return made;
}

function outOf(flavour: string, module: string): string {
  return join(project, flavour, "out", `${module}.js`);
}

function flavourNamed(name: string): Flavour {
  const found = flavours.find((flavour) => flavour.name === name);
  if (!found) throw new Error(`No project is called ${name}.`);
  return found;
}

function shortName({ name }: Manifest): string {
  return name.replace("@headroom/", "");
}
