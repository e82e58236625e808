/**
 * Pictures: what a compressor makes of texts, in files next to it, to be read and compared. `vitest run -u` draws them anew
 * after a change that is meant; what has to hold whatever a form looks like stands in other tests.
 */
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { finish, STEP_CHARACTERS } from "../src/steps.ts";
import type { Answer, Compressor, Steps } from "../src/types/compressor.ts";
import { fixtureLines, mixture } from "./generated/mixture.ts";
import { pick, type Random, randomOf } from "./generated/random.ts";

export interface PictureOptions {
  /** The folder of the compressor: `fixtures/` is read, `pictures/` is written. */
  readonly home: URL;
  /** Texts of which the sizes are drawn. @default 150 */
  readonly count?: number;
  /** Makes a text; every other one is a mixture of fixtures. @default only mixtures */
  readonly make?: (random: Random) => string;
  /** What is done to a mixture before it is drawn. @default nothing */
  readonly dress?: (text: string, random: Random) => string;
}

const counter = { name: "thirds", count: (text: string): number => Math.ceil(text.length / 3) };
/** Whole forms are drawn of so many texts of up to so many characters. */
const DRAWN = 12;
const DRAWN_LENGTH = 1_500;
/** Work is counted in texts of so many characters, each made of one fixture. */
const LARGE = 4 * STEP_CHARACTERS;
const LARGE_TEXTS = 8;

export function describePictures(compressor: Compressor, options: PictureOptions): void {
  const { home, count = 150, make, dress = (text) => text } = options;
  const fixtures = fixtureLines(new URL("fixtures/", home));
  const file = (name: string): string => new URL(`pictures/${name}`, home).pathname;
  const texts = Array.from({ length: count }, (_, seed) => {
    const random = randomOf(seed);
    const text = make && seed % 2 === 1 ? make(random) : dress(mixture(fixtures, random), random);
    return { seed, text, random };
  });

  it("draws the forms of small mixtures", async () => {
    const small = texts.filter(({ text }) => text.length <= DRAWN_LENGTH).slice(0, DRAWN);
    const drawn = small.map(({ seed, text }) =>
      [
        `===== text ${seed}, detected ${compressor.detect(text).toFixed(3)}`,
        shown(text),
        "----- lossless",
        shown(encoded(compressor, text) ?? "(none)"),
        "----- view",
        shown(viewed(compressor, text, 60) ?? "(none)"),
      ].join("\n"),
    );
    await expect(`${drawn.join("\n")}\n`).toMatchFileSnapshot(file("forms.txt"));
  });

  it("draws the sizes of all forms of mixtures", async () => {
    const rows = texts.map(({ seed, text, random }) => {
      const form = encoded(compressor, text);
      const query = `Why does ${pick(text.split(/\s+/), random)} ${pick(text.split(/\s+/), random)} fail?`;
      return [
        seed,
        compressor.detect(text).toFixed(4),
        text.length,
        size(form),
        size(viewed(compressor, text, 60)),
        size(viewed(compressor, text, 2_000)),
        size(viewed(compressor, text, 200, query)),
      ].join("  ");
    });
    const head = "text  detected  characters  lossless  view  large view  view with a question";
    await expect(`${[head, ...rows].join("\n")}\n`).toMatchFileSnapshot(file("sizes.txt"));
  });

  it("draws how much work is counted in large texts", async () => {
    const rows = fixtures.slice(0, LARGE_TEXTS).map((lines, at) => {
      const random = randomOf(at);
      let text = "";
      while (text.length < LARGE) text += dress(`${mixture([lines], random).trimEnd()}\n`, random);
      const form = encoded(compressor, text) ?? "";
      const view = compressor.shorten?.(text, {
        counter,
        budgetTokens: 500,
        query: "error in main",
      });
      return [
        at,
        text.length,
        restsOf(compressor.encode(text, { counter })),
        restsOf(compressor.prove?.(text, form)),
        restsOf(view),
      ].join("  ");
    });
    const head = "fixture  characters  rests while encoding  while proving  while shortening";
    await expect(`${[head, ...rows].join("\n")}\n`).toMatchFileSnapshot(file("rests.txt"));
  });
}

/** The first form that is offered and gives the text back; others are dropped, as the pipeline does. */
function encoded(compressor: Compressor, text: string): string | undefined {
  const answer = now(compressor.encode(text, { counter })) ?? [];
  const offered = typeof answer === "string" ? [answer] : answer;
  return offered.find((form) => compressor.decode(form) === text);
}

function viewed(
  compressor: Compressor,
  text: string,
  budgetTokens: number,
  query?: string,
): string | undefined {
  const context = {
    counter,
    budgetTokens,
    ...(query === undefined ? {} : { query, firstLine: 71 }),
  };
  const view = now(compressor.shorten?.(text, context));
  return view && `${view.text}\n${JSON.stringify(view.omitted)}`;
}

/** Characters, and a few digits that tell apart what is as long. */
function size(form: string | undefined): string {
  if (form === undefined) return "-";
  return `${form.length}/${createHash("sha256").update(form).digest("hex").slice(0, 4)}`;
}

/** Signs that an editor does not show are spelt out. */
function shown(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\ufeff]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function restsOf(answer: Answer<unknown> | undefined): number {
  if (!isSteps(answer)) return 0;
  for (let rests = 0; ; rests++) if (answer.next().done) return rests;
}

function now<Value>(answer: Answer<Value>): Value {
  return isSteps(answer) ? (finish(answer) as Value) : (answer as Value);
}

function isSteps(answer: unknown): answer is Steps<unknown> {
  return typeof answer === "object" && answer !== null && "next" in answer;
}
