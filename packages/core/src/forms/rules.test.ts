/** The rules of the pure stage, at their exact thresholds. */
import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import type { Compressor } from "../types/compressor.ts";
import type { Form } from "../types/runner.ts";
import { capFor } from "./cap.ts";
import { choose, mostTokensOfView, wantsView } from "./choose.ts";
import { mergeOmissions } from "./offers.ts";
import { Interruption, isSteps, settle } from "./pace.ts";
import { joinParts, paragraphsByKind, partsOf } from "./parts.ts";
import { type Candidate, route, sampleOf } from "./route.ts";
import { RunnerFailure, sheltered } from "./runner.ts";
import { paragraphs, segment } from "./segment.ts";

const PACE = { rest: () => undefined, deadline: Number.POSITIVE_INFINITY, signal: undefined };
const COUNTER = { name: "characters", count: (text: string) => text.length };

function form(tokens: number, lossless: boolean, more: Partial<Form> = {}): Form {
  return { kind: "log", compressor: "log", text: "x", tokens, lossless, omitted: [], ...more };
}

function claiming(name: string, detect: (text: string) => number): Compressor {
  return { kind: name, name, detect, encode: () => undefined, decode: () => undefined };
}

describe("a cap", () => {
  it.each([
    ["balanced", 1_500, 724],
    ["balanced", 4_000, 1_500],
    ["balanced", 15_000, 4_000],
    ["balanced", 50_000, 8_000],
    ["balanced", 200_000, 16_000],
    ["balanced", 800_000, 32_000],
    ["balanced", 3_200_000, 64_000],
    ["aggressive", 15_000, 2_000],
    ["audit", 15_000, 4_000],
  ] as const)("in mode %s of %i tokens is %i", (mode, tokens, cap) => {
    expect(capFor(tokens, mode)).toBe(cap);
  });

  it("grows with the block, but slower than it", () => {
    for (let tokens = 2; tokens < 2_000_000; tokens = Math.ceil(tokens * 1.1)) {
      const [less, more] = [capFor(tokens, "balanced"), capFor(tokens * 2, "balanced")];
      expect(more).toBeGreaterThanOrEqual(less);
      expect(more).toBeLessThanOrEqual(2 * less);
    }
  });
});

describe("a view", () => {
  it.each([
    [500, 500, false],
    [501, 501, true],
    [121, 120, true],
    [120, 120, false],
  ])("of %i tokens in a budget of %i is wanted: %s", (tokens, budget, wanted) => {
    expect(wantsView(tokens, budget)).toBe(wanted);
  });

  it("is used where it is a third of a form that fits, or nineteen twentieths of one that does not", () => {
    expect(mostTokensOfView(900, 900)).toBe(300);
    expect(mostTokensOfView(900, 899)).toBe(855);
    const lossless = form(900, true);
    for (const [tokens, budget, isUsed] of [
      [300, 900, true],
      [301, 900, false],
      [855, 899, true],
      [856, 899, false],
    ] as const) {
      const view = form(tokens, false);
      expect(choose(lossless, view, 5_000, budget)).toBe(isUsed ? view : lossless);
      expect(choose(undefined, view, 900, budget)).toBe(isUsed ? view : undefined);
    }
    expect(choose(lossless, undefined, 5_000, 10)).toBe(lossless);
  });
});

