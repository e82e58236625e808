import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompressContext, compressWith } from "../../../test/compress-with.ts";
import type { Form } from "../../types/runner.ts";
import { searchCompressor } from "./search.ts";

const search = searchCompressor();
/** About what a real tokenizer gives on code, and the same everywhere. */
const counter = { name: "test", count: (text: string) => Math.ceil(text.length / 3.5) };
const lossless: CompressContext = { lossy: false, budgetTokens: 0, counter };

function compress(text: string, context: Partial<CompressContext> = {}): Form | undefined {
  return compressWith(search, text, { ...lossless, ...context });
}

const fixtures = new URL("./fixtures/", import.meta.url);

describe("search fixtures: output of real tools", () => {
  for (const name of readdirSync(fixtures)) {
    const input = readFileSync(new URL(`${name}/input.txt`, fixtures), "utf8");

    it(`${name}: is found, and groups without loss`, async () => {
      expect(search.detect(input)).toBeGreaterThan(0.8);
      const result = compress(input);
      const text = result?.text ?? "declined\n";
      await expect(text).toMatchFileSnapshot(`./fixtures/${name}/output.txt`);
      if (result !== undefined) expect(search.decode(text)).toBe(input);
    });
  }
});

describe("detect", () => {
  it.each([
    ["tsc", "src/a.ts:3:5: error TS2322: no", "src/b.ts:9:1: error TS1005: ';' expected."],
    ["gcc", "src/main.c:10:5: warning: unused variable", "src/main.c:12:9: note: declared here"],
    ["mypy", "app/a.py:3: error: Incompatible types", "app/b.py:9: note: see docs"],
    ["go", "./main.go:12:5: undefined: x", "./util.go:3:1: missing return"],
    [
      "eslint unix",
      "/app/a.js:12:5: 'x' is not used. [Error/no-unused-vars]",
      "/app/b.js:1:1: Bad",
    ],
    ["ISO stamps", "2024-01-15T10:00:01 INFO a", "2024-01-15T10:00:02 INFO b"],
    ["clock stamps", "12:00:01 a", "12:00:02 b"],
  ])("leaves %s alone", (_, first, second) => {
    expect(search.detect(`${first}\n${second}\n`.repeat(20))).toBe(0);
  });

  it("takes hits whose text is about errors", () => {
    const text = Array.from(
      { length: 20 },
      (_, n) => `src/a.ts:${n + 1}:  throw new Error("x${n}");`,
    );
    expect(search.detect(text.join("\n"))).toBeGreaterThan(0.8);
  });

  it("takes hits inside stamped logs", () => {
    const text = Array.from({ length: 9 }, (_, n) => `log/a.log:${n + 7}:2024-01-15T10:00:0${n} x`);
    expect(search.detect(text.join("\n"))).toBeGreaterThan(0.8);
  });
});

const segment = fc.constantFrom(
  "src",
  "a",
  "my-1-file",
  "lib 2",
  "v1.2",
  "date-2024-01-15",
  "[id]",
);
const name = fc.constantFrom("a.ts", "my-2-x.py", "Makefile", "x y.md", "2024-01-15.log", "ä.rs");
const path = fc
  .tuple(
    fc.constantFrom("", "./", "/opt/lib/site-packages/", "C:\\w\\", "main:"),
    fc.array(segment, { maxLength: 3 }),
    name,
  )
  .map(([root, parts, file]) => root + [...parts, file].join(root.includes("\\") ? "\\" : "/"));
const content = fc.oneof(
  fc.string({ maxLength: 30 }).map((text) => text.replaceAll("\n", " ")),
  fc.constantFrom(
    "    return 1;",
    "\tx: 10:22:33",
    "-- note",
    "--",
    "",
    "12:x",
    "a.ts:3:y",
    ":",
    "|",
    "…",
    "}\r",
  ),
);
const line = fc.record({
  path,
  kind: fc.constantFrom(":", ":", "-", "="),
  number: fc.nat(5000),
  content,
});
const noise = fc.constantFrom(
  "--",
  "",
  "Binary file a.bin matches",
  "grep: x: Permission denied",
  "12:z",
  " a",
  "|",
  "in src/",
  ">b",
);

