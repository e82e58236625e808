import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNpmLock, lockLineReader, shortenLockLines } from "./lock-lines.ts";

function back(short: readonly string[]): readonly string[] {
  const read = lockLineReader();
  return short.flatMap((line) => read(line));
}

const sign = fc.constantFrom(" ", "+", "-");
const text = fc.constantFrom(
  '    "node_modules/@a/b": {',
  '    "node_modules/a": {',
  '      "version": "1.0.0",',
  '      "version": "1.0.0", npm',
  '      "resolved": "https://registry.npmjs.org/@a/b/-/b-1.0.0.tgz",',
  '      "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz",',
  '      "integrity": "sha512-AAAA==",',
  '      "integrity": "sha512-A AA=="',
  '      "cpu": [',
  '        "x64"',
  "      ],",
  "    },",
  "}",
  "",
  "|",
  "\t",
);
const line = fc.oneof(
  fc.tuple(sign, text).map(([mark, rest]) => mark + rest),
  fc.constantFrom("\\ No newline at end of file", "", "\r"),
);

describe("shortenLockLines", () => {
  it("gives every line back", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        expect(back(shortenLockLines(lines))).toEqual(lines);
      }),
      { numRuns: 1000 },
    );
  });

  it("takes what follows from name and version into the version line", () => {
    const lines = [
      '     "node_modules/@a/b": {',
      '+      "version": "1.0.0",',
      '+      "resolved": "https://registry.npmjs.org/@a/b/-/b-1.0.0.tgz",',
      '+      "integrity": "sha512-AAAA==",',
      '+      "license": "MIT"',
    ];
    expect(shortenLockLines(lines)).toEqual([
      ' "node_modules/@a/b": {',
      '+"version": "1.0.0", npm sha512-AAAA==',
      '+"license": "MIT"',
    ]);
  });

  it("knows its files by their whole name", () => {
    expect(isNpmLock("web/package-lock.json")).toBe(true);
    expect(isNpmLock("npm-shrinkwrap.json")).toBe(true);
    expect(isNpmLock("my-package-lock.json")).toBe(false);
    expect(isNpmLock("package-lock.json/readme.md")).toBe(false);
  });
});
