import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompressContext, compressWith } from "../../../test/compress-with.ts";
import type { Form } from "../../types/runner.ts";
import { detectTree } from "./detect.ts";
import { treeCompressor } from "./tree.ts";

const context: CompressContext = {
  lossy: false,
  budgetTokens: 100,
  counter: { name: "quarter", count: (text) => Math.ceil(text.length / 4) },
};
const compressor = treeCompressor();

function run(text: string, more: Partial<CompressContext> = {}): Form | undefined {
  const result = compressWith(compressor, text, { ...context, ...more });
  if (result?.lossless) expect(compressor.decode(result.text)).toBe(text);
  return result;
}

const fixtures = new URL("./fixtures/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(`${name}/input.txt`, fixtures), "utf8");

describe("treeCompressor", () => {
  for (const name of readdirSync(fixtures)) {
    it(`fixture ${name}`, async () => {
      const input = read(name);
      expect(compressor.detect(input)).toBeGreaterThanOrEqual(0.7);
      const result = run(input);
      expect(result?.lossless).toBe(true);
      await expect(result?.text).toMatchFileSnapshot(`./fixtures/${name}/output.txt`);
    });
  }

  it("keeps the order of a list that is sorted by nothing", () => {
    const text = "src/b.ts\nsrc/a.ts\nlib/z.ts\nsrc/c.ts\nsrc/c.ts\nREADME\n".repeat(20);
    expect(run(text)?.lossless).toBe(true);
  });

  it("keeps names with spaces, quotes, stars, trailing slashes and no name at all", () => {
    const names = [
      "a b.ts",
      '"q".ts',
      "x*.ts",
      "dir/",
      "…",
      "under x",
      "(top)",
      "\\ y",
      "z: w",
      "a/: b",
    ];
    for (const end of ["", "\n", "\n\n"]) {
      const text = names.flatMap((name) => [`src/${name}`, `src/lib/${name}`]).join("\n") + end;
      run(`${"src/plain.ts\n".repeat(30)}${text}`);
      run(`src/0.ts\nsrc/1.ts\nsrc/2.ts\nsrc/3.ts\n${text}`);
    }
  });

  it("takes no list, hit, row, URL or code for a listing", () => {
    const others = [
      "- src/a.ts\n- src/b.ts\n- src/c.ts\n- src/d.ts\n- src/e.ts",
      "src/a.ts:12:x\nsrc/a.ts:13:y\nsrc/b.ts:14:z\nsrc/b.ts:15:w\nsrc/b.ts:16:v",
      "a/b,1,2\na/c,2,3\na/d,3,4\na/e,4,5\na/f,5,6",
      "https://a.example/x/1\nhttps://a.example/x/2\nhttps://a.example/x/3\nhttps://a.example/x/4",
      "One word\nor two\nin each\nof these\nlines here",
      "alpha\nbeta\ngamma\ndelta\nepsilon",
      'import a from "./a.ts";\nimport b from "./b.ts";\nimport c from "./c.ts";\nfoo(a, b, c);',
      "2024-01-15T10:00:00Z GET /a/b\n2024-01-15T10:00:01Z GET /a/c\n2024-01-15T10:00:02Z GET /a\n",
      "iVBORw0KGgo/AAA\nANSUh/EUgAAAAUA\nAAAFC/AYAAACNby\nblAAAA/HElEQVQI\n12P4/8/w38GIAX",
    ];
    for (const text of others) expect(detectTree(text)).toBe(0);
  });

  it("names every folder and counts what it leaves out", () => {
    const folders = ["src/api/", "src/store/", "tests/", "", "docs/deep/er/"];
    const paths = folders.flatMap((folder) =>
      Array.from({ length: 60 }, (_, at) => `${folder}file${at}.${at % 7 === 0 ? "json" : "ts"}`),
    );
    const result = run(`${paths.join("\n")}\n`, { lossy: true });
    if (!result || result.lossless) throw new Error("not lossy");
    for (const folder of folders) expect(result.text).toContain(folder);
    expect(result.omitted[0]?.total).toBe(paths.length);
    expect(countedIn(result.text)).toBe(result.omitted[0]?.count);
  });

  it("shows what the question asks for as a full path", () => {
    const paths = Array.from({ length: 400 }, (_, at) => `src/part${at % 9}/handler_${at}.py`);
    paths[217] = "src/part1/vulnerability_scan.py";
    const result = run(paths.join("\n"), {
      lossy: true,
      query: "Where is the vulnerability scan?",
    });
    expect(result?.lossless).toBe(false);
    expect(result?.text).toContain("src/part1/vulnerability_scan.py");
  });

  const name = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom("a", "b.ts", "a-b", "test_x.py", "test_y.py", "c d", "z.", "ü"),
    },
    fc.string({ minLength: 1, maxLength: 5 }).map((text) => text.replaceAll(/[/\n]/g, "x")),
  );
  const path = fc
    .array(name, { minLength: 1, maxLength: 4 })
    .map((parts) => ["modules", ...parts].join("/"));

  it("gives every list back byte for byte, sorted, walked or neither", () => {
    const order = fc.constantFrom("none", "sorted", "folders");
    let compressed = 0;
    fc.assert(
      fc.property(fc.array(path, { minLength: 20, maxLength: 60 }), order, (paths, how) => {
        const list = how === "none" ? paths : [...new Set(paths)].sort();
        if (how === "folders") list.sort((a, b) => (a.split("/")[0] === b.split("/")[0] ? 0 : 1));
        const text = list.join("\n");
        const result = run(text);
        expect(run(text)).toEqual(result);
        if (result) compressed++;
      }),
      { numRuns: 500 },
    );
    expect(compressed).toBeGreaterThan(100);
  });

  it("gives drawings and recursive listings back byte for byte", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(path, { minLength: 4, maxLength: 30 }),
        fc.boolean(),
        (paths, ascii) => {
          run(draw(paths, ascii));
          run(listRecursively(paths));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("declares exactly what is missing, whatever is listed", () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 30, maxLength: 120 }), (paths) => {
        const text = paths
          .filter((each) => /^[a-z./_-]+$/.test(each))
          .sort()
          .join("\n");
        const result = run(text, { lossy: true, budgetTokens: 20 });
        if (!result || result.lossless) return;
        expect(countedIn(result.text)).toBe(result.omitted[0]?.count);
      }),
      { numRuns: 200 },
    );
  });

  it("survives hostile text", () => {
    const deep = `${"a/".repeat(2000)}b`;
    for (const text of [
      "",
      "\n",
      "/",
      "//\n//\n//\n//",
      deep,
      `${deep}\n`.repeat(20),
      "├── ".repeat(400),
    ]) {
      run(text);
      run(text, { lossy: true, budgetTokens: 5, query: "a" });
      compressor.decode(text);
      compressor.decode(`[paths: one line per folder, subfolders below]\n${text}`);
    }
  });
});

