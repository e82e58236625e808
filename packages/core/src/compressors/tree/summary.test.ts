import { describe, expect, it } from "vitest";
import { summarizePaths } from "./summary.ts";

const counter = { name: "characters", count: (text: string): number => text.length };

/** The lines of a view without its legend and the sentence about all paths; `undefined` where there is none. */
function view(
  paths: readonly string[],
  budgetTokens: number,
  query?: string,
): readonly string[] | undefined {
  const listing = { head: [], paths, tail: [] };
  const made = summarizePaths(listing, {
    counter,
    budgetTokens,
    ...(query === undefined ? {} : { query }),
  });
  return made?.text.split("\n").slice(2);
}

function files(count: number, make: (at: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

/** Names that differ in letters. */
const letters = (at: number): string =>
  `${"abcdefghij"[at % 10]}${"klmnopqrst"[Math.floor(at / 10)]}`;

describe("the view of a listing", () => {
  it("needs forty paths, and something to leave out", () => {
    const nested = (count: number) =>
      files(count, (at) => `a/${at < 3 ? "b" : "c"}/f${String(at).padStart(2, "0")}.ts`);
    expect(view(nested(39), 0)).toBeUndefined();
    expect(view(nested(40), 0)).toEqual(["(top): a/b/(3) a/c/(37)"]);
    const flat = view(
      files(400, (at) => `f${at}.ts`),
      3_000,
    )?.[0];
    expect(flat?.split(" ").slice(-5)).toEqual(["…", "f*.ts", "×76", "…", "f399.ts"]);
  });

  it("shows fewer examples the smaller the budget is", async () => {
    const paths = files(120, (at) => `${at % 2 === 0 ? "a" : "b"}/f${at}.ts`);
    const shown = [5_000, 560, 400, 300, 250, 200, 150, 0].map((budget) =>
      view(paths, budget)?.join("\n"),
    );
    await expect(`${shown.join("\n\n")}\n`).toMatchFileSnapshot("./pictures/levels.txt");
  });

  it("shows twenty-four more at the top", () => {
    const name = (at: number): string => `f${String(at).padStart(2, "0")}.ts`;
    expect(view(files(90, name), 0)).toEqual([
      `(top): ${files(23, name).join(" ")} … f*.ts ×66 … f89.ts`,
    ]);
  });

  it("shows what is asked for as a full path, and little else than its likes", () => {
    const paths = files(80, (at) => `src/${at % 4}/part_${at}.ts`);
    const found = view([...paths, "src/1/invoice_total.ts"], 0, "where is the invoice total?");
    expect(found).toContain("src/1/invoice_total.ts");
    expect(found?.filter((line) => line.includes("part_"))).toEqual(["src/1/: … part_*.ts ×20"]);
  });

  it("knows extensions of any letters", () => {
    const left = (end: string) =>
      view(
        files(60, (at) => `${letters(at)}${end}`),
        0,
      )?.[0]?.split(" … ")[1];
    expect([".a", ".z", ".AZ", ".a1", ".1a", ".`a", ".a{"].map(left)).toEqual([
      ".a ×36",
      ".z ×36",
      ".AZ ×36",
      ".a1 ×36",
      "36",
      "36",
      "36",
    ]);
  });

  it("shows sixty of those that fit as well, the first ones", () => {
    const paths = files(90, (at) => `src/${at % 3}/invoice_${at}.ts`);
    const found = view(paths, 0, "which invoice?")?.filter(
      (line) => line.endsWith(".ts") && !line.includes(" "),
    );
    expect(found?.map((line) => Number(line.slice(14, -3))).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, at) => at),
    );
  });

  it("counts what is left by extension", () => {
    const left = (ends: readonly string[]): string | undefined =>
      view(
        files(ends.length * 12, (at) => `${letters(at)}${ends[at % ends.length]}`),
        0,
      )?.[0]?.split(" … ")[1];
    expect(left([".ts", ".ts", ".py", ".json", ".md", ".css"])).toMatchInlineSnapshot(
      `"48: .ts ×16, .css ×8, .json ×8, .md ×8, .py ×8"`,
    );
    expect(left([".ts", ".ts", ".py", ".md"])).toMatchInlineSnapshot(
      `"24: .ts ×12, .md ×6, .py ×6"`,
    );
    expect(left([".ts", ".ts", ".py", ".md", ""])).toMatchInlineSnapshot(
      `"36: .ts ×14, .md ×8, .py ×7, no extension ×7"`,
    );
    expect(left(["", "", ".py"])).toMatchInlineSnapshot(`undefined`);
    expect(left(["", ".abcdefgh", ".x1", ".1"])).toMatchInlineSnapshot(
      `"24: no extension ×18, .x1 ×6"`,
    );
    expect(left([".abcdefg", ".x`", ".x{"])).toMatchInlineSnapshot(`undefined`);
  });

  it("counts the extensions of all paths, those of libraries with a version behind them too", () => {
    const paths = [
      ...files(30, (at) => `a/lib${letters(at)}.so.${at}.2`),
      ...files(20, (at) => `a/lib${letters(at)}.so`),
      ...files(10, (at) => `a/${letters(at)}`),
    ];
    const text = summarizePaths(
      { head: [], paths, tail: [] },
      { counter, budgetTokens: 600 },
    )?.text.split("\n");
    expect(text?.[1]).toBe("… 60 paths in all: .so.* ×30, .so ×20, no extension ×10");
    expect(text?.[2]).toContain(", no extension ×");
  });

  it("shows a name where it is the only one that would be left out", () => {
    const alone = files(22, (at) => `${letters(at)}/README.md`);
    const others = files(40, (at) => `notes/n${letters(at)}${at}.txt`);
    const lines = view([...alone, ...others], 0)?.join("\n");
    expect(lines).toContain(" bk/{README.md} ");
    expect(lines).toContain(" notes/(40)");
  });

  const notable = (
    "README readme.md LICENSE LICENCE CHANGELOG.md SECURITY.md CONTRIBUTING.md Makefile Dockerfile Jenkinsfile Procfile Gemfile " +
    "Rakefile package.json tsconfig.json pyproject.toml setup.py requirements.txt Cargo.toml go.mod pom.xml build.gradle " +
    "docker-compose.yml compose.yaml main.c index.ts app.py server.js cli.ts mod.rs lib.rs main.test.ts"
  ).split(" ");
  it.each(notable)("shows %s in a folder that shows nothing else", (name) => {
    const paths = [
      ...files(30, (at) => `a/f${at}.ts`),
      ...files(30, (at) => `b/f${at}.ts`),
      `b/${name}`,
    ];
    const line = view(paths, 0)?.find((each) => each.startsWith("b/: "));
    expect(line).toBe(`b/: ${name} … f*.ts ×30`);
  });
  it.each(["package.yaml", "mainly.ts", "x.main", ".index", "setup"])(
    "does not show %s there",
    (name) => {
      const paths = [
        ...files(30, (at) => `a/f${at}.ts`),
        ...files(30, (at) => `b/f${at}.ts`),
        `b/${name}`,
      ];
      expect(view(paths, 0)?.some((each) => each.includes(name))).toBe(false);
    },
  );

  it("does not count a folder that is listed itself", () => {
    const paths = ["src", "src/a", ...files(50, (at) => `src/a/f${at}.ts`), "src/b", "src/b/x.ts"];
    const made = summarizePaths(
      { head: ["head"], paths, tail: ["tail"] },
      { counter, budgetTokens: 0 },
    );
    expect(made?.text.split("\n").slice(1)).toEqual([
      "head",
      "… 54 paths in all: .ts ×51, no extension ×3; 53 of these paths in folders",
      "src/: a/(50) b/{x.ts}",
      "tail",
    ]);
    expect(made?.omitted).toEqual([{ unit: "paths", count: 50, total: 54 }]);
  });

  it("counts the names that many paths end with, and what lies in folders", () => {
    const paths = [
      "one.md",
      ...files(60, (at) => `p${at >> 1}/${at % 2 === 0 ? "index.ts" : `x${at}.ts`}`),
    ];
    const made = summarizePaths({ head: [], paths, tail: [] }, { counter, budgetTokens: 0 });
    expect(made?.text.split("\n").slice(1, 3)).toEqual([
      "… 61 paths in all: .ts ×60, .md ×1; 60 of these paths in folders",
      "… names at the end of paths: index.ts ×30, 31 more values",
    ]);
  });

  it("gives what room is left to the upper folders", () => {
    const paths = files(200, (at) => `${"abcdefgh"[at % 8]}/f${at}.ts`);
    const shown = (budgetTokens: number): readonly number[] =>
      (summarizePaths({ head: [], paths, tail: [] }, { counter, budgetTokens })?.text ?? "")
        .split("\n")
        .filter((line) => /^[a-h]\/: /.test(line))
        .map((line) => line.split(" … ")[0]?.split(" ").length ?? 0);
    const counts = files(20, (at) => `${shown(400 + 20 * at)}`);
    expect(new Set(counts).size).toBeGreaterThan(10);
    for (const each of counts) {
      const numbers = each.split(",").map(Number);
      expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    }
  });

  it("quotes names that could be misread", () => {
    const paths = ["a b.ts", ...files(60, (at) => `f${at}.ts`)];
    expect(view(paths, 0)?.[0]?.startsWith('(top): "a b.ts" f0.ts')).toBe(true);
  });
});