describe("a route", () => {
  it("asks who claims a text: the surest first, three at most, in order between equals", () => {
    const scores: readonly (readonly [string, number])[] = [
      ["a", 0.4],
      ["none", 0],
      ["b", 0.9],
      ["c", 0.4],
      ["d", 0.3],
      ["nan", Number.NaN],
      ["infinite", Number.POSITIVE_INFINITY],
      ["negative", -1],
    ];
    const compressors = scores.map(([name, score]) => claiming(name, () => score));
    const broken = claiming("broken", () => {
      throw new Error("broken");
    });
    const found = route("text", [broken, ...compressors]);
    expect(found.map(({ compressor, score }) => `${compressor.name} ${score}`)).toEqual([
      "b 0.9",
      "a 0.4",
      "c 0.4",
    ]);
  });

  it("looks at the first 16,384 characters, up to the end of a line in their second half", () => {
    const whole = "x".repeat(16_384);
    expect(sampleOf(whole)).toBe(whole);
    expect(sampleOf(`${whole}x`)).toBe(whole);
    const brokenAt = (at: number): string => `${"x".repeat(at)}\n${"y".repeat(20_000)}`;
    expect(sampleOf(brokenAt(16_383))).toHaveLength(16_384);
    expect(sampleOf(brokenAt(16_384))).toHaveLength(16_384);
    expect(sampleOf(brokenAt(16_000))).toHaveLength(16_001);
    expect(sampleOf(brokenAt(8_192))).toHaveLength(8_193);
    expect(sampleOf(brokenAt(8_191))).toHaveLength(16_384);
  });
});

describe("a segment", () => {
  const json = (length: number): string => `{"a":"${"x".repeat(length - 8)}"}`;
  const split = (text: string): readonly string[] =>
    finish(segment(text)).map(
      ({ start, end, marked }) => `${start}-${end}${marked ? " marked" : ""}`,
    );
  const fence = (length: number, sign = "```", indent = ""): string =>
    `${indent}${sign}\n${"x".repeat(length - 1)}\n${sign}\n`;

  it("is JSON of 400 characters, from its first to its last", () => {
    expect(split(`${json(399)}\nafter`)).toEqual(["0-405"]);
    expect(split(`${json(400)}\nafter`)).toEqual(["0-400 marked", "400-406"]);
    expect(split(`a\n ${json(400)} \n`)).toEqual(["0-3", "3-403 marked", "403-405"]);
    expect(split(`a\n[${json(400)}]`)).toEqual(["0-2", "2-404 marked"]);
    expect(split(`a\n${json(400)} b\n`)).toEqual(["0-405"]);
    expect(split(`${json(400)}\n\n${json(400)}\n`)).toEqual(["0-802 marked", "802-803"]);
    expect(split(`${json(400)}\na\n${json(400)}\n`)).toEqual([
      "0-400 marked",
      "400-403",
      "403-803 marked",
      "803-804",
    ]);
  });

  it("is what a fence holds, 400 characters of it", () => {
    expect(split(fence(399))).toEqual(["0-407"]);
    expect(split(fence(400))).toEqual(["0-4", "4-404 marked", "404-408"]);
    expect(split(fence(400, "~~~"))).toEqual(["0-4", "4-404 marked", "404-408"]);
    expect(split(fence(400, "````"))).toEqual(["0-5", "5-405 marked", "405-410"]);
    expect(split(fence(400, "``"))).toEqual(["0-406"]);
    expect(split(fence(400, "```", "   "))).toEqual(["0-7", "7-407 marked", "407-411"]);
    expect(split(fence(400, "```", "    "))).toEqual(["0-412"]);
  });

  it("does not end at a fence of fewer signs, of another sign, or with words behind it", () => {
    const inside = "x".repeat(399);
    for (const [opening, closing, closes] of [
      ["````", "```", false],
      ["```", "````", true],
      ["```", "~~~", false],
      ["```", "``` x", false],
      ["```", "  ```  ", true],
      ["```ts", "```", true],
    ] as const) {
      const found = split(`${opening}\n${inside}\n${closing}\n`);
      expect(found.length > 1, `${opening} ${closing}`).toBe(closes);
    }
  });

  it("is one of 24 at most: more are data in a log", () => {
    const many = (count: number): string => fence(400).repeat(count);
    expect(split(many(24)).filter((part) => part.endsWith("marked"))).toHaveLength(24);
    expect(split(many(25))).toEqual([`0-${408 * 25}`]);
  });

  it("is a paragraph of 400 characters, with the blank line behind it", () => {
    const cut = (text: string): readonly string[] =>
      finish(paragraphs(text)).map(({ start, end }) => `${start}-${end}`);
    expect(cut("")).toEqual([]);
    expect(cut(`${"x".repeat(398)}\n\n`)).toEqual(["0-400"]);
    expect(cut(`${"x".repeat(398)}\n\nrest`)).toEqual(["0-400", "400-404"]);
    expect(cut(`${"x".repeat(397)}\n\nrest`)).toEqual(["0-403"]);
    expect(cut(`${"x".repeat(200)}\n\n${"y".repeat(200)}\n \t\nrest`)).toEqual([
      "0-406",
      "406-410",
    ]);
  });

  it("ends at a line that names what follows", () => {
    const cut = (line: string): number => finish(paragraphs(`a\nb\n${line}\nc\n`)).length;
    for (const line of [
      "==> a.log <==",
      "=== Disks ===",
      "--- df -h ---",
      "##### Free #####",
      "$ df -h",
    ])
      expect(cut(line), line).toBe(3);
    for (const line of ["==========", "--- a/src/pool.ts", "-- a --", "# A title", "$ 12", "--"])
      expect(cut(line), line).toBe(1);
    expect(cut(`=== ${"x".repeat(160)} ===`)).toBe(1);
  });
});

