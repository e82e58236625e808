import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompressContext, compressWith, viewWith } from "../../../test/compress-with.ts";
import { printLegend } from "../../notation/legend.ts";
import { finish } from "../../steps.ts";
import { splitLines } from "../../text/lines.ts";
import { logCompressor } from "./log.ts";
import { encodeLog } from "./lossless.ts";
import { decodeLog, readLog } from "./lossless-decode.ts";

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
      "#a[2]=x{}",
      "^ ^ ^",
      "…",
      "…12",
      "…12 x",
      "\\x",
      "@1",
      "@2=b",
      "see @3/x",
      "10:00:05 @4",
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
        const encoded = finish(encodeLog(text));
        if (encoded !== undefined) expect(decodeLog(encoded)).toBe(text);
      }),
      { numRuns: 600 },
    );
  });

  it("gives any text back byte for byte", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const twice = `${text}\n${text}\nx\ny\n${text}`;
        const encoded = finish(encodeLog(twice));
        if (encoded !== undefined) expect(decodeLog(encoded)).toBe(twice);
      }),
      { numRuns: 300 },
    );
  });

  it("is the same on every call", () => {
    fc.assert(
      fc.property(soup, (text) => {
        expect(finish(encodeLog(text))).toBe(finish(encodeLog(text)));
      }),
      { numRuns: 100 },
    );
  });

  it("says nothing about text that is not its own", () => {
    const legend = printLegend("log", new Set(), { count: 1, unit: "lines" });
    expect(decodeLog(`${legend}\nhello`)).toBe("hello");
    expect(decodeLog("hello")).toBeUndefined();
    expect(decodeLog("[log]\nhello")).toBeUndefined();
  });

  it.each([
    ["a row of no shape", "#a 1", "line 2: expected a shape that is defined above"],
    ["a stamp of nothing", "…43 x", "line 2: expected a full stamp"],
    ["a value too few", "#a[1]=x {} {}\n#a 1", "line 3: expected 2 values"],
    ["a value too many", "#a[1]=x {}\n#a 1 2", "line 3: expected 1 values"],
    ["nothing above", "#a[1]=x {}\n#a ^", "line 3: expected a row of the same shape above"],
    ["an open quote", '#a[1]=x {}\n#a "1', "line 3: expected a closing quote"],
    ["a repeat of nothing", "#a[1]=x {} {7}\n#a 1", "line 3: expected a value for every slot"],
    ["a shape without its count", "#a[many]=x {}\n#a 1", "line 2: expected #a[lines]=…"],
    ["too few rows of a shape", "#a[2]=x {}\n#a 1", "expected 1 more lines of #a"],
    ["too many lines", "x\ny", "expected 1 lines"],
    ["braces without end", "{, }a{b, c", "line 2: expected braces in pairs"],
  ])("says where it cannot be read: %s", (_, body, message) => {
    const form = `${printLegend("log", new Set(), { count: 1, unit: "lines" })}\n${body}`;
    expect(() => readLog(form)).toThrow(message);
    expect(decodeLog(form)).toBeUndefined();
  });
});

/** A sentence of the view, not a line of the log. */
const SENTENCE = /^…/;

/** Every line is shown or counted in a gap; what is said of lines elsewhere counts nothing. */
function accountedLines(shown: string): number {
  let count = 0;
  for (const text of shown.split("\n")) {
    const gap = /^… (\d+) (?:blank )?lines? (?:like: .* )?\(\d/.exec(text);
    if (gap) count += Number(gap[1]);
    else if (!SENTENCE.test(text)) count++;
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
          const seen = result.text.split("\n").filter((text) => !SENTENCE.test(text)).length;
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
    expect(result.text).toMatch(/^… 4[78] lines like: .+ \(2-4[89]\)$/m);
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
