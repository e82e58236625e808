/** Shapes of lines: how a sentence writes them, and that one that is not so is found. */
import { describe, expect, it } from "vitest";
import type { Fact, LineShape } from "../types/statement.ts";
import { holds, printFact } from "./fact.ts";
import { spaced } from "./shape.ts";

const LINES = [
  "GET /cart/1 took 20ms",
  "GET /cart/2  took\t1h",
  "PUT /cart/3 took 90s",
  "",
  "worker 7 lost",
];
const any: LineShape = { texts: ["GET /cart/", " took ", ""], slots: [undefined, undefined] };
const range: Fact = { says: "range", least: "20ms", most: "1h" };

function shapes(
  list: readonly (readonly [LineShape, number])[],
  more: Partial<Fact & { readonly says: "shapes" }> = {},
): Fact {
  return { says: "shapes", shapes: list, ...more };
}

describe("how shapes are written", () => {
  it.each<[string, Fact]>([
    ["like: GET /cart/* took *", shapes([[any, 2]])],
    ["2× GET /cart/* took *, 1 other, 1 blank", shapes([[any, 2]], { others: 1, blank: 1 })],
    ["2× GET /cart/* took *, 3 others", shapes([[any, 2]], { others: 3 })],
    ["2× GET /cart/* took *", shapes([[any, 2]], { listed: true })],
    ["2× GET /cart/* took *\n…  1 other", shapes([[any, 2]], { listed: true, others: 1 })],
    ["3 blank", shapes([], { blank: 3 })],
    [
      "like: GET /cart/{1, 2} took {20ms–1h}",
      shapes([[{ ...any, slots: [{ says: "list", values: ["1", "2"] }, range] }, 2]]),
    ],
    [
      "like: GET /cart/* …",
      shapes([[{ texts: ["GET /cart/", " "], slots: [undefined], open: true }, 2]]),
    ],
    ["like: a * b", shapes([[{ texts: ["a ", " ", " b"], slots: [undefined, undefined] }, 2]])],
  ])("%s", (text, fact) => expect(printFact(fact)).toBe(text));
});

describe("whether lines have shapes", () => {
  const put: LineShape = { texts: ["PUT "], slots: [], open: true };
  const worker: LineShape = { texts: ["worker ", " lost"], slots: [undefined] };
  it.each<[string, Fact, boolean]>([
    ["all counts are right", shapes([[any, 2]], { others: 2, blank: 1 }), true],
    [
      "every line has one",
      shapes(
        [
          [any, 2],
          [put, 1],
          [worker, 1],
        ],
        { blank: 1 },
      ),
      true,
    ],
    ["a count is wrong", shapes([[any, 3]], { others: 1, blank: 1 }), false],
    ["others are not told", shapes([[any, 2]], { blank: 1 }), false],
    ["blank lines are not told", shapes([[any, 2]], { others: 2 }), false],
    [
      "a shape that no line has",
      shapes([[{ texts: ["DELETE"], slots: [] }, 0]], { others: 4, blank: 1 }),
      true,
    ],
    [
      "the texts stand in another order",
      shapes([[{ texts: [" took ", "GET"], slots: [undefined] }, 2]], { others: 2, blank: 1 }),
      false,
    ],
    [
      "values are in the range",
      shapes([[{ ...any, slots: [undefined, range] }, 2]], { others: 2, blank: 1 }),
      true,
    ],
    [
      "values are not in the range",
      shapes([[{ ...any, slots: [undefined, { says: "range", least: "20ms", most: "90s" }] }, 2]], {
        others: 2,
        blank: 1,
      }),
      false,
    ],
    [
      "values in their order",
      shapes([[{ ...any, slots: [{ says: "list", values: ["1", "2"] }, undefined] }, 2]], {
        others: 2,
        blank: 1,
      }),
      true,
    ],
    [
      "values in another order",
      shapes([[{ ...any, slots: [{ says: "list", values: ["2", "1"] }, undefined] }, 2]], {
        others: 2,
        blank: 1,
      }),
      false,
    ],
    [
      "a value too few",
      shapes([[{ ...any, slots: [{ says: "list", values: ["1"] }, undefined] }, 2]], {
        others: 2,
        blank: 1,
      }),
      false,
    ],
  ])("%s", (_, fact, isTrue) => expect(holds(fact, LINES)).toBe(isTrue));

  it("counts a line under the first shape it has", () => {
    const all: LineShape = { texts: [" took "], slots: [] };
    expect(
      holds(
        shapes(
          [
            [all, 3],
            [any, 0],
          ],
          { others: 1, blank: 1 },
        ),
        LINES,
      ),
    ).toBe(true);
    expect(
      holds(
        shapes(
          [
            [any, 2],
            [all, 1],
          ],
          { others: 1, blank: 1 },
        ),
        LINES,
      ),
    ).toBe(true);
    expect(
      holds(
        shapes(
          [
            [any, 2],
            [all, 3],
          ],
          { others: 1, blank: 1 },
        ),
        LINES,
      ),
    ).toBe(false);
  });

  it("takes runs of white space as one space", () => {
    expect(["a b", " a  b ", "a\tb", "a \t b"].map(spaced)).toEqual(["a b", "a b", "a b", "a b"]);
  });
});

describe("words", () => {
  it.each<[Fact, string, boolean]>([
    [{ says: "with", text: "took", count: 3 }, "3 with took", true],
    [{ says: "with", text: "TOOK", count: 3 }, "3 with TOOK", true],
    [{ says: "with", text: "took", count: 2 }, "2 with took", false],
  ])("%o", (fact, text, isTrue) => {
    expect(printFact(fact)).toBe(text);
    expect(holds(fact, LINES)).toBe(isTrue);
  });
});
