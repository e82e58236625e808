/** Drawings of trees: every make comes back byte for byte, and reads as an outline. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import { pick, type Random, randomOf, whole, word } from "../../../test/generated/random.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { finish } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { drawOutline, encodeOutline, readOutline } from "./outline.ts";
import { treeCompressor } from "./tree.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = treeCompressor();

const STYLES = [
  "unicode",
  "no-break",
  "ascii",
  "npm",
  "npm ascii",
  "yarn",
  "gradle",
  "sbt",
  "maven",
  "maven bare",
] as const;

/** A drawing in a style, entries of which `entry` makes. */
function drawn(random: Random, style: string, entry: (random: Random) => string): string {
  const lines: { depth: number | undefined; text: string }[] = [];
  const roots = 1 + whole(2, random);
  for (let root = 0; root < roots; root++) {
    if (root > 0) lines.push({ depth: undefined, text: "" });
    lines.push({ depth: undefined, text: `project-${root}` });
    let depth = 0;
    for (let at = 0; at < 20 + whole(120, random); at++) {
      lines.push({ depth, text: entry(random) });
      depth = Math.max(0, Math.min(6, depth + pick([1, 1, 0, 0, 0, -1, -2], random)));
    }
  }
  return (drawOutline({ style, lines }) ?? []).join("\n");
}

const packageOf = (random: Random): string =>
  `${pick(["", "@babel/", "org.example:"], random)}${word(random)}-${word(random)}@${whole(9, random)}.${whole(20, random)}.1${pick(["", "", " deduped", " -> 2.0.0 (*)"], random)}`;

describe("a drawing", () => {
  it.each(STYLES)("in %s is read and drawn again", (style) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = drawn(randomOf(seed), style, packageOf);
        const forms = finish(compressor.encode(text, { counter }) as Steps<readonly string[]>);
        for (const form of forms) expect(compressor.decode(form)).toBe(text);
        expect(Math.min(...forms.map(({ length }) => length))).toBeLessThan(text.length + 100);
      }),
      { numRuns: 60 },
    );
  });

  it("with columns is a long listing of its paths", () => {
    const modes = ["-rw-r--r--", "drwxr-xr-x"];
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, timed) => {
        const entry = (random: Random): string => {
          const size = `${whole(900, random)}${pick(["", "K"], random)}`.padStart(4);
          const columns = timed
            ? `${pick(modes, random)} ${size} Nov 28 08:5${whole(3, random)}`
            : size;
          return `[${columns}]  ${word(random)}-${whole(99, random)}.ts`;
        };
        const [, ...lines] =
          drawn(randomOf(seed), "unicode", entry).split("\n\n")[0]?.split("\n") ?? [];
        const text = [
          `${entry(randomOf(seed)).split("]")[0]}]  src`,
          ...lines,
          "",
          "3 directories, 9 files",
        ].join("\n");
        const [form] = finish(compressor.encode(text, { counter }) as Steps<readonly string[]>);
        expect(form).toMatch(/^\[tree, drawn in unicode, of src\]\n\[long listing/);
        expect(compressor.decode(form ?? "")).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it("is an outline to a reader", () => {
    const lines = [
      "shop@1.0.0 /srv/shop",
      "├─┬ express@4.18.2",
      "│ ├── accepts@1.3.8",
      "│ └─┬ body-parser@1.20.1",
      "│   └── UNMET DEPENDENCY bytes@3.1.2",
      "└── left-pad@1.3.0",
    ];
    const outline = readOutline(lines);
    expect(outline && encodeOutline(outline).split("\n").slice(1)).toEqual([
      "shop@1.0.0 /srv/shop",
      " express@4.18.2",
      "  accepts@1.3.8",
      "  body-parser@1.20.1",
      "   UNMET DEPENDENCY bytes@3.1.2",
      " left-pad@1.3.0",
    ]);
  });

  it("is none where a bar does not lead to an entry", () =>
    expect(readOutline(["a", "├── b", "│   └── c", "├── d", "├── e"])).toBeUndefined());
});

describe("the view of a drawing", () => {
  itIsTrue("trees of packages", compressor, (random) =>
    drawn(random, pick(STYLES, random), packageOf),
  );

  it("shows what is wrong with a dependency", () => {
    const many = ["shop@1.0.0", ...Array.from({ length: 200 }, (_, at) => `├── p${at}@1.0.${at}`)];
    const text = [...many, "├── UNMET DEPENDENCY zod@^3.22.0", "└── q@1.0.0 invalid"].join("\n");
    const view = viewWith(compressor, text, { counter, budgetTokens: 200 });
    expect(view?.text).toContain("UNMET DEPENDENCY zod@^3.22.0");
    expect(view?.text).toContain("q@1.0.0 invalid");
  });
});
