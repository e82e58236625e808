import type { TokenCounter } from "@headroom/core";
import fc from "fast-check";
import { check, same } from "./assert.ts";
import { type ConformanceCase, type Skips, withoutSkipped } from "./case.ts";
import { anyText, hostileTexts } from "./text.ts";

export interface TokenCounterSubject {
  /** A new counter with nothing cached. */
  create(): TokenCounter | Promise<TokenCounter>;
  /** The publisher's own count. Asked only about text without long unbroken runs, where a counter may estimate. */
  oracle?(text: string): number;
  /**
   * The share of the oracle's count by which a count may differ, 0 to 1. Where it is above 0, a difference of 4 tokens is always
   * allowed.
   * @default 0
   */
  tolerance?: number;
  /** fast-check runs per generated law. @default 100 */
  runs?: number;
  skips?: Skips;
}

const SPECIAL = [
  "<|endoftext|>",
  "<|endofprompt|>",
  "<|fim_prefix|>",
  "<|fim_middle|>",
  "<|fim_suffix|>",
  "<|im_start|>",
  "<|im_end|>",
];

const ORDINARY = [
  "Hello, world!",
  "The quick brown fox jumps over the lazy dog.\nIt was 3 degrees; nobody minded.",
  'const rows = await db.query("select * from users where id = $1", [id]);\n  return rows[0] ?? null;',
  '{"id":12345,"name":"Ada Lovelace","tags":["a","b"],"at":"2026-01-02T03:04:05.678Z","ok":true}',
  "2026-01-02 03:04:05,678 ERROR [worker-7] com.acme.Billing: timeout after 30000 ms\n\tat com.acme.Run(Run.java:77)",
  "Grüße aus Köln, 日本語のテキスト, emoji 👩‍👦 and e\u0301.",
  "    indented\n\n\n\ttabs\r\nand  double  spaces   ",
  "https://example.com/a/b?c=d&e=%20f#g 3f786850e387550fdab836ed7e6dc881de23001b",
  ...SPECIAL.map((text) => `before ${text} after`),
];

/** Laws every `TokenCounter` keeps. */
export function tokenCounterCases(subject: TokenCounterSubject): readonly ConformanceCase[] {
  const { runs: numRuns = 100, tolerance = 0, oracle } = subject;
  const cases: ConformanceCase[] = [
    {
      name: "the empty text costs nothing",
      async run() {
        same((await subject.create()).count(""), 0, 'count("")');
      },
    },
    {
      name: "any text has a count, and nothing throws",
      async run() {
        const counter = await subject.create();
        for (const text of hostileTexts) whole(counter, text);
        fc.assert(
          fc.property(anyText(), (text) => whole(counter, text)),
          { numRuns },
        );
      },
    },
    {
      name: "text that looks like a special token counts as text",
      async run() {
        const counter = await subject.create();
        for (const text of SPECIAL) {
          const count = attempt(counter, text);
          check(count === undefined || count > 1, `count(${text})`, "more than 1", count);
        }
      },
    },
    {
      name: "same text, same count, in any order and across instances",
      async run() {
        const texts = [...ORDINARY, ...alike()];
        const [one, other] = [await subject.create(), await subject.create()];
        const first = texts.map((text) => attempt(one, text));
        const second = texts
          .toReversed()
          .map((text) => attempt(other, text))
          .toReversed();
        for (const [index, text] of texts.entries()) {
          same(second[index], first[index], `another instance's count of ${JSON.stringify(text)}`);
          same(attempt(one, text), first[index], `the second count of ${JSON.stringify(text)}`);
        }
      },
    },
    {
      name: "a joined text costs about what its parts cost",
      async run() {
        const counter = await subject.create();
        const split = (text: string, at: number): [string, string] => [
          text.slice(0, at),
          text.slice(at),
        ];
        const pairs = ORDINARY.flatMap((text, index) => [
          ...ORDINARY.map((other): [string, string] => [text, other]),
          split(text, Math.floor((text.length * (index + 1)) / (ORDINARY.length + 1))),
        ]);
        for (const [left, right] of pairs) {
          const [one, other] = [attempt(counter, left), attempt(counter, right)];
          const joined = attempt(counter, left + right);
          if (one === undefined || other === undefined || joined === undefined) continue;
          const slack = Math.max(4, Math.ceil(0.05 * (one + other)));
          const what = `count(${JSON.stringify(left)} + ${JSON.stringify(right)})`;
          check(joined <= one + other + slack, what, `at most ${one + other + slack}`, joined);
          const least = Math.max(one, other) - slack;
          check(joined >= least, what, `at least ${least}`, joined);
        }
      },
    },
    {
      name: "a hundred copies of a text cost about a hundred times as much",
      async run() {
        const counter = await subject.create();
        for (const text of ORDINARY) {
          const line = `${text}\n`;
          const [one, many] = [counter.count(line), counter.count(line.repeat(100))];
          const within = one > 0 && many >= 80 * one && many <= 120 * one;
          check(within, `count of 100 × ${JSON.stringify(line)}`, `about ${100 * one}`, many);
        }
      },
    },
    {
      // A counter that is quadratic here needs minutes, which the runner's time limit reports; the law itself has no clock.
      name: "an unbroken run twice as long costs about twice as much",
      async run() {
        const counter = await subject.create();
        for (const unit of ["a", "abcdefghij", " ", "0", "é", "=", "\n", "中", "👩‍👦"]) {
          const run = unit.repeat(Math.floor(250_000 / unit.length));
          const [once, twice] = [attempt(counter, run), attempt(counter, run + run)];
          if (once === undefined || twice === undefined) continue;
          const what = `count of 500,000 characters of ${JSON.stringify(unit)}`;
          check(Math.abs(twice - 2 * once) <= 8 + 0.05 * once, what, `about ${2 * once}`, twice);
        }
      },
    },
  ];
  if (oracle !== undefined) {
    cases.push({
      name: "the count is the oracle's",
      async run() {
        const counter = await subject.create();
        for (const text of ORDINARY) {
          const [count, expected] = [attempt(counter, text), oracle(text)];
          if (count === undefined) continue;
          const slack = tolerance === 0 ? 0 : Math.max(4, tolerance * expected);
          const within = Math.abs(count - expected) <= slack;
          check(within, `count(${JSON.stringify(text)})`, expected, count);
        }
      },
    });
  }
  return withoutSkipped(cases, subject.skips);
}

function whole(counter: TokenCounter, text: string): void {
  const count = counter.count(text);
  const least = text === "" ? 0 : 1;
  const fine = Number.isSafeInteger(count) && (text === "" || count >= least);
  check(fine, `count(${JSON.stringify(text.slice(0, 60))})`, `a whole number from ${least}`, count);
}

/** A throw is the business of one case only. */
function attempt(counter: TokenCounter, text: string): number | undefined {
  try {
    return counter.count(text);
  } catch {
    return undefined;
  }
}

/** Texts a careless cache takes for one another: same length, same ends, or differing in encoding only. */
function alike(): string[] {
  const middle = ["a", "1", " ", "中", "\n", "é", "-"];
  return [
    ...middle.map((unit) => `head ${unit.repeat(300)} tail`),
    "\ud800 half",
    "\ufffd half",
    "e\u0301",
    "é",
  ];
}
