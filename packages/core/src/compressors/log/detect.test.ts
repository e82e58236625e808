import { describe, expect, it } from "vitest";
import { detectLog } from "./detect.ts";

const times = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join("\n");

describe("what is a log", () => {
  const logs: readonly (readonly [string, string])[] = [
    [
      "ISO-stamped lines, which look like search hits",
      times(20, (i) => `2024-01-15T10:00:${10 + i}Z request ${i} served`),
    ],
    ["clock-stamped lines", times(20, (i) => `12:00:${10 + i} worker ${i} started`)],
    [
      "bracketed levels with capitalised prose",
      times(20, (i) => `[INFO] Building project Number ${i}`),
    ],
    ["syslog", times(20, (i) => `Jan  2 15:04:${10 + i} host sshd[${i}]: session opened`)],
    [
      "an access log",
      times(
        20,
        (i) =>
          `10.0.0.${i} - - [17/May/2015:10:05:03 +0000] "GET /${i} HTTP/1.1" 200 12 "-" "curl/8"`,
      ),
    ],
    ["logfmt", times(20, (i) => `ts=${i} level=info msg="step ${i}"`)],
    [
      "a compiler's diagnostics",
      times(12, (i) => `src/a${i}.c:${i + 1}:5: warning: unused variable 'x'`),
    ],
    ["test results", times(12, (i) => `tests/test_a.py::test_${i} PASSED`)],
    ["klog", times(12, (i) => `I0102 15:04:05.${100000 + i}       1 main.go:${i}] started`)],
    [
      "Spark",
      times(12, (i) => `17/06/09 20:10:${40 + i} INFO executor.Executor: Running task ${i}`),
    ],
    [
      "a step counter",
      times(12, (i) => `20171223-22:15:29:6${10 + i}|Step_LSC|30002312|onStandStepChanged ${i}`),
    ],
    [
      "a supercomputer",
      times(
        12,
        (i) =>
          `- 1131566461 2005.11.09 dn228 Nov 9 12:01:${10 + i} dn228/dn228 crond[${i}]: session closed`,
      ),
    ],
    [
      "a proxy",
      times(
        12,
        (i) => `[10.30 16:49:${10 + i}] chrome.exe - proxy.example.org:5070 open through proxy`,
      ),
    ],
    [
      "logcat",
      times(
        12,
        (i) =>
          `03-17 16:13:38.8${10 + i}  1702  2395 D WindowManager: printFreezingDisplayLogs ${i}`,
      ),
    ],
    [
      "pods and services of a container platform",
      times(
        12,
        (i) =>
          `I0102 15:04:05.${100000 + i}       1 main.go:${i}] started\n2024-01-02T15:04:05Z INFO ready`,
      ),
    ],
  ];
  for (const [what, text] of logs)
    it(`is ${what}`, () => expect(detectLog(text)).toBeGreaterThanOrEqual(0.5));
});

describe("what is not", () => {
  const others: readonly (readonly [string, string])[] = [
    [
      "prose that mentions failures",
      "The release failed twice last week. Nobody noticed the error at first.\nThen an exception report came in. We fixed the failure on Friday.\nA warning would have helped. Errors happen.\nThe team met and talked about what failed.",
    ],
    [
      "code",
      'import { readFile } from "node:fs/promises";\n\nexport async function load(path: string): Promise<string> {\n  try {\n    return await readFile(path, "utf8");\n  } catch (error) {\n    console.error("failed to load", error);\n    throw new Error("failed: " + path);\n  }\n}\n\nexport class Store {\n  readonly items = new Map<string, string>();\n}\n',
    ],
    [
      "Python code",
      'import logging\n\ndef run(job):\n    """Runs a job."""\n    try:\n        job()\n    except ValueError as error:\n        logging.error("failed: %s", error)\n        raise\n\nclass Error(Exception):\n    pass\n',
    ],
    [
      "NDJSON of a logger",
      times(20, (i) => `{"ts":"2024-01-15T10:00:00Z","level":"error","msg":"failed","n":${i}}`),
    ],
    [
      "a numbered file read",
      times(20, (i) => `${String(i + 1).padStart(6)}→  error("failed ${i}")`),
    ],
    ["grep output", times(20, (i) => `src/errors.ts:${i + 1}:  throw new Error("failed")`)],
    [
      "grep output of log files",
      times(20, (i) => `logs/date-2024-01-15.log:${i + 3}:ERROR failed`),
    ],
    [
      "a diff",
      `diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1,3 +1,3 @@\n${times(10, (i) => `+  log.error("${i}")`)}`,
    ],
    ["a list in markdown", times(12, (i) => `- item ${i} about errors`)],
    ["file paths", times(30, (i) => `./src/errors/failed-${i}.ts`)],
    ["CSV", `id,level,message\n${times(20, (i) => `${i},error,failed to start`)}`],
    [
      "pretty JSON full of times",
      `{\n${times(20, (i) => `  "1.0.${i}": "2026-03-24T06:47:12.161Z",`)}\n}`,
    ],
    ["nothing", ""],
    ["blank lines", "\n\n\n"],
  ];
  for (const [what, text] of others)
    it(`is ${what}`, () => expect(detectLog(text)).toBeLessThan(0.5));
});

