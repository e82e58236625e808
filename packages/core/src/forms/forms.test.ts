/** Which forms are made of a text, by compressors that offer what a test wants. */
import { describe, expect, it } from "vitest";
import type { Compressor, Omission } from "../types/compressor.ts";
import type { Statement } from "../types/statement.ts";
import { formsOf } from "./forms.ts";
import { Interruption } from "./pace.ts";
import { scheduler } from "./schedule.ts";

const PACE = { rest: () => undefined };
const COUNTER = { name: "characters", count: (text: string) => text.length };
const OMITTED: readonly Omission[] = [{ unit: "lines", count: 1, total: 2 }];

interface Offers {
  readonly name: string;
  readonly score?: number;
  readonly encode?: Compressor["encode"];
  readonly shorten?: NonNullable<Compressor["shorten"]>;
  readonly decode?: Compressor["decode"];
  readonly more?: Partial<Compressor>;
}

function offering(
  { name, score = 0.9, encode, shorten, decode, more }: Offers,
  text?: string,
): Compressor {
  return {
    kind: name,
    name,
    detect: () => score,
    encode: encode ?? (() => undefined),
    decode: decode ?? (() => text),
    ...(shorten ? { shorten } : {}),
    ...more,
  };
}

function formsBy(text: string, compressors: readonly Compressor[], lossy = false, query?: string) {
  return formsOf(text, {
    mode: "balanced",
    lossy,
    tokens: text.length,
    counter: COUNTER,
    compressors,
    pace: PACE,
    ...(query === undefined ? {} : { query }),
  });
}

describe("a compressor that is certain of the head of a text", () => {
  const text = "x".repeat(1_000);
  const unsure = { name: "unsure", score: 0.2, encode: () => "1".repeat(100) };

  it("is asked alone where it has a form, and gives way where it has none", async () => {
    const certain = { name: "certain", score: 1, encode: () => "2".repeat(500) };
    const chosenOf = async (...offers: readonly Offers[]) =>
      (
        await formsBy(
          text,
          offers.map((each) => offering(each, text)),
        )
      ).chosen?.compressor;
    expect(await chosenOf(certain, unsure)).toBe("certain");
    expect(await chosenOf({ name: "certain", score: 1 }, unsure)).toBe("unsure");
    expect(await chosenOf({ name: "certain", score: 1 })).toBeUndefined();
  });
});

