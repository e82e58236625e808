import { describe, expect, it } from "vitest";
import { isSpecification } from "./document.ts";

describe("whether a text is a specification", () => {
  const lines = (line: (at: number) => string, count = 12): string =>
    Array.from({ length: count }, (_, at) => line(at)).join("\n");

  it.each<[string, string, boolean]>([
    [
      "points of a specification that quote code",
      lines((at) => `- Add \`source_${at}\` to the accept list of the resource`),
      true,
    ],
    [
      "points below headings of a tracker",
      `Technical specs:\n${lines((at) => `  ${at + 1}. Show the \`badge_${at}\` of each row`)}\n\nDONE`,
      true,
    ],
    ["points without code", lines((at) => `- package number ${at} was unpacked and set up`), false],
    ["points of a few words", lines((at) => `- \`src/file${at}.ts\` (new)`), false],
    [
      "a log with a few points",
      `${lines((at) => `2026-03-04 05:06:${10 + at} GET /users/${at} 200`, 40)}\n${lines((at) => `- the \`cache\` of worker ${at} is cold now`, 4)}`,
      false,
    ],
  ])("%s", (_, text, is) => expect(isSpecification(text)).toBe(is));
});
