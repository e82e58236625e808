import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompressContext, shortestWith, viewWith } from "../../../test/compress-with.ts";
import { finish } from "../../steps.ts";
import type { Form } from "../../types/runner.ts";
import { decodeDiff, encodeDiff } from "./compact.ts";
import { diffCompressor } from "./diff.ts";
import { parseDiff } from "./parse.ts";

const diff = diffCompressor();
/** About what a real tokenizer gives on code, and the same everywhere. */
const counter = { name: "test", count: (text: string) => Math.ceil(text.length / 3.5) };

function compress(text: string, context: Partial<CompressContext> = {}): Form | undefined {
  const whole = { lossy: false, budgetTokens: 0, counter, ...context };
  return shortestWith(diff, text, whole);
}

/** What git makes of a text as a patch, without looking at any file. */
function gitReads(text: string): boolean {
  const result = spawnSync("git", ["apply", "--stat", "-"], { input: text, cwd: "/" });
  return result.status === 0;
}

const hasGit = spawnSync("git", ["--version"]).status === 0;
const fixtures = new URL("./fixtures/", import.meta.url);

describe("diff fixtures: output of real tools", () => {
  for (const name of readdirSync(fixtures)) {
    const input = readFileSync(new URL(`${name}/input.txt`, fixtures), "utf8");
    const factsFile = new URL(`${name}/facts.txt`, fixtures);
    const facts = existsSync(factsFile) ? readFileSync(factsFile, "utf8").trim().split("\n") : [];

    it(`${name}: is found, and shortens without loss`, async () => {
      expect(diff.detect(input)).toBeGreaterThan(0.8);
      const result = compress(input);
      await expect(result?.text ?? "declined\n").toMatchFileSnapshot(
        `./fixtures/${name}/output.txt`,
      );
      if (result !== undefined) expect(diff.decode(result.text)).toBe(input);
    });

    it(`${name}: keeps what people changed when it may lose something`, async () => {
      const result = compress(input, { lossy: true, budgetTokens: 10 });
      const text = result?.text ?? input;
      await expect(text).toMatchFileSnapshot(`./fixtures/${name}/output-lossy.txt`);
      for (const fact of facts) expect(text).toContain(fact);
    });

    it.runIf(hasGit)(`${name}: is no patch to git in either form`, () => {
      for (const lossy of [false, true]) {
        const result = compress(input, { lossy, budgetTokens: 10 });
        if (result !== undefined) expect(gitReads(result.text)).toBe(false);
      }
    });
  }

  it.runIf(hasGit)(
    "git reads the originals, so that its refusal of the short forms means something",
    () => {
      for (const name of [
        "git-diff",
        "git-show",
        "git-diff-binary",
        "diff-unified",
        "lock-files",
      ]) {
        expect(gitReads(readFileSync(new URL(`${name}/input.txt`, fixtures), "utf8"))).toBe(true);
      }
    },
  );
});

describe("detect", () => {
  it.each([
    ["a markdown list", "- one\n- two\n+ three\n"],
    ["mail with quoted lines", "--- on Monday you wrote\n> hi\n"],
    ["a log", "2024-01-15 INFO + 3 files\n2024-01-15 INFO - 2 files\n"],
    ["a stat table", " src/a.ts | 12 ++--\n 1 file changed, 6 insertions(+)\n"],
    ["prose about diffs", "Use `diff --git` and look at the @@ lines.\n"],
  ])("leaves %s alone", (_, text) => {
    expect(diff.detect(text.repeat(10))).toBe(0);
  });

  it("is unsure where a diff is a small part of a document", () => {
    const prose = "Some words about the change, on one line.\n".repeat(60);
    const small = "--- a/x.ts\n+++ b/x.ts\n@@ -1 +1 @@\n-a\n+b\n";
    expect(diff.detect(prose + small)).toBeLessThan(0.5);
  });
});