describe("lossless forms", () => {
  const text = "x".repeat(1_000);
  const by = (...offers: readonly Offers[]) =>
    formsBy(
      text,
      offers.map((each) => offering(each, text)),
    );

  it("compete: the one with the fewest tokens wins, whoever is surer", async () => {
    const forms = await by(
      { name: "a", encode: () => ["1".repeat(500), "2".repeat(300)] },
      { name: "b", score: 0.5, encode: () => "3".repeat(200) },
      { name: "c", score: 0.4, encode: () => [] },
    );
    const form = {
      kind: "b",
      compressor: "b",
      text: "3".repeat(200),
      tokens: 200,
      lossless: true,
      omitted: [],
    };
    expect(forms).toEqual({
      chosen: form,
      lossless: form,
      failed: false,
      reason: "c has no form for it",
    });
  });

  it("are made by those who are certain alone, where there are some", async () => {
    const offers = [
      { name: "a", score: 1, encode: () => "1".repeat(500) },
      { name: "b", score: 0.99, encode: () => "2".repeat(200) },
    ];
    expect((await by(...offers)).chosen?.compressor).toBe("a");
  });

  it("have to be proven: by their own proof, by what is the same, or character by character", async () => {
    const encode = (): string => "1".repeat(200);
    for (const [offers, isProven] of [
      [{ decode: () => text }, true],
      [{ decode: () => `${text} ` }, false],
      [{ decode: () => undefined }, false],
      [{ decode: () => undefined, more: { same: () => true } }, false],
      [{ decode: () => "other", more: { same: () => true } }, true],
      [{ decode: () => text, more: { same: () => false } }, false],
      [{ decode: () => text, more: { prove: () => false } }, false],
      [{ decode: () => "other", more: { prove: () => true } }, true],
    ] as const) {
      const forms = await by({ name: "a", encode, ...offers });
      expect(forms.chosen !== undefined).toBe(isProven);
      expect(forms.reason).toBe(
        isProven ? "no compressor claims it" : "a could not prove its form",
      );
    }
  });

  it("are tried in turn until one is proven", async () => {
    const forms = await by(
      { name: "a", encode: () => "1".repeat(200), decode: () => "other" },
      { name: "b", encode: () => "2".repeat(300) },
    );
    expect(forms).toMatchObject({
      chosen: { compressor: "b" },
      reason: "a could not prove its form",
    });
  });

  it("that are much longer than the text, or than the shortest, are not counted", async () => {
    const counted: number[] = [];
    const counter = {
      name: "c",
      count(each: string) {
        counted.push(each.length);
        return each.length;
      },
    };
    const lengths = [1_099, 1_100, 601, 1_000, 1_001];
    const compressor = offering(
      { name: "a", encode: () => lengths.map((length) => "1".repeat(length)) },
      text,
    );
    const request = {
      mode: "balanced",
      lossy: false,
      tokens: 1_000,
      compressors: [compressor],
      pace: PACE,
    } as const;
    await formsOf(text, { ...request, counter });
    expect(counted).toEqual([601, 1_000, 1_001]);
    lengths.splice(0, lengths.length, 1_099, 1_100);
    counted.length = 0;
    await formsOf(text, { ...request, counter });
    expect(counted).toEqual([1_099]);
  });

  it("of a compressor that throws are none, and the report says so", async () => {
    const failing = (what: unknown) => (): never => {
      throw what;
    };
    expect(await by({ name: "a", encode: failing(new Error("bug")) })).toMatchObject({
      failed: true,
      reason: "a failed: bug",
    });
    expect(await by({ name: "a", encode: () => "1", decode: failing("bug") })).toMatchObject({
      failed: true,
      reason: "a failed: bug; a could not prove its form",
    });
    const interruption = new Interruption();
    await expect(by({ name: "a", encode: failing(interruption) })).rejects.toBe(interruption);
  });
});

