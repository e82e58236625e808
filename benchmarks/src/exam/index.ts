/**
 * `npm run exam`: a reading exam. See README.md beside this file for how a reader sits it.
 *
 *     npm run exam -- [--out FOLDER] [--seed TEXT]            lays out texts and questions
 *     FOLDER/balanced/retrieve HASH [--query TEXT] …          what the reader calls
 *     npm run exam -- grade --out FOLDER --arm ARM ANSWERS    grades a file { "01.1": "answer", … }
 */
import { appendFileSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { RetrieveRequest } from "@headroom/core";
import { corpora } from "../corpus.ts";
import { markdownTable, percent, print } from "../report.ts";
import { tokensOf } from "../tokens.ts";
import { gradeArm } from "./grade.ts";
import { ARMS, type Arm, instanceOf, layOut } from "./layout.ts";
import { examTexts } from "./texts.ts";

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  allowPositionals: true,
  options: {
    out: { type: "string" },
    seed: { type: "string", default: "1" },
    arm: { type: "string" },
    query: { type: "string" },
    lines: { type: "string" },
    rows: { type: "string" },
    path: { type: "string" },
    level: { type: "string" },
    count: { type: "boolean" },
    offset: { type: "string" },
    limit: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const HELP = `npm run exam -- [--out FOLDER] [--seed TEXT]            lays out texts and questions
npm run exam -- grade --out FOLDER --arm ARM ANSWERS    grades a file { "01.1": "answer", … }`;
const RETRIEVE_HELP = `./retrieve HASH [--query WORDS] [--lines 3-9] [--rows 0-4] [--path a.b] [--level error] [--count] [--offset N] [--limit N]

--query finds lines with these words, as they are: it is no pattern. With --count it says how many there are.`;

/** Signs of a regular expression or a glob. */
const PATTERN = /[\\^$*]|\.\+|\[[^\]]*\]/;

const [verb, argument] = positionals;
if (values.help) print(verb === "retrieve" ? RETRIEVE_HELP : HELP);
else if (verb === "retrieve") await retrieveFor(armNamed(values.arm), argument ?? "");
else if (verb === "grade") gradeFile(armNamed(values.arm), argument ?? "answers.json");
else await layOutAll();

async function layOutAll(): Promise<void> {
  const out = resolve(values.out ?? mkdtempSync(join(tmpdir(), "exam-")));
  const { texts, questions } = await layOut(out, examTexts(corpora, values.seed));
  print(`${questions.length} questions about ${texts.length} texts, in ${out}\n`);
  const rows = texts.map(({ id, name, tokens }) => [
    id,
    name,
    String(questions.filter(({ textId }) => textId === id).length),
    ...ARMS.map((arm) => String(tokens[arm])),
  ]);
  print(markdownTable(["text", "name", "questions", ...ARMS], rows).join("\n"));
}

async function retrieveFor(arm: Arm, hash: string): Promise<void> {
  const { query, lines, rows, path, level, count, offset, limit } = values;
  const asked = {
    query,
    lines,
    rows,
    path,
    level,
    count,
    offset: numbered(offset),
    limit: numbered(limit),
  };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  const request = { hash, ...Object.fromEntries(given) } as RetrieveRequest;
  const { text } = await (await instanceOf(outFolder(), arm)).retrieve(request);
  const call = { request, tokens: tokensOf(text) };
  appendFileSync(join(outFolder(), "keys", `calls.${arm}.jsonl`), `${JSON.stringify(call)}\n`);
  print(text);
  if (query !== undefined && PATTERN.test(query) && /\b0\b/.test(text))
    print("A query is words as they stand, no pattern.");
}

function gradeFile(arm: Arm, file: string): void {
  const { right, questions, calls, tokens, retrievedTokens, originalTokens, wrong } = gradeArm(
    outFolder(),
    arm,
    JSON.parse(readFileSync(file, "utf8")) as Record<string, string>,
  );
  const perHundred = (calls * 100) / questions;
  print(
    markdownTable(
      [
        "arm",
        "right",
        "calls",
        "calls per 100 questions",
        "tokens",
        "of them retrieved",
        "of the originals",
      ],
      [
        [
          arm,
          `${right} of ${questions}`,
          String(calls),
          perHundred.toFixed(1),
          String(tokens),
          String(retrievedTokens),
          percent(tokens / originalTokens),
        ],
      ],
    ).join("\n"),
  );
  for (const { id, question, given, answers } of wrong)
    print(
      `\nwrong ${id}: ${question}\n  given: ${given}\n  right: ${answers.join(" | ").slice(0, 300)}`,
    );
}

function numbered(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function outFolder(): string {
  if (values.out === undefined) throw new Error("--out says where the exam lies.");
  return resolve(values.out);
}

function armNamed(name: string | undefined): Arm {
  const arm = ARMS.find((each) => each === name);
  if (arm === undefined) throw new Error(`--arm is one of ${ARMS.join(", ")}.`);
  return arm;
}
