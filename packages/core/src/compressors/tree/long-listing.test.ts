/** Long listings: what is read of a line, forms that give every byte back, and what a view shows. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import { longListing } from "../../../test/generated/long-listing.ts";
import { randomOf } from "../../../test/generated/random.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { finish } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { readLongListing } from "./long-listing.ts";
import { readLongRow } from "./long-row.ts";
import { timeOrder } from "./times.ts";
import { treeCompressor } from "./tree.ts";

const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = treeCompressor();

function formsOf(text: string): readonly string[] {
  return finish(compressor.encode(text, { counter }) as Steps<readonly string[]>);
}

describe("a row", () => {
  it.each([
    [
      "-rw-r--r-- 1 app staff 27094 Mar  2 10:00 f 0.txt",
      "mode links owner group size time",
      "f 0.txt",
    ],
    ["drwxr-xr-x@ 3 app staff 96B 28 Nov  2025 src", "mode links owner group size time", "src"],
    [
      "  7095814      4 -rw-r--r--   1 root     root       4096 Nov 28 08:56 ./a",
      "other other mode links owner group size time",
      "./a",
    ],
    ["-rw-r--r-- root/root      4403 2026-11-28 08:55 a/b.ts", "mode owner size time", "a/b.ts"],
    ["     4403  2026-11-28 08:55   a/b.ts", "size time", "a/b.ts"],
    [
      "-rw-r--r--  3.0 unx     4403 tx defN 26-Nov-28 08:55 a.ts",
      "mode other other size other other time",
      "a.ts",
    ],
    ["2026-11-28 08:55:01       4403 logs/a.gz", "time size", "logs/a.gz"],
    ["11/28/2026  08:55 AM    <DIR>          src", "time size", "src"],
    ["crw-rw-rw- 1 root root 1,   3 Nov 28 02:44 null", "mode links owner group size time", "null"],
    [
      "100644 blob 78b3bc7da0b3b9fbb7c8bd9d57f6ab8f7a9d6b2c    4403\tsrc/a b.ts",
      "mode other other size",
      "src/a b.ts",
    ],
    [
      "-rw-r--r-- 1 0 0 512 2026-11-28 08:55:12.123456789 +0100 a.ts",
      "mode links owner group size time",
      "a.ts",
    ],
  ])("%s", (line, roles, name) => {
    const row = readLongRow(line);
    expect(row?.roles.join(" ")).toBe(roles);
    expect(line.slice(row?.nameAt)).toBe(name);
  });

  it.each([
    "2026-11-28 08:55:01 INFO started in 3 s",
    "Nov 28 08:55:01 db-1 sshd[312]: accepted",
    "total 48",
    "drwx is a mode",
    "28 Nov 2025",
    "10.1.0.1 - - 28/Nov/2026:08:55:01 GET / 200 512",
  ])("is not %s", (line) => expect(readLongRow(line)).toBeUndefined());
});

describe("time stamps of a listing", () => {
  const sorted = (stamps: readonly string[]): readonly string[] => {
    const order = timeOrder(stamps) ?? [];
    return [...stamps.keys()]
      .sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0))
      .map((at) => stamps[at] ?? "");
  };
  it.each([
    [
      ["Jan  2 10:00", "Dec 30 09:00", "Aug 14  2024", "Nov  1 00:01"],
      [2, 3, 1, 0],
    ],
    [
      ["Nov 28 08:55", "Jun  3 10:00", "Mar  1  2026"],
      [2, 1, 0],
    ],
    [
      ["2026-11-28 08:55", "2026-11-28 09:01:03.5", "2025-12-31"],
      [2, 0, 1],
    ],
    [
      ["11/28/2026  01:05 PM", "11/28/2026  08:55 AM", "11/28/2026  12:10 AM"],
      [2, 1, 0],
    ],
    [
      ["99-Dec-31 23:59", "26-Jan-01 00:00"],
      [0, 1],
    ],
  ] as const)("%j", (stamps, order) =>
    expect(sorted(stamps)).toEqual(order.map((at) => stamps[at])),
  );

  it("have no order where one of them is none", () =>
    expect(timeOrder(["Nov 28 08:55", "yesterday"])).toBeUndefined());
});

describe("the lossless form of a long listing", () => {
  it("gives every byte back", () => {
    let shorter = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = longListing(randomOf(seed));
        for (const form of formsOf(text)) {
          expect(compressor.decode(form)).toBe(text);
          if (form.length < text.length * 0.8) shorter++;
        }
      }),
      { numRuns: 300 },
    );
    expect(shorter).toBeGreaterThan(100);
  });

  it("says what lines share once", async () => {
    const texts = [3, 11, 20, 33, 47, 58].map((seed) => {
      const text = longListing(randomOf(seed)).split("\n").slice(0, 24).join("\n");
      return [`===== ${seed}`, text, "----- lossless", ...formsOf(text).slice(0, 1)].join("\n");
    });
    await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot("./pictures/long-listings.txt");
  });
});

describe("the view of a long listing", () => {
  itIsTrue("long listings", compressor, longListing);

  const rows = (
    count: number,
    size: (at: number) => string,
    heading?: string,
  ): readonly string[] => [
    ...(heading === undefined ? [] : [`${heading}:`, "total 8"]),
    ...Array.from(
      { length: count },
      (_, at) =>
        `-rw-r--r-- 1 app app ${size(at).padStart(8)} Mar ${`${1 + (at % 28)}`.padStart(2)} 10:00 f${at}.log`,
    ),
  ];
  const view = (lines: readonly string[], budgetTokens = 900, query?: string): string =>
    viewWith(compressor, lines.join("\n"), {
      counter,
      budgetTokens,
      ...(query === undefined ? {} : { query }),
    })?.text ?? "";

  it("shows the largest file by value, under its folder", () => {
    const blocks = Array.from({ length: 12 }, (_, at) =>
      rows(20, (row) => `${900 + row}M`, `./d${at}`),
    );
    const [head = [], ...rest] = blocks;
    const large = rows(3, (at) => (at === 1 ? "1.2G" : "4.0K"), "./deep/er");
    const text = view([...head, "", ...large, ...rest.flatMap((block) => ["", ...block])]);
    const lines = text.split("\n");
    const at = lines.indexOf("largest first:");
    expect(lines[at + 1]).toBe("./deep/er:");
    expect(lines[at + 2]).toMatch(/ 1\.2G .* f1\.log$/);
  });

  it("says what all sizes come to, and those of the rows not shown", () => {
    const text = view(rows(100, (at) => `${at + 1}`));
    expect(text).toContain("… size: 1–100, ascending, sum 5050");
    expect(text).toContain("… size of the other 90: 1–90, ascending, sum 4095");
  });

  it("shows the newest and the oldest, and how many there are where they are too many", () => {
    const text = view(rows(100, () => "512"));
    expect(text).toContain("… oldest: 4 rows, time: all Mar  1 10:00");
    expect(text).toContain("newest first:");
  });

  it("shows a mode or an owner that hardly a row has, what went wrong, and what is asked for", () => {
    const odd = "-rwsr-xr-x 1 root app      512 Mar 12 10:00 helper";
    const broken = "ls: cannot access 'gone': No such file or directory";
    const lines = [broken, ...rows(80, (at) => `${at + 600}`), odd];
    const text = view(lines, 900, "how large is f17.log?");
    expect(text).toContain(odd);
    expect(text).toContain(broken);
    expect(text).toContain("     617 Mar 18 10:00 f17.log");
  });

  it("keeps short listings whole", () => expect(view(rows(39, (at) => `${at}`))).toBe(""));
});

it("reads a heading with blank lines around, and no heading in a name", () => {
  const lines = [
    "./a:",
    "total 4",
    "-rw-r--r-- 1 a a 1 Mar  2 10:00 b:",
    "-rw-r--r-- 1 a a 2 Mar  2 10:00 c",
  ];
  const more = [
    "",
    "./d:",
    "total 0",
    "-rw-r--r-- 1 a a 3 Mar  2 10:00 x",
    "-rw-r--r-- 1 a a 4 Mar  2 10:00 y",
  ];
  const listing = finish(readLongListing([...lines, ...more]));
  expect(listing?.rows.map(({ folder, name }) => folder + name)).toEqual([
    "./a/b:",
    "./a/c",
    "./d/x",
    "./d/y",
  ]);
  expect([...(listing?.headings.values() ?? [])]).toEqual(["./a", "./d"]);
});