/** What the counts in the text add up to: `(n)` and `… n .ts, n other`. */
function countedIn(text: string): number {
  let sum = 0;
  const body = text.slice(text.indexOf("\n"));
  for (const [, count] of body.matchAll(/\/\((\d+)\)/g)) sum += Number(count);
  for (const [, list] of body.matchAll(/… ([^\n…]+)/g)) {
    if (list?.includes(" paths in all")) continue;
    // The number where it stands in front, else the one of the only shape or extension.
    const count = /^(\d+)(?:: |\s*$)/.exec(list ?? "") ?? / ×(\d+)\s*$/.exec(list ?? "");
    sum += Number(count?.[1] ?? 0);
  }
  return sum;
}

interface Node {
  readonly [name: string]: Node;
}

function nest(paths: readonly string[]): Node {
  const root = Object.create(null) as Record<string, Node>;
  for (const each of paths) {
    let node = root;
    for (const part of each.split("/")) {
      node[part] ??= Object.create(null) as Record<string, Node>;
      node = node[part] as Record<string, Node>;
    }
  }
  return root;
}

function draw(paths: readonly string[], ascii: boolean): string {
  const lines = ["root"];
  const walk = (node: Node, before: string): void => {
    const names = Object.keys(node);
    for (const [at, name] of names.entries()) {
      const last = at === names.length - 1;
      lines.push(before + (ascii ? (last ? "`-- " : "|-- ") : last ? "└── " : "├── ") + name);
      walk(node[name] ?? {}, before + (last ? "    " : ascii ? "|   " : "│   "));
    }
  };
  walk(nest(paths), "");
  return [...lines, "", `${lines.length} files`].join("\n");
}

function listRecursively(paths: readonly string[]): string {
  const blocks: string[] = [];
  const walk = (node: Node, folder: string): void => {
    const names = Object.keys(node).sort();
    blocks.push([`${folder}:`, ...names].join("\n"));
    for (const name of names) {
      if (Object.keys(node[name] ?? {}).length > 0) walk(node[name] ?? {}, `${folder}/${name}`);
    }
  };
  walk(nest(paths), ".");
  return blocks.join("\n\n");
}

it("a test runner's verbose output is not a listing", () => {
  const tests = Array.from(
    { length: 40 },
    (_, i) => `tests/test_store.py::TestStore::test_case_${i} PASSED [ ${i}%]`,
  );
  expect(compressor.detect(tests.join("\n"))).toBe(0);
});
