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
