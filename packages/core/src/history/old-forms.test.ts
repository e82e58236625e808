import { expect, it } from "vitest";
import { excerptOf } from "./excerpt.ts";
import { extractOf } from "./prose.ts";

const LINES = Array.from({ length: 50 }, (_, index) => `line ${index + 1} of the log`);

it("an excerpt is whole lines from both ends, and says which are gone", () => {
  const view = excerptOf(LINES.join("\n"), 200);
  const lines = view?.text.split("\n") ?? [];
  const gap = lines.findIndex((line) => line.startsWith("…"));
  expect(lines.slice(0, gap)).toEqual(LINES.slice(0, gap));
  const tail = lines.slice(gap + 1);
  expect(tail).toEqual(LINES.slice(-tail.length));
  const gone = LINES.length - gap - tail.length;
  expect(lines[gap]).toBe(`… lines ${gap + 1}-${gap + gone} are left out`);
  expect(view?.omitted).toEqual([{ unit: "lines", count: gone, total: 50 }]);
});

it("of long lines the first characters stay, none of them halved", () => {
  const text = "😀".repeat(400);
  const view = excerptOf(text, 301);
  expect(view?.text.isWellFormed()).toBe(true);
  expect(view?.text.split("\n")).toEqual([
    "😀".repeat(150),
    "… the other 500 characters are left out",
  ]);
  expect(view?.omitted).toEqual([{ unit: "characters", count: 500, total: 800 }]);
});

it("what fits has no excerpt", () => {
  expect(excerptOf("short", 10)).toBeUndefined();
  expect(excerptOf("", 0)).toBeUndefined();
});

const PROSE = [
  "Let me look at the parser first.",
  "It is an old one.",
  "Nobody likes it much.",
  "The failure is in `src/parse.ts`, because the buffer is empty.",
  "That is odd.",
  "Others have seen it, too, and they have said so again and again, to nobody in particular.",
  "I could go on for a long time about this.",
  "Now I run the tests.",
];

it("an extract is sentences of the text in their order: first, last, and what decides or names", () => {
  const view = extractOf(PROSE.join(" "));
  expect(view?.text).toBe(`${PROSE[0]} […] ${PROSE[3]} […] ${PROSE[7]}`);
  expect(view?.omitted).toEqual([{ unit: "sentences", count: 5, total: 8 }]);
});

it("every sentence of an extract stands in the text, whatever the text", () => {
  const text = `# Plan\n\n1. First. Then e.g. A is done.\n2. Second: 4.5 ms.\n\n\`\`\`ts\nconst a = 1;\n\`\`\`\n\n${PROSE.join("\n")}\nDone`;
  const shown = extractOf(text)?.text ?? "";
  const pieces = shown
    .split("[…]")
    .flatMap((piece) => piece.split("\n"))
    .map((piece) => piece.trim());
  expect(pieces.length).toBeGreaterThan(3);
  for (const piece of pieces) expect(text).toContain(piece);
  expect(shown.startsWith("# Plan")).toBe(true);
  expect(shown.endsWith("Done")).toBe(true);
});

it("of a few sentences none is left out", () => {
  expect(extractOf("One. Two. Three.")).toBeUndefined();
  expect(extractOf("")).toBeUndefined();
  expect(extractOf("no end in sight ".repeat(100))).toBeUndefined();
});
