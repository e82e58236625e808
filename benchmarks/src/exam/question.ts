/** A question about a text, with an answer that a script computed from the original. */

/** How an answer is compared: as a number, as yes or no, as words, as a set of words, or as a quotation that has to contain one of the texts. */
export type AnswerKind = "number" | "yes or no" | "text" | "list" | "quotation";

export interface Question {
  readonly text: string;
  readonly about: "lookup" | "count" | "extreme" | "order" | "existence" | "root cause";
  readonly answerKind: AnswerKind;
  /** One for all kinds but lists (all of them) and quotations (any of them). */
  readonly answers: readonly string[];
}

/** Picks that depend on a seed alone. */
export class Picker {
  #state: number;

  constructor(seed: string) {
    this.#state = 2166136261;
    for (const character of seed)
      this.#state = Math.imul(this.#state ^ (character.codePointAt(0) ?? 0), 16777619);
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % limit;
  }

  of<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("There is nothing to pick from.");
    return item;
  }
}

/** Whether an answer given by a reader is the computed one. */
export function isRight({ answerKind, answers }: Question, given: string | undefined): boolean {
  if (given === undefined) return false;
  const [answer = ""] = answers;
  switch (answerKind) {
    case "number":
      return numberOf(given) === numberOf(answer);
    case "yes or no":
      return normal(given).split(/\W/)[0] === answer;
    case "text":
      return normal(given) === normal(answer);
    case "list": {
      const parts = given
        .split(/[\n,;]+/)
        .map(normal)
        .filter((part) => part !== "");
      return (
        [...new Set(parts)].sort().join("\n") ===
        [...new Set(answers.map(normal))].sort().join("\n")
      );
    }
    case "quotation":
      return answers.some((one) => one !== "" && normal(given).includes(normal(one)));
  }
}

function normal(text: string): string {
  return text
    .trim()
    .replace(/^["'`]+|["'`.,:;]+$/g, "")
    .replace(/\s+/g, " ")
    .toLowerCase();
}

function numberOf(text: string): number {
  return Number(text.replace(/[,_ ]/g, ""));
}
