/** Answers are those of the originals, and the grader tells right from wrong. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fixturesOf } from "../corpus.ts";
import { grade, gradeArm } from "./grade.ts";
import { instanceOf, type Keys, layOut } from "./layout.ts";
import { isRight, Picker, type Question } from "./question.ts";
import { questionsAboutJson } from "./questions/json.ts";
import { questionsAboutLines } from "./questions/lines.ts";
import { questionsAboutPaths } from "./questions/paths.ts";
import { questionsAboutTable } from "./questions/table.ts";
import { examTexts } from "./texts.ts";

function answerTo(questions: readonly Question[], part: string): readonly string[] | undefined {
  return questions.find(({ text }) => text.includes(part))?.answers;
}

describe("answers", () => {
  const rows = Array.from({ length: 20 }, (_, at) => ({
    id: `p-${at}`,
    size: (at * 7) % 23,
    state: at % 4 === 0 ? "off" : "on",
  }));

  it("about rows are computed from them", () => {
    const questions = questionsAboutJson(JSON.stringify({ items: rows }), new Picker("a"));
    expect(answerTo(questions, "How many elements or rows has")).toEqual(["20"]);
    expect(answerTo(questions, "greatest size")).toEqual(["p-13"]);
    expect(answerTo(questions, "of the last one")).toEqual(["p-19"]);
    const asked = questions.find(({ text }) => text.includes("as their state"));
    expect(asked?.answers).toEqual([asked?.text.includes('"off"') ? "5" : "15"]);
    const csv = ["id,size,state", ...rows.map(({ id, size, state }) => `${id},${size},${state}`)];
    const table = questionsAboutTable(csv.join("\n"), new Picker("a"));
    expect(answerTo(table, "greatest size")).toEqual(["p-13"]);
  });

  it("about lines, hits and diffs are counted", () => {
    const log = rows.map(({ id, state }) => `${state === "off" ? "ERROR" : "info"} task ${id}`);
    expect(answerTo(questionsAboutLines(log.join("\n"), new Picker("b")), '"ERROR"')).toEqual([
      "5",
    ]);
    const hits = ["a/x.ts:3: one", "a/x.ts:9: two", "b/y.ts:1: three"].join("\n");
    const asked = questionsAboutPaths(hits, new Picker("c"));
    expect(answerTo(asked, "different files")).toEqual(["2"]);
    expect(answerTo(asked, "most hits")).toEqual(["a/x.ts"]);
    const diff = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n-a\n+b\n+c\n";
    expect(answerTo(questionsAboutPaths(diff, new Picker("d")), "add in f")).toEqual(["2"]);
  });

  it("about the last line are not asked where it has no word but a stamp", () => {
    const last = (line: string): readonly string[] | undefined =>
      answerTo(questionsAboutLines(`a b\n${line}\n`, new Picker("e")), "last word");
    expect(last("2026-07-28T17:41:15.8150899Z ")).toBeUndefined();
    expect(last("17:41:15 ----")).toBeUndefined();
    expect(last("2026-07-28 17:41:15,815 took 7s")).toEqual(["7s"]);
    expect(last("all done.")).toEqual(["done"]);
  });

  it.each([
    ["number", ["1200"], "1,200", true],
    ["number", ["1200"], "1201", false],
    ["yes or no", ["yes"], "Yes.", true],
    ["yes or no", ["yes"], "no", false],
    ["text", ["a b"], '"A  b"', true],
    ["text", ["a b"], "a b c", false],
    ["list", ["a", "b"], "b, a", true],
    ["list", ["a", "b"], "a", false],
    ["quotation", ["x failed", "y failed"], "the log says Y failed at 3", true],
    ["quotation", ["x failed"], "unknown", false],
    ["quotation", [""], "unknown", false],
  ] as const)("of kind %s: %j against %s is %s", (answerKind, answers, given, right) => {
    const question: Question = { text: "?", about: "lookup", answerKind, answers };
    expect(isRight(question, given)).toBe(right);
    expect(isRight(question, undefined)).toBe(false);
  });
});

describe("a grade", () => {
  const question = { text: "?", about: "lookup", answerKind: "text", textId: "01" } as const;
  const keys: Keys = {
    texts: [{ id: "01", name: "t", tokens: { raw: 100, lossless: 60, balanced: 30 } }],
    questions: [
      { ...question, id: "01.1", answers: ["a"] },
      { ...question, id: "01.2", answers: ["b"] },
    ],
  };

  it("counts right answers, calls, and the tokens of both texts and answers to calls", () => {
    const calls = [{ request: {}, tokens: 12 }];
    const { right, wrong, tokens, originalTokens, ...rest } = grade(
      keys,
      "balanced",
      { "01.1": "A", "01.2": "c" },
      calls,
    );
    expect({ right, tokens, originalTokens, calls: rest.calls }).toEqual({
      right: 1,
      tokens: 42,
      originalTokens: 100,
      calls: 1,
    });
    expect(wrong.map(({ id }) => id)).toEqual(["01.2"]);
    expect(grade(keys, "raw", {}, []).right).toBe(0);
  });
});

describe("an exam", () => {
  it("shows readers no answers, serves what was left out, and asks the same again", async () => {
    const data = { name: "fixtures", readSet: fixturesOf } as const;
    const texts = examTexts(data, "1");
    expect(examTexts(data, "1")).toEqual(texts);
    const out = mkdtempSync(join(tmpdir(), "exam-"));
    const keys = await layOut(out, texts);
    expect(readdirSync(join(out, "balanced")).sort()).toEqual([
      "questions.json",
      "retrieve",
      "texts",
    ]);
    expect(readFileSync(join(out, "balanced", "questions.json"), "utf8")).not.toContain("answers");
    const right = Object.fromEntries(keys.questions.map(({ id, answers }) => [id, answers.join()]));
    expect(gradeArm(out, "raw", right)).toMatchObject({ right: keys.questions.length, calls: 0 });
    const instance = await instanceOf(out, "balanced");
    const marked = texts
      .map((_, at) => String(at + 1).padStart(2, "0"))
      .map((id) => readFileSync(join(out, "balanced", "texts", `${id}.txt`), "utf8"))
      .map((text) => /^\[\[hr:([a-z]{22})/.exec(text)?.[1])
      .filter((hash) => hash !== undefined);
    for (const hash of marked) expect((await instance.retrieve({ hash })).slices).not.toEqual([]);
  });
});
