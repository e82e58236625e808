import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../../json/lexer.ts";
import type { JsonString } from "../../../json/node.ts";
import { parseQuery } from "../../../query/query.ts";
import { finish } from "../../../steps.ts";
import { cutLexeme } from "../cut.ts";
import { pieces, plainText, planCut } from "./cut.ts";

function stringNode(value: string): { source: string; node: JsonString } {
  const source = JSON.stringify(value);
  const node = parseJson(source);
  if (node?.type !== "string") throw new Error("not a string");
  return { source, node };
}

function shortened(value: string, budget: number, question?: string): string {
  const { source, node } = stringNode(value);
  const cut = finish(
    planCut(source, node, budget, question === undefined ? undefined : parseQuery(question)),
  );
  return cut === undefined ? source : cutLexeme(source, node, cut);
}

const prose = Array.from(
  { length: 120 },
  (_, at) => `Paragraph ${at} talks about nothing in particular.`,
);

describe("planCut", () => {
  it("keeps short strings whole", () => {
    expect(shortened("short enough", 1)).toBe('"short enough"');
  });

  it("keeps head and tail of long ones and says how much is gone", () => {
    const text = shortened(prose.join(" "), 60);
    expect(text).toContain("Paragraph 0 talks");
    expect(text).toContain("Paragraph 119 talks");
    expect(text).toMatch(/… \d+ characters omitted …/);
    expect(text.length).toBeLessThan(prose.join(" ").length / 2);
  });

  it("keeps lines that report a failure", () => {
    const lines = Array.from(
      { length: 300 },
      (_, at) => `step ${at} done in ${at * 7} ms, next one follows`,
    );
    lines[147] = "step 147 FAILED: disk quota exceeded";
    expect(shortened(lines.join("\n"), 60)).toContain("disk quota exceeded");
  });

  it("keeps the sentence that answers the question, wherever it stands", () => {
    const text = [...prose];
    text[71] = "The retention window of archived ledgers is ninety-one days.";
    expect(shortened(text.join(" "), 60)).not.toContain("ninety-one");
    expect(
      shortened(text.join(" "), 60, "How long are ledgers retained in the archive window?"),
    ).toContain("ninety-one");
  });

  it.each([
    ["base64", `data:image/png;base64,${"iVBORw0KGgoAAAANSUhEUg".repeat(40)}`, "image/png;base64"],
    ["bare base64", "aGVsbG8gd29ybGQhIFRoaXMgaXMgNDIgYnl0ZXMu".repeat(30), "base64"],
    ["hexadecimal", "deadbeef01234567".repeat(40), "hexadecimal"],
  ])("shows %s by type and size", (_name, value, what) => {
    const text = shortened(value, 1000);
    expect(text).toContain(what);
    expect(text).toMatch(/kB|characters/);
    expect(text.length).toBeLessThan(140);
  });

  it("does not take a path, a slug or a sentence for a blob", () => {
    for (const value of [
      "/srv/app/releases/current/packages/".repeat(10),
      "a-long-slug-of-words-".repeat(20),
      "word ".repeat(100),
    ]) {
      expect(shortened(value, 10_000)).toBe(JSON.stringify(value));
    }
  });

  it("never cuts inside an escape or a character, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: "grapheme" }),
            fc.constantFrom("\n", '"', "\\", "\u0001", "é", "💥", "error ", " "),
          ),
          {
            minLength: 60,
            maxLength: 300,
          },
        ),
        fc.integer({ min: 1, max: 80 }),
        (parts, budget) => {
          const value = parts.join("").repeat(3);
          const { source, node } = stringNode(value);
          const cut = finish(planCut(source, node, budget, undefined));
          if (cut === undefined) return;
          const text = cutLexeme(source, node, cut);
          // What stays is still a JSON string, and each kept stretch stands in the original.
          const read = JSON.parse(text) as string;
          const stretches = read.split(/… \d+ characters omitted(?:: [^…]*)? …/);
          let from = 0;
          for (const stretch of stretches) {
            const found = value.indexOf(stretch, from);
            expect(found).toBeGreaterThanOrEqual(0);
            from = found + stretch.length;
          }
          const gone = [...text.matchAll(/… (\d+) characters omitted/g)].reduce(
            (sum, match) => sum + Number(match[1]),
            0,
          );
          const kept =
            cut.head +
            cut.tail +
            (cut.between ?? []).reduce((sum, each) => sum + each.end - each.start, 0);
          expect(gone + kept).toBe(node.end - node.start - 2);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("pieces", () => {
  it("follow each other without gaps", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 900 }), (value) => {
        const { source, node } = stringNode(value);
        let at = 0;
        for (const piece of pieces(source, node, 40)) {
          expect(piece.start).toBe(at);
          expect(piece.end).toBeGreaterThan(at);
          at = piece.end;
        }
        expect(at).toBe(node.end - node.start - 2);
      }),
      { numRuns: 300 },
    );
  });
});

describe("plainText", () => {
  it("undoes escapes, so that words are words", () => {
    expect(plainText('a\\nfoo \\u00e9 \\"x\\" \\\\n')).toBe('a\nfoo é "x" \\n');
  });
});
