import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompressContext, compressWith, viewWith } from "../../../test/compress-with.ts";
import { splitLines } from "../shared/lines.ts";
import { logCompressor } from "./log.ts";
import { encodeLog } from "./lossless.ts";
import { decodeLog } from "./lossless-decode.ts";
import { LEGEND } from "./syntax.ts";

const log = logCompressor();
const counter = { name: "rough", count: (text: string): number => Math.ceil(text.length / 3) };
const lossy = (query?: string): CompressContext => ({
  lossy: true,
  budgetTokens: 120,
  counter,
  ...(query === undefined ? {} : { query }),
});
const lossless: CompressContext = { lossy: false, budgetTokens: 120, counter };

/** Lines of a few shapes, in any order, with odd ones among them. */
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .nat(99)
      .map(
        (n) =>
          `2024-05-01T10:00:${String(n % 60).padStart(2, "0")}.${n}Z INFO request ${n} done in ${n * 3}ms`,
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .nat(20)
      .map(
        (n) =>
          `npm http fetch GET 200 https://registry.npmjs.org/pkg-${n}/-/pkg-${n}-1.${n}.0.tgz ${n}ms (cache miss)`,
      ),
  },
  { weight: 3, arbitrary: fc.nat(9).map((n) => `[10:00:0${n}] worker "${n} a b c d" ok`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      " ",
      "#a 1 2",
      "#a=x{}",
      "^12",
      "\\x",
      "×3",
      "§a",
      "§a=b",
      "[log",
      "ERROR pool 1 closed",
      "{}",
      "{1}",
      "\u001b[31mred\u001b[0m",
      "10%\r20%",
      "\tat a.b.C(D.java:12)",
      "#crlf",
      "\u0001",
      "2024-05-01 10:00:05",
      "2024-05-01 10:00:05 ",
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }).map((text) => text.replaceAll("\n", "")) },
);
const soup = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 60 }),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
  )
  .map(([lines, end, closed]) => lines.join(end) + (closed ? end : ""));

describe("the lossless form", () => {
  it("gives every soup of lines back byte for byte", () => {
    fc.assert(
      fc.property(soup, (text) => {
        for (const plainFailures of [false, true]) {
          const encoded = encodeLog(text, { plainFailures });
          if (encoded !== undefined) expect(decodeLog(encoded)).toBe(text);
        }
      }),
      { numRuns: 600 },
    );
  });

  it("gives any text back byte for byte", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const twice = `${text}\n${text}\nx\ny\n${text}`;
        const encoded = encodeLog(twice);
        if (encoded !== undefined) expect(decodeLog(encoded)).toBe(twice);
      }),
      { numRuns: 300 },
    );
  });

  it("is the same on every call", () => {
    fc.assert(
      fc.property(soup, (text) => {
        expect(encodeLog(text)).toBe(encodeLog(text));
      }),
      { numRuns: 100 },
    );
  });

  it("says nothing about text that is not its own", () => {
    expect(decodeLog("hello")).toBeUndefined();
    expect(decodeLog(`${LEGEND}\n#a 1`)).toBeUndefined();
    expect(decodeLog(`${LEGEND}\n×3`)).toBeUndefined();
  });
});

/** Every line is shown or counted in a gap. */
function accountedLines(shown: string): number {
  let count = 0;
  for (const text of shown.split("\n")) {
    const gap = /^… (\d+) (?:blank )?lines?\b/.exec(text);
    if (gap) count += Number(gap[1]);
    else if (!text.startsWith("[stamps cut")) count++;
  }
  return count;
}

describe("the lossy form", () => {
  const noise = (n: number): string[] =>
    Array.from(
      { length: n },
      (_, i) =>
        `2024-05-01 10:00:${String(i % 60).padStart(2, "0")} INFO handled request ${i} for user ${i % 7}`,
    );

  it("shows a planted error wherever it stands", () => {
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.constantFrom(
          "ERROR disk full on /dev/sda1",
          "java.lang.IllegalStateException: pool closed",
          "panic: nil map",
        ),
        (at, error) => {
          const lines = noise(300);
          lines.splice(at, 0, error);
          const result = viewWith(log, lines.join("\n"), lossy());
          expect(result).toMatchObject({ lossless: false });
          expect((result as { text: string }).text).toContain(error);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("accounts for every line", () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 30, maxLength: 120 }),
        fc.boolean(),
        (lines, closed) => {
          const text = lines.join("\n") + (closed ? "\n" : "");
          const result = viewWith(log, text, { ...lossy(), budgetTokens: 1 });
          if (result === undefined || !("omitted" in result)) return;
          const total = splitLines(text).text.length;
          const hidden = result.omitted.find(({ unit }) => unit === "lines");
          const seen = result.text
            .split("\n")
            .filter((text) => !/^… \d+ (?:blank )?lines?\b|^\[stamps cut/.test(text)).length;
          expect(accountedLines(result.text)).toBe(total);
          expect(seen + (hidden?.count ?? 0)).toBe(total);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("says in each gap which lines it stands for", () => {
    const text = noise(50).join("\n");
    const result = viewWith(log, text, lossy()) as { text: string };
    expect(result.text).toMatch(/^… \d+ lines like: .+ \(4-\d+\)$/m);
  });
});

describe("without leave to lose anything", () => {
  it("is lossless or nothing", () => {
    fc.assert(
      fc.property(soup, (text) => {
        const result = compressWith(log, text, lossless);
        if (result !== undefined) {
          expect(result).toMatchObject({ lossless: true });
          expect(log.decode((result as { text: string }).text)).toBe(text);
        }
      }),
      { numRuns: 200 },
    );
  });
});