describe("views", () => {
  const text = "x".repeat(4_000);
  const shorten =
    (length: number, omitted = OMITTED) =>
    () => ({ text: "v".repeat(length), omitted });

  it("are made of the first who has one, and told what they need to know", async () => {
    const contexts: unknown[] = [];
    const forms = await formsBy(
      text,
      [
        offering({ name: "a" }, text),
        offering({ name: "b", score: 0.8, shorten: shorten(50, []) }, text),
        offering(
          {
            name: "c",
            score: 0.7,
            shorten: (_, context) => {
              contexts.push(context);
              return shorten(100)();
            },
          },
          text,
        ),
      ],
      true,
      "what?",
    );
    expect(forms.chosen).toEqual({
      kind: "c",
      compressor: "c",
      text: "v".repeat(100),
      tokens: 100,
      lossless: false,
      omitted: OMITTED,
    });
    expect(forms.reason).toContain("b does not say what it left out");
    expect(contexts).toEqual([
      { budgetTokens: 1_500, counter: COUNTER, firstLine: 1, query: "what?" },
    ]);
  });

  it("that fail are reported, and the next one is asked", async () => {
    const broken = (): never => {
      throw new Error("bug");
    };
    const forms = await formsBy(
      text,
      [
        offering({ name: "a", shorten: broken }, text),
        offering({ name: "b", score: 0.8, shorten: shorten(100) }, text),
      ],
      true,
    );
    expect(forms).toMatchObject({ failed: true, chosen: { compressor: "b" } });
    expect(forms.reason).toContain("a failed: bug");
  });

  it("are not made where they are not allowed, or the lossless form is short enough", async () => {
    const asked: string[] = [];
    const compressor = (form: number): Compressor =>
      offering(
        {
          name: "a",
          encode: () => "1".repeat(form),
          shorten: () => {
            asked.push(`${form}`);
            return shorten(10)();
          },
        },
        text,
      );
    await formsBy(text, [compressor(900)], false);
    await formsBy(text, [compressor(500)], true);
    await formsBy(text, [compressor(501)], true);
    expect(asked).toEqual(["501"]);
  });

  it("are not made of texts under 1,500 tokens", async () => {
    const chosen = async (length: number): Promise<boolean | undefined> => {
      const short = "x".repeat(length);
      const compressor = offering({ name: "a", shorten: shorten(10) }, short);
      return (await formsBy(short, [compressor], true)).chosen?.lossless;
    };
    expect(await chosen(1_499)).toBeUndefined();
    expect(await chosen(1_500)).toBe(false);
  });

  it("that say what is not so are not used, and the next one is asked", async () => {
    const lying = (count: number) => () => {
      const said = `… ${count} lines`;
      const statement: Statement = { text: said, of: "", about: [[0, 1]], facts: [] };
      return { text: said, omitted: OMITTED, statements: [statement] };
    };
    const by = async (count: number) => {
      const liar = offering({ name: "a", shorten: lying(count) }, text);
      return await formsBy(
        text,
        [liar, offering({ name: "b", score: 0.8, shorten: shorten(9) }, text)],
        true,
      );
    };
    expect((await by(1)).chosen?.compressor).toBe("a");
    expect(await by(2)).toMatchObject({
      chosen: { compressor: "b" },
      reason: expect.stringContaining("a says what is not so: … 2 lines"),
    });
  });

  it("are not made by one that takes any text where a sure one has nothing to leave out", async () => {
    const by = async (sure: number, weak: number, first: Offers["shorten"]) => {
      const compressors = [
        offering({ name: "sure", score: sure, ...(first ? { shorten: first } : {}) }, text),
        offering({ name: "weak", score: weak, shorten: shorten(9) }, text),
      ];
      return (await formsBy(text, compressors, true)).chosen?.compressor;
    };
    const declines = (): undefined => undefined;
    expect(await by(0.8, 0.29, declines)).toBeUndefined();
    expect(await by(0.8, 0.3, declines)).toBe("weak");
    expect(await by(0.79, 0.1, declines)).toBe("weak");
    // One that has no views, or said something false, or failed, has not said that all is worth reading.
    expect(await by(0.9, 0.1, undefined)).toBe("weak");
    expect(await by(0.9, 0.1, shorten(9, []))).toBe("weak");
    const broken = (): never => {
      throw new Error("bug");
    };
    expect(await by(0.9, 0.1, broken)).toBe("weak");
  });

  it("are first asked of another compressor whose lossless form is half as long", async () => {
    const compressors = (other: number): Compressor[] => [
      offering({ name: "sure", encode: () => "1".repeat(2_800), shorten: shorten(100) }, text),
      offering(
        { name: "other", score: 0.5, encode: () => "2".repeat(other), shorten: shorten(99) },
        text,
      ),
    ];
    expect((await formsBy(text, compressors(1_401), true)).chosen?.compressor).toBe("sure");
    expect((await formsBy(text, compressors(1_400), true)).chosen?.compressor).toBe("other");
    expect((await formsBy(text, compressors(2_801), true)).chosen?.compressor).toBe("sure");
  });

  it("are of the surest where the view of the other one hides words of trouble", async () => {
    const lines = `${"ok\n".repeat(1_000)}connection refused with an error\n`;
    const showing = (name: string, score: number, form: number, ...words: readonly string[]) =>
      offering(
        {
          name,
          score,
          encode: () => "1".repeat(form),
          shorten: () => ({ text: words.join("\n"), omitted: OMITTED }),
        },
        lines,
      );
    const chosenOf = async (sure: readonly string[], other: readonly string[]) => {
      const compressors = [
        showing("sure", 0.9, 2_800, ...sure),
        showing("other", 0.5, 1_400, ...other),
      ];
      return (await formsBy(lines, compressors, true)).chosen?.compressor;
    };
    const all = "connection refused with an error";
    expect(await chosenOf([all], ["connection… error"])).toBe("sure");
    // The words may stand anywhere; where both show as much, the kind counts that has the shorter form.
    expect(await chosenOf([all], ["error: with", "refused connection"])).toBe("other");
    expect(await chosenOf(["with error"], ["connection with error"])).toBe("other");
  });

  it("of a long text are made first, and spare the lossless form where it cannot win", async () => {
    const asked: string[] = [];
    const forms = async (length: number, view: number, least: number) => {
      asked.length = 0;
      const long = "y".repeat(length);
      const compressor = offering(
        {
          name: "a",
          encode: () => {
            asked.push("encode");
            return "1".repeat(length - 1);
          },
          shorten: () => {
            asked.push("shorten");
            return shorten(view)();
          },
          more: { leastTokens: () => least },
        },
        long,
      );
      const { chosen } = await formsBy(long, [compressor], true);
      return `${chosen?.tokens} ${asked.join()}`;
    };
    expect(await forms(20_001, 9_500, 10_000)).toBe("9500 shorten");
    expect(await forms(20_001, 9_501, 10_000)).toBe("9501 shorten,encode");
    expect(await forms(20_000, 9_000, 10_000)).toBe("9000 encode,shorten");
  });
});

