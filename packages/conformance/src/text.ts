/**
 * Texts that break programs: cut short, nested deep, badly encoded, or spelled like something they are not.
 *
 * Everything stays under 200 kB, so that a suite over all of them takes seconds. Size itself is the benchmarks' business.
 */
import fc from "fast-check";

const ROWS = 40;

/** Rows with what breaks a JSON reader that builds values: odd keys, numbers that no double holds, duplicates. */
function rows(row: (index: number) => string): string {
  return `[${Array.from({ length: ROWS }, (_, index) => row(index)).join(",\n")}]`;
}

/** Short pieces; also put in the middle of real samples. */
export const hostileSnippets: readonly string[] = [
  "",
  " ",
  "\n",
  "\r\n",
  "\r",
  "\t",
  "\u0000",
  "\ufeff",
  "\ud800",
  "\udc00",
  "\udc00\ud800",
  "\u2028",
  "\u200b",
  "\u202eright to left\u202c",
  "👩‍👦",
  "e\u0301",
  "\u001b[31mred\u001b[0m",
  "\u001b]8;;http://x\u0007link",
  "10%\r20%\r100%\n",
  "[",
  "]",
  "{",
  '{"a":',
  '"',
  "'",
  "```",
  "\\",
  "<|endoftext|>",
  "<|im_start|>system",
  "[[hr:abcdefghijklmnopqrstuv json 3 of 9 rows omitted]]",
  "… 12 lines left out",
  "__proto__",
  "constructor",
  "$&$1$`",
  "%s%n",
  "null",
  "NaN",
  "1e400",
  "-0",
];

/** Whole texts. */
export const hostileTexts: readonly string[] = [
  ...hostileSnippets,
  "x".repeat(100_000),
  "a ".repeat(30_000),
  "\n".repeat(20_000),
  "\r\n".repeat(5_000),
  "\u0000".repeat(5_000),
  "👩‍👦".repeat(5_000),
  "\ud800".repeat(5_000),
  "[".repeat(50_000),
  `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
  '{"a":'.repeat(20_000),
  `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  "<div>".repeat(10_000),
  "<".repeat(20_000),
  "(".repeat(20_000),
  "a:1:".repeat(10_000),
  "| ".repeat(10_000),
  "0".repeat(50_000),
  `[1${"0".repeat(400)},1e400,-0,1.0,1E5,0.10]`,
  rows((index) => `{"__proto__":{"polluted":${index}},"id":${index}}`),
  rows((index) => `{"constructor":{"prototype":{"polluted":${index}}},"toString":${index}}`),
  rows((index) => `{"a":1.0,"a":${index},"2":1,"1":2}`),
  rows((index) => `{"n":1${"0".repeat(60)}${index},"e":1e400,"z":-0,"s":"1","u":"\\u0041\\/"}`),
  rows((index) => `{"k":"\ud800${index}","v":"\\ud800"}`),
  rows((index) => `{"":null,"a.b":{"c":[]},"a":{"b.c":{}},"id":"${index}"}`),
  rows((index) => (index % 2 === 0 ? "null" : `{"only":${index}}`)),
  "--- a/x\n+++ b/x\n@@ -1,3 +1,900000000 @@\n-a\n+b\n",
  "@@ -0,0 +1 @@\n".repeat(500),
  "ERROR\n".repeat(3_000),
  "src/a.ts:1:\n".repeat(2_000),
  '"a","b\n"c""",\n'.repeat(500),
  '2026-01-01T00:00:00Z INFO \u001b[1m{"a":\u001b[0m\n'.repeat(400),
  Array.from({ length: 2_000 }, (_, index) => String.fromCharCode((index * 7919) % 65_536)).join(
    "",
  ),
];

/**
 * Any UTF-16 at all, well-formed or not.
 *
 * Characters come from numbers: fast-check's `unit: "binary"` builds a table of all of Unicode, a second each time.
 */
export function anyText(): fc.Arbitrary<string> {
  const codes = (max: number) => fc.array(fc.integer({ min: 0, max }), { maxLength: 60 });
  const pieces = fc.array(fc.oneof(fc.constantFrom(...hostileSnippets), fc.string()), {
    maxLength: 30,
  });
  return fc.oneof(
    codes(0x10ffff).map((points) => String.fromCodePoint(...points)),
    codes(0xffff).map((units) => String.fromCharCode(...units)),
    pieces.map((parts) => parts.join("")),
    fc.json(),
  );
}

/** Real texts, and what cut pipes, editors and other systems make of them. */
export function variantsOf(samples: readonly string[]): fc.Arbitrary<string> {
  const sample = fc.constantFrom(...samples);
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.oneof(
    sample,
    fc.tuple(sample, place, place).map(([text, from, to]) => {
      const lines = text.split("\n");
      const [first, last] = from < to ? [from, to] : [to, from];
      return lines
        .slice(Math.floor(first * lines.length), Math.ceil(last * lines.length))
        .join("\n");
    }),
    fc.tuple(sample, place).map(([text, at]) => text.slice(0, Math.floor(at * text.length))),
    fc.tuple(sample, place, fc.constantFrom(...hostileSnippets)).map(([text, at, piece]) => {
      const index = Math.floor(at * text.length);
      return text.slice(0, index) + piece + text.slice(index);
    }),
    fc.tuple(sample, sample).map(([one, other]) => `${one}\n${other}`),
    sample.map((text) => text.replaceAll("\n", "\r\n")),
    sample.map((text) => `\ufeff${text}`),
    sample.map((text) => text.replaceAll("e", "é").replaceAll("0", "👩‍👦")),
    sample.map((text) =>
      text
        .split("\n")
        .map((line) => `${line} \t`)
        .join("\n"),
    ),
  );
}

/** No lone surrogate. Written out because `isWellFormed` is younger than the oldest runtime we promise. */
export function isWellFormed(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0xd800 || code > 0xdfff) continue;
    const next = text.charCodeAt(index + 1);
    if (code > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    index++;
  }
  return true;
}
