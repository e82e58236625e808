import { describe, expect, it } from "vitest";
import { tableOf } from "../../../../test/json-table.ts";
import { finish } from "../../../steps.ts";
import { askedRows, documentText, readAsk } from "./ask.ts";
import { comparedRows, endRows, isNamed, readComparison } from "./measures.ts";
import type { Ask } from "./question.ts";

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

function askOf(question: string): Ask {
  const ask = readAsk(question);
  if (ask === undefined) throw new Error(`asks for nothing: ${question}`);
  return ask;
}

describe("readAsk", () => {
  it.each(
    (
      "most top highest largest biggest greatest max maximum longest slowest best worst latest newest last heaviest busiest " +
      "popular expensive"
    ).split(" "),
  )("takes %s for the upper end", (word) => {
    expect(readAsk(`the ${word} shard`)?.end).toBe(1);
    expect(readAsk(`the x${word} shard`)?.end).toBe(0);
  });

  it.each(
    "least lowest smallest min minimum fewest shortest fastest oldest earliest cheapest lightest".split(
      " ",
    ),
  )("takes %s for the lower end", (word) => {
    expect(readAsk(`the ${word} shard`)?.end).toBe(-1);
    expect(readAsk(`the x${word} shard`)?.end).toBe(0);
  });

  it.each("latest newest last recent recently current now".split(" "))(
    "takes %s for the late rather than the early",
    (word) => {
      expect(readAsk(`the ${word} shard`)?.late).toBe(true);
      expect(readAsk(`the x${word} shard`)?.late).toBe(false);
    },
  );

  it.each([
    ["the shard", 3],
    ["top 7 shards", 7],
    ["top 1 shard", 1],
    ["top 50 shards", 50],
    ["top 51 shards", 3],
    ["top 0 shards", 3],
    ["first 5 shards", 5],
    ["least 4 shards", 4],
    ["second 5 shards", 3],
    ["top shards 5", 3],
    ["top 5, then the last 6 shards", 6],
  ])("%j wants so many rows: %i", (question, count) => {
    expect(readAsk(question)?.count).toBe(count);
  });

  it("takes the first end that is named", () => {
    expect(readAsk("the largest or the smallest shard")?.end).toBe(1);
    expect(readAsk("the smallest or the largest shard")?.end).toBe(-1);
  });

  it.each([
    [undefined, false],
    ["", false],
    [" \n", false],
    ["what is it?", false],
    ["shard", true],
    ["what is most?", true],
    ["what is it now?", true],
    ["over 5", true],
  ])("%j asks for something: %s", (question, asks) => {
    expect(readAsk(question) !== undefined).toBe(asks);
  });

  it("reads 4,000 characters and 400 words, stems them, and leaves their parts aside", () => {
    expect(askOf("Which retries of thePaymentQueue failed?").words).toEqual(
      expect.arrayContaining(["which", "retry", "of"]),
    );
    expect(askOf("thePaymentQueue").words.length).toBe(1);
    expect(askOf(times(500, (at) => `w${at}`).join(" ")).words.length).toBe(400);
    const long = `${"x".repeat(3_990)} top shard`;
    expect(readAsk(long)?.end).toBe(1);
    expect(readAsk(`${"x".repeat(3_997)} top shard`)?.end).toBe(0);
  });

  it("has the comparison", () => {
    expect(askOf("revenue over 50,000").comparison).toEqual({ side: 1, bound: 50_000 });
    expect(askOf("revenue").comparison).toBeUndefined();
  });
});

describe("readComparison", () => {
  it.each([
    ["over 50,000", 1, 50_000],
    ["above 5", 1, 5],
    ["exceeds 5", 1, 5],
    ["exceeding 5", 1, 5],
    ["exceed 5", 1, 5],
    ["more than 5", 1, 5],
    ["greater than 5", 1, 5],
    ["larger than 5", 1, 5],
    ["higher than 5", 1, 5],
    ["longer than 5", 1, 5],
    ["older than 5", 1, 5],
    ["slower than 5", 1, 5],
    ["at least 5", 1, 5],
    ["> 5", 1, 5],
    [">= 5", 1, 5],
    [">5", 1, 5],
    ["below 0.5", -1, 0.5],
    ["under 5", -1, 5],
    ["less than 5", -1, 5],
    ["fewer than 5", -1, 5],
    ["smaller than 5", -1, 5],
    ["lower than 5", -1, 5],
    ["shorter than 5", -1, 5],
    ["faster than 5", -1, 5],
    ["at most 5", -1, 5],
    ["< 5", -1, 5],
    ["<= -5", -1, -5],
    ["OVER 5K", 1, 5_000],
    ["over 1.5m", 1, 1_500_000],
    ["over $5", 1, 5],
    ["over €5", 1, 5],
    ["over   5", 1, 5],
    ["over 12,345,678.9", 1, 12_345_678.9],
    ["those over 5 and under 7", 1, 5],
  ])("of %j", (question, side, bound) => {
    expect(readComparison(question)).toEqual({ side, bound });
  });

  it.each(["over", "over five", "moreover 5", "over    5", "than 5", "5", "over x5", ""])(
    "finds none in %j",
    (question) => {
      expect(readComparison(question)).toBeUndefined();
    },
  );

  it("reads 4,000 characters", () => {
    expect(readComparison(`${" ".repeat(3_994)}over 5`)?.bound).toBe(5);
    expect(readComparison(`${" ".repeat(3_995)}over 5`)).toBeUndefined();
  });
});