describe("a mix", () => {
  const part = `{"a":"${"x".repeat(392)}"}`;
  const countOf = (text: string, score?: number): number => {
    const sure: Candidate[] =
      score === undefined ? [] : [{ compressor: claiming("a", () => 1), score }];
    return finish(partsOf(text, sure)).length;
  };

  it("is a text three tenths of which are marked off, or any that nobody is sure of", () => {
    const text = (rest: number): string => `${part}\n${"y".repeat(rest - 1)}`;
    expect(countOf(text(933), 0.8)).toBe(2);
    expect(countOf(text(934), 0.8)).toBe(0);
    expect(countOf(text(5_000), 0.79)).toBe(2);
    expect(countOf(text(5_000))).toBe(2);
    expect(countOf("no part", 0.79)).toBe(1);
  });

  it("is no text that is one part with a few words around it", () => {
    const text = (rest: number): string => `${part}\n${"y".repeat(rest - 1)}`;
    expect(countOf(text(44), 1)).toBe(0);
    expect(countOf(text(45), 1)).toBe(2);
  });

  it("is cut where another compressor claims the next paragraph", () => {
    const compressors = ["a", "b"].map((name) =>
      claiming(name, (text) => (text.startsWith(name) ? 1 : 0)),
    );
    const text = ["a", "a", "b", "c", "c", "a"].map((name) => `${name.repeat(500)}\n\n`).join("");
    const found = finish(paragraphsByKind(text, compressors));
    expect(found).toEqual([
      { start: 0, end: 1_004, name: "a" },
      { start: 1_004, end: 1_506, name: "b" },
      { start: 1_506, end: 2_510, name: undefined },
      { start: 2_510, end: 3_012, name: "a" },
    ]);
  });

  it("is put together from the forms that are shorter than their parts", async () => {
    const omitted = [{ unit: "line", count: 2, total: 5 }] as const;
    const joined = await joinParts(
      [
        { part: "first\n", form: form(1, true, { text: "1st" }) },
        { part: "second\n", form: form(1, false, { text: "second\n" }) },
        { part: "third\n", form: undefined },
        {
          part: "fourth\n",
          form: form(1, false, { text: "4th\n", kind: "json", compressor: "json", omitted }),
        },
        { part: "fifth", form: form(1, true, { text: "5th", omitted }) },
      ],
      COUNTER,
      PACE,
    );
    expect(joined).toEqual({
      text: "1st\nsecond\nthird\n4th\n5th",
      tokens: 24,
      kind: "log+json",
      compressor: "log+json",
      lossless: false,
      omitted: [{ unit: "line", count: 4, total: 10 }],
    });
    const none = [{ part: "abc", form: form(1, true, { text: "abc" }) }];
    expect(await joinParts(none, COUNTER, PACE)).toBeUndefined();
    const one = await joinParts(
      [{ part: "abc", form: form(1, true, { text: "ab" }) }],
      COUNTER,
      PACE,
    );
    expect(one).toMatchObject({ lossless: true, kind: "log", tokens: 2 });
  });

  it("adds up what was left out, by unit and what it is", () => {
    const omission = (unit: string, count: number, total: number, what?: string) =>
      ({ unit, count, total, ...(what === undefined ? {} : { what }) }) as const;
    expect(
      mergeOmissions([
        omission("line", 1, 10),
        omission("row", 2, 20),
        omission("line", 3, 30, "of a table"),
        omission("line", 4, 40),
      ] as Parameters<typeof mergeOmissions>[0]),
    ).toEqual([
      omission("line", 5, 50),
      omission("row", 2, 20),
      omission("line", 3, 30, "of a table"),
    ]);
  });
});

