import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { mineTemplates } from "./mine.ts";

const shapes = (lines: readonly string[]): readonly string[] =>
  finish(mineTemplates(lines)).templates.map(({ words, count }) => `${count} ${words.join(" ")}`);

describe("mineTemplates", () => {
  it("masks numbers, paths and values of keys, and keeps words", () => {
    expect(shapes(["took 12 ms in /a/b user=ann", "took 7 ms in /c user=bob"])).toEqual([
      "2 took * ms in * user=*",
    ]);
  });

  it("keeps the program and masks its process number", () => {
    expect(shapes(["sshd[1]: bye", "sshd[22]: bye", "cron[3]: bye"])).toEqual([
      "2 sshd[*]: bye",
      "1 cron[*]: bye",
    ]);
  });

  it("keeps an event apart that differs in one word from a frequent one", () => {
    const lines = [
      ...Array.from({ length: 50 }, (_, i) => `session ${i} opened`),
      "session 7 refused",
    ];
    expect(shapes(lines)).toEqual(["50 session * opened", "1 session * refused"]);
  });

  it("takes a word for a variable once it has many values", () => {
    const lines = "ann bob cem dan eve fay gil hal ian joy kim lea max nia"
      .split(" ")
      .map((name) => `hello dear ${name} again`);
    expect(shapes(lines)).toEqual(["14 hello dear * again"]);
  });

  it("never takes the name of a setting for its value", () => {
    const lines = "red blue gray pink gold teal lime navy cyan rust sand plum mint coal"
      .split(" ")
      .map((name) => `+ ${name} = true`);
    expect(shapes(lines)).toHaveLength(14);
  });

  it("keeps strict lines apart unless only their numbers differ", () => {
    const lines = ["cannot open /a/b", "cannot open /a/c", "cannot open /a/b"];
    const { templates } = finish(mineTemplates(lines, { strict: () => true }));
    expect(templates.map(({ count }) => count)).toEqual([2, 1]);
  });

  it("gives every line that is not blank a template that counts it", () => {
    const line = fc.constantFrom(
      "",
      " ",
      "a 1",
      "a 2",
      "b",
      "x=1",
      "GET /a 200",
      "one two three four five six",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.string({ maxLength: 20 })), { maxLength: 60 }),
        (lines) => {
          const { ids, templates } = finish(mineTemplates(lines));
          const counts = templates.map(() => 0);
          for (const [i, id] of ids.entries()) {
            if (id < 0) expect([...(lines[i] ?? "")].filter((char) => char > " ")).toEqual([]);
            else counts[id] = (counts[id] ?? 0) + 1;
          }
          expect(counts).toEqual(templates.map(({ count }) => count));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("what is a value", () => {
  it.each([
    ["took 12 ms", "took * ms"],
    ["at /usr/lib", "at *"],
    ["at C:\\\\x", "at *"],
    ["to ann@home", "to *"],
    ["call a.b", "call *"],
    ["end.", "end."],
    [".x", ".x"],
    ["see a:b:c", "see *"],
    ["see a:b", "see a:b"],
    ["a::b", "a::b"],
    ["a::b::c", "*"],
    ["key=value", "key=*"],
    ["key=", "key="],
    ["=value", "=value"],
    ["a=1,b=2", "a=*"],
    ["sshd[19]:", "sshd[*]:"],
    ["(12)", "(*)"],
    ["{a1}", "{*}"],
    ["<12>", "<*>"],
    ["'12'", "'*'"],
    ["`12`", "`*`"],
    ["1,2", "*,*"],
    ["a;1|2", "a;*|*"],
    ["x1:", "*:"],
    ['"GET /a HTTP/1.1" 200 12', '"GET * *" 200 *'],
    ['"GET" 500', '"GET" 500'],
    ['"GET" 600', '"GET" *'],
    ['"GET" 099', '"GET" *'],
    ['"GET" 1000', '"GET" *'],
    ["GET 500", "GET *"],
    ["snake_case Word", "snake_case Word"],
    ["Z`z", "Z`z"],
    ["caf\u00e9 1", "caf\u00e9 *"],
  ])("%s is %s", (line, shape) => expect(shapes([line])).toEqual([`1 ${shape}`]));

  it("of a line that may not be merged: numbers and hashes only", () => {
    const strict = (line: string): string =>
      finish(mineTemplates([line], { strict: () => true })).templates[0]?.words.join(" ") ?? "";
    for (const [line, shape] of [
      ["cannot open /a/b12.c3", "cannot open /a/b0.c0"],
      ["code 12", "code 0"],
      ["x1y22z", "x0y0z"],
      ["x  y", "x y"],
      ["id deadbeef1", "id *"],
      ["id (0x7ffe12)", "id (*)"],
      ["trace=4bf92f3577b34da6 x", "trace=* x"],
      ["/orders/0d9f8a7b/items", "/orders/*/items"],
      ["req 01HV3K9Q2Z8M", "req *"],
      ["error[E0432]: x", "error[E0]: x"],
      ["TestCase12 of utf8mb4", "TestCase0 of utf0mb0"],
      ["id 12345", "id 0"],
      ["id 123456", "id *"],
      ["id abcdef", "id abcdef"],
      ["id 1-2-3-4", "id *"],
      ["id a1.b2c3d4", "id a0.b0c0d0"],
      ["id g123456", "id g0"],
    ] as const)
      expect(strict(line), line).toBe(shape);
  });

  it("reads four hundred characters of a line", () => {
    const line = (end: string) => `${"x ".repeat(199)}${end}`;
    expect(shapes([line("ab"), line("ac")])).toHaveLength(2);
    expect(shapes([line("abc"), line("abd")])).toHaveLength(1);
  });
});

describe("what becomes a variable", () => {
  const letters = (at: number): string =>
    `${String.fromCharCode(97 + (at % 26))}${"xyzuvwabcdefg"[Math.floor(at / 26)]}q`;
  const lines = (count: number, line: (name: string, at: number) => string): readonly string[] =>
    Array.from({ length: count }, (_, at) => line(letters(at), at));

  it.each<[string, number, number, (name: string, at: number) => string]>([
    ["twelve words in one place", 11, 12, (name) => `hello dear ${name} again`],
    ["twenty-four where two words are all", 23, 24, (name) => `hello ${name}`],
    ["twenty-four where nothing else is constant", 23, 24, (name) => `7 ${name} 8`],
    [
      "twelve words that stand alone before a colon's value",
      11,
      12,
      (name) => `value of: ${name} here`,
    ],
  ])("%s", (_, few, enough, line) => {
    expect(shapes(lines(few, line))).toHaveLength(few);
    expect(shapes(lines(enough, line))).toHaveLength(1);
  });

  it.each([" = x", " : x", " => x", ": x", "=5 x"])("never a name before %j", (rest) => {
    expect(shapes(lines(30, (name) => `+ ${name}${rest}`))).toHaveLength(30);
  });

  it("unless all that is said is that it is known after apply", () => {
    expect(shapes(lines(30, (name) => `+ ${name} = (known after apply)`))).toHaveLength(1);
  });

  it("never in lines of twenty-five words, in lines of twenty-four", () => {
    const long = (count: number) => (name: string) => `${"w ".repeat(count - 1)}${name}`;
    expect(shapes(lines(40, long(24)))).toHaveLength(1);
    expect(shapes(lines(40, long(25))).length).toBeGreaterThan(1);
  });

  it("from twenty-four on where a line is frequent by itself", () => {
    const often = (kinds: number) =>
      lines(kinds, (name) => `state is ${name} now`).flatMap((line) =>
        Array.from({ length: 9 }, () => line),
      );
    expect(shapes(often(23))).toHaveLength(23);
    expect(shapes(often(24))).toHaveLength(1);
    expect(
      shapes([...often(1), ...lines(20, (name) => `state is ${name} now`).slice(1)]),
    ).toHaveLength(2);
  });

  it("in strict lines from two hundred on", () => {
    const strict = (count: number): number =>
      finish(
        mineTemplates(
          lines(count, (name) => `cannot find ${name} here`),
          { strict: () => true },
        ),
      ).templates.length;
    expect([strict(199), strict(200)]).toEqual([199, 1]);
  });

  it("where two dozen rare lines begin alike and go on with any number of words", () => {
    const tail = (at: number): string =>
      Array.from({ length: 3 + (at % 4) }, (_, n) => letters(at * 7 + n * 31)).join(" ");
    const prefixed = (count: number, start: string): readonly string[] =>
      shapes(lines(count, (_, at) => `${start} ${tail(at)}`));
    expect(prefixed(24, "10:00 app[1]: says")).toEqual(["24 * app[*]: says *"]);
    expect(prefixed(23, "10:00 app[1]: says")).toHaveLength(23);
    expect(prefixed(24, "one says")).toHaveLength(24);
  });

  it("knows the first and the last line of a template", () => {
    const { templates, ids } = finish(mineTemplates(["a 1", "b", "a 2", "", "b", "a 3"]));
    expect(templates.map(({ first, last, count }) => [first, last, count])).toEqual([
      [0, 5, 3],
      [1, 4, 2],
    ]);
    expect([...ids]).toEqual([0, 1, 0, -1, 1, 0]);
  });
});
