import { describe, expect, it } from "vitest";
import { describePackages, packageChanges } from "./lock-summary.ts";

function describeHunk(...lines: readonly string[]): readonly string[] {
  return describePackages(packageChanges([lines]));
}

describe("packageChanges", () => {
  it.each([
    [
      "npm",
      [
        ' "node_modules/@a/b": {',
        '-  "version": "1.0.0",',
        '+  "version": "1.1.0",',
        ' "license": "MIT"',
      ],
      "changed: node_modules/@a/b 1.0.0 → 1.1.0",
    ],
    [
      "npm, format 1",
      ['     "left-pad": {', '-      "version": "1.0.0",', '+      "version": "1.1.0",'],
      "changed: left-pad 1.0.0 → 1.1.0",
    ],
    [
      "Yarn",
      [' "@a/b@^1.0.0", "@a/b@^1.1.0":', '-  version "1.1.0"', '+  version "1.2.0"'],
      "changed: @a/b 1.1.0 → 1.2.0",
    ],
    [
      "Yarn 2",
      [' "@a/b@npm:^1.0.0":', "-  version: 1.1.0", "+  version: 1.2.0"],
      "changed: @a/b 1.1.0 → 1.2.0",
    ],
    [
      "pnpm packages",
      [
        "-  '@a/b@1.0.0':",
        "-    resolution: {integrity: sha512-x}",
        "+  '@a/b@1.1.0(react@18.2.0)':",
        "+    resolution: {integrity: sha512-y}",
      ],
      "changed: @a/b 1.0.0 → 1.1.0",
    ],
    [
      "pnpm importers",
      ["+      ioredis:", "+        specifier: ^6.0.0", "+        version: 6.0.0"],
      "new: ioredis 6.0.0",
    ],
    [
      "Bun",
      ['-    "a": ["a@1.0.0", "", {}, "sha512-x"],', '+    "a": ["a@1.1.0", "", {}, "sha512-y"],'],
      "changed: a 1.0.0 → 1.1.0",
    ],
    [
      "Cargo",
      [
        " [[package]]",
        ' name = "serde"',
        '-version = "1.0.1"',
        '+version = "1.0.2"',
        '-checksum = "aa"',
      ],
      "changed: serde 1.0.1 → 1.0.2",
    ],
    [
      "Poetry",
      ["+[[package]]", '+name = "attrs"', '+version = "23.1.0"', '+description = "Classes"'],
      "new: attrs 23.1.0",
    ],
    [
      "Go",
      [
        "-golang.org/x/net v0.1.0 h1:aa=",
        "-golang.org/x/net v0.1.0/go.mod h1:bb=",
        "+golang.org/x/net v0.2.0 h1:cc=",
        "+golang.org/x/net v0.2.0/go.mod h1:dd=",
      ],
      "changed: golang.org/x/net v0.1.0 → v0.2.0",
    ],
    [
      "Bundler",
      ["     rails (7.0.4)", "-    rake (13.0.6)", "+    rake (13.1.0)", "       thor (>= 1.0)"],
      "changed: rake 13.0.6 → 13.1.0",
    ],
    [
      "Composer",
      [
        '             "name": "monolog/monolog",',
        '-            "version": "2.8.0",',
        '+            "version": "3.0.0",',
      ],
      "changed: monolog/monolog 2.8.0 → 3.0.0",
    ],
    [
      "Pipenv",
      [
        '         "requests": {',
        '-            "version": "==2.28.0"',
        '+            "version": "==2.31.0"',
      ],
      "changed: requests ==2.28.0 → ==2.31.0",
    ],
  ])("reads %s", (_, lines, expected) => {
    expect(describeHunk(...lines)).toEqual([expected]);
  });

  it("tells new from removed, and follows the name on each side", () => {
    expect(
      describeHunk(
        '-    "node_modules/old": {',
        '-      "version": "1.0.0",',
        '+    "node_modules/new": {',
        '+      "version": "2.0.0",',
      ),
    ).toEqual(["new: node_modules/new 2.0.0", "removed: node_modules/old 1.0.0"]);
  });

  it("says one step of versions once for all packages that make it, a scope once for many", () => {
    const lines = ["a", "b", "c", "d", "e"].flatMap((name) => [
      ` "node_modules/@x/${name}": {`,
      '-  "version": "1.0.0",',
      '+  "version": "1.0.1",',
    ]);
    expect(describeHunk(...lines)).toEqual(["1.0.0 → 1.0.1: node_modules/@x/ (a, b, c, d, e)"]);
  });

  it("finds nothing in other files and in a version without a name", () => {
    expect(describeHunk('-  "version": "1.0.0"', '+  "version": "1.0.1"')).toEqual([]);
    expect(describeHunk("-a line", "+another line: x")).toEqual([]);
  });
});

it("takes no key for a package that has no name or no version", () => {
  expect(describeHunk("+  '@1.2.0':", "+  'name@latest':", "+  '@a/b@1.2.0':")).toEqual([
    "new: @a/b 1.2.0",
  ]);
});
