import fc from "fast-check";
import { expect, it } from "vitest";
import { readCutValue } from "./cut-value.ts";
import { parseJson } from "./lexer.ts";

it.each([
  ['[{"a":1},{"b":2},{"c', '[{"a":1},{"b":2}'],
  ['{"a":1,"b":[1,2,{"c":3}', '{"a":1,"b":[1,2,{"c":3}'],
  ['{"a":"x,]}y","b":"unfinis', '{"a":"x,]}y"'],
  ["[1,2,30", "[1,2"],
  ['["\\"a","b', '["\\"a"'],
])("of %s the complete part is %s", (cut, complete) => {
  const text = `see: ${cut}`;
  const node = readCutValue(text, 5, text.length);
  expect(node && text.slice(node.start, node.end)).toBe(complete);
});

it.each(["[", '{"a', "[1", '"abc', "{"])("nothing of %s is complete", (cut) => {
  expect(readCutValue(cut, 0, cut.length)).toBeUndefined();
});

it("has the elements that end before the cut, wherever that is", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 8 }), fc.nat(), (items, at) => {
      const whole = JSON.stringify(items);
      const full = parseJson(whole);
      if (full?.type !== "array") throw new Error("no array");
      const cut = whole.slice(0, 1 + (at % (whole.length - 1)));
      const node = readCutValue(cut, 0, cut.length);
      const complete = full.items.filter(({ end }) => end < cut.length);
      const kept = node?.type === "array" ? node.items : [];
      for (const [index, { start, end }] of complete.entries())
        expect(kept[index]).toMatchObject({ start, end });
      expect(kept.length - complete.length).toBeLessThanOrEqual(1);
      if (node) expect(node.end).toBeLessThanOrEqual(cut.length);
    }),
  );
});