describe("a text of several kinds", () => {
  const json = `{"a":"${"x".repeat(1_992)}"}`;
  const text = `first\nsecond\n${json}\nlast ${"y".repeat(1_979)}\n`;

  it("is put together from the forms of its parts, which know their line and their share", async () => {
    const contexts: unknown[] = [];
    const compressor: Compressor = {
      kind: "part",
      name: "part",
      detect: (part) => (part.startsWith("{") ? 1 : 0),
      encode: () => undefined,
      decode: () => undefined,
      shorten(part, { firstLine, budgetTokens }) {
        contexts.push([part === json, firstLine, budgetTokens]);
        return { text: "short", omitted: OMITTED };
      },
    };
    const forms = await formsBy(text, [compressor], true);
    expect(forms.chosen).toMatchObject({ text: text.replace(json, "short"), lossless: false });
    expect(forms.lossless).toBeUndefined();
    expect(contexts).toEqual([[true, 3, 750]]);
  });

  it("is left whole where that has fewer tokens", async () => {
    const make = (whole: number, part: number): Compressor => ({
      kind: "part",
      name: "part",
      detect: (each) => (each.startsWith("{") ? 1 : 0.5),
      encode: (each) =>
        each === text ? "1".repeat(whole) : each === json ? "2".repeat(part) : undefined,
      decode: (form) => (form.startsWith("1") ? text : json),
    });
    const others = text.length - json.length;
    expect((await formsBy(text, [make(others + 99, 100)])).chosen?.tokens).toBe(others + 99);
    expect((await formsBy(text, [make(others + 100, 100)])).chosen?.text).toMatch(/^1/);
    expect((await formsBy(text, [make(others + 101, 100)])).chosen?.text).toMatch(/^first/);
  });

  it("is compared as like with like: views with views, and a view with a lossless form as ever", async () => {
    // The whole has a view that spares the lossless form; the parts have both.
    const long = `first\n${json.repeat(1)}\n${"y".repeat(30_000)}\n`;
    const make = (whole: number, part: number): Compressor => ({
      kind: "part",
      name: "part",
      detect: (each) => (each.startsWith("{") || each.startsWith("y") ? 0.9 : 0.5),
      encode: (each) => (each === long ? undefined : "2".repeat(each.length - 1)),
      prove: () => true,
      decode: () => undefined,
      shorten: (each) => ({ text: "v".repeat(each === long ? whole : part), omitted: OMITTED }),
      leastTokens: (each) => each.length,
    });
    const chosen = async (whole: number, part: number) =>
      (await formsBy(long, [make(whole, part)], true)).chosen?.tokens;
    expect(await chosen(4_000, 1_000)).toBeLessThan(4_000);
    expect(await chosen(1_500, 1_000)).toBe(1_500);
  });

  it("is looked at by paragraphs where nobody claims it, from 2,000 characters on", async () => {
    const compressor: Compressor = {
      kind: "p",
      name: "p",
      detect: (part) => (part.startsWith("p") ? 0.9 : 0),
      encode: (part) => (part.startsWith("p") ? "short\n" : undefined),
      decode: () => undefined,
      prove: () => true,
    };
    const long = (length: number): string => `n${"n".repeat(997)}\n\n${"p".repeat(length - 1_000)}`;
    expect((await formsBy(long(1_999), [compressor])).chosen).toBeUndefined();
    expect((await formsBy(long(2_000), [compressor])).chosen?.text).toBe(
      `n${"n".repeat(997)}\n\nshort\n`,
    );
    expect((await formsBy("n".repeat(3_000), [compressor])).reason).toBe("no compressor claims it");
  });
});

