import { describe, expect, it } from "vitest";
import { parseJson } from "../../../json/lexer.ts";
import type { JsonNode } from "../../../json/node.ts";
import { finish } from "../../../steps.ts";
import { readAsk } from "./ask.ts";
import { measure } from "./cost.ts";
import { pinPassages } from "./passages.ts";

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** What is pinned of a document: lexemes of scalars, types of containers, and pieces of strings. */
function pinned(value: unknown, question: string, budget = 1_000): string[] {
  const source = JSON.stringify(value);
  const root = parseJson(source) as JsonNode;
  const ask = readAsk(question);
  if (ask === undefined) throw new Error("asks for nothing");
  const costOf = finish(measure(source, root));
  const { nodes, pieces } = finish(pinPassages(source, root, ask, costOf, budget));
  const scalars = [...nodes]
    .filter(({ type }) => type !== "array" && type !== "object")
    .map(({ start, end }) => source.slice(start, end));
  const parts = [...pieces].flatMap(([node, list]) =>
    list.map(({ start, end }) => source.slice(node.start + 1 + start, node.start + 1 + end)),
  );
  return [...scalars, ...parts.map((part) => `(${part.trim()})`)];
}

/** Texts of about 60 characters that answer nothing. */
const filler = (count: number, from = 0): Record<string, string> =>
  Object.fromEntries(
    times(count, (at) => [
      `k${from + at}`,
      `part ${from + at} tells nothing that anybody would want to know`,
    ]),
  );

describe("pinned passages", () => {
  it("are a few neighbouring leaves, with the way to them", () => {
    const value = {
      one: filler(8),
      two: { deep: { ...filler(3, 20), fact: "the retention window is long" } },
      three: filler(8, 40),
    };
    const found = pinned(value, "retention window");
    expect(found.slice(-4)).toEqual([
      ...Object.values(filler(3, 20)).map((text) => JSON.stringify(text)),
      '"the retention window is long"',
    ]);
    const source = JSON.stringify(value);
    const root = parseJson(source) as JsonNode;
    const ask = readAsk("retention window");
    if (ask === undefined || root.type !== "object") throw new Error("not as written");
    const { nodes } = finish(pinPassages(source, root, ask, () => 1, 9));
    const [, two, three] = root.members.map((member) => member.value);
    expect([nodes.has(root), two && nodes.has(two), three && nodes.has(three)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([...nodes].filter(({ type }) => type === "object").length).toBe(4);
  });

  it.each([
    [
      "a key beside it",
      { a: filler(8), b: { ...filler(8, 9), retention: 91 }, c: filler(8, 30) },
      "91",
    ],
    ["a key above it", { a: filler(8), retention: [91, "x"], c: filler(8, 30) }, "91"],
    ["a key far above it", { a: filler(8), retention: { of: [91], ...filler(8, 9) }, c: 1 }, "91"],
    [
      "an escape",
      { a: filler(8), b: "the\nretention\tof it", c: filler(8, 30) },
      '"the\\nretention\\tof it"',
    ],
    ["a number", { a: filler(8), b: 4711, c: filler(8, 30) }, "4711"],
  ])("are found by %s", (_name, value, leaf) => {
    expect(pinned(value, "retention 4711")).toContain(leaf);
  });

  it("begin anew behind 320 characters, and at an object behind 160", () => {
    /** `w` for each of the texts before the answer, `l` for what stands behind it. */
    const around = (...lengths: number[]): string => {
      const texts = lengths.map((length) => "w".repeat(length));
      const found = pinned([...texts, "quota here", { z: "last" }], "quota");
      return found.map((leaf) => leaf.charAt(1)).join("");
    };
    // Each leaf has two blanks before it and two quotes; the answer takes fourteen characters.
    expect(around(142)).toBe("wql");
    expect(around(143)).toBe("wq");
    expect(around(316)).toBe("wq");
    expect(around(317)).toBe("ql");
    expect(around(100, 212)).toBe("wwq");
    expect(around(100, 213)).toBe("ql");
  });

  it("are pieces of strings of more than 400 characters, each with the end of the one before it", () => {
    const sentences = times(
      20,
      (at) => `Sentence ${at} of this text tells nothing at all to anybody.`,
    );
    const long = [...sentences.slice(0, 10), "The retention is long.", ...sentences.slice(10)].join(
      " ",
    );
    const found = pinned({ a: filler(2), text: long }, "retention");
    expect(found.filter((piece) => piece.includes("The retention is long."))).toEqual(found);
    // Three sentences of sixty characters and the answer fill a piece; the next one begins behind it.
    const sixty = `${"word ".repeat(11)}end. `;
    const parted = `${sixty.repeat(3)}The retention. ${sixty.repeat(6)}`;
    expect(pinned({ text: parted }, "retention").length).toBe(2);
    expect(pinned({ text: sixty + parted }, "retention").length).toBe(1);
    const short = `${"w ".repeat(190)}quota`;
    expect(pinned({ a: `${short} ${"x".repeat(12)}`, b: 1 }, "quota")[0]).toMatch(/^"/);
    expect(pinned({ a: `${short} ${"x".repeat(13)}`, b: 1 }, "quota")[0]).toMatch(/^\(/);
  });

  it("leave rows of a table to the table: more than eight, of no more than 150 tokens each", () => {
    const rows = (count: number, length: number) =>
      times(count, (at) => ({ at, text: at === 3 ? "quota" : "word ".repeat(length) }));
    expect(pinned(rows(9, 3), "quota")).toEqual([]);
    expect(pinned(rows(8, 3), "quota")).not.toEqual([]);
    // The long texts are rows that cost more; what they hold is read.
    expect(pinned(rows(9, 60), "quota")).toEqual([]);
    expect(pinned(rows(9, 200), "quota")).not.toEqual([]);
    expect(pinned({ a: rows(9, 3), b: "quota" }, "quota")).toEqual(['"quota"']);
  });

  it("are at most six, no worse than 0.55 of the best, and within the budget but for the first", () => {
    const facts = (count: number) =>
      Object.fromEntries(
        times(count, (at) => [`s${at}`, { ...filler(6, at * 10), fact: "quota" }]),
      );
    const facts9 = pinned(facts(9), "quota").filter((leaf) => leaf === '"quota"');
    expect(facts9.length).toBe(6);
    expect(pinned(facts(4), "quota").filter((leaf) => leaf === '"quota"').length).toBe(4);
    expect(pinned(facts(4), "quota", 1).filter((leaf) => leaf === '"quota"').length).toBe(1);
    const uneven = {
      a: { ...filler(6), fact: "retention window of archived ledgers" },
      b: { ...filler(6, 10), fact: "ledgers" },
      c: filler(6, 20),
    };
    expect(pinned(uneven, "retention window of archived ledgers")).not.toContain('"ledgers"');
    expect(pinned(uneven, "zebra")).toEqual([]);
  });

  it("pin several pieces of one string", () => {
    const words = times(30, (at) => `Sentence ${at} of this text tells nothing at all to anybody.`);
    words[3] = "The quota is small there.";
    words[25] = "The quota is large here.";
    const found = pinned({ text: words.join(" ") }, "quota");
    expect(found.filter((piece) => piece.includes("quota")).length).toBe(2);
  });
});
