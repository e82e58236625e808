/** `git blame` in its styles: read, given back byte for byte, and shown with true sentences about what is left out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import {
  hex,
  pick,
  type Random,
  randomOf,
  times,
  whole,
  word,
} from "../../../test/generated/random.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { finish } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { readBlame } from "./blame.ts";
import { commitsCompressor } from "./commits.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = commitsCompressor();

const STYLES = ["blame", "short", "email", "annotate", "file names", "old"] as const;

/** What `git blame` prints, with options; some of its lines begin like our notation, and some texts are cut or go on with another line. */
function gitBlame(random: Random): string {
  const style = pick(STYLES, random);
  const commits = times(1 + whole(8, random), () => headOf(style, random));
  const count = 7 + whole(pick([8, 120], random), random);
  const start = pick([1, 1, 96], random);
  const width = pick([count + start, count + start, 4000], random).toString().length;
  let head = pick(commits, random);
  const lines = times(count, (at) => {
    if (random() < 0.3) head = pick(commits, random);
    const text = pick(
      ["", "@Input()", "\\d", "| a |", "  return 1) + 2;", "}", word(random)],
      random,
    );
    const number = String(start + at);
    return style === "annotate"
      ? `${head}\t${number})${text}`
      : `${head} ${number.padStart(width)}) ${text}`;
  });
  const cut = count > 30 && random() < 0.2 ? ["… output cut"] : [];
  return [...lines, ...cut].join("\n") + (random() < 0.9 ? "\n" : "");
}

function headOf(style: (typeof STYLES)[number], random: Random): string {
  const hash = style === "old" ? `^${hex(7, random)}` : hex(8, random);
  const who = pick(["Ada Lovelace", "Bo (ext)    ", "Not Committed Yet"], random);
  const day = `2026-11-${10 + whole(18, random)}`;
  if (style === "short") return hash;
  if (style === "email") return `${hash} (<ada@example.org> ${day}`;
  if (style === "annotate") return `${hash}\t(${who}\t${day} 09:23:11 +0000`;
  const file = style === "file names" ? ` src/${word(random)}.ts` : "";
  return `${hash}${file} (${who} ${day} 09:23:11 +0000`;
}

const encode = (text: string): readonly string[] =>
  finish(compressor.encode(text, { counter }) as Steps<readonly string[]>);

describe("git blame", () => {
  it("is read in every style and comes back byte for byte", () => {
    let shorter = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = gitBlame(randomOf(seed));
        expect(compressor.detect(text)).toBeGreaterThan(0.9);
        for (const form of encode(text)) expect(compressor.decode(form)).toBe(text);
        shorter += encode(text).length;
      }),
      { numRuns: 200 },
    );
    expect(shorter).toBeGreaterThan(100);
  });

  it("says each commit once, and in a long run the number every ten lines", () => {
    const text = times(25, (at) => {
      const head = at < 22 ? "0b49c160 (Ada 2026-11-28" : "818f56f8 (Bo  2026-11-21";
      return `${head} ${String(at + 1).padStart(2)}) line ${at}\n`;
    }).join("");
    const [form = ""] = encode(text);
    expect(form.split("\n").filter((line) => line.startsWith("@"))).toEqual([
      "@0b49c160  1 (Ada 2026-11-28",
      "@ 10",
      "@ 20",
      "@818f56f8 23 (Bo  2026-11-21",
    ]);
    expect(form.length).toBeLessThan(text.length * 0.7);
  });

  it("is no list of commits: its lines are counted as lines", () => {
    const text = times(300, (at) => {
      const head = at % 40 < 33 ? "0b49c160 (Ada 2026-11-28" : "818f56f8 (Bo  2026-11-21";
      const code = at === 250 ? "error: the pump broke" : `  const value${at} = ${at * 7};`;
      return `${head} ${String(at + 1).padStart(3)}) ${code}\n`;
    }).join("");
    const view = viewWith(compressor, text, { counter, budgetTokens: 700 });
    expect(view?.text).toContain("… 300 lines in all, commit: 0b49c160 ×251, 818f56f8 ×49");
    expect(view?.text).toContain("@818f56f8 34 (Bo  2026-11-21\n");
    expect(view?.text).toContain("@818f56f8 74\n");
    expect(view?.text).toContain("error: the pump broke");
    expect(view?.text).not.toContain("commits");
  });

  it("is not seen in listings that begin with a hash", () => {
    const sums = times(20, (at) => `${"ab12cd34".repeat(4)}  file (${at}).txt`);
    expect(readBlame(sums)).toBeUndefined();
    expect(
      readBlame(times(20, (at) => `0b49c16${at % 10} Fix the pump (#1${at})`)),
    ).toBeUndefined();
  });

  itIsTrue("git blame", compressor, gitBlame);
});
