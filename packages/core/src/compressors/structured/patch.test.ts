import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { patchBetween, patched, printNumbers, readNumbers } from "./patch.ts";

const WORDS = [
  "name: cart",
  "port: 8081",
  "image: registry.example.com/cart",
  "- item",
  "",
  "tags: []",
];
const line = fc
  .tuple(fc.constantFrom(...WORDS), fc.nat(30))
  .map(([text, number]) => `${text}${number}`);

describe("lines that are not as they are printed", () => {
  it("are told by their numbers, and give the text back", () => {
    const printed = "a: first line\nb: second line\nc: third line\nd: fourth line\n";
    const text = "a: first line\n# why\n\nb: 'second line'\nc: third line\nd: fourth line\n# end\n";
    const patch = finish(patchBetween(printed, text));
    expect(patch).toEqual({
      lines: [
        [1, "# why"],
        [2, ""],
        [3, "b: 'second line'"],
        [6, "# end"],
      ],
      dropped: [1],
    });
    expect(patch && finish(patched(printed, patch))).toBe(text);
  });

  it("give every text back from which a few lines differ", () => {
    const edits = fc.array(fc.tuple(fc.nat(200), fc.constantFrom("add", "drop", "change"), line), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 30, maxLength: 120 }), edits, (lines, changes) => {
        const other = [...lines];
        for (const [at, what, text] of changes) {
          const place = at % other.length;
          if (what === "add") other.splice(place, 0, `# ${text}`);
          else if (what === "drop") other.splice(place, 1);
          else other[place] = `${text} `;
        }
        const patch = finish(patchBetween(lines.join("\n"), other.join("\n")));
        if (patch) expect(finish(patched(lines.join("\n"), patch))).toBe(other.join("\n"));
      }),
    );
  });

  it("are too many where hardly anything is alike", () => {
    const printed = Array.from({ length: 100 }, (_, at) => `line ${at} of one text`).join("\n");
    expect(finish(patchBetween(printed, printed.replaceAll("one", "another")))).toBeUndefined();
    const half = printed.replace(/(line \d*[02468] .*)/g, "# $1");
    expect(finish(patchBetween(printed, half))).toBeUndefined();
  });

  it("do not fit another text", () => {
    expect(finish(patched("a\nb", { lines: [[9, "x"]], dropped: [] }))).toBeUndefined();
    expect(finish(patched("a\nb", { lines: [[Number.NaN, "x"]], dropped: [-1] }))).toBeUndefined();
  });

  it("have numbers that are written as differences", () => {
    expect(printNumbers([3, 4, 9])).toBe("3,1,5");
    expect(readNumbers("3,1,5")).toEqual([3, 4, 9]);
    expect(readNumbers("")).toEqual([]);
  });
});