describe("comparedRows", () => {
  /** Rows of a counter, an age of 20 to 29, and a revenue. */
  const rows = (revenues: readonly unknown[]): object[] =>
    revenues.map((revenue, at) => ({ serial: at, age: 20 + ((at * 7) % 10), revenue }));
  const of = (question: string, revenues: readonly unknown[]): readonly number[] =>
    comparedRows(askOf(question), tableOf(rows(revenues)));
  const few = times(40, (at) => (at % 10 === 3 ? 100 + at : at));

  it.each([
    ["accounts", few, []],
    ["revenue over 100", few, [33, 23, 13, 3]],
    ["revenue over 103", few, [33, 23, 13, 3]],
    ["revenue over 104", few, [33, 23, 13]],
    ["revenue under 1", few, [0, 1]],
    ["revenue under 0.5", few, [0]],
    ["accounts over 100", few, [33, 23, 13, 3]],
    // The counter of a table that is not named says nothing.
    ["accounts over 35", times(40, () => 1), []],
    ["serial over 37", few, [39, 38, 37]],
    // A bound that most rows are beyond says nothing; 16 rows are few whatever the table.
    ["revenue over 24", times(40, (at) => at), times(16, (at) => 39 - at)],
    ["revenue over 23", times(40, (at) => at), []],
    ["revenue over 70", times(100, (at) => at), times(16, (at) => 99 - at)],
    ["revenue over 69", times(100, (at) => at), []],
    ["revenue over 5", [9, 7, 9, 1, 2, 3, 4], [0, 2, 1]],
  ] as const)("%j", (question, revenues, found) => {
    expect(of(question, revenues)).toEqual(found);
  });
});

describe("endRows", () => {
  const of = (question: string, rows: readonly unknown[], matching: readonly number[] = []) =>
    endRows(askOf(question), tableOf(rows), matching);
  const values = [5, 3, 9, 1, 9, 7, 2];
  const under = (key: string): object[] => values.map((value) => ({ name: "x", [key]: value }));

  it.each([
    ["top 2 by comments", "comments", [2, 4]],
    ["the fewest comments", "comments", [3, 6, 1]],
    ["comments", "comments", []],
    ["the largest one", "comments", []],
    // What is named may stand in another form.
    ["the highest scored", "score", [2, 4, 5]],
    ["the most stars", "stargazers", [2, 4, 5]],
    ["the most cats", "category", []],
    ["the most", "most", [2, 4, 5]],
    ["top by user.age", "age", [2, 4, 5]],
  ])("%j of a column %s", (question, key, found) => {
    expect(of(question, under(key))).toEqual(found);
  });

  it.each([
    ["slowest", "duration latency time elapsed ms seconds", 1],
    ["fastest", "duration latency time elapsed ms seconds", -1],
    ["longest", "duration length time", 1],
    ["shortest", "duration length time", -1],
    ["newest", "created updated date time timestamp published at", 1],
    ["latest", "created updated date time timestamp published at", 1],
    ["oldest", "created date time timestamp published at", -1],
    ["earliest", "created date time timestamp published at", -1],
    ["most expensive", "price cost amount total", 1],
    ["cheapest", "price cost amount total", -1],
    ["largest", "size bytes length count", 1],
    ["biggest", "size bytes length count", 1],
    ["best", "score rank rating relevance", 1],
  ])("the %s is measured by %s", (word, keys, end) => {
    for (const key of keys.split(" "))
      expect([key, of(`the ${word} one`, under(key))]).toEqual([
        key,
        end === 1 ? [2, 4, 5] : [3, 6, 1],
      ]);
    expect(of(`the ${word} one`, under("weight"))).toEqual([]);
  });

  it("takes the last key of a path, and no list", () => {
    const nested = values.map((value) => ({ size: { other: value }, a: { size: value } }));
    expect(of("the largest one", nested)).toEqual([2, 4, 5]);
    expect(
      of(
        "the largest one",
        values.map((value) => ({ size: [value] })),
      ),
    ).toEqual([]);
  });

  it("takes the ends among the rows that match, too", () => {
    expect(of("top 2 by comments", under("comments"), [0, 1, 3])).toEqual([2, 4, 0, 1]);
    expect(
      of(
        "top 2 by comments",
        under("comments"),
        times(7, (at) => at),
      ),
    ).toEqual([2, 4]);
  });

  it("takes four columns, at most", () => {
    const wide = values.map((value, row) =>
      Object.fromEntries(times(6, (at) => [`size_${at}`, row === at ? 99 : value])),
    );
    expect(of("top 1 by size", wide)).toEqual([0, 1, 2, 3]);
  });

  it("takes times that most rows have", () => {
    const day = (at: number): string => `2026-03-0${at}`;
    const dates = (list: readonly unknown[]): object[] => list.map((at) => ({ created: at }));
    expect(of("the newest one", dates([day(3), day(5), day(1), day(5)]))).toEqual([1, 3, 0]);
    expect(of("newest 2", dates([day(3), day(5), day(1), day(5)]))).toEqual([1, 3]);
    expect(of("oldest 2", dates([day(3), day(5), day(1), day(5)]))).toEqual([2, 0]);
    expect(of("oldest 2", dates([day(3), day(5), "soon", null]))).toEqual([0, 1]);
    expect(of("oldest 2", dates([day(3), day(5), "soon", null, null]))).toEqual([]);
    expect(of("oldest 2", dates([day(3)]))).toEqual([]);
  });
});

