import { describe, expect, it } from "vitest";
import { printLegend } from "../../notation/legend.ts";
import { finish } from "../../steps.ts";
import { encodeLog } from "./lossless.ts";
import { decodeLog, readLog } from "./lossless-decode.ts";

const times = (count: number, make: (at: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** The form without its legend; the legend has to explain these features, and the text has to come back. */
function formOf(
  lines: readonly string[],
  features: Parameters<typeof printLegend>[1],
): readonly string[] {
  const text = lines.join("\n");
  const form = finish(encodeLog(text)) ?? "";
  expect(decodeLog(form)).toBe(text);
  const [legend, ...body] = form.split("\n");
  expect(legend).toBe(printLegend("log", features, { count: lines.length, unit: "lines" }));
  return body;
}

describe("the legend explains what is used", () => {
  const quiet = [
    "one line of words",
    "another of its own",
    "nothing in common",
    "goes on without end",
  ];
  it.each<[string, readonly string[], Parameters<typeof printLegend>[1], readonly string[]]>([
    ["nothing", quiet, new Set(), quiet],
    ["an escaped row", [...quiet, "#a 1"], new Set(["escaped"]), [...quiet, "\\#a 1"]],
    ["an escaped backslash", [...quiet, "\\x"], new Set(["escaped"]), [...quiet, "\\\\x"]],
    ["an escaped stamp", [...quiet, "…43 x"], new Set(["escaped"]), [...quiet, "\\…43 x"]],
    ["an escaped name", [...quiet, "@1=x"], new Set(["escaped"]), [...quiet, "\\@1=x"]],
    ["an escaped list", [...quiet, "{, }x"], new Set(["escaped"]), [...quiet, "\\{, }x"]],
    [
      "a stamp whose end differs",
      [...quiet, "10:05:03 a", "10:05:43 b"],
      new Set(["stamps"]),
      [...quiet, "10:05:03 a", "…43 b"],
    ],
    [
      "the same stamp",
      [...quiet, "10:05:03 a", "10:05:03 b"],
      new Set(["sameStamp"]),
      [...quiet, "10:05:03 a", "… b"],
    ],
    [
      "a stamp with a zone",
      [...quiet, "10:05:03Z a", "10:05:43Z b"],
      new Set(["stamps", "zones"]),
      [...quiet, "10:05:03Z a", "…43 b"],
    ],
    [
      "a bare stamp",
      [...quiet, "10:05:03", "10:05:43"],
      new Set(["stamps"]),
      [...quiet, "10:05:03", "…43"],
    ],
    [
      "an empty line behind a stamp",
      [...quiet, "10:05:03 ", "10:05:43 "],
      new Set(["stamps"]),
      [...quiet, "10:05:03 ", "…43 "],
    ],
    [
      "behind a stamp a row is escaped",
      [...quiet, "10:05:03 #a 1"],
      new Set(["escaped"]),
      [...quiet, "10:05:03 \\#a 1"],
    ],
    [
      "behind a stamp a name is not",
      [...quiet, "10:05:03 @1=x"],
      new Set(),
      [...quiet, "10:05:03 @1=x"],
    ],
    [
      "a shape",
      times(6, (at) => `GET /users/${at * 7}x/profile took ${at} ms`),
      new Set(["shapes"]),
      ["#a[6]=GET /users/{}/profile took {} ms", ...times(6, (at) => `#a ${at * 7}x ${at}`)],
    ],
    [
      "a value that repeats",
      times(6, (at) => `fetched pkg${at * 7}, wrote cache/pkg${at * 7}, done`),
      new Set(["shapes", "repeats"]),
      ["#a[6]=fetched {}, wrote cache/{1}, done", ...times(6, (at) => `#a pkg${at * 7}`)],
    ],
    [
      "the value above",
      times(6, (at) => `copied block ${at * 7} from host-${at < 3 ? "alpha" : "bravo"}1 to disk`),
      new Set(["shapes", "aboveOfShape"]),
      [
        "#a[6]=copied block {} from {} to disk",
        "#a 0 host-alpha1",
        "#a 7 ^",
        "#a 14 ^",
        "#a 21 host-bravo1",
        "#a 28 ^",
        "#a 35 ^",
      ],
    ],
  ])("%s", (_, lines, features, body) => {
    expect(formOf(lines, features)).toEqual(body);
  });

  it("Windows line ends, where all lines have them", () => {
    const text = [...quiet, ""].join("\r\n");
    const form = finish(encodeLog(text)) ?? "";
    const legend = printLegend("log", new Set(["crlf"]), { count: 4, unit: "lines" });
    expect(form).toBe([legend, ...quiet, ""].join("\n"));
    expect(decodeLog(form)).toBe(text);
    expect(finish(encodeLog(["a\r", "b\r", "c", "d\r", ""].join("\n")))).not.toContain("crlf");
  });

  it("names", () => {
    const lines = times(
      6,
      (at) =>
        `${"abcdef"[at]?.repeat(3)} reads /usr/local/lib/node_modules/core/${"uvwxyz"[at]?.repeat(4)} now ${"x".repeat(at)}`,
    );
    const form = finish(encodeLog(lines.join("\n"))) ?? "";
    expect(form).toContain("\n@1=/usr/local/lib/node_modules/core\n");
    expect(decodeLog(form)).toBe(lines.join("\n"));
  });
});

describe("a form", () => {
  it("needs four lines, or four thousand characters", () => {
    expect(finish(encodeLog("a\nb\nc"))).toBeUndefined();
    expect(finish(encodeLog("a\nb\nc\nd"))).toBeDefined();
    expect(finish(encodeLog("x".repeat(3_999)))).toBeUndefined();
    expect(finish(encodeLog("x".repeat(4_000)))).toBeDefined();
  });

  it("shapes lines of up to two thousand characters", () => {
    const lines = (length: number) =>
      times(4, (at) => `job ${at} said ${"word ".repeat(500)}`.slice(0, length));
    const shaped = (length: number): boolean =>
      (finish(encodeLog(lines(length).join("\n"))) ?? "").includes("#a[4]");
    expect([shaped(2_000), shaped(2_001)]).toEqual([true, false]);
  });

  it("says one shape once, however its lines were found", () => {
    const plain = times(6, (at) => `blocks moved ${at * 7} to the archive of the shop`);
    const words = times(
      6,
      (at) => `blocks moved ${"ann bob cem dan eve fay".split(" ")[at]} to the archive of the shop`,
    );
    const form = finish(encodeLog([...plain, ...words].join("\n"))) ?? "";
    expect(form.split("\n").filter((line) => line.startsWith("#") && line.includes("]="))).toEqual([
      "#a[12]=blocks moved {} to the archive of the shop",
    ]);
  });

  it("prints a full stamp every twenty lines", () => {
    const lines = times(
      60,
      (at) => `10:05:${10 + (at % 50)} ${"abcdefghij"[at % 10]?.repeat((at % 7) + 3)}`,
    );
    const full = (finish(encodeLog(lines.join("\n"))) ?? "")
      .split("\n")
      .slice(1)
      .flatMap((line, at) => (line.startsWith("10:") ? [at] : []));
    expect(full).toEqual([0, 20, 40]);
  });

  it("looks twenty lines back for a value", () => {
    const row = (at: number, host: string): string =>
      `copied the block number ${at * 7} from ${host} to the second disk of the backup`;
    const others = (count: number) => times(count, (at) => "z".repeat(at + 3));
    const last = (gap: number): string | undefined => {
      const lines = [row(1, "alpha1one"), row(2, "bravo2two"), row(3, "delta3six")];
      const text = [...lines, ...others(gap), row(4, "delta3six")].join("\n");
      return finish(encodeLog(text))?.split("\n").at(-1);
    };
    expect([last(19), last(20)]).toEqual(["#a 28 ^", "#a 28 delta3six"]);
  });
});

describe("reading", () => {
  const read = (count: number, body: string): string =>
    readLog(`${printLegend("log", new Set(), { count, unit: "lines" })}\n${body}`);
  it.each<[string, number, string, string]>([
    ["rows", 2, "#a[2]=x {} y {}\n#a 1 2\n#a 3 4", "x 1 y 2\nx 3 y 4"],
    ["a value in quotes", 1, '#a[1]=x {} {}\n#a "a b" c', "x a b c"],
    ["an empty value", 1, '#a[1]=x {}|{}\n#a "" c', "x |c"],
    ["an escaped sign", 1, '#a[1]=x {} {}\n#a \\^ \\"q', 'x ^ "q'],
    ["the value above", 2, "#a[2]=x {}\n#a 1\n#a ^", "x 1\nx 1"],
    ["no value", 1, "#a[1]=x\n#a", "x"],
    ["a value that repeats", 1, "#a[1]=x {} {1}\n#a 1", "x 1 1"],
    ["shapes apart", 4, "#a[2]=x {}\n#a 1\n#b[2]=y {}\n#b 2\n#a ^\n#b ^", "x 1\ny 2\nx 1\ny 2"],
    ["a stamp and a row", 2, "#a[2]=x {}\n10:05:03 #a 1\n…43 #a 2", "10:05:03 x 1\n10:05:43 x 2"],
    ["a bare stamp", 2, "10:05:03\n…43", "10:05:03\n10:05:43"],
    ["the same stamp", 2, "10:05:03 x\n… y", "10:05:03 x\n10:05:03 y"],
    ["a stamp across others", 3, "10:05:03 x\nplain\n…43 y", "10:05:03 x\nplain\n10:05:43 y"],
    ["names", 2, "@1=long text\n@2=other\nsee @1 and @2\n@3", "see long text and other\n@3"],
    ["names in values and shapes", 1, "@1=long text\n#a[1]=@1 {}\n#a @1", "long text long text"],
    ["names in quotes", 1, '@1=long\n#a[1]=x {}\n#a "@1 b"', "x long b"],
    ["escapes", 2, "\\#a 1\n\\\\x", "#a 1\n\\x"],
    ["a list", 1, "{, }a/{b, c}", "a/b, a/c"],
    ["a list with a name", 1, "@1=a/long/name\n{, }@1/{b, c}", "a/long/name/b, a/long/name/c"],
    ["a line end", 1, "x\n", "x\n"],
    ["two line ends", 2, "x\n\n", "x\n\n"],
  ])("%s", (_, count, body, text) => expect(read(count, body)).toBe(text));

  it.each<[string, string, string]>([
    [
      "the line of an error behind names",
      "@1=x\nx\n#q 1",
      "line 4: expected a shape that is defined above",
    ],
    ["behind a shape", "#a[1]=x {}\n#a 1 2", "line 3: expected 1 values"],
    ["of a tail that is too long", "10:05:03 x\n…1110:05:03 x", "line 3: expected a full stamp"],
    ["of a count of 0", "#a[0]=x {}", "line 2: expected #a[lines]=…"],
    ["of a count of 1.5", "#a[1.5]=x {}", "line 2: expected #a[lines]=…"],
    ["of an open count", "#a[1=x {}", "line 2: expected #a[lines]=…"],
    ["of an open quote", '#a[1]=x {}\n#a "a', "line 3: expected a closing quote"],
  ])("says %s", (_, body, message) => expect(() => read(3, body)).toThrow(message));
});
