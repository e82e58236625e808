import { describe, expect, it } from "vitest";
import { compressWith, viewWith } from "../../../test/compress-with.ts";
import { logCompressor } from "./log.ts";
import { severityOf } from "./severity.ts";

const log = logCompressor();
const context = (lossy: boolean) => ({
  lossy,
  budgetTokens: 200,
  counter: { name: "rough", count: (text: string): number => Math.ceil(text.length / 3) },
});

describe("large input", () => {
  it("cuts a single line of megabytes, keeps both ends and what failed in it, and says so", () => {
    const line = `start ${"word, ".repeat(200_000)} fatal error: disk gone ${"x".repeat(2_000_000)} end`;
    const result = viewWith(log, line, context(true)) as {
      text: string;
      omitted: readonly object[];
    };
    expect(result.text.length).toBeLessThan(3_000);
    expect(result.text).toContain("start word");
    expect(result.text).toContain("fatal error: disk gone");
    expect(result.text.endsWith(" end")).toBe(true);
    expect(result.omitted).toContainEqual(expect.objectContaining({ unit: "characters" }));
  });

  it("takes a hundred thousand lines and brings them back", () => {
    const text = Array.from(
      { length: 100_000 },
      (_, i) => `10:00:${String(i % 60).padStart(2, "0")} INFO step ${i}`,
    ).join("\n");
    const lossy = viewWith(log, text, context(true)) as { text: string };
    expect(lossy.text.length).toBeLessThan(2_000);
    const lossless = compressWith(log, text, context(false)) as { text: string };
    expect(log.decode(lossless.text)).toBe(text);
  });
});

describe("how much a line matters", () => {
  const failures = [
    "##[error]Process completed with exit code 1.",
    "  1) cart adds an item:",
    "[  FAILED  ] Net.Close (3 ms)",
    " 12/40 Test #12: net ............***Failed    0.10 sec",
    "[ERROR] CartTest.total:31 <<< FAILURE!",
    "would reformat src/a.py",
    "[warn] src/a.ts",
    "Warning  BackOff  pod/a  CrashLoopBackOff",
    "E0102 15:04:05.123456       1 main.go:12] lost lease",
    "./main.go:12:3: undefined: foo",
    "Program.cs(3,5): error CS1002: ; expected",
    "2024/05/01 10:00:00 [crit] 12#0: *1 open() failed",
    "npm ERR! code ELIFECYCLE",
    "E   AssertionError: assert 1 == 2",
    "FAILED tests/test_a.py::test_b - ValueError",
    "--- FAIL: TestX (0.00s)",
    "    --- FAIL: TestX/sub (0.00s)",
    "  ✕ adds numbers (3 ms)",
    "  ● sum › adds",
    "src/a.ts(3,4): error TS2322: Type 'x'",
    "main.c:3:1: error: expected ‘;’",
    "2024-01-01 10:00:00 ERROR boom",
    "level=error msg=boom",
    "Caused by: java.io.IOException: closed",
    "ModuleNotFoundError: No module named 'x'",
    "make: *** [all] Error 2",
    "Segmentation fault (core dumped)",
    "fatal: not a git repository",
    "thread 'main' panicked at src/main.rs:1:1:",
    "> Task :a:test FAILED",
    "Format...........................................................Failed",
    '10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 503 12',
  ];
  for (const line of failures)
    it(`is a failure: ${line.trim().slice(0, 40)}`, () => expect(severityOf(line, line)).toBe(3));

  const harmless = [
    "0 errors, 0 warnings",
    "no errors found",
    "Tests run: 12, Failures: 0, Errors: 0, Skipped: 0",
    "Failures: 0",
    "failed=0 ok=12",
    "PASS src/error-handling.test.ts",
    "tests/test_errors.py::test_raises[ValueError] PASSED [ 3%]",
    "ok  \tgithub.com/a/errors\t0.1s",
    "✓ rejects invalid input (3 ms)",
    "Compiling wellknown-errors-plugin v1.0.0",
    "GET /static/error.css 200",
    "+ echo 'error: nothing'",
    "copying src/parseError.js",
  ];
  for (const line of harmless)
    it(`is no failure: ${line.slice(0, 40)}`, () => expect(severityOf(line, line)).toBeLessThan(3));

  it("takes a script that is echoed before it runs for what it is", () => {
    const raw = '\u001b[36;1mecho "error: none"; exit 1\u001b[0m';
    expect(severityOf('echo "error: none"; exit 1', raw)).toBe(0);
  });
});
