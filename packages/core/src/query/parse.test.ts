/** What is taken out of a question, exactly; and the score, by the formula. */
import { describe, expect, it } from "vitest";
import { isEmptyQuery, parseQuery, type RankOptions, rankByQuery } from "./query.ts";

function literals(query: string): readonly string[] {
  return parseQuery(query).literals.map(({ text, weight }) => `${text} ${weight}`);
}

const STOP_WORDS =
  "a about above after again all also am an and any are as at be because been before being below between both but by " +
  "can could did do does doing down during each few find for from further get give had has have having he her here " +
  "him his how i if in into is it its just let list look make may me might more most must my need no nor not now of off " +
  "on once only or other our out over own please same say see she should show so some such tell than that the their " +
  "them then there these they this those through to too under until up us use using very want was we were what when " +
  "where which while who whom whose why will with would you your re ve ll don doesn didn isn aren wasn weren hasn haven " +
  "won wouldn couldn shouldn";

describe("the words of a question", () => {
  it("are no stop words and no single letters", () => {
    for (const word of STOP_WORDS.split(" "))
      expect([...parseQuery(word).words.keys()], word).toEqual([]);
    expect([...parseQuery("a b y z").words.keys()]).toEqual([]);
    expect([...parseQuery("7 é disk error first last number").words.keys()]).toEqual([
      "7",
      "é",
      "disk",
      "error",
      "first",
      "last",
      "number",
    ]);
  });

  it("are not what a sentence calls the text that it is asked of", () => {
    const words = (question: string): readonly string[] => [...parseQuery(question).words.keys()];
    expect(words("Work with the output of this command.")).toEqual([]);
    expect(words("Use the result of the tool call: is the disk full?")).toEqual(["disk", "full"]);
    expect(words("Which command was slow?")).toEqual(["command", "slow"]);
    expect(words("command output")).toEqual(["command", "output"]);
  });

  it("weigh 1, the parts of a word three quarters, and the most that any place gives them", () => {
    expect(Object.fromEntries(parseQuery("openPath").words)).toEqual({
      openpath: 1,
      open: 0.75,
      path: 0.75,
    });
    for (const query of ["openPath path", "path openPath"])
      expect(parseQuery(query).words.get("path")).toBe(1);
    expect(parseQuery("errors").words.get("error")).toBe(1);
  });

  it("are 256 at most; those that are known still rise", () => {
    const many = Array.from({ length: 300 }, (_, n) => `w${n}w`);
    const { words } = parseQuery(`openPath ${many.join(" ")} open`);
    expect(words.size).toBe(256);
    expect(words.get("open")).toBe(1);
    expect(words.has("w252w")).toBe(true);
    expect(words.has("w253w")).toBe(false);
  });

  it("are those of the first and the last 8,000 characters of a long one", () => {
    const spaced = (total: number): string => {
      const rest = " ".repeat((total - "beginningmiddleendings".length) / 2);
      return `beginning${rest}middle${rest}endings`;
    };
    expect([...parseQuery(spaced(16_000)).words.keys()]).toEqual(["begin", "middl", "ending"]);
    expect([...parseQuery(spaced(16_002)).words.keys()]).toEqual(["begin", "dle", "ending"]);
    const cut = parseQuery(
      `${" ".repeat(7_997)}abcdef${" ".repeat(7_990)}uvwxyz${" ".repeat(7_997)}`,
    );
    expect([...cut.words.keys()]).toEqual(["abc", "xyz"]);
  });
});

describe("what a question quotes", () => {
  it.each([
    ['say "disk is full" now', ["disk is full 4"]],
    ["say 'disk is full' now", ["disk is full 4"]],
    ["say `disk is full` now", ["disk is full 4"]],
    ["say “disk is full” now", ["disk is full 4"]],
    ["say ‘disk is full’ now", ["disk is full 4"]],
    ["say «disk is full» now", ["disk is full 4"]],
    ['"a b""c d"', ["a b 4", "c d 4"]],
    ['"a b"x"c d"', ["a b 4"]],
    ['" Disk Full "', ["disk full 4"]],
    ['"disk', []],
    ['"disk\nfull"', []],
    ['"" and "ab"', ["ab 4"]],
    ['"a"', []],
    ["it's the user's", []],
    ["\"disk full' is", []],
    [`"${"a".repeat(199)}"`, [`${"a".repeat(199)} 4`]],
    [`"${"a".repeat(201)}"`, []],
  ])("is looked for as it stands: %s", (query, expected) => {
    expect(literals(query)).toEqual(expected);
  });

  it("is 96 literals at most; those that are known still rise", () => {
    const many = Array.from({ length: 120 }, (_, n) => `a_${n}`).join(" ");
    const found = literals(`"a_5" ${many}`);
    expect(found).toHaveLength(96);
    expect(found[0]).toBe("a_5 4");
    expect(found).toContain("a_94 3");
    expect(found).toContain("a_95 3");
    expect(found).not.toContain("a_96 3");
  });
});

