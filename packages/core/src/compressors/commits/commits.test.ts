/** Lists of commits: read in every style of git, given back byte for byte, and shown one a line. */
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
import { commitsCompressor } from "./commits.ts";
import { readCommits, readOneLiners } from "./read.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = commitsCompressor();

const AUTHORS = [
  "Ada Lovelace <ada@example.org>",
  "Ada Lovelace <ada@example.org>",
  "Bo <bo@b.example>",
];

/** What `git log` prints, with options. */
function gitLog(random: Random): string {
  const style = pick(["medium", "medium", "fuller", "graph", "oneline", "oneline graph"], random);
  const more = pick(["", "", "stat", "name-status"], random);
  const count = 4 + whole(pick([10, 80], random), random);
  const blocks = times(count, (at) => commit(random, style, more, at));
  const between = style.startsWith("oneline") ? "\n" : style === "graph" ? "\n| \n" : "\n\n";
  return blocks.join(between) + (random() < 0.9 ? "\n" : "");
}

function commit(random: Random, style: string, more: string, at: number): string {
  const hash = hex(40, random);
  const refs = at === 0 ? " (HEAD -> main, origin/main)" : random() < 0.05 ? " (tag: v1.2)" : "";
  const subject = `${pick(["Fix", "Add", "Revert", "feat!:", "Merge"], random)} ${word(random)} of ${word(random)} ${whole(900, random)}`;
  if (style.startsWith("oneline"))
    return `${style.endsWith("graph") ? pick(["* ", "| * ", "*   "], random) : ""}${hash.slice(0, 8)}${refs} ${subject}${style.endsWith("graph") && random() < 0.2 ? "\n|\\ " : ""}`;
  const author = pick(AUTHORS, random);
  const date = `Sat Nov ${1 + whole(3, random)} 0${whole(9, random)}:${10 + whole(49, random)}:12 2026 +0000`;
  const head =
    style === "fuller"
      ? [
          `Author:     ${author}`,
          `AuthorDate: ${date}`,
          `Commit:     ${pick(AUTHORS, random)}`,
          `CommitDate: ${date}`,
        ]
      : [
          ...(random() < 0.1 ? ["Merge: 1234567 89abcde"] : []),
          `Author: ${author}`,
          `Date:   ${date}`,
        ];
  const body =
    random() < 0.3 ? ["", "    * a list", "    BREAKING CHANGE: gone", "", "    | and more"] : [];
  const files =
    more === "stat"
      ? [
          "",
          ` src/${word(random)}.ts | 12 ++--`,
          ` 1 file changed, ${whole(90, random)} insertions(+)`,
        ]
      : more === "name-status"
        ? ["", `M\tsrc/${word(random)}.ts`, `A\tsrc/${word(random)}.ts`]
        : [];
  const lines = [`commit ${hash}${refs}`, ...head, "", `    ${subject}`, ...body, ...files];
  return (
    style === "graph" ? lines.map((line, nth) => (nth === 0 ? `* ${line}` : `| ${line}`)) : lines
  ).join("\n");
}