describe("a text that only those claim who take any lines", () => {
  const table = `t${"t".repeat(1_498)}\n`;
  const other = (length: number): string => `o${"o".repeat(length - 3)}\n\n`;
  const compressors: readonly Compressor[] = [
    offering({ name: "t", encode: () => "T\n", more: { detect: sureOf("t"), prove: () => true } }),
    offering({
      name: "any",
      score: 0.1,
      encode: (text) => `A${"a".repeat(text.length / 2)}`,
      more: { prove: () => true },
    }),
  ];

  it("is looked at by paragraphs, and taken so where they are shorter", async () => {
    const text = `${other(1_000)}${table}`;
    expect((await formsBy(text, compressors)).chosen?.text).toMatch(/^Aa+\nT\n$/);
  });

  it("is taken whole where little of it is of another kind, or it is short", async () => {
    const long = `${other(4_000)}${table}`;
    expect((await formsBy(long, compressors)).chosen?.compressor).toBe("any");
    const short = `${other(450)}${table}`;
    expect((await formsBy(short, compressors)).chosen?.compressor).toBe("any");
  });

  it("is in its parts as long as it is where nothing of the whole is left out", async () => {
    const short =
      (part: string): NonNullable<Compressor["shorten"]> =>
      (text) =>
        text.startsWith(part) ? { text: "v\n", omitted: OMITTED } : undefined;
    const text = `${other(3_000)}${table.repeat(2)}`;
    const viewed = async (part: string) => {
      const encode = (each: string): string =>
        "e".repeat(each.length * (each.startsWith("t") ? 0.5 : 0.6));
      const all = compressors.map((each) => ({ ...each, encode, shorten: short(part) }));
      return (await formsBy(text, all, true)).chosen?.lossless;
    };
    expect(await viewed("t")).toBe(true);
    expect(await viewed("o")).toBe(false);
  });

  it("is cut at the lines that name its parts", async () => {
    const text = `${other(1_000).trimEnd()}\n==> t.txt <==\n${table}`;
    expect((await formsBy(text, compressors)).chosen?.text).toMatch(/^Aa+\nT\n$/);
  });
});

/** Sure of what begins with a letter. */
function sureOf(letter: string): Compressor["detect"] {
  return (text) => (text.startsWith(letter) ? 0.9 : 0);
}