describe("what stands in a question unquoted", () => {
  it.each([
    ["numbers of four digits", ["0000 4", "9999 4", "12345 4"], ["123", "7"]],
    ["letters with digits", ["abc123 4", "ab123 2", "a1 2", "ab12c 2"], []],
    ["camel case", ["parseHeader 3", "aB 3", "zB 3", "aA 3", "aZ 3"], ["Header", "header"]],
    ["capitals", ["ERR 2", "AAA 2", "ZZZ 2"], ["OK", "Err"]],
    [
      "addresses and paths",
      ["a@b 4", "a/b 4", "a::b 4", "/etc 4", "./a.sh 4", "~/xy 4", "@scope 4", "src/ 4"],
      [],
    ],
    [
      "identifiers",
      [
        "a_b 3",
        "a.b 3",
        "a#b 3",
        "_id 3",
        "#12 3",
        ".env 3",
        "fooBar-baz 3",
        "202-abc 3",
        "1234-a 3",
        "a-1 3",
      ],
      [],
    ],
    ["long codes", ["2024-ab 4", "ab-1234 4"], []],
    ["compounds", ["a-b 2", "a:b 2", "$HOME 2", "a'b-c 2"], ["don't", "user's"]],
    ["too little", [], ["x", "_", "--", "a-"]],
  ])("counts as it stands, by its kind: %s", (_, some, none) => {
    for (const each of some)
      expect(literals(each.split(" ")[0] ?? "")).toEqual([each.toLowerCase()]);
    for (const each of none) expect(literals(each), each).toEqual([]);
  });

  it("is freed of the punctuation around it", () => {
    for (const text of ["a_b.", "a_b?", "!a_b", "*a_b*", "a_b_", "-a_b-", "%a_b:", "a_b..."])
      expect(literals(text), text).toEqual(["a_b 3"]);
    for (const text of ["...", "/", "//", "*", "_"]) expect(literals(text), text).toEqual([]);
    expect(literals("src/a/.")).toEqual(["src/a/ 4"]);
  });

  it("ends at white space, quotes, brackets and lists", () => {
    for (const separator of ' \t\r\n\f\v"`“”‘«»()[]{}<>,;|\u00a0')
      expect(literals(`a_b${separator}c_d`), JSON.stringify(separator)).toEqual(["a_b 3", "c_d 3"]);
    for (const inner of ["=", "+", "&"])
      expect(literals(`a_b${inner}c_d`), inner).toEqual([`a_b${inner}c_d 3`]);
  });

  it("is at most 200 characters long", () => {
    expect(literals(`a${"1".repeat(199)}`)).toEqual([`a${"1".repeat(199)} 4`]);
    expect(literals(`a${"1".repeat(200)}`)).toEqual([]);
  });

  it("asks for something where it has a word or a literal", () => {
    expect(isEmptyQuery(parseQuery("who is it?"))).toBe(true);
    expect(isEmptyQuery({ words: new Map([["disk", 1]]), literals: [] })).toBe(false);
    expect(isEmptyQuery({ words: new Map(), literals: [{ text: "ab", weight: 4 }] })).toBe(false);
  });
});