const body = fc.oneof(
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll("\n", " ")),
  fc.constantFrom(
    "",
    "- x",
    "+ y",
    "@@ -1 +1 @@",
    "diff --git a/x b/x",
    "  return 1;",
    "}\r",
    "«a»",
    "|",
    "=== x",
  ),
);
const change = fc.record({ sign: fc.constantFrom(" ", " ", "+", "-"), body, bare: fc.boolean() });
const section = fc.constantFrom("", " class A:", " int main(void)", ' "', " ");
const hunk = fc.record({
  skip: fc.integer({ min: 1, max: 50 }),
  lines: fc.array(change, { minLength: 1, maxLength: 12 }),
  section,
});
const path = fc.constantFrom(
  "a.ts",
  "src/b c.ts",
  "lib/x (1).ts",
  "yarn.lock",
  "package-lock.json",
  "d/=> e",
  '"caf\\303\\251"',
);
const change2 = fc.constantFrom(
  "edit",
  "new",
  "deleted",
  "renamed",
  "mode",
  "binary",
  "plain",
  "odd",
);
const fileDiff = fc.record({
  path,
  other: path,
  what: change2,
  hunks: fc.array(hunk, { minLength: 1, maxLength: 4 }),
  index: fc.constantFrom("1234567..89abcde", "0000000..1111111"),
});
const between = fc.constantFrom(
  "",
  "",
  "commit 1234567890abcdef\nAuthor: A\n\n    + a line\n    - b\n",
  "-- \n2.39.5\n",
  " plain\n",
  "\n\n",
);

/** A diff with right counts, as git would print it; some headers are made to be odd. */
const diffText = fc
  .tuple(
    fc.array(fc.tuple(between, fileDiff), { minLength: 1, maxLength: 4 }),
    fc.constantFrom("", "\n"),
    fc.nat(400),
  )
  .map(([files, end, cut]) => {
    const lines: string[] = [];
    for (const [before, file] of files) {
      if (before !== "") lines.push(...before.slice(0, -1).split("\n"));
      lines.push(...headerOf(file.path, file.other, file.what, file.index));
      if (file.what === "binary" || file.what === "mode") continue;
      let old = 0;
      let fresh = 0;
      for (const each of file.hunks) {
        old += each.skip;
        fresh += each.skip;
        // An empty context line may have lost its space.
        const text = each.lines.map((line) =>
          line.sign === " " && line.body === "" && line.bare ? "" : line.sign + line.body,
        );
        const removed = text.filter((line) => line[0] !== "+").length;
        const added = text.filter((line) => line[0] !== "-").length;
        const range = (start: number, count: number) =>
          `${count === 0 ? start - 1 : start}${count === 1 ? "" : `,${count}`}`;
        lines.push(`@@ -${range(old, removed)} +${range(fresh, added)} @@${each.section}`, ...text);
        old += removed;
        fresh += added;
      }
    }
    const kept = cut > 350 ? lines.slice(0, Math.max(1, lines.length - (cut - 350))) : lines;
    return kept.join("\n") + end;
  });

function headerOf(name: string, other: string, what: string, index: string): readonly string[] {
  const quote = (prefix: string) =>
    name.startsWith('"') ? `"${prefix}${name.slice(1)}` : prefix + name;
  const tab = name.includes(" ") ? "\t" : "";
  const first = `diff --git ${quote("a/")} ${quote("b/")}`;
  const paths = [`--- ${quote("a/")}${tab}`, `+++ ${quote("b/")}${tab}`];
  if (what === "new")
    return [first, "new file mode 100755", `index ${index}`, "--- /dev/null", paths[1] ?? ""];
  if (what === "deleted")
    return [first, "deleted file mode 100644", `index ${index}`, paths[0] ?? "", "+++ /dev/null"];
  if (what === "mode") return [first, "old mode 100644", "new mode 100755"];
  if (what === "binary")
    return [
      first,
      `index ${index} 100644`,
      `Binary files ${quote("a/")} and ${quote("b/")} differ`,
    ];
  if (what === "plain") return [`--- old/${name}\t2024-01-15`, `+++ new/${name}\t2024-01-16`];
  if (what === "odd") return [first, `index ${index}  100644`, ...paths];
  if (what === "renamed") {
    return [
      `diff --git a/${name} b/${other}`,
      "similarity index 90%",
      `rename from ${name}`,
      `rename to ${other}`,
      `index ${index} 100644`,
      `--- a/${name}`,
      `+++ b/${other}`,
    ];
  }
  return [first, `index ${index} 100644`, ...paths];
}