describe("isNamed", () => {
  it.each([
    ["Which repositories were searched?", "repository.full_name", true],
    ["Which repositories were searched?", "owner.login", false],
    ["scored", "score", true],
    ["score", "scored", true],
    ["stars", "stargazers", true],
    ["starters", "starring", true],
    ["start", "stop", false],
    ["ids", "id", false],
    ["age", "age", true],
    ["ages", "age", true],
    ["agent", "age", false],
    ["created", "createdAt", true],
    ["mail", "mailbox", true],
    ["male", "mailbox", false],
    ["worker", "words", false],
  ])("%j names %s: %s", (question, path, named) => {
    expect(isNamed(askOf(`the shard ${question}`), path)).toBe(named);
  });
});

describe("askedRows", () => {
  const of = (question: string, texts: readonly string[], budget = 1_000): readonly number[] => {
    const rows = texts.map((text) => ({ text }));
    return finish(askedRows(askOf(question), tableOf(rows), texts, budget));
  };
  const filler = (count: number, from = 0): string[] =>
    times(count, (at) => `row ${from + at} of other matter`);

  it("gives the rows that match best first, and the first of equals", () => {
    const texts = [
      ...filler(20),
      "a quota",
      "the quota of shard nine",
      "a quota",
      ...filler(20, 50),
    ];
    expect(of("quota of shard", texts)).toEqual([21, 20, 22]);
    expect(of("the latest quota of shard", texts)).toEqual([21, 22, 20]);
  });

  it("gives nothing where nothing matches", () => {
    expect(of("zebra", filler(30))).toEqual([]);
  });

  it("gives every row of equal rank, where a third of the rows or twelve have it", () => {
    const tied = (count: number, all: number): string[] => [
      ...times(count, () => "one quota here"),
      ...filler(all - count),
    ];
    expect(of("quota", tied(12, 20)).length).toBe(12);
    expect(of("quota", tied(13, 20)).length).toBe(5);
    expect(of("quota", tied(35, 100)).length).toBe(35);
    expect(of("quota", tied(36, 100)).length).toBe(5);
    expect(of("quota", tied(60, 400)).length).toBe(48);
  });

  it("stays within the budget, three rows aside", () => {
    const texts = [...times(20, () => "one quota here"), ...filler(80)];
    const { costs } = tableOf(texts.map((text) => ({ text })));
    const cost = costs[0] as number;
    expect(of("quota", texts, 6 * cost).length).toBe(6);
    expect(of("quota", texts, 6 * cost - 0.01).length).toBe(5);
    expect(of("quota", texts, 1).length).toBe(3);
  });

  it("has the rows that a measure names before those that match", () => {
    const rows = times(30, (at) => ({ size: (at * 7) % 30, word: at === 9 ? "quota" : "other" }));
    const texts = rows.map((row) => JSON.stringify(row));
    const found = finish(askedRows(askOf("top quota by size"), tableOf(rows), texts, 500));
    expect(found).toEqual([17, 4, 21, 9]);
  });
});

it("documentText undoes escapes of a stretch", () => {
  expect(documentText('x{"a":"b\\nc"}y', 1, 13)).toBe('{"a":"b\nc"}');
});
