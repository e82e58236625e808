/** Outlines: every signature in order, every gap true and redeemable, and nothing but code is touched. */
import { compressorCases } from "@headroom/conformance";
import {
  type Compressor,
  createHeadroom,
  type Headroom,
  type HeadroomOptions,
  InvalidOptionError,
  memoryStore,
  type View,
} from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import { settle } from "@headroom/core/kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectTrueView } from "../../core/test/liar.ts";
import { example, numbered, pythonModule, typescriptModule } from "../test/programs.ts";
import { type CodeCompressorOptions, codeCompressor } from "./code.ts";
import { LANGUAGES } from "./languages.ts";
import { codePlugin } from "./plugin.ts";

const compressor = codeCompressor();
const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };

const runs = Number(process.env.HEADROOM_LAW_RUNS ?? 60);

async function outlineOf(
  text: string,
  query?: string,
  own: Compressor = compressor,
): Promise<View | undefined> {
  const asked = query === undefined ? {} : { query };
  return settle(own.shorten?.(text, { counter, budgetTokens: 1_000, ...asked }));
}

async function shown(text: string, query?: string): Promise<string> {
  const view = await outlineOf(text, query);
  if (view === undefined) throw new Error("no outline");
  return view.text;
}

/** The text that an outline is of: each gap in it replaced by the lines that it names. */
function filled(view: string, text: string): string {
  const lines = text.split("\n");
  return view
    .split("\n")
    .flatMap((line) => {
      const gap = /^\s*… lines? (\d+)(?:-(\d+))?(?:, numbered [\d–]+)?(?:, all imports)?$/.exec(
        line,
      );
      return gap ? lines.slice(Number(gap[1]) - 1, Number(gap[2] ?? gap[1])) : [line];
    })
    .join("\n");
}

function made(options: HeadroomOptions = {}): Headroom {
  const compressors = [...defaultCompressors(), codeCompressor()];
  return createHeadroom({ compressors, store: memoryStore(), mode: "aggressive", ...options });
}

describe("the laws of compressors", () => {
  const samples = [...LANGUAGES.map(example), numbered(example("python"), 40)];
  const subject = { create: codeCompressor, samples, sized: typescriptModule, runs: 20 };
  for (const law of compressorCases(subject)) it(law.name, law.run);
});

describe("what an outline says", () => {
  const size = fc.integer({ min: 2, max: 30 });
  const line = fc.integer({ min: 1, max: 900 });
  const imports = "import a\n".repeat(20);
  it.each<[string, (size: number, line: number) => string]>([
    ["modules", typescriptModule],
    ["many imports", (count) => `${imports}${pythonModule(count)}`],
    ["numbered files", (count, first) => numbered(`${imports}${pythonModule(count)}`, first)],
  ])("is true of %s, and a liar is caught", async (_, make) => {
    await fc.assert(
      fc.asyncProperty(size, line, line, async (count, first, firstLine) => {
        const text = make(count, first);
        const context = { counter, budgetTokens: 1_000, firstLine };
        const view = await settle(compressor.shorten?.(text, context));
        if (view === undefined) throw new Error("no outline");
        expectTrueView(view, await settle(compressor.original?.(text)), text, firstLine);
      }),
      { numRuns: Math.ceil(runs / 4) },
    );
  });
});

it("knows which lines are imports, for the check of what it says", async () => {
  const text = `"""Doc."""\n\nimport a\nfrom b import (\n    c,\n)\n\nx = 1\n${"import d\n".repeat(20)}${pythonModule(2)}`;
  await outlineOf(text);
  const original = await settle(compressor.original?.(text));
  const values = original?.values("lines by what they are", undefined)?.slice(0, 9);
  const isImport = [false, true, true, true, true, true, true, false, true];
  expect(values).toEqual(isImport.map((is) => (is ? "imports" : undefined)));
  expect(original?.values("anything", undefined)).toBeUndefined();
});