describe("lossless form", () => {
  it("gives every byte back", () => {
    fc.assert(
      fc.property(diffText, (text) => {
        fc.pre(text !== "");
        const closed = text.endsWith("\n");
        const lines = (closed ? text.slice(0, -1) : text).split("\n");
        expect(decodeDiff(finish(encodeDiff(lines, parseDiff(lines), closed)))).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives every byte back or declines, whatever line is damaged", () => {
    fc.assert(
      fc.property(diffText, fc.nat(), body, (text, seed, other) => {
        const lines = text.split("\n");
        lines[seed % lines.length] = other;
        const damaged = lines.join("\n");
        const result = compress(damaged);
        if (result !== undefined) expect(diff.decode(result.text)).toBe(damaged);
      }),
      { numRuns: 600 },
    );
  });

  it("has no line that git would take for a header or hunk", () => {
    fc.assert(
      fc.property(diffText, fc.boolean(), (text, lossy) => {
        const result = compress(text, { lossy, budgetTokens: 0 });
        for (const line of result?.text.split("\n") ?? []) {
          expect(line.startsWith("@@ -") || line.startsWith("diff --git ")).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("is not taken from any other text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        expect(diff.decode(text)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it("says a run of lines that stands above by its label", () => {
    const run = [
      "+  if (!to.includes(at)) {",
      "+    throw new TypeError(to);",
      "+  }",
      "+  start();",
    ];
    const text = [
      "diff --git a/x.ts b/x.ts",
      "index 1..2 100644",
      "--- a/x.ts",
      "+++ b/x.ts",
      "@@ -1 +1,5 @@",
      " a",
      ...run,
      "@@ -9 +13,5 @@",
      " b",
      ...run,
      "",
    ].join("\n");
    const result = compress(text.repeat(3));
    expect(result?.text).toContain("\n«a»\n+  if (!to.includes(at)) {");
    expect(result?.text).toContain("\n b\n«a» ×4\n");
    expect(diff.decode(result?.text ?? "")).toBe(text.repeat(3));
  });
});

/** Added and removed lines of files that people write, unless the header names another kind. */
function humanChanges(text: string): readonly string[] {
  const lines = text.split("\n");
  const found: string[] = [];
  let lock = false;
  for (const part of parseDiff(lines)) {
    if (part.kind === "file") {
      const header = lines.slice(part.from, part.to).join("\n");
      lock = header.includes("lock");
    } else if (part.kind === "hunk" && !lock) {
      const signed = lines
        .slice(part.at + 1, part.to)
        .filter((line) => line[0] === "+" || line[0] === "-");
      found.push(...signed);
    }
  }
  return found;
}

describe("lossy form", () => {
  it("shows every added and removed line of human files", () => {
    fc.assert(
      fc.property(diffText, (text) => {
        const result = compress(text, { lossy: true, budgetTokens: 0 });
        const shown = new Set((result?.text ?? text).split("\n"));
        for (const line of humanChanges(text)) expect(shown.has(line)).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it("counts the unchanged lines it leaves out, in place and in total", () => {
    const many = (from: number) => Array.from({ length: 9 }, (_, n) => ` line ${from + n}`);
    const text = [
      ...headerOf("src/a.ts", "", "edit", "1..2"),
      "@@ -1,29 +1,30 @@ top",
      ...many(1),
      "-x",
      "+y",
      ...many(11),
      "+z",
      ...many(21),
      "-w",
      "",
    ]
      .join("\n")
      .replace("+1,30", "+1,29");
    const roomy = viewWith(diff, text, { counter, budgetTokens: 1_000 });
    expect(roomy?.text.split("\n").slice(1)).toEqual([
      "=== src/a.ts (+2 -2)",
      "@@ 1+8 top",
      " line 9",
      "-x",
      "+y",
      " line 11",
      "… 7 unchanged",
      " line 19",
      "+z",
      " line 21",
      "… 7 unchanged",
      " line 29",
      "-w",
      "",
    ]);
    expect(roomy?.omitted).toEqual([
      { unit: "lines", count: 22, total: 27, what: "left unchanged" },
      { unit: "lines", count: 1, total: 1, what: "of index" },
    ]);
  });

  it("over the cap shows no unchanged line but one that the change right below it stands under", () => {
    const text = [
      ...headerOf("a.yaml", "", "edit", "1..2"),
      "@@ -1,9 +1,9 @@",
      " web:",
      "   image: nginx",
      "-  port: 80",
      "+  port: 8080",
      "   host: a",
      " db:",
      "-  size: 1",
      "+  size: 2",
      "   host: b",
      "   name: c",
      " ",
      "",
    ].join("\n");
    const tight = viewWith(diff, text, { counter, budgetTokens: 10 });
    expect(tight?.text.split("\n").slice(1)).toEqual([
      "=== a.yaml (+2 -2)",
      "@@ 1+2",
      "-  port: 80",
      "+  port: 8080",
      "… 1 unchanged",
      " db:",
      "-  size: 1",
      "+  size: 2",
      "",
    ]);
  });

  it("keeps a large diff that people wrote over the budget", () => {
    const added = Array.from({ length: 500 }, (_, n) => `+const value${n} = ${n};`);
    const text = [
      ...headerOf("src/a.ts", "", "new", "0..1"),
      "@@ -0,0 +1,500 @@",
      ...added,
      "",
    ].join("\n");
    const result = compress(text, { lossy: true, budgetTokens: 10 });
    for (const line of added) expect(result?.text ?? text).toContain(line);
  });

  it("tells packages of a lock file, and lines of it that the question asks for", () => {
    const input = readFileSync(new URL("lock-files/input.txt", fixtures), "utf8");
    const plain = compress(input, { lossy: true, budgetTokens: 10 });
    expect(plain?.text).toContain("node_modules/new-thing 1.5.0");
    expect(plain?.text).not.toContain("integrity");
    const asked = compress(input, {
      lossy: true,
      budgetTokens: 10,
      query: "What is the integrity of newer-thing?",
    });
    expect(asked?.text).toContain('+      "integrity": "sha512-newerxthing');
  });

  it.each([
    ["src/clock.ts", "human"],
    ["src/lock.go", "human"],
    ["src/block/unlock.test.ts", "human"],
    ["docs/package-lock.json.md", "human"],
    ["Cargo.lock", "lock file"],
    ["web/yarn.lock", "lock file"],
    ["go.sum", "lock file"],
    ["dist/app.min.js", "minified"],
    ["api/v1.pb.go", "generated"],
  ])("%s is read as %s", (file, author) => {
    const lines = Array.from(
      { length: 30 },
      (_, n) => `+  do something ordinary with number (${n});`,
    );
    const text = [
      ...headerOf(file, "", "edit", "1..2"),
      "@@ -10,2 +10,32 @@",
      " a",
      ...lines,
      " b",
      "",
    ].join("\n");
    const result = compress(text, { lossy: true, budgetTokens: 10 });
    if (author === "human") expect(result?.text ?? text).toContain(lines[7]);
    else expect(result?.text).toContain(`${author} … +30 -0 lines not shown`);
  });

  it("knows generated files by their first lines, and not code that writes the mark", () => {
    const mark = "+// Code generated by tool. DO NOT EDIT.";
    const rest = Array.from({ length: 30 }, (_, n) => `+var somethingOrdinary${n} = ${n};`);
    const generated = [
      ...headerOf("a.go", "", "new", "0..1"),
      "@@ -0,0 +1,31 @@",
      mark,
      ...rest,
      "",
    ];
    expect(compress(generated.join("\n"), { lossy: true, budgetTokens: 10 })?.text).toContain(
      "generated … +31",
    );
    const human = [
      ...headerOf("a.go", "", "edit", "0..1"),
      "@@ -90,0 +91,31 @@",
      mark,
      ...rest,
      "",
    ];
    expect(
      compress(human.join("\n"), { lossy: true, budgetTokens: 10 })?.text ?? human.join("\n"),
    ).toContain(rest[3]);
  });

  it("shows a few lines whoever wrote them, and comments that only mention the mark", () => {
    const few = ["@@ -3 +3 @@", '-    version "1.0.0"', '+    version "1.1.0"', ""];
    const small = [...headerOf("yarn.lock", "", "edit", "0..1"), ...few].join("\n");
    expect(compress(small, { lossy: true, budgetTokens: 1 })?.text ?? small).toContain(
      '+    version "1.1.0"',
    );
    const about =
      "+ * Files that say `Code generated by x. DO NOT EDIT` or @generated are counted.";
    const rest = Array.from({ length: 30 }, (_, n) => `+const somethingOrdinary${n} = ${n};`);
    const text = [
      ...headerOf("classify.ts", "", "new", "0..1"),
      "@@ -0,0 +1,31 @@",
      about,
      ...rest,
      "",
    ].join("\n");
    expect(compress(text, { lossy: true, budgetTokens: 1 })?.text ?? text).toContain(rest[9]);
  });

  it("knows minified files by their lines, and not long paragraphs", () => {
    const file = (line: string) =>
      [...headerOf("a.txt", "", "edit", "0..1"), "@@ -1 +1 @@", "-x", `+${line}`, ""].join("\n");
    const minified = file("var a=1,b=2;function(){return a+b}".repeat(200));
    expect(compress(minified, { lossy: true, budgetTokens: 10 })?.text).toContain(
      "minified … +1 -1 lines not shown",
    );
    const prose = file(
      "This paragraph is one long line, as people write them in markdown. ".repeat(60),
    );
    expect(compress(prose, { lossy: true, budgetTokens: 10 })?.text ?? prose).toContain(
      "as people write them",
    );
  });

  it("is the same every time", () => {
    const input = readFileSync(new URL("git-log/input.txt", fixtures), "utf8");
    const context = { lossy: true, budgetTokens: 10, query: "rate" };
    expect(compress(input, context)).toEqual(compress(input, context));
  });
});

describe("hostile input", () => {
  const header = headerOf("a.ts", "", "edit", "1..2").join("\n");
  it.each([
    ["huge counts", `${header}\n@@ -1,9999999999 +1,9999999999 @@\n${" a\n".repeat(1000)}`],
    ["many hunk headers", `${header}\n${"@@ -1 +1 @@\n".repeat(50_000)}`],
    ["many file headers", `${header}\n`.repeat(20_000)],
    ["one line over and over", `${header}\n@@ -0,0 +1,60000 @@\n${"+x\n".repeat(60_000)}`],
    ["blank lines", `${header}\n@@ -1,60000 +1,60000 @@\n${" \n".repeat(60_000)}`],
    [
      "long lines",
      `${header}\n@@ -1 +1 @@\n-${"«a» ".repeat(100_000)}\n+${"@@ ".repeat(100_000)}\n`,
    ],
    ["bare signs", "+\n-\n".repeat(50_000)],
    ["nested headers", "--- --- ".repeat(10_000)],
  ])("%s passes through or compresses, and never throws", (_, text) => {
    expect(() => diff.detect(text.slice(0, 16_000))).not.toThrow();
    for (const lossy of [false, true]) {
      const result = compress(text, { lossy, budgetTokens: 10, query: "x" });
      if (result?.lossless === true) expect(diff.decode(result.text)).toBe(text);
    }
  });
});