describe("what stands where names are left out", () => {
  it.each([300, 500, 800, 1_200])("tells which can be among them, at a cap of %d", (budget) => {
    const names = files(150, (at) => `${letters((at * 37) % 150)}${at}.${["ts", "md"][at % 2]}`);
    const paths = names.flatMap((name, at) => [`a/${name}`, `b/${names[(at * 11) % 150]}`]);
    const gap = / (\S+) … (?:\d+: )?[^…]+ … (\S+)/;
    for (const line of view(paths, budget) ?? []) {
      const [, before, after] = gap.exec(line) ?? [];
      const folder = line.slice(0, 2);
      const listed = paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(2));
      const [from, to] = [listed.indexOf(before ?? ""), listed.indexOf(after ?? "")];
      const left = /… (?:(\d+): )?/.exec(line)?.[1] ?? / ×(\d+) …/.exec(line)?.[1];
      expect([line.startsWith(folder), to - from - 1]).toEqual([true, Number(left)]);
      for (const name of listed.slice(from + 1, to)) expect(line).not.toContain(` ${name} `);
    }
  });

  it("is how many paths have the words of the question", () => {
    const paths = files(90, (at) => `src/${at % 3 === 0 ? "Ledger" : "page"}_${letters(at)}.ts`);
    const asked = view(paths, 300, "where is the ledger of the invoices?");
    expect(asked).toContain("… paths with these letters in any case: 30 with ledger");
  });
});
