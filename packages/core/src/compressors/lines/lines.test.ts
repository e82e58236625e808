import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressWith, viewWith } from "../../../test/compress-with.ts";
import { lines as generated } from "../../../test/generated/lines.ts";
import { randomOf } from "../../../test/generated/random.ts";
import { expectTruth } from "../../../test/liar.ts";
import { itIsTrue } from "../../../test/truth.ts";
import { printLegend } from "../../notation/legend.ts";
import { finish } from "../../steps.ts";
import { encodeLines } from "./encode.ts";
import { linesCompressor } from "./lines.ts";

const compressor = linesCompressor();
const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const runs = Number(process.env.HEADROOM_LAW_RUNS ?? 300);

/** The form without its legend; the text has to come back. */
function formOf(all: readonly string[], end = "\n"): readonly string[] {
  const text = all.map((line) => line + end).join("");
  const form = finish(encodeLines(text)) ?? "";
  expect(compressor.decode(form)).toBe(text);
  return form.split("\n").slice(1, -1);
}

function times(count: number, make: (at: number) => string | readonly string[]): readonly string[] {
  return Array.from({ length: count }, (_, at) => make(at)).flat();
}

describe("the lossless form of lines", () => {
  it(
    "gives every text back",
    () => {
      const text = fc.oneof(
        fc.integer().map((seed) => generated(randomOf(seed))),
        fc
          .array(
            fc.oneof(
              fc.constantFrom("#a", "#=a", "#*2", "\\", "@1=a", " ", "\t", "\r", "{}", "a: b", "~"),
              fc.string({ unit: "binary", maxLength: 12 }),
            ),
          )
          .map((parts) => parts.join("\n")),
      );
      fc.assert(
        fc.property(text, (original) => {
          const form = finish(encodeLines(original));
          if (form === undefined) expect(original).toBe("");
          else expect(compressor.decode(form)).toBe(original);
        }),
        { numRuns: runs },
      );
    },
    60_000 + runs * 100,
  );

  it("writes lines that come back together as one row", () => {
    const form = formOf(
      times(4, (at) => [
        `Name: volume-${at}`,
        "Driver: local",
        `Mounts on: /srv/data/${at * 7}`,
        `Reclaims: ${at}00`,
        "",
      ]),
    );
    expect(form).toEqual([
      "#a[4, 5 lines]=Name: {}",
      "Driver: local",
      "Mounts on: /srv/data/{}",
      "Reclaims: {}",
      "",
      ...[0, 1, 2, 3].map((at) => `#a volume-${at} ${at * 7} ${at}00`),
    ]);
  });

  it("gives what neighbours begin with once, and cuts no word in two", () => {
    const form = formOf([
      "net.core.somaxconn-max = on",
      "net.core.somaxconn-min = off",
      "net.core.wmem = big",
      "net.core.rmem = big",
      "vm.swappiness = low",
    ]);
    expect(form).toEqual([
      "#=net.core.",
      " somaxconn-max = on",
      " somaxconn-min = off",
      " wmem = big",
      " rmem = big",
      "vm.swappiness = low",
    ]);
  });

  it("counts a line that stands again and again", () => {
    const form = formOf(["begin", ...times(9, () => "waiting for the lock"), "end"]);
    expect(form).toEqual(["begin", "waiting for the lock", "#*8", "end"]);
  });

  it("prints failures in full, wherever they stand", () => {
    const failures = times(
      6,
      (at) => `error: volume-${at} could not be mounted on /srv/data/${at}`,
    );
    expect(formOf(failures)).toEqual(failures);
  });

  it("prints a list of counters with one of failures in full, and writes the others as rows", () => {
    const all = times(
      12,
      (at) =>
        `queue_${"abcdefghijkl"[at]}:sent=${at * 31},took=${at * 7},failed_sends=${at === 5 ? 2 : 0}`,
    );
    const form = formOf(all);
    expect(form).toContain(all[5]);
    expect(form.length).toBe(13);
    expect(form.filter((line) => line.startsWith("#a "))).toHaveLength(11);
  });

  it("gives settings no names, however often they come back", () => {
    const all = times(9, (at) => [
      `[interface ${at}]`,
      "accept_source_route = 0",
      `mtu = 15${at}0`,
    ]);
    expect(formOf(all).join("\n")).not.toContain("@1");
  });

  it("keeps CRLF apart from the text", () => {
    const text = times(9, () => "the same again\r\n").join("");
    const form = finish(encodeLines(text)) ?? "";
    expect(form).toBe(
      `${printLegend("lines", new Set(["again", "crlf"]), { count: 9, unit: "lines" })}\nthe same again\n#*8\n`,
    );
    expect(compressor.decode(form)).toBe(text);
  });

  it("reads nothing that is not its own", () => {
    const form = finish(encodeLines("a: 1\n".repeat(9))) ?? "";
    expect(compressor.decode(form)).toBeDefined();
    for (const other of [
      form.replace("9 lines", "8 lines"),
      form.replace("#*8", "#*7"),
      form.replace("#*8", "#*99999999999"),
      form.replace("[lines]", "[log]"),
      "[lines] 1 lines.\n#a x\n",
      "",
    ])
      expect(compressor.decode(other)).toBeUndefined();
  });
});