describe("the outline of a file", () => {
  it.each(LANGUAGES)("of %s", async (language) => {
    const text = example(language);
    expect(compressor.detect(text)).toBeGreaterThan(0.8);
    const outline = await shown(text);
    await expect(outline).toMatchFileSnapshot(`fixtures/${language}.outline.txt`);
    expect(filled(outline, text)).toBe(text);
  });

  it.each(LANGUAGES)(
    "of %s is the same with numbers, CRLF and no last line break",
    async (language) => {
      const text = example(language);
      const outline = await shown(text);
      const plain = (view: string): string =>
        view
          .replace(/^ *\d+→/gm, "")
          .replaceAll("\r", "")
          .trimEnd();
      for (const variant of [numbered(text), text.replaceAll("\n", "\r\n"), text.trimEnd()]) {
        const own = await shown(variant);
        expect(plain(own)).toBe(outline.trimEnd());
        expect(filled(own, variant)).toBe(variant);
      }
    },
  );

  it("keeps the numbers of a file that is read from its middle, and says both in gaps", async () => {
    const text = `<file path="a.py">\n${numbered(pythonModule(3), 120)}\n</file>\n`;
    const outline = await shown(text);
    expect(outline).toContain("   124→def load_0(path: str, times: int = 0) -> str:");
    expect(outline).toContain("    … lines 8-12, numbered 126–130");
    expect(outline.startsWith('<file path="a.py">')).toBe(true);
    expect(outline.endsWith("</file>\n")).toBe(true);
    expect(filled(outline, text)).toBe(text);
  });

  it("leaves out nothing that its parser could not read", async () => {
    const broken = pythonModule(12).replace("times * 1000:\n", "times * 1000 oh no:\n");
    const outline = await shown(broken);
    expect(outline).toContain("oh no");
    expect(outline).not.toContain("times * 1000:");
  });

  it("counts lines from the first line of a part", async () => {
    const text = pythonModule(2);
    const view = await settle(
      compressor.shorten?.(text, { counter, budgetTokens: 9, firstLine: 101 }),
    );
    expect(view?.text).toContain("… lines 107-111");
  });
});

describe("a question that names a symbol", () => {
  const text = typescriptModule(20);
  const body = (at: number): string => `times = ${at}): Promise<string> {\n  const text`;

  it.each([
    ["why does load7 throw?", 7],
    ["How are the parts of load 11 loaded, and load11() of what?", 11],
    ["`load3`", 3],
  ])("keeps its body: %s", async (query, at) => {
    const outline = await shown(text, query);
    expect(outline).toContain(body(at));
    expect(outline).not.toContain(body(at + 1));
    expect(filled(outline, text)).toBe(text);
  });

  it("keeps a class", async () => {
    expect(await shown(text, "what is in Store5?")).toContain("this.#parts.get(name) ?? 5;");
  });

  it("finds names by their words", async () => {
    const python = example("python");
    expect(await shown(python, "how does it make a table from lines?")).toContain(
      "reader = csv.reader",
    );
    expect(await shown(python, "how wide is it?")).not.toContain("reader = csv.reader");
  });

  it("that every name has keeps no more than its share", async () => {
    const outline = await shown(text, "what does put do? put, load, parts, store");
    expect(outline.length).toBeLessThan(text.length);
  });
});

