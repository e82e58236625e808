/**
 * A project to work on: real sources with a history, a lock file, tests, a log and an export of orders. Made by code, the same each
 * time, and not after what our compressors are good at.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Digits and letters that follow from a text. */
export function code(of: string, length = 8): string {
  return createHash("sha256").update(of).digest("hex").slice(0, length).toUpperCase();
}

/** Makes the folder anew. */
export function makeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "data"), { recursive: true });
  mkdirSync(join(folder, "logs"));
  mkdirSync(join(folder, "test"));
  const sources = dirname(
    createRequire(join(root, "packages/proxy/package.json")).resolve("undici/package.json"),
  );
  writeFileSync(join(folder, "data/orders.json"), ordersText());
  writeFileSync(join(folder, "logs/worker.log"), logLines().join("\n"));
  writeFileSync(join(folder, "test/orders.test.js"), TEST);
  writeFileSync(join(folder, "NOTES.md"), `The customer's order is ${ORDER}, its job is ${JOB}.\n`);
  writePackages(folder);
  const git = (...args: readonly string[]): void => {
    execFileSync("git", [...CONFIG, ...args], { cwd: folder, env: ENVIRONMENT, stdio: "ignore" });
  };
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "Orders, their tests and the worker's log");
  for (const part of readdirSync(join(sources, "lib")).sort()) {
    cpSync(join(sources, "lib", part), join(folder, "lib", part), { recursive: true });
    for (const path of untracked(folder)) {
      git("add", path);
      git("commit", "-qm", `${path.endsWith(".js") ? "Take" : "Add"} ${path} from upstream`);
    }
  }
}

/** What was changed in the folder, and what was written beside its history. */
export function changesIn(folder: string): string {
  const out = (...args: readonly string[]): string =>
    execFileSync("git", [...CONFIG, ...args], { cwd: folder, env: ENVIRONMENT, encoding: "utf8" });
  return out("status", "--porcelain") + out("diff");
}

const CONFIG = ["-c", "user.name=Ada Byron", "-c", "user.email=ada@example.org", "-c", "gc.auto=0"];
const ENVIRONMENT = {
  ...process.env,
  GIT_AUTHOR_DATE: "2026-03-02T09:30:00Z",
  GIT_COMMITTER_DATE: "2026-03-02T09:30:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

function untracked(folder: string): readonly string[] {
  const said = execFileSync("git", ["ls-files", "--others", "--exclude-standard"], {
    cwd: folder,
    encoding: "utf8",
  });
  return said.split("\n").filter((path) => path !== "");
}

export const ORDER = 40_131;
export const TRACKING = `TRK-${code(`tracking ${ORDER}`)}`;

/** The export of orders. */
export function ordersText(): string {
  return `${JSON.stringify(orders(), null, 2)}\n`;
}

function orders(): unknown {
  const states = ["shipped", "shipped", "packed", "delivered", "shipped", "returned"];
  const towns = ["Lisbon", "Graz", "Tartu", "Oulu", "Nantes", "Bergen", "Split"];
  return Array.from({ length: 180 }, (_, index) => {
    const id = 40_000 + index;
    const pick = Number.parseInt(code(`pick ${id}`, 6), 16);
    return {
      id,
      state: states[pick % states.length],
      town: towns[pick % towns.length],
      tracking: `TRK-${code(`tracking ${id}`)}`,
      // One of them is too cheap: a test fails.
      cents: index === 55 ? 480 : 500 + (pick % 90_000),
      gift: pick % 11 === 0,
    };
  });
}

export const JOB = 227;
export const JOB_TRACE = `trace-${code(`trace ${JOB}`, 12)}`;

function logLines(): readonly string[] {
  return Array.from({ length: 330 }, (_, index) => {
    const pick = Number.parseInt(code(`log ${index}`, 6), 16);
    const at = new Date(Date.UTC(2026, 2, 3, 7, 0, index * 7)).toISOString();
    const trace = `trace-${code(`trace ${index}`, 12)}`;
    if (index === 61 || index === 204)
      return `${at} ERROR worker-${pick % 4} job=${index} ${trace} payment gateway answered 502, giving up after 3 tries`;
    return `${at} INFO worker-${pick % 4} job=${index} ${trace} done in ${20 + (pick % 900)} ms`;
  });
}

const TEST = `const { test } = require("node:test");
const assert = require("node:assert");
const orders = require("../data/orders.json");
for (const { id, cents, tracking } of orders) {
  test(\`order \${id} has a price and a tracking code\`, () => {
    assert.ok(cents >= 500);
    assert.match(tracking, /^TRK-[0-9A-F]{8}$/);
  });
}
`;

/** A tree of packages by the names and versions in this repository's lock file. */
function writePackages(folder: string): void {
  const lock = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
  const names = new Map<string, string>();
  const packages = lock.slice(lock.indexOf("\npackages:"), lock.indexOf("\nsnapshots:"));
  for (const [, name = "", version = ""] of packages.matchAll(/^ {2}'?(@?[^@'\n]+)@([\d.]+)'?:$/gm))
    if (names.size < 420) names.set(name, version);
  const all = [...names];
  const top = all.filter((_, index) => index % 5 === 0);
  const dependenciesOf = (index: number): Record<string, string> =>
    Object.fromEntries(
      all.slice(index + 1, index + 5).map(([name, version]) => [name, `^${version}`]),
    );
  const own = {
    name: "orders",
    version: "3.1.0",
    private: true,
    scripts: { test: "node --test" },
    dependencies: Object.fromEntries(top.map(([name, version]) => [name, `^${version}`])),
  };
  const entries = all.map(([name, version], index) => [
    `node_modules/${name}`,
    { version, ...(index % 5 === 0 ? { dependencies: dependenciesOf(index) } : {}) },
  ]);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(own, null, 2)}\n`);
  writeFileSync(
    join(folder, "package-lock.json"),
    `${JSON.stringify({ ...own, lockfileVersion: 3, packages: { "": own, ...Object.fromEntries(entries) } }, null, 2)}\n`,
  );
}