describe("a score", () => {
  const documents = ["zebra Zebras fox", "fox", "", "zebra", "a b c d e"];
  const lengths = [3, 1, 0, 1, 5];

  /** BM25 as it stands in the literature. */
  function expected(counts: readonly number[], weight: number, { k1 = 1.2, b = 0.6 }: RankOptions) {
    const n = counts.length;
    const df = counts.filter((count) => count > 0).length;
    const idf = Math.log(1 + (n - df + 0.5) / (df + 0.5));
    const average = lengths.reduce((sum, length) => sum + length, 0) / n;
    return counts.map((count, d) => {
      const norm = k1 * (1 - b + (b * (lengths[d] ?? 0)) / average);
      return count === 0 ? 0 : weight * idf * ((count * (k1 + 1)) / (count + norm));
    });
  }

  it.each<RankOptions>([{}, { k1: 2 }, { b: 0 }, { b: 1 }, { k1: 0.5, b: 0.3 }])(
    "is BM25: %o",
    (options) => {
      const close = (scores: Float64Array, all: readonly number[]): void =>
        all.forEach((score, d) => void expect(scores[d]).toBeCloseTo(score, 10));
      close(rankByQuery("zebra", documents, options), expected([2, 0, 0, 1, 0], 1, options));
      const words = new Map([["zebra", 0.75]]);
      close(
        rankByQuery({ words, literals: [] }, documents, options),
        expected([2, 0, 0, 1, 0], 0.75, options),
      );
      const both = rankByQuery("zebra fox", documents, options);
      const fox = expected([1, 1, 0, 0, 0], 1, options);
      close(
        both,
        expected([2, 0, 0, 1, 0], 1, options).map((score, d) => score + (fox[d] ?? 0)),
      );
    },
  );

  it("counts a literal where it stands as a whole, in any case", () => {
    const query = { words: new Map(), literals: [{ text: "src/db.ts", weight: 4 }] };
    const texts = [
      "see SRC/DB.ts",
      "src/db.ts",
      "src/db.ts2",
      "xsrc/db.ts",
      "src/db.t",
      "src/db",
      "a src db ts",
      "/src/db.ts/",
      "src/db.ts src/db.ts",
    ];
    expect([...rankByQuery(query, texts)].map((score) => score > 0)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
    const path = { words: new Map(), literals: [{ text: "/etc/x", weight: 4 }] };
    const scores = rankByQuery(path, ["etc/x", "/etc/x", "see /etc/x", "a/etc/x", "/etc/xy"]);
    expect([...scores].map((score) => score > 0)).toEqual([false, true, true, true, false]);
  });

  it("finds a literal that begins like another one", () => {
    const literals = ["db/a", "db/b"].map((text) => ({ text, weight: 4 }));
    const scores = rankByQuery({ words: new Map(), literals }, ["db/b", "db/c", "db/a db/b"]);
    expect([...scores].map((score) => score > 0)).toEqual([true, false, true]);
  });

  it("leaves a literal without a word alone", () => {
    const literals = [{ text: "--", weight: 4 }];
    expect([...rankByQuery({ words: new Map([["ab", 1]]), literals }, ["--", "ab"])][0]).toBe(0);
  });

  it("compares words by their stems, the longest endings and other scripts too", () => {
    const found = (query: string, text: string): boolean =>
      (rankByQuery(query, [text])[0] ?? 0) > 0;
    for (const [query, text] of [
      ["run", "running"],
      ["runs", "RUNNING"],
      ["über", "Über"],
      ["漢", "漢字"],
      ["file", "openFile"],
      ["7", "7"],
    ] as const)
      expect(found(query, text), query).toBe(true);
    expect(found("file", "profile")).toBe(false);
  });
});

describe("a question in another language", () => {
  it.each([
    ["Wann wurden die Brücken über den Fluss gebaut?", ["brücken", "fluss", "gebaut"]],
    ["Quand les ponts ont-ils été construits ?", ["pont", "construit"]],
    ["¿Cuándo se construyeron los puentes de la ciudad?", ["construyeron", "puent", "ciudad"]],
    ["Quando sono stati costruiti i ponti della città?", ["stati", "costruiti", "ponti", "città"]],
    ["Quando foram construídas as pontes da cidade?", ["construída", "pont", "cidad"]],
    ["Wanneer werden de bruggen van de stad gebouwd?", ["bruggen", "stad", "gebouwd"]],
  ])("is asked by its own words: %s", (question, words) =>
    expect([...parseQuery(question).words.keys()]).toEqual(words),
  );

  it.each(["the die of the mould", "die on the man page", "en de locales", "was war"])(
    "is not what this is: %s",
    (question) => {
      const { words } = parseQuery(question);
      for (const word of question.split(" ").slice(1, 2))
        if (!["the", "on"].includes(word)) expect(words.has(word)).toBe(true);
      expect(words.size).toBeGreaterThan(0);
    },
  );
});