describe("detection", () => {
  const paragraph =
    "The scheduler looks at every queue in turn and takes what has been waiting there for the\n" +
    "longest time. It does so until the budget of the round is used up, which is when it goes\n" +
    "back to sleep and waits for the next tick. What is left over is taken first in the next\n" +
    "round, so that no queue is ever forgotten, even under a load that never ends.\n\n";

  it.each<[string, string]>([
    ["paragraphs", paragraph.repeat(4)],
    [
      "a program in TypeScript",
      'import { a } from "./a.ts";\n\nexport function b(c: number): number {\n  const d = a(c);\n  return d + 1;\n}\n'.repeat(
        9,
      ),
    ],
    [
      "a program in Python",
      "def read(path):\n    with open(path) as file:\n        rows = parse(file.read())\n    return rows\n\n".repeat(
        9,
      ),
    ],
    [
      "a header in C",
      "#ifndef POOL_H\n#define POOL_H\n\n/* A pool of workers. */\nextern int pool_open (int __size,\n                      const char *__name);\n#define POOL_MAX 12\n\n#endif\n",
    ],
    ["a script", "#!/bin/sh\nset -e\ncd /srv\nrm -f pool.pid\necho started\n"],
    [
      "a document",
      `## What it does\n\n- It opens a pool of workers for a queue.\n\n## What it needs\n\n- It needs a folder that it may write to.\n`,
    ],
    ["markup", '<pool>\n  <worker id="1"/>\n  <worker id="2"/>\n  <worker id="3"/>\n</pool>\n'],
    ["three lines", "a: 1\nb: 2\nc: 3\n"],
  ])("leaves %s alone", (_, text) => {
    expect(compressor.detect(text)).toBe(0);
  });

  it("takes lines that tools print, and is the least sure of all", () => {
    for (const seed of [1, 2, 3]) {
      const text = times(30, (at) => `option.${at * seed} = ${at}`).join("\n");
      expect(compressor.detect(text)).toBeGreaterThan(0);
      expect(compressor.detect(text)).toBeLessThan(0.3);
    }
  });

  it.each<[string, (at: number) => string]>([
    ["statements of SQL", (at) => `INSERT INTO part VALUES (${at * 7}, 'bolt ${at}', ${at}.5);\n`],
    ["settings of a shell", (at) => `option_${"abcdefgh"[at % 8]}${at}='value ${at}';\n`],
    ["edges of a graph", (at) => `  "mod/${at}" -> "mod/${at * 3}" [weight=${at % 5}];\n`],
    ["nested blocks", (at) => `node {\n  name: "${at}"\n  attr {\n    size: ${at * 8}\n  }\n}\n`],
  ])("takes %s that a tool printed", (_, line) => {
    expect(compressor.detect(times(40, line).join(""))).toBeGreaterThan(0);
    // A program has a few of each.
    const few = times(5, line).join("");
    const program = times(12, (at) => `export function get${"abcdefghijkl"[at]}(): void {\n`);
    expect(compressor.detect(few + program.join("  return;\n}\n"))).toBe(0);
  });

  it("takes a file of settings, however much of it is comments", () => {
    const text = times(20, (at) => [
      "# How many requests may wait in the queue of a worker before it says that it is busy,",
      "# and sends the client away with a word of when to come back.",
      `queue_${at} ${at * 10}`,
    ]).join("\n");
    expect(compressor.detect(text)).toBeGreaterThan(0);
  });
});

