/**
 * What the documents say is true: their code type-checks and runs, prints what its comments say, and their links lead
 * somewhere.
 *
 * `console.log(x); // → y` in a block is a promise: the block's output is compared with it, line by line.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeBlocks, documents, root } from "./markdown.ts";
import type { BlockRun } from "./support/run-blocks.ts";

const run = promisify(execFile);
const folder = join(root, "test", ".readme");
/** What became of each block; all run in one process, which starts when the files are written. */
let ran: Promise<Record<string, BlockRun>>;
const blocks = documents()
  .flatMap(codeBlocks)
  .filter(({ language }) => language === "ts")
  .map((block) => ({ ...block, file: `${block.place.replaceAll(/[^a-z0-9]+/gi, "-")}.ts` }));

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { file, code } of blocks) await writeFile(join(folder, file), `${code}\nexport {};\n`);
  const config = { extends: "../../tsconfig.test.json", include: ["*.ts"] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
});
beforeAll(() => {
  const runner = join(root, "test", "support", "run-blocks.ts");
  const files = blocks.map(({ file }) => join(folder, file));
  ran = run(process.execPath, ["--conditions=@headroom/source", runner, ...files], {
    maxBuffer: 2 ** 26,
  }).then(({ stdout }) => JSON.parse(stdout) as Record<string, BlockRun>);
  ran.catch(() => undefined);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the documents", () => {
  it("have code to check", () => {
    expect(blocks.length).toBeGreaterThan(5);
  });

  it("have code that type-checks", async () => {
    const tsc = join(root, "node_modules", ".bin", "tsc");
    const { stdout }: { stdout: string } = await run(tsc, ["-p", folder]).catch((error) => error);
    // Errors elsewhere are the type checker's business, not the documents'.
    const errors = stdout.split("\n").filter((line) => line.includes(".readme"));
    expect(errors).toEqual([]);
  });

  it("show the figures that the commands print", async () => {
    const script = join(root, "scripts", "readme-figures.ts");
    await expect(run(process.execPath, [script, "--check"])).resolves.toBeDefined();
  });

  it.each(blocks)("run as they stand: $place", async ({ code, file }) => {
    const { lines, error } = (await ran)[join(folder, file)] ?? { lines: [], error: "not run" };
    expect(error).toBeUndefined();
    const promised = [...code.matchAll(/console\.log\(.*\); \/\/ → (.*)$/gm)].map(
      ([, text]) => text,
    );
    if (promised.length > 0) expect(lines).toEqual(promised);
  });

  it.each(["README.md", "CONTRIBUTING.md"])("name every package: %s", async (document) => {
    const text = await readFile(join(root, document), "utf8");
    for (const folder of readdirSync(join(root, "packages"))) {
      expect(text).toContain(`packages/${folder}`);
    }
  });

  it.each(documents())("link to files that are there: %s", async (document) => {
    const text = await readFile(join(root, document), "utf8");
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
    const dead = links.filter(
      (target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(document), target)),
    );
    expect(dead).toEqual([]);
  });

  it.each(documents())("name tests that are there: %s", async (document) => {
    const text = await readFile(join(root, document), "utf8");
    const cited = text.matchAll(/\]\(([^)\s]+\.test\.ts)\) “([^”]+)”/g);
    for (const [, target = "", name = ""] of cited) {
      const test = await readFile(join(root, dirname(document), target), "utf8");
      expect(test, `${target} has no test of this name`).toContain(name);
    }
  });
});

describe("changesets", () => {
  const folder = join(root, ".changeset");
  const names = readdirSync(join(root, "packages")).map((name) =>
    readPackageName(join(root, "packages", name, "package.json")),
  );

  it.each(readdirSync(folder))("name packages that are there, and say something: %s", (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const [, head = "", note = ""] = text.split(/^---$/m);
    const lines = head.trim().split("\n");
    for (const line of lines) {
      const [, name = line] = /^"(.+)": (?:major|minor|patch)$/.exec(line) ?? [];
      expect(names).toContain(name);
    }
    expect(note.trim().length).toBeGreaterThan(20);
  });
});

function readPackageName(path: string): string {
  return (JSON.parse(readFileSync(path, "utf8")) as { name: string }).name;
}