describe("a document", () => {
  const sentence =
    "The gate of the harbour is closed to ships that carry more than they have papers for.";
  const prose = (count: number): string => `${sentence} ${sentence}\n\n`.repeat(count);
  const rows = (count: number): string =>
    Array.from({ length: count }, (_, at) => `ship ${at} paid ${at * 7}\n`).join("");
  const greedy = (score: (text: string) => number): Compressor =>
    offering({
      name: "greedy",
      shorten: () => ({ text: "gone", omitted: OMITTED }),
      more: { detect: score },
    });
  /** Without the line about the whole original. */
  const shown = async (text: string, score: (text: string) => number) => {
    const view = (await formsBy(text, [greedy(score)], true)).chosen?.text;
    const own = view?.slice(0, view.indexOf("… nowhere in the original"));
    return own?.endsWith("gone\n") ? own.slice(0, -1) : own;
  };

  it("is shortened by nobody who is not sure of it", async () => {
    for (const text of [
      prose(20),
      `# Harbour\n\n${sentence}\n\n## Fees\n\n- ${sentence}\n- ${sentence}\n\n${rows(3)}`.repeat(6),
      // Wrapped, as in mails and manuals.
      "The gate of the harbour is closed to ships that carry more than\nthey have papers for, and to those that sail in the fog.\n".repeat(
        20,
      ),
    ]) {
      expect(await shown(text, () => 0.79)).toBeUndefined();
      expect(await shown(text, () => 0.8)).toBe("gone");
    }
    expect(await shown(rows(200), () => 0.1)).toBe("gone");
  });

  it("is shortened inside of its fences, where they hold what tools print", async () => {
    const fenced = (info: string): string =>
      `${prose(9)}\`\`\`${info}\n${rows(60)}\`\`\`\n${prose(9)}`;
    const score = (sure: number) => (text: string) => (text.startsWith("ship") ? sure : 0);
    for (const info of ["", "text", "console", "log", "json title=a"])
      expect(await shown(fenced(info), score(0.8))).toBe(fenced(info).replace(rows(60), "gone\n"));
    for (const info of ["ts", "python", "{.rust}", "c++", "mermaid"])
      expect(await shown(fenced(info), score(0.8))).toBeUndefined();
    expect(await shown(fenced(""), score(0.79))).toBeUndefined();
  });
});

describe("a scheduler", () => {
  it("lets work go on for four milliseconds, and then has it rest", async () => {
    let time = 0;
    const turns = scheduler(() => time);
    const pace = turns.pace();
    await pace.rest();
    time = 3.9;
    expect(pace.rest()).toBeUndefined();
    time = 4;
    const resting = pace.rest();
    expect(resting).toBeInstanceOf(Promise);
    await resting;
    expect(pace.rest()).toBeUndefined();
  });

  it("wakes those who rest one by one, in the order they came", async () => {
    let time = 0;
    const turns = scheduler(() => time);
    const woken: string[] = [];
    const rests = ["a", "b", "c"].map(async (name) => {
      await turns.pace().rest();
      woken.push(name);
      time += 10;
    });
    setImmediate(() => woken.push("event loop"));
    await Promise.all(rests);
    expect(woken.filter((name) => name !== "event loop")).toEqual(["a", "b", "c"]);
    expect(woken.indexOf("event loop")).toBeLessThan(2);
  });

  it("interrupts work at the first rest after its deadline, or when its signal fires", async () => {
    let time = 100;
    const turns = scheduler(() => time);
    const pace = turns.pace(undefined, 50);
    expect(pace.deadline).toBe(150);
    await pace.rest();
    time = 150;
    await pace.rest();
    time = 150.1;
    expect(() => pace.rest()).toThrow(Interruption);
    const abort = new AbortController();
    const stopped = turns.pace(abort.signal);
    expect([stopped.signal, stopped.deadline]).toEqual([abort.signal, Number.POSITIVE_INFINITY]);
    time = 200;
    const resting = stopped.rest();
    abort.abort();
    await expect(resting).rejects.toMatchObject({ signal: abort.signal });
    expect(() => stopped.rest()).toThrow(Interruption);
  });
});