describe("work in steps", () => {
  function* counting(steps: number): Generator<undefined, number> {
    for (let n = 0; n < steps; n++) yield undefined;
    return steps;
  }

  it("rests between its steps, and waits where it has to", async () => {
    const order: string[] = [];
    let rests = 0;
    const rest = (): Promise<void> | undefined => {
      if (rests++ % 2 === 0) return undefined;
      return Promise.resolve().then(() => void order.push("rested"));
    };
    expect(await settle(counting(4), { rest })).toBe(4);
    expect([rests, order]).toEqual([4, ["rested", "rested"]]);
    expect(await settle(counting(2))).toBe(2);
    expect(await settle("at once", { rest: () => expect.unreachable() })).toBe("at once");
  });

  it("is told from every other answer", () => {
    expect(isSteps(counting(1))).toBe(true);
    for (const other of [
      "text",
      null,
      undefined,
      [],
      new Map(),
      { next: () => {} },
      Object.assign([], { next: 5 }),
    ])
      expect(isSteps<unknown>(other)).toBe(false);
  });

  it("that another copy of the package interrupts is recognised", () => {
    expect(Interruption.isInstance(new Interruption())).toBe(true);
    expect(Interruption.isInstance({ "~headroom.interruption": true })).toBe(true);
    for (const other of [null, undefined, "text", {}, new Error("x")])
      expect(Interruption.isInstance(other)).toBe(false);
    const { signal } = new AbortController();
    expect(new Interruption(signal).signal).toBe(signal);
  });
});

describe("a runner that is sheltered", () => {
  const failing = (error: unknown) => {
    const fail = async (): Promise<never> => {
      throw error;
    };
    return sheltered({ count: fail, digest: fail, forms: fail });
  };
  const job = { text: "", mode: "lossless", lossy: false, tokens: 0 } as const;

  it("fails with a failure of its own, whatever happens to it", async () => {
    for (const error of [new Error("gone"), "gone"]) {
      const runner = failing(error);
      for (const call of [
        runner.count("", PACE),
        runner.digest("", PACE),
        runner.forms(job, PACE),
      ]) {
        const said = await call.catch((cause: unknown) => cause);
        expect(said).toBeInstanceOf(RunnerFailure);
        expect(said).toMatchObject({ name: "RunnerFailure", message: "gone" });
      }
    }
    const interruption = new Interruption();
    await expect(failing(interruption).count("", PACE)).rejects.toBe(interruption);
  });

  it("is closed, where it can be", async () => {
    let closed = 0;
    const runner = { ...failing("x"), close: async () => void closed++ };
    await sheltered(runner).close?.();
    expect(closed).toBe(1);
    const { close: _, ...others } = failing("x");
    await expect(sheltered(others).close?.()).resolves.toBeUndefined();
  });
});
