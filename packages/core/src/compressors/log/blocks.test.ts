import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { planView } from "./plan.ts";
import { shortenLog } from "./shorten.ts";

const counter = { name: "characters", count: (text: string): number => Math.ceil(text.length / 4) };

/** Titles of all lengths, as a test runner writes them into the middle of a line. */
const STYLES: ReadonlyMap<string, (title: string) => string> = new Map([
  ["underscores", (title) => centred(title, "_")],
  ["equals signs", (title) => `== ${title} ==`],
  ["groups", (title) => `##[group]${title}`],
  ["runs of Go", (title) => `=== RUN   ${title}`],
]);

function centred(title: string, sign: string): string {
  const room = Math.max(2, 78 - title.length);
  return `${sign.repeat(room >> 1)} ${title} ${sign.repeat(room >> 1)}`;
}

describe("what is shown of a block", () => {
  it.each([...STYLES])("stands under its own heading: %s", (_, heading) => {
    const owner = new Map<string, string>();
    const lines: string[] = [];
    for (let n = 0; n < 90; n++) {
      const title = heading(`test_parcel_${"x".repeat((n * 7) % 74)}${n}`);
      lines.push(title);
      for (let at = 0; at < 5; at++) lines.push(`    step ${at} of parcel ${n * at} goes its way`);
      const line = `tests/parcel_${n}.py:${n + 10}: in send`;
      const error = `E   ${["ValueError", "KeyError", "OSError"][n % 3]}: parcel ${n} ${["was lost", "is late"][n % 2]} ${"abcdefgh"[n % 8]}`;
      lines.push(line, `    send(parcels[${n}], by="rail")`, error, "");
      owner.set(line, title);
      owner.set(error, title);
    }
    for (const budgetTokens of [600, 1500, 3000]) {
      const view = finish(shortenLog(lines.join("\n"), { budgetTokens, counter }));
      let above: string | undefined;
      let seen = 0;
      for (const line of (view?.text ?? "").split("\n")) {
        if (lines.includes(line) && [...owner.values()].includes(line)) above = line;
        const own = owner.get(line);
        if (own === undefined) continue;
        expect(above).toBe(own);
        seen++;
      }
      expect(seen).toBeGreaterThan(3);
    }
  });
});

it("plans plain lines before the long commands of a build", () => {
  const words = "apple brick cedar delta ember flint grove heron inlet joker".split(" ");
  const options = words.map((word) => `-W${word} -D${word.toUpperCase()} -f${word}`);
  const lines = words.flatMap((word, at) => [
    `  g++ ${[...options.slice(at), ...options.slice(0, at)].join(" ")} -o ${word}.o`,
    `${word} ${words[(at * 3) % 10]} is generated ${"again ".repeat(at)}`,
  ]);
  lines.push(...lines, "make: *** [all] Error 2");
  const { units } = finish(planView(lines, lines, undefined));
  const planned = (kind: RegExp): readonly number[] =>
    units.flatMap(({ lines: own }, at) =>
      own.some((line) => line >= 8 && line < 12 && kind.test(lines[line] ?? "")) ? [at] : [],
    );
  expect(Math.min(...planned(/g\+\+/))).toBeGreaterThan(Math.min(...planned(/generated/)));
});