describe("what stands between bars", () => {
  const box = [
    "┌──────────────┐",
    "│  1. Accept   │",
    "│  2. Weigh    │",
    "│  3. Ship     │",
    "└──────────────┘",
  ];
  const report = ["╷", "│ Error: no such harbour", "│ ", "│   on port.tf line 3, in resource", "╵"];
  it("is a log where a tool reports, no drawing of a box", () => {
    expect(detectLog(box.join("\n"))).toBe(0);
    expect(detectLog(report.join("\n"))).toBeGreaterThanOrEqual(0.5);
  });
});

describe("how sure it is", () => {
  const prose = (at: number): string => `what is said here, ${at}`;
  const mixed = (logs: number, all: number, line: string): string =>
    times(all, (at) => (at < logs ? line : prose(at)));

  it.each<[string, number, string]>([
    ["all lines are stamped", 0.95, times(10, () => "10:00:00 x")],
    ["five of six are stamped", 0.95, mixed(5, 6, "10:00:00 x")],
    ["half of the lines are stamped", 0.85, mixed(5, 10, "10:00:00 x")],
    ["four of ten are stamped", 0.64, mixed(4, 10, "10:00:00 x")],
    ["all lines are marked", 0.9, times(10, () => "[INFO] x")],
    ["half of the lines are marked", 0.7, mixed(5, 10, "[INFO] x")],
    ["an eighth is marked", 0.475, mixed(3, 24, "[INFO] x")],
    ["an ninth is marked", 0, mixed(3, 27, "[INFO] x")],
    ["two lines of ten are marked", 0, mixed(2, 10, "[INFO] x")],
    ["three lines are all there are", 0.5, times(3, () => "[INFO] x")],
    ["two of three are marked", 0, mixed(2, 3, "[INFO] x")],
    ["one line", 0, "[INFO] x"],
    ["two stamped lines", 0.95, "10:00:00 x\n10:00:01 x"],
    ["six of ten are JSON", 0, times(10, (at) => (at < 6 ? "{}" : "10:00:00 x"))],
    ["half is JSON", 0.85, times(10, (at) => (at < 5 ? "{}" : "10:00:00 x"))],
    ["six of ten are hits", 0, times(10, (at) => (at < 6 ? `a.ts:${at}:x` : "10:00:00 x"))],
    ["half are hits", 0.85, times(10, (at) => (at < 5 ? `a.ts:${at}:x` : "10:00:00 x"))],
    ["git log", 0.8, times(3, (at) => `commit ${String(at).repeat(40)}\nAuthor: a\n\n    x`)],
    [
      "four hundred lines are read",
      0.95,
      `${times(400, () => "10:00:00 x")}\n${times(900, prose)}`,
    ],
  ])("%s: %f", (_, sureness, text) => expect(detectLog(text)).toBeCloseTo(sureness, 10));

  /** Lines that would make a log of the rest. */
  const share = (line: string): number => detectLog(times(10, (at) => (at < 6 ? line : prose(at))));

  it.each([
    "I0102 15:04:05.1 x",
    "17/06/09 20:10:40 INFO",
    "20171223-22:15:29:606|x",
    "[x 10:00:05",
    "xT10:00:05",
    `${"x".repeat(81)} 10:00:05`,
    "99:59 x 10:00:05",
  ])("a clock near the start: %s", (line) => expect(share(line)).toBeCloseTo(0.88, 5));

  it.each([
    `${"x".repeat(84)} 10:00:05`,
    "x10:00:05",
    "x/10:00:05",
    "a, b 10:00:05",
    ", x 10:00:05",
    "| 10:00:05",
    "x 1:00:05",
    "x 10:0:05",
    "x 10:00:5",
    "x 10:00-05",
    "x a0:00:05",
    "x :0:00:05",
    "x 10:/0:05",
  ])("no clock: %s", (line) => expect(share(line)).toBe(0));

  it.each([
    "diff --git a b",
    "@@ -1 +1 @@",
    "--- a",
    "12→x",
    "12\tx",
    "12: x",
    "0: x",
    "9→",
    "a/b.ts:12:x",
    "a/b.ts:0-x",
    "b:9:",
    '"a": 1',
    '"key":',
    '{"a": 1}',
    "  {x}",
  ])("of another kind: %s", (line) => {
    expect(detectLog(times(10, (at) => (at < 6 ? line : "10:00:00 x")))).toBe(0);
  });

  it.each([
    "12x",
    "12:x",
    "12 x",
    "a b:12:x",
    ":12:x",
    "b:x:",
    "b::",
    "b:12;",
    "{x",
    "x}",
    '"a" b',
    "@@",
    "/",
    ":",
  ])("of no kind: %s", (line) =>
    expect(detectLog(times(10, (at) => (at < 6 ? line : "10:00:00 x")))).toBeCloseTo(0.64, 5),
  );

  it("sees through colours, and long lines by their start only", () => {
    expect(share("\u001b[32m[INFO]\u001b[0m x")).toBeCloseTo(0.76, 5);
    expect(share(`${"x ".repeat(290)} [INFO] x`)).toBeCloseTo(0.76, 5);
    expect(share(`${"x ".repeat(296)} [INFO] x`)).toBe(0);
  });
});
