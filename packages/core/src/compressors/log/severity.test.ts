import { describe, expect, it } from "vitest";
import { severityOf } from "./severity.ts";

describe("severityOf", () => {
  it.each<[number, string]>([
    [0, "Received 83886080 of 297581456 (28.2%), 79.8 MBs/sec"],
    [0, "Received 12 objects"],
    [3, "Received: 12"],
    [3, "Received number of calls: 0"],
    [0, ""],
    [0, "   "],
    [0, "all is well"],
    // Starts.
    [3, "   --- FAIL: TestA"],
    [0, "Failures: 0"],
    [0, "Failure: none"],
    [0, "ERRORS=0"],
    [3, "Failures: 1"],
    [3, "Failures: 01"],
    [2, `Error ${"x".repeat(33)}: 0`],
    [3, `Error ${"x".repeat(34)}: 0`],
    // Passed tests and echoed commands.
    [0, "ok 3 - handles errors"],
    [0, "+ echo error"],
    [0, "++ echo error"],
    [0, "+++ echo error"],
    [2, "++++ echo error"],
    [0, "+error: x"],
    // Thrown types.
    [3, "throws ValueError: x"],
    [3, "java.io.IOException: closed"],
    [3, "got (ValueError)"],
    [3, "code=ValueError,"],
    [0, "see src/ValueError here"],
    [0, "src/ValueError here"],
    [0, "see a::ValueError here"],
    [3, "see a/b ValueError here"],
    [3, "see a/b\tValueError here"],
    [3, 'see a/b"ValueError here'],
    [3, "see a/b'ValueError here"],
    [3, "see a/b`ValueError here"],
    [3, "see a/b(ValueError here"],
    [3, "see a/b[ValueError here"],
    [3, "see a/b{ValueError here"],
    [3, "see a/b<ValueError here"],
    [3, "see a/b,ValueError here"],
    [3, "see a/b;ValueError here"],
    [3, "see a/b=ValueError here"],
    // Words.
    [2, "an error was seen"],
    [2, "the request failed."],
    [2, "the request failed.\tAgain"],
    [0, "see failed.log"],
    [0, "error-handling"],
    [0, "on_error"],
    [0, "src/error"],
    [0, "error/src"],
    [0, "the .error class"],
    [0, "at @error"],
    [0, "\\error"],
    [0, "$error"],
    [0, "&error"],
    [0, "a+error"],
    [0, "0 errors"],
    [0, "found no errors"],
    [0, "without error"],
    [2, "10 errors"],
    [0, "errors: 0"],
    [0, "errors=none"],
    [2, "errors: 3"],
    [2, "no errors, one crash"],
    [2, "error-free, then denied"],
    // Levels as words.
    ..."ALERT CRITICAL EMERG ERROR EXCEPTION FAIL FAILED FAILURE FATAL PANIC SEVERE"
      .split(" ")
      .map((level): [number, string] => [3, `10:00:00 ${level} x`]),
    [2, "10:00:00 REJECTED x"],
    [2, "10:00:00 Failure x"],
    // Warnings.
    [1, "10:00:00 WARN x"],
    [1, "npm warn deprecated"],
  ])("%i: %s", (severity, line) => expect(severityOf(line, line)).toBe(severity));

  it("reads a thousand characters from both ends of a line", () => {
    const at = (place: number): string =>
      `${"x ".repeat(1_500).slice(0, place)}denied${" x".repeat(1_500)}`.slice(0, 3_000);
    expect(severityOf(at(994), "")).toBe(2);
    expect(severityOf(at(996), "")).toBe(0);
    expect(severityOf(at(1_998), "")).toBe(0);
    expect(severityOf(at(2_000), "")).toBe(2);
    expect(severityOf(at(996).slice(0, 2_000), "")).toBe(2);
    expect(severityOf(at(996).slice(0, 2_001), "")).toBe(0);
  });

  it("knows how a line of any length starts", () => {
    expect(severityOf(`panic: ${"x ".repeat(2_000)}`, "")).toBe(3);
    expect(severityOf(`${"x ".repeat(2_000)} [E]`, "")).toBe(3);
  });

  it("is told by colours that a script is echoed", () => {
    expect(severityOf("error: x", "\u001b[36;1merror: x\u001b[0m")).toBe(0);
    expect(severityOf("error: x", "\u001b[31;1merror: x\u001b[0m")).toBe(3);
    expect(severityOf("error: [36;1m", "error: [36;1m")).toBe(3);
  });
});