describe("through an instance", () => {
  it.each([
    ["TypeScript", typescriptModule(40)],
    ["Python", pythonModule(60)],
    ["a numbered file", numbered(pythonModule(60))],
    ["a numbered file from its middle", numbered(typescriptModule(40), 1_200)],
  ])("serves every gap exactly: %s", async (_, text) => {
    const headroom = made();
    const { text: view, block, ref = "" } = await headroom.compressText(text);
    expect([block.kind, block.lossless]).toEqual(["code", false]);
    const lines = text.split("\n");
    const gaps = [...view.matchAll(/… lines (\d+)-(\d+)/g)];
    expect(gaps.length).toBeGreaterThan(30);
    for (const [, from, to] of gaps) {
      const answer = await headroom.retrieve({ hash: ref, lines: `${from}-${to}` });
      const served = answer.found ? answer.slices.map((slice) => slice.text).join("") : "";
      expect(served.replace(/\n$/, "")).toBe(lines.slice(Number(from) - 1, Number(to)).join("\n"));
    }
  });

  it("touches no code unless it is asked to", async () => {
    for (const text of [typescriptModule(40), pythonModule(60)])
      for (const mode of ["lossless", "balanced"] as const) {
        const { block } = await made({ mode }).compressText(text, { toolName: "Read" });
        expect(block.lossless ?? true).toBe(true);
      }
    const { block } = await made({
      mode: "balanced",
      tools: { Read: { code: "outline" } },
    }).compressText(typescriptModule(40), { toolName: "Read" });
    expect(block.kind).toBe("code");
  });

  it.each([
    ["a conflict of versions", "<<<<<<< HEAD\nx = )}(\n=======\ny = ]]((\n>>>>>>> other\n"],
    ["brackets that nothing closes", '  )}] ((( if {{ "unclosed\n'],
  ])("leaves a program as it is that has %s, with all that is in it", async (_, broken) => {
    const rows = Array.from({ length: 150 }, (_, at) => `#   code_${at}   ${at * 7}   reserved`);
    const words = "It is used by every caller, and says what it found in the order of their names.";
    const text = `${broken.repeat(25)}${pythonModule(30)}\n"""\n${`${words}\n`.repeat(60)}"""\n\n${rows.join("\n")}\n`;
    for (const mode of ["balanced", "aggressive"] as const) {
      const { text: seen, block } = await made({ mode }).compressText(text);
      expect(seen).toBe(text);
      expect(block.reason).toMatch(/^source code is left as it is/);
    }
  });

  it("is a plugin, whose views may be named in tools, now or when it is loaded", async () => {
    const tools = { Read: { code: "outline" } };
    for (const plugins of [[codePlugin], async () => [codePlugin]]) {
      const headroom = createHeadroom({ plugins, tools, store: memoryStore() });
      const { block } = await headroom.compressText(pythonModule(60), { toolName: "Read" });
      expect(block.kind).toBe("code");
      const imported = (await import(codePlugin.module)) as Record<string, unknown>;
      expect(imported[codePlugin.name]).toBe(codePlugin);
    }
    expect(() =>
      createHeadroom({ plugins: [codePlugin], tools: { Read: { code: "gist" } } }),
    ).toThrow('on request: { code: "outline" }');
  });

  it("says why a grammar could not be loaded, and tries again", async () => {
    let fails = true;
    const wasm = async (file: string): Promise<Uint8Array> => {
      if (fails) throw new Error(`no ${file} here`);
      const { readFile } = await import("node:fs/promises");
      const { createRequire } = await import("node:module");
      const own = createRequire(import.meta.url);
      const path =
        file === "web-tree-sitter.wasm"
          ? `web-tree-sitter/${file}`
          : `@vscode/tree-sitter-wasm/wasm/${file}`;
      return readFile(own.resolve(path));
    };
    const headroom = made({ compressors: [codeCompressor({ wasm })], cacheBytes: 0 });
    const { block } = await headroom.compressText(pythonModule(60));
    expect(block.reason).toMatch(/code failed: no web-tree-sitter.wasm here$/);
    fails = false;
    const again = await headroom.compressText(pythonModule(60));
    expect(again.block.kind).toBe("code");
  });
});

describe("what is no program passes", () => {
  const nothing: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["prose", "The bridge was built in 1931; it is closed on Sundays (and Mondays).\n".repeat(200)],
    ["a log", '2026-11-28 10:00:00 INFO request { "id": 7 } done\n'.repeat(200)],
    [
      "JSON",
      JSON.stringify(
        Array.from({ length: 200 }, (_, id) => ({ id, name: "x" })),
        undefined,
        2,
      ),
    ],
    [
      "a diff",
      `--- a/x.ts\n+++ b/x.ts\n@@ -1,2 +1,2 @@\n${"-const a = 1;\n+const a = 2;\n".repeat(99)}`,
    ],
    [
      "Markdown with code",
      `# Title\n\n\`\`\`ts\n${typescriptModule(3)}\`\`\`\n\nText.\n\n\`\`\`py\n${pythonModule(3)}\`\`\`\n`,
    ],
    ["binary", `\0\u0001\u0002${typescriptModule(2)}`],
    ["a minified file", `${"function a(b){return b+1};var c=[1,2,3];".repeat(10_000)}\n`],
  ];
  it.each(nothing)("%s", async (_, text) => {
    expect(await outlineOf(text)).toBeUndefined();
  });

  it("a file longer than maxCharacters, and a language that is not among languages", async () => {
    const own = codeCompressor({ maxCharacters: 700, languages: ["go", "python"] });
    expect(await outlineOf(pythonModule(3), undefined, own)).toBeUndefined();
    expect(await outlineOf(pythonModule(2), undefined, own)).toBeDefined();
    expect(own.detect(typescriptModule(9))).toBe(0);
  });
});