describe("views of lines", () => {
  itIsTrue("lines", compressor, generated);

  const view = (text: string, budgetTokens: number, query?: string): string =>
    viewWith(compressor, text, { counter, budgetTokens, ...(query === undefined ? {} : { query }) })
      ?.text ?? "";

  it("says of each record what tells most, and of the other fields what they have", () => {
    const text = times(40, (at) => [
      `Name: volume-${at}`,
      `Status: ${at === 17 ? "degraded" : "healthy"}`,
      "Driver: local",
      `Size: ${(at + 1) * 4} MB`,
      `Digest: ${`${at}`.padStart(40, "0af")}`,
      "Options:",
      "  read-only",
      "  no-exec",
      "",
    ]).join("\n");
    const shown = view(text, 700);
    expect(shown).toContain("… 40 records, a row each\nline | Name | Status | Size\n");
    expect(shown).toContain("154 | volume-17 | degraded | 72 MB");
    expect(shown).toContain("… left out, Driver: all local");
    expect(shown).toContain("… left out, Options lines: all 3");
    expect(shown).toContain("… left out, Digest: 40 different");
  });

  it("shows failures, warnings and what is rare, with the number of the others", () => {
    const text = times(400, (at) =>
      at === 271
        ? "error: shard 271 has no replica"
        : at === 302
          ? "note to the operator: rebalance by hand"
          : `shard ${at} replicated to node-${at % 7}`,
    ).join("\n");
    const shown = view(text, 300);
    expect(shown).toContain("error: shard 271 has no replica");
    expect(shown).toContain("note to the operator: rebalance by hand");
    expect(shown).toMatch(/… \d+ lines like: shard \* replicated to \* \(\d+-271\)/);
  });

  it("shows counters of failures that are not nothing", () => {
    const text = times(
      300,
      (at) =>
        `port_${"abcdefghij"[at % 10]}${at}:frames=${at * 13},rejected=${[41, 42, 260].includes(at) ? 3 : 0},rx_errors=0`,
    );
    const shown = view(text.join("\n"), 1_200);
    for (const at of [41, 42, 260]) expect(shown).toContain(text[at]);
  });

  it("keeps headings, and the heads of their sections", () => {
    const text = times(12, (at) => [
      `=== disk ${at} ===`,
      ...times(30, (line) => `  sector ${line} reads ${(line * 37 + at) % 91} writes ${line}`),
    ]).join("\n");
    const shown = view(text, 1_500);
    for (let at = 0; at < 12; at++) {
      expect(shown).toContain(`=== disk ${at} ===\n  sector 0 reads ${at}`);
    }
  });

  it("divides a long list where its lines begin with another word", () => {
    const starts = ["fs", "kernel", "net.core", "net.ipv4", "vm"];
    const text = starts
      .flatMap((start) => times(90, (at) => `${start}.${"abcdefghij"[at % 10]}${at}-limit = ${at}`))
      .join("\n");
    const shown = view(text, 1_200);
    for (const start of starts) {
      expect(shown).toContain(`${start}.a0-limit = 0`);
      expect(shown).toMatch(new RegExp(`… \\d+ lines like: ${start.replace(".", "\\.")}\\.`));
    }
  });

  it("leaves settings with values of their own as they are where a call would cost more", () => {
    const text = times(150, (at) => `${"abcdefghij"[at % 10]}${at}_limit: ${at * 37}`).join("\n");
    expect(view(text, 700)).toBe("");
  });

  it("gives the ends of the stretches of a sorted list", () => {
    const text = times(900, (at) => `tool-${`${at}`.padStart(4, "0")}x`).join("\n");
    const shown = view(text, 400);
    expect(shown).toMatch(/… \d+ lines: tool-\d{4}x–tool-\d{4}x, ascending \(\d+-\d+\)/);
  });

  it("leaves comments of settings out first", () => {
    const text = times(40, (at) => [
      "# How many requests may wait in the queue of a worker before it says that it is busy,",
      "# and sends the client away with a word of when to come back.",
      `queue_${"abcdefghij"[at % 10]}${at} ${at * 10}`,
    ]).join("\n");
    const shown = view(text, 900);
    for (let at = 0; at < 40; at++) expect(shown).toContain(`queue_${"abcdefghij"[at % 10]}${at} `);
  });

  it("has no sentence within another one", () => {
    const comments = (count: number): readonly string[] => [
      ...times(
        count,
        (at) =>
          `# Why ${"abcdefghij"[at % 10]} is so, and what happens to those who think it is not.`,
      ),
      "",
      "# That is all there is to say of it.",
    ];
    const text = [28, 18, 8, 28, 18, 8, 4]
      .flatMap((count, at) => [...comments(count), `queue_${"abcdefg"[at]} = ${at}`])
      .join("\n");
    const shown = expectTruth(compressor, text, { counter, budgetTokens: 300 })?.text ?? "";
    expect(shown).toMatch(/: 28 like: #[\s\S]+: 19 like: #[\s\S]+: 9 like: #/);
  });

  it("shows what the question names", () => {
    const text = times(600, (at) => `unit-${at}.service loaded active running`).join("\n");
    expect(view(text, 200, "Is unit-417.service running?")).toContain("unit-417.service");
  });

  it("leaves help texts as they are", () => {
    const help = [
      "Usage: tool [OPTION]... FILE...",
      ...times(60, (at) => [
        `  -${"abcdefghij"[at % 10]}, --option-${at}   what this option is good for, in a few words`,
        "                   and how it goes together with the others",
      ]),
    ].join("\n");
    expect(view(help, 500)).toBe("");
    // Nobody reads hundreds of them as a whole.
    expect(view(help.repeat(6), 5_000)).toMatch(/… \d+ lines/);
  });

  it("takes rules that begin with an option for no help text", () => {
    const rules = times(
      90,
      (at) => `-A INPUT -s 10.0.${at}.7/32 -p tcp --dport ${at * 7} -j ACCEPT`,
    );
    expect(view(rules.join("\n"), 500)).toMatch(/… \d+ lines like: -A INPUT -s /);
  });

  it("says how much of a long line is gone", () => {
    const shown = view(`first\n${"word ".repeat(4_000)}\nlast\n`, 500);
    expect(shown).toMatch(/ … \d+ characters … /);
    expect(shown.length).toBeLessThan(1_300);
  });

  it("makes nothing larger", () => {
    for (let seed = 0; seed < 40; seed++) {
      const text = generated(randomOf(seed));
      const form = compressWith(compressor, text, { lossy: true, counter, budgetTokens: 200 });
      expect(form?.text.length ?? 0).toBeLessThan(text.length);
    }
  });
});
