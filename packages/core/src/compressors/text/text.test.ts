/** Documents: read into units that cover them, shown word for word, with gaps that say what they are. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import { documentOf } from "../../../test/generated/document.ts";
import { randomOf } from "../../../test/generated/random.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { finish } from "../../steps.ts";
import { sentenceEnds } from "./sentences.ts";
import { textCompressor } from "./text.ts";
import { unitsOf } from "./units.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = textCompressor();
const runs = Number(process.env.HEADROOM_LAW_RUNS ?? 300);

const sentencesOf = (text: string): readonly string[] => {
  const ends = sentenceEnds(text, 0, text.length);
  return ends.map((end, at) => text.slice(ends[at - 1] ?? 0, end).trimEnd());
};

describe("sentences", () => {
  it.each([
    ["One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]],
    [
      "It is 3.5 MB, e.g. for J. Doe, v1.2.3 and up.",
      ["It is 3.5 MB, e.g. for J. Doe, v1.2.3 and up."],
    ],
    ["He said “Stop.” Then he left.", ["He said “Stop.”", "Then he left."]],
    ["Wait... what? Yes.", ["Wait... what?", "Yes."]],
    ["第一句。第二句！第三句", ["第一句。", "第二句！", "第三句"]],
    [
      "Use it (see Fig. 3). Call `a.b()`. Done.",
      ["Use it (see Fig. 3).", "Call `a.b()`.", "Done."],
    ],
    ["Ends here.\nGoes on there.", ["Ends here.", "Goes on there."]],
    ["no capital. at all", ["no capital. at all"]],
    ["", [""]],
  ])("of %j", (text, expected) => expect(sentencesOf(text)).toEqual(expected));
});

describe("units", () => {
  it("cover a document without gaps, and stand on the lines they say", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = documentOf(randomOf(seed));
        const units = finish(unitsOf(text));
        expect(units.map(({ start, end }) => text.slice(start, end)).join("")).toBe(
          units.length === 0 ? "" : text,
        );
        const lines = text.split("\n");
        for (const unit of units) {
          const shown = text.slice(unit.start, unit.end).trim().split("\n");
          expect(lines[unit.firstLine]).toContain(shown[0]?.trim());
          expect(lines[unit.lineEnd - 1]).toContain(shown.at(-1)?.trim());
        }
      }),
      { numRuns: runs },
    );
  });

  it("are of the kinds that markdown has", () => {
    const text = [
      "# Title",
      "First. Second.",
      "",
      "- item one",
      "  goes on",
      "- item two",
      "",
      "| a |",
      "|---|",
      "",
      "```",
      "# no title",
      "```",
      "    indented",
      "Under",
      "-----",
      "<!-- of",
      "two lines -->",
      "- [link](#x)",
    ].join("\n");
    const units = finish(unitsOf(text));
    expect(units.map(({ kind, firstLine, lineEnd }) => `${kind} ${firstLine}-${lineEnd}`)).toEqual([
      "heading 0-1",
      "sentence 1-2",
      "sentence 1-2",
      "item 3-5",
      "item 5-6",
      "row 7-8",
      "row 8-9",
      "code 10-13",
      "code 13-14",
      "heading 14-16",
      "rule 16-18",
      "rule 18-19",
    ]);
  });
});

describe("the view of a document", () => {
  itIsTrue("documents", compressor, documentOf);

  it("is slices of the document in its order", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = documentOf(randomOf(seed));
        const view = viewWith(compressor, text, { counter, budgetTokens: 150 });
        let at = 0;
        for (const line of view?.text.split("\n") ?? []) {
          if (line.startsWith("… ") || line === "") continue;
          const found = text.indexOf(line, at);
          expect(found, line).toBeGreaterThanOrEqual(at);
          at = found + line.length;
        }
        if (view) expect(counter.count(view.text)).toBeLessThan(250);
      }),
      { numRuns: runs },
    );
  });

  const sections = ["Queues", "Workers", "Limits", "Errors"].map((name) =>
    [
      `## ${name}`,
      "",
      `${name} are explained here. ${"They are part of the system and do what they do. ".repeat(6)}`,
      "",
      `A line says more of it. ${"Nothing of it matters to anybody who reads this page. ".repeat(6)}`,
    ].join("\n"),
  );
  const secret = "The limit of a batch is 512 orders.";
  const manual = [
    "# Manual",
    "It is about the shop.",
    ...sections.slice(0, 3),
    secret,
    ...sections.slice(3),
  ].join("\n\n");

  it("shows headings and the first sentences without a question", () => {
    const view = viewWith(compressor, manual, { counter, budgetTokens: 170 })?.text ?? "";
    for (const line of [
      "# Manual",
      "It is about the shop.",
      "## Queues",
      "## Errors",
      "Workers are explained here.",
    ])
      expect(view).toContain(line);
    expect(view).toMatch(/^… 6 sentences \(line 9\)$/m);
  });

  it("shows what answers the question under its headings", () => {
    const query = "How many orders may a batch have?";
    const view = viewWith(compressor, manual, { counter, budgetTokens: 60, query })?.text ?? "";
    expect(view).toContain(`## Limits`);
    expect(view).toContain(secret);
    expect(view).not.toContain("Queues are explained");
  });

  it("shows the title and the headings of a page of HTML", () => {
    const page = ["Queues", "Workers", "Limits"].map((name, at) =>
      [
        `<span id="s${at}"></span><h2><span class="number">${at}.</span>${name}</h2>`,
        `<p>${name} are explained here. ${"They are part of the system and do what they do. ".repeat(6)}</p>`,
        `<ul>\n${"<li><p>a thing</p></li>\n".repeat(20)}</ul>`,
      ].join("\n"),
    );
    const text = ["<!DOCTYPE html>", "<html><head>", "    <title>Shop</title>", ...page].join("\n");
    const view = viewWith(compressor, text, { counter, budgetTokens: 300 })?.text ?? "";
    for (const name of ["<title>Shop<", ">Queues<", ">Workers<", ">Limits<"])
      expect(view).toContain(name);
  });

  it("is none where everything has room", () => {
    expect(viewWith(compressor, manual, { counter, budgetTokens: 5_000 })).toBeUndefined();
  });

  it("reads as it should", async () => {
    const drawn = [3, 11, 27].map((seed) => {
      const text = documentOf(randomOf(seed));
      const view = viewWith(compressor, text, { counter, budgetTokens: 160 })?.text;
      return [`===== ${seed}`, text, "----- view", view ?? "(none)"].join("\n");
    });
    await expect(`${drawn.join("\n")}\n`).toMatchFileSnapshot("./pictures/views.txt");
  });
});

describe("what is a document", () => {
  it.each([
    [
      "prose",
      "The first paragraph says what this is about, and it is long enough to be one. It goes on with more of it, says a second thing, and ends here.\n".repeat(
        5,
      ),
      true,
    ],
    ["a log", "2026-11-28T10:00:00Z INFO started\n".repeat(20), false],
    ["code", "const a = f(1);\nreturn a;\n".repeat(20), false],
  ])("%s", (_, text, isOne) => expect(compressor.detect(text) > 0).toBe(isOne));
});