describe("a list of commits", () => {
  it("comes back byte for byte", () => {
    let shorter = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = gitLog(randomOf(seed));
        const forms = finish(compressor.encode(text, { counter }) as Steps<readonly string[]>);
        for (const form of forms) {
          expect(compressor.decode(form)).toBe(text);
          shorter++;
        }
      }),
      { numRuns: 300 },
    );
    expect(shorter).toBeGreaterThan(80);
  });

  it("comes back byte for byte with lines gone, twice, or blank ones between and in front", () => {
    let shorter = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const lines = gitLog(random).split("\n");
        for (let turns = whole(4, random); turns >= 0; turns--) {
          const at = random() < 0.3 ? 0 : whole(lines.length, random);
          const put = pick([[], [""], [lines[at] ?? "", lines[at] ?? ""]], random);
          lines.splice(at, put.length === 1 ? 0 : 1, ...put);
        }
        const text = lines.join("\n");
        for (const form of finish(
          compressor.encode(text, { counter }) as Steps<readonly string[]>,
        )) {
          expect(compressor.decode(form)).toBe(text);
          shorter++;
        }
      }),
      { numRuns: 300 },
    );
    expect(shorter).toBeGreaterThan(80);
  });

  it("is read in every style", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = gitLog(randomOf(seed));
        const lines = text.trimEnd().split("\n");
        const list = readCommits(lines) ?? readOneLiners(lines);
        const hashes = text.match(/(?<=commit )[0-9a-f]{40}|\b[0-9a-f]{8}(?= )/g) ?? [];
        if (list || hashes.length >= 6)
          expect(list?.commits.map(({ hash }) => hash)).toEqual(hashes);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["with patches", ["commit 0123456789abcdef", "", "diff --git a/a b/a"]],
    ["symbols", times(9, (at) => `00000000000040${at}0 T main`)],
    ["checksums", times(9, (at) => `${at}f3c2a1b0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5  a.iso`)],
    ["addresses", times(9, (at) => `080490${at}0 push ebp`)],
    ["one hash in prose", ["deadbeef is a hash", "and so on"]],
  ])("is not %s", (_, lines) => expect(compressor.detect(lines.join("\n"))).toBe(0));

  it("reads as its legend says", async () => {
    const texts = [5, 8, 22, 31, 40].map((seed) => {
      const text = gitLog(randomOf(seed)).split("\n").slice(0, 80).join("\n");
      const [form] = finish(compressor.encode(text, { counter }) as Steps<readonly string[]>);
      const view = viewWith(compressor, text, { counter, budgetTokens: 250 })?.text;
      return [
        `===== ${seed}`,
        text,
        "----- lossless",
        form ?? "(none)",
        "----- view",
        view ?? "(none)",
      ].join("\n");
    });
    await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot("./pictures/forms.txt");
  });
});

describe("the view of a list of commits", () => {
  itIsTrue("lists of commits", compressor, gitLog);

  const many = times(60, (at) => `${hex(7, randomOf(at))} Change number ${at} of the shop`);
  const view = (
    lines: readonly string[],
    budgetTokens: number,
    query?: string,
  ): readonly string[] =>
    (
      viewWith(compressor, lines.join("\n"), {
        counter,
        budgetTokens,
        ...(query === undefined ? {} : { query }),
      })?.text ?? ""
    ).split("\n");

  it("shows the newest, and says how many follow and where", () => {
    const shown = view(
      [...many.slice(0, 9).map((line) => `* ${line}`), "|\\  ", ...many.slice(9)],
      400,
    );
    expect(shown[1]).toBe("… 60 commits in all");
    expect(shown[2]).toBe(many[0]);
    expect(shown.at(-2)).toMatch(/^… \d+ commits \(lines \d+-61\)$/);
  });

  it("shows what is asked for, and what was reverted", () => {
    const lines = [...many, "1234567 Revert the discount", "89abcde Paint it blue"];
    const shown = view(lines, 300, "which commit painted it blue?");
    expect(shown).toContain("1234567 Revert the discount");
    expect(shown).toContain("89abcde Paint it blue");
  });

  it("shows lines of messages that read as failures, of commits far behind too", () => {
    const log = times(40, (at) => [
      `commit ${hex(40, randomOf(at))}`,
      "Author: Ada Lovelace <ada@example.org>",
      `Date:   Mon Mar 2 10:${10 + at}:00 2026 +0000`,
      "",
      `    Change number ${at} of the shop`,
      "",
      ...times(12, (line) => `    Sentence ${line} about the shelves.`),
      ...(at === 33
        ? ["    FATAL: out of shelves in aisle 33", "    make: *** [shelf.o] Error 2"]
        : []),
      "",
    ]).flat();
    const shown = view(log, 900);
    expect(shown).toContain("  FATAL: out of shelves in aisle 33");
    expect(shown).toContain("  make: *** [shelf.o] Error 2");
  });
});