describe("hostile texts", () => {
  const head = typescriptModule(8);
  const hostile: readonly (readonly [string, string])[] = [
    ["5 MB on one line", `${"function a(b){return b+1};".repeat(200_000)}\n`],
    [
      "100,000 nested parentheses",
      `${head}const x = \n${"(\n".repeat(100_000)}1${")\n".repeat(100_000)};\n`,
    ],
    ["100,000 open brackets", `${head}${"[\n".repeat(100_000)}`],
    ["100,000 nested blocks", `${head}${"{\n".repeat(100_000)}${"}\n".repeat(100_000)}`],
    ["strings without ends", `${head}${'const a = "abc\n'.repeat(8_000)}`],
    ["a template without an end", `${head}const a = \`${"abc ${\n".repeat(20_000)}`],
    ["lone surrogates", `${head}// \ud800 \udc00\n`.repeat(8)],
    ["endless generics", `${head}${"const a = b<\n".repeat(10_000)}`],
    ["another language below", `${head}${pythonModule(200)}`],
    ["only comments", "// function a() {}\n".repeat(20_000)],
  ];
  it.each(hostile)("%s", async (_, text) => {
    const view = await outlineOf(text);
    if (view) expect(filled(view.text, text)).toBe(text);
  });

  it("with gaps of their own are shown with them", async () => {
    const outline = await shown(`${head}\n// … lines 1-20\n  … lines 3-9\n`);
    expect(outline.endsWith("// … lines 1-20\n  … lines 3-9\n")).toBe(true);
    expect(outline).toContain("  … lines 5-8");
  });

  it("of any bytes between lines of code never throw, and are given back", async () => {
    const line = fc.oneof(
      fc.constantFrom(...head.split("\n")),
      fc.constantFrom(...example("ruby").split("\n"), ...example("cpp").split("\n")),
      fc.string({ unit: "binary" }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 20, maxLength: 120 }), async (lines) => {
        const text = lines.filter((each) => !each.includes("…")).join("\n");
        const view = await outlineOf(text);
        if (view) expect(filled(view.text, text)).toBe(text);
      }),
      { numRuns: runs },
    );
  });

  it("leave no memory behind: 1,000 parses take what 100 take", async () => {
    const text = typescriptModule(6);
    const memory = async (times: number): Promise<number> => {
      for (let at = 0; at < times; at++) await outlineOf(`${text}// ${at}\n`);
      return process.memoryUsage().external;
    };
    const before = await memory(100);
    expect((await memory(900)) - before).toBeLessThan(4 * 1024 * 1024);
  });
});

describe("options", () => {
  it.each<[string, object, RegExp]>([
    ["languages", { languages: ["cobol"] }, /"languages": expected an array of "c", "cpp"/],
    ["languages", { languages: [] }, /"languages"/],
    ["maxCharacters", { maxCharacters: 0 }, /"maxCharacters": expected a whole number from 1/],
    ["wasm", { wasm: "path" }, /"wasm": expected a function/],
  ])("wrong ones throw at once: %s", (_, options, message) => {
    expect(() => codeCompressor(options as CodeCompressorOptions)).toThrow(message);
    expect(() => codeCompressor(options as CodeCompressorOptions)).toThrow(InvalidOptionError);
  });
});
