import fc from "fast-check";
import { expect, it } from "vitest";
import { childPath, entryPath, type PathStep, placeName, ROOT, readPath } from "./path.ts";

it.each<[readonly PathStep[], string]>([
  [["items", 3, "labels"], "items[3].labels"],
  [["content", 0, "text", 12], "content[0].text[12]"],
  [["odd key", "a.b"], '["odd key"]["a.b"]'],
  [["$"], '["$"]'],
  [['a\\"b'], '["a\\"b"]'],
  [[], ROOT],
])("%j is %s", (steps, path) => {
  expect(steps.reduce<string>(childPath, ROOT)).toBe(path);
});

it("reads what it wrote, whatever the keys", () => {
  const key = fc
    .string({ unit: "grapheme", minLength: 1 })
    .map((text) => JSON.stringify(text).slice(1, -1));
  fc.assert(
    fc.property(fc.array(fc.oneof(key, fc.nat(9_999)), { minLength: 1 }), (steps) => {
      expect(readPath(steps.reduce<string>(childPath, ROOT))).toEqual(steps);
    }),
  );
});

it("names the place of rows and entries by their fields", () => {
  expect(placeName(ROOT)).toBe("");
  expect(placeName("content[0].text")).toBe("content.text");
  expect(placeName(`${entryPath("services", "web")}.ports[2]`)).toBe("services.ports");
});
