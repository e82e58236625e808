import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "./main.ts";
import type { Named } from "./named.ts";
import { ROOMS, type Room, sourcesOf, testsOf } from "./rooms.ts";
import { quotas, sample } from "./sample.ts";
import { isReached, type Outcome, scoresOf } from "./score.ts";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

describe("npm run mutation", { timeout: 180_000 }, () => {
  let root: string;
  const room: Room = {
    name: "planted",
    sources: ["src/*.ts"],
    stages: [{ tests: ["src/*.test.ts"], isolate: false }],
  };

  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "mutation-")));
    mkdirSync(join(root, "src"));
    symlinkSync(join(REPOSITORY, "node_modules"), join(root, "node_modules"));
    writeFileSync(
      join(root, "src/limit.ts"),
      "export const atLimit = (n: number) => n >= limit();\nfunction limit() {\n  return 7;\n}\n",
    );
    writeFileSync(join(root, "src/alone.ts"), "export const alone = 1 + Math.random();\n");
  });
  afterAll(() => rmSync(root, { recursive: true }));

  async function run(
    test: string,
    args: readonly string[],
    named: readonly Named[] = [],
  ): Promise<{
    readonly code: number;
    readonly output: string;
    readonly saved: readonly string[];
  }> {
    const head = 'import { expect, it } from "vitest";\nimport { atLimit } from "./limit.ts";\n';
    writeFileSync(join(root, "src/limit.test.ts"), head + test);
    const output: string[] = [];
    const saved: string[] = [];
    const code = await main(args, {
      root,
      rooms: [room],
      named,
      print: (text) => void output.push(text),
      save: (name) => void saved.push(name),
    });
    return { code, output: output.join("\n"), saved };
  }

  const limitOnly = ["--count", "50", "--file", "limit.ts", "--at-once", "1"];

  it("prints what tests that cannot fail let through, and exits with 1", async () => {
    const { code, output, saved } = await run('it("runs", () => void atLimit(7));', limitOnly);
    expect(code).toBe(1);
    expect(output).toContain(
      "survived   src/limit.ts:1 boundary  export const atLimit = (n: number) => n >= limit();  →  export const atLimit = (n: number) => n > limit();",
    );
    expect(saved).toEqual([]);
  });

  it("exits with 0 when every change is noticed", async () => {
    const test =
      'it("is exact", () => expect([6, 7, 8].map(atLimit)).toEqual([false, true, true]));';
    const { code, output } = await run(test, limitOnly);
    expect(output).not.toContain("survived ");
    expect(output).toContain("| planted | 4   | 4 ");
    expect(code).toBe(0);
  });

  it("changes the source for processes that a test starts", async () => {
    const test = [
      'import { execFileSync } from "node:child_process";',
      "const program = \"import('./src/limit.ts').then((m) => process.exit(m.atLimit(7) ? 0 : 1))\";",
      'it("is seven", () => void execFileSync(process.execPath, ["-e", program]));',
    ].join("\n");
    const { output } = await run(test, limitOnly);
    expect(output).toContain("noticed    src/limit.ts:1 boundary");
    expect(output).toContain("noticed    src/limit.ts:3 number  return 7;  →  return 8;");
  });

  it("ends a test that hangs, and counts it as noticed", async () => {
    const test = 'it("ends", () => { while (!atLimit(7)); while (atLimit(6)); });';
    const { output } = await run(test, [...limitOnly, "--time-out", "2"]);
    expect(output).toContain("timed out  src/limit.ts:1 boundary");
  });

  it("says that no test loads a file, and writes the results of the room and of all rooms", async () => {
    const test = 'it("runs", () => void atLimit(7));';
    const { output, saved } = await run(test, ["--count", "20"]);
    expect(output).toContain("no test loads it src/alone.ts:1 plus-minus");
    expect(saved).toEqual(["planted", "all"]);
  });

  it("stops when the tests fail without any change", async () => {
    await expect(run('it("fails", () => expect(1).toBe(2));', limitOnly)).rejects.toThrow(
      "The tests of planted failed without any change",
    );
  });

  it.each([
    [["--count", "0"], "--count has to be a whole number from 1: 0"],
    [["--room", "nowhere"], "No room is named nowhere. There are planted."],
    [["--counts", "1"], "Unknown option '--counts'"],
  ])("refuses %j", async (args, message) => {
    const { code, output } = await run("", args);
    expect(code).toBe(2);
    expect(output).toContain(message);
  });
});

describe("scores", () => {
  const mutant = {
    room: "a",
    file: "a.ts",
    operator: "jump",
    line: 1,
    start: 0,
    end: 1,
    text: "",
  } as const;
  const outcome = (fate: Outcome["fate"], name: string): Outcome => ({
    fate,
    mutant: { ...mutant, before: name, after: "" },
  });
  const named = (before: string, verdict: Named["verdict"]): Named => ({
    file: "a.ts",
    before,
    after: "",
    verdict,
    reason: "",
  });

  it("leave equivalent changes out and count accepted ones as not noticed", () => {
    const outcomes = [
      ...Array.from({ length: 8 }, () => outcome("noticed", "x")),
      outcome("timed out", "x"),
      outcome("survived", "same"),
      outcome("survived", "kept"),
      outcome("no test loads it", "y"),
    ];
    const scores = scoresOf(outcomes, [named("same", "equivalent"), named("kept", "accepted")]);
    expect(scores.map(({ name, share }) => [name, share])).toEqual([
      ["a", 9 / 11],
      ["all", 9 / 11],
    ]);
    expect(scores.map(isReached)).toEqual([true, false]);
  });

  it("are not reached by nothing", () => {
    expect(scoresOf([], []).map(isReached)).toEqual([false]);
  });
});

describe("sampling", () => {
  const files = ["packages/core/src/glob.ts", "packages/core/src/decide.ts"];
  const draw = (seed: number) =>
    sample("a", files, { root: REPOSITORY, seed, count: 12 }).map(({ file, line, after }) => [
      file,
      line,
      after,
    ]);

  it("draws the same changes for the same seed, and others for another", () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("shares the count out", () => {
    expect(quotas(11, 3)).toEqual([4, 4, 3]);
  });
});

describe("rooms", () => {
  it.each(ROOMS.map((room) => [room.name, room] as const))(
    "%s has sources and tests",
    (_, room) => {
      expect(sourcesOf(room, REPOSITORY).length).toBeGreaterThan(3);
      for (const stage of room.stages) expect(testsOf(stage, REPOSITORY)).not.toEqual([]);
    },
  );

  it("share no source", () => {
    const sources = ROOMS.flatMap((room) => sourcesOf(room, REPOSITORY));
    expect(sources.length).toBe(new Set(sources).size);
  });
});
