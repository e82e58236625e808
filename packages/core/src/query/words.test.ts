import { describe, expect, it } from "vitest";
import { scanWords, stem } from "./words.ts";

interface Visited {
  readonly words: readonly string[];
  readonly count: number;
}

/** Words as `word 0-4`, parts with a plus in front. */
function visited(text: string, firsts?: Uint8Array): Visited {
  const words: string[] = [];
  const visit = (word: string, start: number, end: number, part: boolean): void =>
    void words.push(`${part ? "+" : ""}${word} ${start}-${end}`);
  return { count: scanWords(text, visit, firsts), words };
}

function wordsIn(text: string): readonly string[] {
  return visited(text).words.map((word) => word.split(" ")[0] ?? "");
}

describe("a word", () => {
  it.each([
    [
      "separators",
      "/:@[`{\u0000\u007f\u00a0\u00a1\u00bf\uff01\uff0f\uff1a\uff20\uff65\u2000\u206f\u2190\u2bff\u3000\u303f",
      "separator",
    ],
    ["digits and letters", "09az", "letter"],
    [
      "letters of other scripts",
      "\u0080\u009f\u00aa\u00ba\u00c0\uff10\uff66é\u1fff\u2070\u218f\u2c00\u2fff\ua000",
      "letter",
    ],
    ["ideographs", "\u3040\u4e00\u9fff", "ideograph"],
  ])("is told by its characters: %s", (_, characters, kind) => {
    for (const character of characters) {
      const expected = {
        separator: ["x", "y"],
        letter: [`x${character}y`.toLowerCase()],
        ideograph: ["x", character, "y"],
      }[kind];
      expect(wordsIn(`x${character}y`), JSON.stringify(character)).toEqual(expected);
    }
  });

  it("is told in lower case, with its place, and counted once", () => {
    expect(visited(" Ab, é1É 漢字z")).toEqual({
      words: ["ab 1-3", "é1é 5-8", "漢 9-10", "字 10-11", "z 11-12"],
      count: 5,
    });
    expect(visited("")).toEqual({ words: [], count: 0 });
    expect(wordsIn("A Z a z")).toEqual(["a", "z", "a", "z"]);
    expect(wordsIn("xA xZ")).toEqual(["xa", "+x", "+a", "xz", "+x", "+z"]);
  });

  it("is told by its first 200 characters", () => {
    expect(visited(`${"a".repeat(200)} b`).words).toEqual([
      `${"a".repeat(200)} 0-200`,
      "b 201-202",
    ]);
    expect(visited(`${"a".repeat(201)} b`).words).toEqual([
      `${"a".repeat(200)} 0-200`,
      "b 202-203",
    ]);
  });

  it.each([
    ["parseHTTPResponse", ["+parse 0-5", "+http 5-9", "+response 9-17"]],
    ["HTTPServer", ["+http 0-4", "+server 4-10"]],
    ["getX", ["+get 0-3", "+x 3-4"]],
    ["aB", ["+a 0-1", "+b 1-2"]],
    ["getV2Beta", ["+get 0-3", "+v2 3-5", "+beta 5-9"]],
    ["HTTP", []],
    ["lower", []],
    ["Upper", []],
    ["v2Beta", []],
  ])("has parts where it is written in camel case: %s", (text, parts) => {
    const { words, count } = visited(text);
    expect(words.slice(1)).toEqual(parts);
    expect(count).toBe(1);
  });

  it("has parts up to 80 characters", () => {
    expect(visited(`${"a".repeat(79)}B`).words).toHaveLength(3);
    expect(visited(`${"a".repeat(80)}B`).words).toHaveLength(1);
  });

  it("is counted, not visited, where no wanted word begins like it", () => {
    const firsts = new Uint8Array(128);
    firsts["b".charCodeAt(0)] = 1;
    firsts["z".charCodeAt(0)] = 1;
    firsts["7".charCodeAt(0)] = 1;
    expect(visited("apple Bear zoo ZOO aBc 7up 8up éa", firsts)).toEqual({
      words: ["bear 6-10", "zoo 11-14", "zoo 15-18", "+bc 20-22", "7up 23-26", "éa 31-33"],
      count: 8,
    });
    firsts["a".charCodeAt(0)] = 1;
    expect(visited("Ab", firsts).words).toEqual(["ab 0-2"]);
  });
});

describe("a stem", () => {
  it.each([
    // Too short, too long.
    ["gas", "gas"],
    ["cats", "cat"],
    [`${"a".repeat(29)}s`, "a".repeat(29)],
    [`${"a".repeat(30)}s`, `${"a".repeat(30)}s`],
    // -ss, -us, -is stay.
    ["class", "class"],
    ["virus", "virus"],
    ["basis", "basis"],
    // -ies.
    ["ties", "tie"],
    ["flies", "fly"],
    ["retries", "retry"],
    // -es behind a sibilant, from six letters on.
    ["losses", "loss"],
    ["dishes", "dish"],
    ["batches", "batch"],
    ["quizzes", "quizz"],
    ["abctxes", "abctx"],
    ["syntaxes", "syntax"],
    ["indexes", "index"],
    ["matrixes", "matrix"],
    ["toolboxes", "toolbox"],
    ["axises", "axis"],
    // From five letters on behind an x.
    ["boxes", "box"],
    ["taxes", "tax"],
    ["fixes", "fix"],
    ["hexes", "hex"],
    ["aches", "ache"],
    ["ashes", "ashe"],
    ["axes", "axe"],
    ["boxds", "boxd"],
    ["boxing", "box"],
    ["hashxs", "hashx"],
    ["tables", "tabl"],
    ["hosts", "host"],
    // -e.
    ["table", "tabl"],
    ["move", "move"],
    ["moves", "move"],
    ["trees", "tree"],
    ["agree", "agree"],
    ["employees", "employee"],
    // -ing.
    ["being", "being"],
    ["strings", "string"],
    ["string", "string"],
    ["typing", "typ"],
    ["adding", "add"],
    ["running", "run"],
    ["falling", "fall"],
    ["passing", "pass"],
    ["buzzing", "buzz"],
    ["caching", "cach"],
    ["xaxing", "xax"],
    ["xexing", "xex"],
    ["xixing", "xix"],
    ["xoxing", "xox"],
    ["xuxing", "xux"],
    ["config", "config"],
    ["walked", "walked"],
  ])("of %s is %s", (word, expected) => {
    expect(stem(word)).toBe(expected);
  });
});

describe("signs of other languages", () => {
  it.each([
    ["¿Dónde está «el puente»?", ["dónde", "está", "el", "puente"]],
    ["10 µm² ± 3 · 2ª", ["10", "µm²", "3", "2ª"]],
    ["橋は？（長い！）", ["橋", "は", "長", "い"]],
    ["ＡＢ１２：ok", ["ａｂ１２", "ok"]],
  ])("stand in no word: %s", (text, words) => {
    const found: string[] = [];
    scanWords(text, (word, _start, _end, isPart) => {
      if (!isPart) found.push(word);
    });
    expect(found).toEqual(words);
  });
});
