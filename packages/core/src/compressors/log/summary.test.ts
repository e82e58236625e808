/** What stands above a view: it settles what is asked about the whole log. */
import { describe, expect, it } from "vitest";
import { viewWith } from "../../../test/compress-with.ts";
import { logCompressor } from "./log.ts";

const counter = { name: "quarters", count: (text: string): number => Math.ceil(text.length / 4) };
const many = (count: number, line: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => line(at));
const two = (number: number): string => String(number % 60).padStart(2, "0");

function viewOf(lines: readonly string[], budgetTokens: number): string {
  return viewWith(logCompressor(), lines.join("\n"), { counter, budgetTokens })?.text ?? "";
}

/** The log of a shop: 400 requests, every fifth of which fails, with the trace of each. */
const SHOP = many(400, (at) => {
  const time = `2026-05-01T10:${two(Math.floor(at / 60))}:${two(at)}Z`;
  const trace = (at * 7_919 + 20_000_000).toString(16);
  return at % 5 === 2
    ? `${time} ERROR payment of order ${at} refused by provider trace=${trace}`
    : `${time} INFO order ${at} paid in ${at * 3}ms`;
});
const TRACES = SHOP.flatMap((line) => /trace=(\w+)/.exec(line)?.[1] ?? []);

describe("errors", () => {
  it("are all shown with their ids while there is room", () => {
    const view = viewOf(SHOP, 3_600);
    expect(TRACES).toHaveLength(80);
    expect(TRACES.filter((trace) => !view.includes(`trace=${trace}`))).toEqual([]);
    expect(view).toContain("… level of 400 lines, those shown too: INFO ×320, ERROR ×80");
    expect(view).toContain("… level of the lines left out: none with ERROR: all are shown");
    expect(view).toContain(
      "… lines left out with these letters in any case: none with error, none with fail,",
    );
  });

  it("are listed by what tells them apart where there is less", () => {
    const view = viewOf(SHOP, 1_300);
    const rows = view.split("\n").filter((line) => line.includes("ERROR payment")).length;
    expect(rows).toBeLessThan(80);
    expect(TRACES.filter((trace) => !view.includes(trace))).toEqual([]);
    expect(view).toMatch(
      /^… \d+ more error lines \(\d+-\d+\): like: ERROR payment of order .* trace=\{/m,
    );
  });

  it("are counted where there is none", () => {
    const view = viewOf(SHOP, 400);
    expect(view).toMatch(/^… level of the lines left out: \d+ with ERROR$/m);
    expect(view).toMatch(/^… lines left out with these letters in any case: \d+ with error/m);
  });
});

describe("shapes", () => {
  it("are told of the whole log, with ranges and values", () => {
    const lines = many(300, (at) =>
      at % 100 === 50
        ? `worker ${at} lost its lease`
        : `${["GET", "PUT", "GET"][at % 3]} /cart/${at} took ${at === 77 ? "1h" : `${at}ms`}`,
    );
    const view = viewOf(lines, 500);
    expect(view).toContain("… 300 lines by shape, those shown too:");
    expect(view).toMatch(/^… {2}\d+× GET \* took \{0ms–/m);
    // The slowest by what it means, not by its digits.
    expect(view).toContain("GET /cart/77 took 1h");
    expect(view).toMatch(/worker (?:150|\{150, 250\}) lost its lease/);
  });
});

describe("diagnostics", () => {
  it("are counted by their codes", () => {
    const lines = Array.from({ length: 60 }, (_, at) => [
      `/src/part${at}.ts`,
      `  ${at + 1}:5  warning  Unexpected console statement  no-console`,
      ...(at === 31 ? ["  9:1  error  'x' is not defined  no-undef"] : []),
      "",
    ]).flat();
    const view = viewOf(lines, 500);
    expect(view).toMatch(/^… code of \d+ lines, those shown too: no-console ×60, no-undef ×1$/m);
    expect(view).toContain("/src/part31.ts\n  32:5");
  });

  it("requests are counted by their status", () => {
    const lines = many(
      200,
      (at) =>
        `10.0.0.${at} - - [01/May/2026:10:00:${two(at)} +0000] "GET /p/${at} HTTP/1.1" ${at % 50 === 7 ? 502 : 200} ${at * 9}`,
    );
    const view = viewOf(lines, 900);
    expect(view).toContain("… status of 200 lines, those shown too: 200 ×196, 502 ×4");
    for (const at of [7, 57, 107, 157]) expect(view).toContain(`GET /p/${at} HTTP/1.1" 502`);
  });
});

describe("the end of a log", () => {
  const stamped = (line: string, at: number): string =>
    `2026-07-28T17:41:15.${1_000_000 + at}Z ${line}`;

  it("is said where only a stamp stands in its last lines", () => {
    const lines = [...many(300, (at) => `step ${at} of all is done`), "all done", "", ""];
    const view = viewOf(lines.map(stamped), 400).split("\n");
    expect(view.slice(-2)).toEqual(["all done", "… 2 blank lines (302-303)"]);
    // An empty line without a stamp was none there either.
    const plain = viewOf([...lines.slice(0, -2).map(stamped), ""], 400)
      .trimEnd()
      .split("\n");
    expect(plain.at(-1)).toBe("all done");
  });
});
