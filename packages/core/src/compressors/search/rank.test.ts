import { describe, expect, it } from "vitest";
import { type RankableHit, rankHits } from "./rank.ts";

function hit(content: string, path = content, number = 0, isContext = false): RankableHit {
  return { path, content, number, isContext };
}

/** The score of one line among lines that say nothing. */
function scoreOf(content: string): number {
  const others = Array.from({ length: 9 }, (_, at) => hit(`${at}`, `other${at}`));
  return rankHits([hit(content, "a"), ...others], undefined).scores[0] ?? 0;
}

describe("a hit by itself", () => {
  it.each([
    ..."class const def define enum export fn func function interface let module namespace static struct trait type val var".split(
      " ",
    ),
  ])("declares with %s", (word) => {
    expect(scoreOf(`${word} a1`)).toBeCloseTo(0.3 + 0.08, 10);
    expect(scoreOf(`x y ${word}`)).toBeCloseTo(0.3 + 0.12, 10);
    expect(scoreOf(`x y z ${word}`)).toBeCloseTo(0.16, 10);
  });

  it.each(["a = 1", "a: 1", '"a": 1', "  a = 1", "a=1", "a   = 1"])("assigns: %s", (line) =>
    expect(scoreOf(line)).toBeCloseTo(0.3 + 0.04, 10),
  );

  it.each([
    "a == 1",
    "a => 1",
    "a = 1,",
    "a:1",
    "= 1",
    "# a = 1",
    "/ a = 1",
    "a(b = 1",
    "a[0] = 1",
    "a{ = 1",
    "a, = 1",
    "a; = 1",
    "a 1",
  ])("does not assign: %s", (line) => expect(scoreOf(line)).toBeLessThan(0.2));

  const alarming =
    "bug deprecated error exception fail failed failure fatal fixme hack insecure panic security todo unsafe vulnerability warning xxx".split(
      " ",
    );
  it.each(alarming)("alarms with %s", (word) => {
    expect(scoreOf(word)).toBeGreaterThan(0.2);
    expect(scoreOf(word)).toBeCloseTo(scoreOf(`${word}${" ".repeat(3)}`), 10);
    expect(scoreOf(word.toUpperCase())).toBeCloseTo(scoreOf(word), 10);
    expect(scoreOf(`${word}s`)).toBeCloseTo(0.04, 10);
  });

  it("counts ten words at most, and reads four hundred characters", () => {
    expect(scoreOf("x ".repeat(9))).toBeCloseTo(0.36, 10);
    expect(scoreOf("x ".repeat(10))).toBeCloseTo(0.4, 10);
    expect(scoreOf("x ".repeat(11))).toBeCloseTo(0.4, 10);
    expect(scoreOf(`${"1 ".repeat(198)}todo`)).toBeGreaterThan(0.2);
    expect(scoreOf(`${"1 ".repeat(198)} todo`)).toBeCloseTo(0.04, 10);
  });
});

describe("hits among others", () => {
  it("an alarm counts more the rarer it is", () => {
    const { scores } = rankHits(
      [hit("todo a"), hit("todo b"), hit("todo c"), hit("fixme d"), hit("e"), hit("f")],
      undefined,
    );
    expect([...scores].map((score) => score.toFixed(3))).toMatchInlineSnapshot(`
      [
        "0.080",
        "0.080",
        "0.080",
        "0.466",
        "0.040",
        "0.040",
      ]
    `);
  });

  it("the same line again, lines around hits, and further hits of a file count less", () => {
    const { scores } = rankHits(
      [
        hit("a b", "x"),
        hit("a b", "y"),
        hit("a b c", "z", 3, true),
        hit("1", "w"),
        hit("2", "w"),
        hit("3", "w"),
      ],
      undefined,
    );
    expect([...scores].map((score) => score.toFixed(3))).toEqual([
      "0.080",
      "-0.720",
      "-0.404",
      "0.000",
      "-0.250",
      "-0.500",
    ]);
  });

  it("a question decides, and helps what stands within eight lines", () => {
    const hits = [10, 18, 27].map((number) =>
      hit(number === 10 ? "format the invoice" : `${number}`, "a.ts", number),
    );
    const near = rankHits(hits, "where is the invoice formatted?").scores;
    expect([...near].map((score) => score.toFixed(2))).toEqual(["3.12", "0.84", "-0.12"]);
    const { scores: plain } = rankHits(
      hits.map((one) => ({ ...one, number: 0 })),
      "invoice",
    );
    expect([...plain].map((score) => score.toFixed(2))).toEqual(["3.12", "-0.06", "-0.12"]);
    expect(rankHits(hits, "nothing alike")).toEqual(rankHits(hits, undefined));
  });

  it("asks for the verb of a past form, not of any word that ends like one", () => {
    const ask = (query: string) => rankHits([hit("us all", "a"), hit("zz all", "b")], query).scores;
    expect(ask("how is it used?")[0]).toBe(ask("how is it used?")[1]);
    const { scores: verbs } = rankHits([hit("stop it", "a"), hit("zz it", "b")], "was it stopped?");
    expect(verbs[0]).toBeGreaterThan(verbs[1] ?? 0);
  });

  it("names of modules take part", () => {
    const { scores } = rankHits(
      [hit("x", "src/billing/a.ts"), hit("x", "src/cart/a.ts")],
      "what is in billing?",
    );
    expect(scores[0]).toBeGreaterThan((scores[1] ?? 0) + 1);
  });
});