/** Lines in the style of one tool, some noise between them. */
const output = fc
  .tuple(
    fc.constantFrom("numbered", "plain", "headings", "counts"),
    fc.array(
      fc.tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.option(noise, { freq: 8 })),
      { minLength: 1, maxLength: 12 },
    ),
    fc.constantFrom("", "\n", "\n\n"),
  )
  .map(([style, groups, end]) => {
    const lines: string[] = [];
    for (const [hits, extra] of groups) {
      const file = hits[0]?.path ?? "";
      if (style === "headings") lines.push(...(lines.length > 0 ? [""] : []), file);
      for (const [at, hit] of hits.entries()) {
        const mark = hit.kind;
        if (style === "numbered") lines.push(`${file}${mark}${hit.number}${mark}${hit.content}`);
        if (style === "plain") lines.push(file + mark + hit.content);
        if (style === "headings") lines.push(`${at * 7 + 1}${mark}${hit.content}`);
        if (style === "counts") lines.push(`${hit.path}:${hit.number}`);
      }
      if (extra !== null) lines.push(extra);
    }
    return lines.join("\n") + end;
  });

describe("lossless form", () => {
  it("gives every byte back", () => {
    let compressed = 0;
    fc.assert(
      fc.property(output, (text) => {
        const result = compress(text);
        if (result === undefined) return;
        compressed++;
        expect(result.lossless).toBe(true);
        expect(search.decode(result.text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
    expect(compressed).toBeGreaterThan(100);
  });

  it("keeps each hit verbatim after its line number, indentation included", () => {
    const text = Array.from(
      { length: 40 },
      (_, n) => `src/deep/file.py:${n * 3 + 1}:\t    x${n} = y`,
    );
    const result = compress(text.join("\n"));
    for (let n = 0; n < 40; n++) expect(result?.text).toContain(`\n${n * 3 + 1}:\t    x${n} = y`);
  });

  it("is not taken from any other text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(search.decode(text)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

/** Hits in several files, one of them by far the busiest. */
function manyHits(files: number, perFile: number): string {
  const lines: string[] = [];
  for (let f = 0; f < files; f++) {
    for (let n = 0; n < (f === 3 ? perFile * 4 : perFile); n++) {
      lines.push(
        `src/part${f % 5}/module${f}.ts:${n * 11 + 3}:  const value${f}x${n} = read(${n});`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

describe("headings of agents' search tools", () => {
  const block = (file: string, word: string): readonly string[] => [
    ...[3, 17, 220].map((number) => `${word}${number}: call(${number});`),
    `${word}${number9(file)}: last`,
  ];
  const number9 = (file: string): number => 300 + file.length;
  const files = Array.from({ length: 12 }, (_, at) => `services/billing/src/part/module${at}.ts`);

  it.each([
    ["Found 48 matches", "", ":", "  Line "],
    ["", "File: ", "", "L"],
    ["", "", "", ""],
    ["Found 12 files", "", ":", "Line "],
  ])("%s %s%s %s come back without loss", (notice, before, after, word) => {
    const lines = files.flatMap((file) => ["", `${before}${file}${after}`, ...block(file, word)]);
    const text = `${[...(notice === "" ? [] : [notice]), ...lines.slice(notice === "" ? 1 : 0)].join("\n")}\n`;
    const form = compress(text)?.text;
    expect(form?.length).toBeLessThan(text.length);
    expect(search.decode(form ?? "")).toBe(text);
  });
});

describe("lossy form", () => {
  const text = manyHits(30, 12);
  const lossy = { lossy: true, budgetTokens: 600 };

  it("names every file, the busiest with its whole path", () => {
    const result = compress(text, lossy);
    expect(result?.lossless).toBe(false);
    for (let f = 0; f < 30; f++) expect(result?.text).toContain(`module${f}.ts`);
    expect(result?.text).toContain("src/part3/module3.ts ×48");
  });

  it("shows the hit the question asks for", () => {
    const result = compress(text, { ...lossy, query: "What is value17x9?" });
    expect(result?.text).toContain("\n102:  const value17x9 = read(9);");
  });

  it("shows rare alarming lines without being asked", () => {
    const odd = text.replace("const value21x5 = read(5);", "// FIXME value21x5 leaks");
    expect(compress(odd, lossy)?.text).toContain("FIXME value21x5 leaks");
  });

  it("declares what is left out: shown and omitted hits add up", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 40 }),
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 10, max: 900 }),
        (files, perFile, budgetTokens) => {
          const input = manyHits(files, perFile);
          const result = compress(input, { lossy: true, budgetTokens });
          if (result === undefined || result.lossless) return;
          const shown = result.text.split("\n").filter((each) => /^\d+:/.test(each)).length;
          const total = input.split("\n").length - 1;
          expect(result.omitted).toEqual([
            { unit: "lines", count: total - shown, total, what: "with hits" },
          ]);
          expect(declaredHits(result.text)).toBe(total);
          expect(compress(input, { lossy: true, budgetTokens })).toEqual(result);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("invents no file:line", () => {
    const result = compress(text, lossy);
    for (const literal of result?.text.match(/[\w./]+\.ts:\d+/g) ?? [])
      expect(text).toContain(literal);
  });

  it("cuts a very long line in the middle and declares the characters", () => {
    const long = `dist/app.min.js:1:${"var a=1,b=2;".repeat(2000)}`;
    const result = compress(`${text}${long}\n`, { ...lossy, query: "app.min.js" });
    expect(result?.text).toMatch(/… \(of 24002 characters\) …/);
    expect(
      result?.lossless === false && result.omitted.some((each) => each.unit === "characters"),
    ).toBe(true);
  });

  it("shows context lines after hits and counts those left out", () => {
    const context = Array.from({ length: 60 }, (_, n) =>
      [
        `src/m${n}.c-${9}-/* what has to be true before the call ${n} is made */`,
        `src/m${n}.c:10:call(${n});`,
        `src/m${n}.c-11-report("done with step ${n}");`,
        "--",
      ].join("\n"),
    ).join("\n");
    const result = compress(context, { ...lossy, query: "call 7" });
    expect(result?.text).toContain("10:call(7);");
    expect(
      result?.lossless === false && result.omitted.some((each) => each.what === "around hits"),
    ).toBe(true);
  });

  it("keeps what the tool could not read, and gives up where hits are only a part", () => {
    const denied = Array.from({ length: 30 }, (_, n) => `grep: etc/key${n}: Permission denied`);
    const result = compress(text + denied.join("\n"), lossy);
    for (const line of denied) expect(result?.text).toContain(line);
    const log = Array.from({ length: 150 }, (_, n) => `step ${n} of the build is done`);
    expect(compress(text + log.join("\n"), lossy)?.lossless).not.toBe(false);
  });

  it("names every binary file that matches", () => {
    const binaries = Array.from({ length: 40 }, (_, n) => `Binary file bin/tool${n} matches`);
    const result = compress(text + binaries.join("\n"), lossy);
    for (let n = 0; n < 40; n++) expect(result?.text).toMatch(new RegExp(`bin/tool${n}\\b`));
  });

  it("stays lossless within the budget", () => {
    expect(compress(text, { lossy: true, budgetTokens: 1e6 })?.lossless).toBe(true);
  });

  it("drops files without a hit from counts, and says how many", () => {
    const counts = Array.from(
      { length: 80 },
      (_, n) => `src/file${n}.ts:${n % 20 === 0 ? n + 1 : 0}`,
    );
    const result = compress(counts.join("\n"), { lossy: true, budgetTokens: 100 });
    expect(result?.text).toBe(
      '# hits by file, one line a folder; "in" is the start of the paths\n' +
        "src/ file0.ts 1, file20.ts 21, file40.ts 41, file60.ts 61\n… 76 files: all 0\n",
    );
    expect(result?.lossless === false && result.omitted).toEqual([
      { unit: "files", count: 76, total: 80, what: "without a hit" },
    ]);
  });
});

/** All hits a summary accounts for: shown in full or listed by number or count. */
function declaredHits(text: string): number {
  const body = text.split("\n").slice(1);
  let total = 0;
  for (const line of body) {
    if (/^\d+:/.test(line)) total++;
    const more = /^… (\d+) more/.exec(line);
    if (more !== null && !line.includes("files")) total += Number(more[1]);
    if (!line.startsWith("…") && !/^\d+:/.test(line) && !line.startsWith("in ")) {
      for (const part of line.split(", ")) {
        const times = /×(\d+) \d+–\d+$/.exec(part);
        // A heading (`×12` alone) repeats what its hits and note say.
        if (times !== null) total += Number(times[1]);
        else total += /\.ts((?: \d+)+)$/.exec(part)?.[1]?.trim().split(" ").length ?? 0;
      }
    }
  }
  return total;
}

describe("hostile input", () => {
  it.each([
    ["hyphen runs", `${"a-1".repeat(200_000)}\n`.repeat(3)],
    ["colon runs", `${":1:".repeat(200_000)}\n`.repeat(3)],
    ["many paths", Array.from({ length: 30_000 }, (_, n) => `d${n}/f${n}.c:${n}:x`).join("\n")],
    ["gaps", `a/b.c:1:x\n${"--\n".repeat(200_000)}a/c.c:1:y\n`],
    ["JSON begin only", '{"type":"begin","data":{"path":{"text":"a"}}}\n'.repeat(5000)],
    ["broken JSON", `{"type":"begin","data":{"path":${"[".repeat(100_000)}\n`.repeat(3)],
    ["lone surrogates", "a/b.c:1:\ud800x\n".repeat(500)],
  ])("%s passes through or compresses, and never throws", (_, text) => {
    expect(() => search.detect(text.slice(0, 16_000))).not.toThrow();
    const result = compress(text, { lossy: true, budgetTokens: 100, query: "a b c" });
    if (result?.lossless === true) expect(search.decode(result.text)).toBe(text);
  });
});
