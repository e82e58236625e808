/** Texts with tables that other kinds could claim too: rows with ids beside numbered reads, options beside paths, stamps beside logs. */
import { describe, expect, it } from "vitest";
import { defaultCompressors } from "../compressors/index.ts";
import { route } from "./route.ts";

const times = (count: number, line: (at: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, at) => line(at));
const surest = (lines: readonly string[]): string | undefined =>
  route(`${lines.join("\n")}\n`, defaultCompressors())[0]?.compressor.name;

const clock = (at: number): string => `2026-05-0${1 + (at % 9)} 10:${10 + (at % 50)}:00+02`;

const tables: Readonly<Record<string, readonly string[]>> = {
  "psql with ids that count up, and stamps": [
    " id  | city      | state   | at                     | fee  ",
    "-----+-----------+---------+------------------------+------",
    ...times(
      60,
      (at) =>
        `${String(at + 1).padStart(4)} | ${`Ulm ${at}`.padEnd(9)} | ${at % 9 ? "open   " : "blocked"} | ${clock(at)} | ${at % 4 ? String(at * 1.5).padStart(4) : "    "}`,
    ),
    "(60 rows)",
  ],
  "TSV that begins with zero-padded codes": [
    "plz\tstreet\tcount",
    ...times(60, (at) => `0${8000 + at}\tMain St ${at}\t${at % 7}`),
  ],
  "markdown with options": [
    "| option | default | what |",
    "|--------|---------|------|",
    ...times(40, (at) => `| \`--keep-${at}\` | ./out/part-${at} | keeps part ${at} |`),
  ],
  "ss with pairs in its last column": [
    "Netid State  Recv-Q Send-Q     Local Address:Port      Peer Address:Port Process",
    ...times(
      40,
      (at) =>
        `tcp   ${at % 3 ? "ESTAB " : "LISTEN"} ${String(at % 5).padEnd(6)} 0      ${`10.1.0.${at}:${8000 + at}`.padStart(22)} ${`10.2.0.${at}:44${at}`.padStart(22)} users:(("web",pid=${100 + at},fd=${at}))`,
    ),
  ],
  "ps with the time of each process": [
    "UID          PID STIME TTY          TIME CMD",
    ...times(
      40,
      (at) =>
        `root     ${String(at * 37).padStart(7)} 09:${10 + at} ?        00:00:0${at % 10} /usr/sbin/worker --slot ${at}`,
    ),
  ],
  "a box with heavy bars around its names": [
    "┏━━━━━━━━━┳━━━━━━┓",
    "┃ package ┃ size ┃",
    "┡━━━━━━━━━╇━━━━━━┩",
    ...times(30, (at) => `│ pkg-${String(at).padEnd(3)} │ ${String(at * 7).padStart(4)} │`),
    "└─────────┴──────┘",
  ],
  "records over several lines": [
    "ticket,owner,comment",
    ...times(40, (at) => (at % 5 ? `Q-${at},ann,fine` : `Q-${at},bo,"first\nsecond"`)),
  ],
  sysctl: times(40, (at) => `vm.part${at >> 3}.limit_${at} = ${at * 64}`),
  metrics: [
    "# TYPE jobs_total counter",
    ...times(30, (at) => `jobs_total{queue="q${at % 3}",state="s${at}"} ${at * 11}`),
  ],
};

describe("a table is surer than", () => {
  it.each(Object.entries(tables))("others are of %s", (_, lines) =>
    expect(surest(lines)).toBe("table"),
  );
});

describe("a table is not surest of", () => {
  it("a file with line numbers", () => {
    const code = times(
      60,
      (at) =>
        `${String(at + 1).padStart(4)} | ${["const a = 1;", "if (a) {", "  run(a, b);", "}", ""][at % 5]}`,
    );
    expect(surest(code)).toBe("read");
  });

  it("a log with stamps and messages", () => {
    const log = times(
      60,
      (at) =>
        `2026-05-01T10:00:${10 + (at % 50)}Z INFO worker-${at % 4} finished step ${at} of many`,
    );
    expect(surest(log)).toBe("log");
  });

  it("a drawn tree", () => {
    const drawn = times(60, (at) =>
      at % 12 === 0 ? `├── part-${at}` : `│   ├── file-${at * 7}.ts`,
    );
    const claims = route(`${drawn.join("\n")}\n`, defaultCompressors());
    expect(claims[0]?.compressor.name).toBe("tree");
    expect(claims.some(({ compressor }) => compressor.name === "table")).toBe(false);
  });

  it("the lines of a job before their stamps", () => {
    const log = times(
      60,
      (at) =>
        `build (linux, 22)\tRun tests\t2026-05-01T10:00:${10 + (at % 50)}.120Z ok ${at} a case with a long name`,
    );
    const claims = route(log.join("\n"), defaultCompressors());
    expect(claims.find(({ compressor }) => compressor.name === "table")?.score ?? 0).toBeLessThan(
      0.5,
    );
  });
});
