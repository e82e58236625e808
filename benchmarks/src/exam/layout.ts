/**
 * The folder of an exam.
 *
 *     OUT/<arm>/texts/03.txt      what a reader of this arm sees
 *     OUT/<arm>/questions.json    what the reader is asked
 *     OUT/<arm>/retrieve          the retrieval tool, as a command
 *     OUT/keys                    answers, originals and the log of calls: nothing a reader may open
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHeadroom, type Headroom, memoryStore } from "@headroom/core";
import { tokensOf } from "../tokens.ts";
import type { Question } from "./question.ts";
import type { ExamText } from "./texts.ts";

export const ARMS = ["raw", "lossless", "balanced"] as const;
export type Arm = (typeof ARMS)[number];

export interface Keys {
  readonly texts: readonly {
    readonly id: string;
    readonly name: string;
    readonly tokens: Readonly<Record<Arm, number>>;
  }[];
  readonly questions: readonly (Question & { readonly id: string; readonly textId: string })[];
}

const PROGRAM = fileURLToPath(new URL("./index.ts", import.meta.url));

/** Writes the folder. The message before each text is the same for all, so that no view is made for a question. */
export async function layOut(out: string, texts: readonly ExamText[]): Promise<Keys> {
  const keys: { texts: Keys["texts"][number][]; questions: Keys["questions"][number][] } = {
    texts: [],
    questions: [],
  };
  for (const [index, { name, text, questions }] of texts.entries()) {
    const id = String(index + 1).padStart(2, "0");
    const shown = {
      raw: text,
      lossless: await readBy("lossless", text),
      balanced: await readBy("balanced", text),
    };
    for (const arm of ARMS) write(join(out, arm, "texts", `${id}.txt`), shown[arm]);
    write(join(out, "keys", "originals", `${id}.txt`), text);
    const tokens = {
      raw: tokensOf(text),
      lossless: tokensOf(shown.lossless),
      balanced: tokensOf(shown.balanced),
    };
    keys.texts.push({ id, name, tokens });
    for (const [nth, question] of questions.entries())
      keys.questions.push({ ...question, id: `${id}.${nth + 1}`, textId: id });
  }
  write(join(out, "keys", "answers.json"), JSON.stringify(keys, undefined, 1));
  const asked = keys.questions.map(({ id, textId, text, answerKind }) => ({
    id,
    file: `texts/${textId}.txt`,
    question: text,
    answer: answerKind,
  }));
  for (const arm of ARMS) {
    write(join(out, arm, "questions.json"), JSON.stringify(asked, undefined, 1));
    const call = `exec ${process.execPath} --conditions=@headroom/source ${PROGRAM} retrieve --out ${out} --arm ${arm} "$@"`;
    write(join(out, arm, "retrieve"), `#!/bin/sh\n${call}\n`, 0o755);
    write(join(out, "keys", `calls.${arm}.jsonl`), "");
  }
  return keys;
}

export function readKeys(out: string): Keys {
  return JSON.parse(readFileSync(join(out, "keys", "answers.json"), "utf8")) as Keys;
}

/** An instance that has shortened all originals of the exam, as the one that laid it out had. */
export async function instanceOf(out: string, arm: Arm): Promise<Headroom> {
  const instance = headroomFor(arm);
  for (const { id } of readKeys(out).texts)
    await shown(instance, readFileSync(join(out, "keys", "originals", `${id}.txt`), "utf8"));
  return instance;
}

async function readBy(arm: "lossless" | "balanced", text: string): Promise<string> {
  return await shown(headroomFor(arm), text);
}

function headroomFor(arm: Arm): Headroom {
  const store = memoryStore({ maxBytes: 1024 ** 3 });
  return createHeadroom({ store, mode: arm === "balanced" ? "balanced" : "lossless" });
}

async function shown(instance: Headroom, text: string): Promise<string> {
  const result = await instance.compress([
    { role: "user", content: "Work with the output of this command." },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "call", type: "function", function: { name: "bash", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "call", content: text },
  ]);
  return String(result.messages[2]?.content);
}

function write(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}
