import { describe, expect, it } from "vitest";
import {
  type Hints,
  labelOf,
  looksLikeReference,
  parseChanged,
  parseReference,
  printChanged,
  printReference,
  type Reference,
} from "./reference.ts";

const now: ReadonlyMap<string, string> = new Map();

describe("a reference", () => {
  it.each<[string, Reference, Hints]>([
    [
      '[1 line, all the same as Bash "curl x" above]',
      { count: 1, label: 'Bash "curl x"', now },
      { of: 1 },
    ],
    ["[297 lines, all the same as Bash above]", { count: 297, label: "Bash", now }, { of: 1 }],
    [
      '[158 lines, the same as Read "/src/a \\"b\\".ts" (2nd of 12) above, lines 64–221]',
      { count: 158, label: 'Read "/src/a \\"b\\".ts"', nth: 2, from: 64, now },
      { of: 12 },
    ],
    [
      '[6 lines, the same as content of Write "/a" (11th of 11) above, lines 1–6, "import" to "a very long line that does not end here…"]',
      { count: 6, label: 'content of Write "/a"', nth: 11, from: 1, now },
      { of: 11, ends: ["  import", "a very long line that does not end here, it goes on"] },
    ],
    ["[23 lines, the same as lines 90–112 there]", { count: 23, from: 90, now }, { of: 3 }],
    [
      '[9 lines, the same as Bash "t" above, lines 3–11, "a" to "b", but "1.2s" is now "1.4s", "pid 3" is now "pid 4"]',
      {
        count: 9,
        label: 'Bash "t"',
        from: 3,
        now: new Map([
          ["1.2s", "1.4s"],
          ["pid 3", "pid 4"],
        ]),
      },
      { of: 1, ends: ["a", "b"] },
    ],
    [
      '[9 lines, the same as Bash "t" above, lines 3–11, but with 12 ms; =; 9 ms for its times and ids, in order]',
      { count: 9, label: 'Bash "t"', from: 3, now, values: ["12 ms", "=", "9 ms"] },
      { of: 1 },
    ],
  ])("%s", (line, reference, hints) => {
    expect(printReference(reference, hints)).toBe(line);
    const { nth, ...rest } = reference;
    expect(parseReference(line)).toEqual({ ...rest, ...(hints.of > 1 && nth ? { nth } : {}) });
    expect(looksLikeReference(line)).toBe(true);
    expect(looksLikeReference(`\\\\${line}`)).toBe(true);
  });

  it.each([
    "[158 lines, the same as]",
    '[158 lines, the same as Read "/a" above, lines 64–222]',
    '[158 lines, the same as Read "/a above, lines 64–221]',
    '[158 lines, the same as Read "/a" (2 of 3) above, lines 64–221]',
    '[158 lines, the same as Read "/a" above, lines 64–221, "a"]',
    '[158 lines, the same as Read "/a" above, lines 64–221] ',
    '[158 lines, the same as Read "/a" above, lines 64–221, but "a" is "b"]',
    "[158 lines, all the same as lines 64–221 there]",
    '[the same as Read "/a" above, but for these changes]',
  ])("is not %s", (line) => expect(parseReference(line)).toBeUndefined());

  it("of a diff names one text", () => {
    const line = printChanged('Bash "npm test"', 2, 2);
    expect(line).toBe('[the same as Bash "npm test" (2nd of 2) above, but for these changes]');
    expect(parseChanged(line)).toEqual({ label: 'Bash "npm test"', nth: 2 });
    expect(parseChanged(`${line}.`)).toBeUndefined();
    expect(looksLikeReference(line)).toBe(true);
  });

  it("has a label that can be read back whatever a tool is called", () => {
    for (const [name, key] of [
      ["my tool", "the key"],
      ["", undefined],
      ['"', "a.b"],
    ] as const) {
      const label = labelOf(name, "x\n]", key);
      const line = printReference({ count: 2, label, now }, { of: 1 });
      expect(parseReference(line)).toEqual({ count: 2, label, now });
    }
  });
});
