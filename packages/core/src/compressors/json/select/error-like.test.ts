import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorLevel } from "./error-like.ts";

describe("errorLevel", () => {
  it.each([
    "ERROR",
    "error",
    "failed",
    "Failure",
    "FATAL",
    "critical",
    "CrashLoopBackOff",
    "OOMKilled",
    "payment_failed",
    "timed out",
    "ERROR: account_locked",
    "[FATAL] disk gone",
    "ALERT: Latency spike on /api",
    "panic: index out of range",
    "Traceback (most recent call last):",
  ])("takes %j for a failure status", (value) => {
    expect(errorLevel(value)).toBe(2);
  });

  it.each([
    "GET /api/orders 500 error: internal server error",
    "Connection refused to auth-service:8080 - ECONNREFUSED",
    "java.lang.NullPointerException: name",
    "worker-3: upload failed after 3 attempts",
    "Payment service is DOWN",
    "process killed by signal 9",
    "2024-05-01T10:00:00Z ERROR cannot write",
  ])("takes %j for a message about a failure", (value) => {
    expect(errorLevel(value)).toBeGreaterThan(0);
  });

  it.each([
    "",
    "ok",
    "INFO",
    "0 errors",
    "no errors found",
    "finished without failures",
    "errors: 0, warnings: 3",
    "error=null",
    "timeout=30",
    "timeout: 30",
    "failed: 0",
    "error rate is stable",
    "export function handleError(props) {",
    "src/errors.ts",
    "terrorist",
    "Request processed successfully",
    "downloads",
    "Down jacket",
    "failover-east",
  ])("leaves %j alone", (value) => {
    expect(errorLevel(value)).toBe(0);
  });

  describe("word by word", () => {
    const status =
      "error errors err errored fail failed failure failures failing fatal critical crit severe emergency emerg panic panicked " +
      "crash crashed aborted abort timeout timedout denied rejected refused unreachable unhealthy exception broken corrupt " +
      "corrupted killed oomkilled crashloopbackoff errimagepull imagepullbackoff evicted unauthorized forbidden unavailable";
    const mentions =
      "exceptions traceback segfault sigkill sigsegv oom overload deadlock exhausted exceeded violation unhandled uncaught " +
      "econnrefused econnreset etimedout enoent eacces eperm enospc epipe ehostunreach enotfound eaddrinuse timeouts unable " +
      "cannot crashes crashing outage invalid expired";
    const weak = new Set(
      "severe abort timeout rejected refused broken corrupt unavailable exceeded timeouts unable cannot invalid expired".split(
        " ",
      ),
    );
    const rows = [
      ...status.split(" ").map((word) => [word, 2] as const),
      ...mentions.split(" ").map((word) => [word, 1] as const),
    ];

    it.each(rows)("%s alone is %i", (word, level) => {
      expect(errorLevel(word)).toBe(level);
      expect(errorLevel(word.toUpperCase())).toBe(level);
      expect(errorLevel(`state ${word}`)).toBe(level);
      expect([errorLevel(`x${word}`), errorLevel(`${word}x`)]).toEqual([0, 0]);
    });

    it.each(rows)("%s in a sentence of seven words counts unless it is weak", (word) => {
      expect(errorLevel(`the five jobs of shard ${word}`)).toBe(1);
      expect(errorLevel(`the five jobs of one shard ${word}`)).toBe(weak.has(word) ? 0 : 1);
      expect(errorLevel(`the jobs of one shard invalid ${word}`)).toBe(1);
    });

    it.each(["alert", "outage", "incident"])(
      "%s is a failure where it labels what follows",
      (word) => {
        expect(errorLevel(`${word}: the west wing of all four houses`)).toBe(2);
        expect(errorLevel(`[${word.toUpperCase()}] the west wing of all four houses`)).toBe(2);
        for (const text of [`${word} the west wing`, `${word}:the west wing`, `the ${word}: west`])
          expect(errorLevel(text)).toBe(word === "outage" ? 1 : 0);
      },
    );

    it.each(["undefined", "overflow"])("%s counts beside another weak word only", (word) => {
      expect(errorLevel(word)).toBe(0);
      expect(errorLevel(`the five jobs of one shard have ${word}`)).toBe(0);
      expect(errorLevel(`cannot read this or that or these of ${word}`)).toBe(1);
    });

    it.each(["no", "0", "zero", "without", "non", "not", "never", "any", "if", "on"])(
      "%s in front takes a failure back",
      (word) => {
        expect(errorLevel(`${word} failure seen`)).toBe(0);
        expect(errorLevel(`${word}x failure seen`)).toBe(2);
        expect(errorLevel(`${word} sign of failure`)).toBe(1);
      },
    );

    it.each(
      (
        "handling handler handlers rate rates budget boundary reporting tracking page pages message messages recovery log logs " +
        "code codes path class type types policy detection correction"
      ).split(" "),
    )("%s behind it makes a failure a subject", (word) => {
      expect(errorLevel(`failure ${word}`)).toBe(0);
      expect(errorLevel(`failure ${word}x`)).toBe(2);
      expect(errorLevel(`failure of ${word}`)).toBe(2);
    });

    it.each(
      (
        "handle on is has get set log throw catch show use with print report format map to parse check ignore skip clear " +
        "default no"
      ).split(" "),
    )("%s in front makes an identifier deal with failures", (word) => {
      expect(errorLevel(`${word}Error`)).toBe(0);
      expect(errorLevel(`${word}xError`)).toBe(1);
      expect(errorLevel(`${word}DataErrors seen`)).toBe(0);
    });
  });

  it.each([
    ["er", 0],
    ["err", 2],
    ["one error", 2],
    ["one such error", 2],
    ["one of those errors", 1],
    ["the state is: error", 1],
    ["error in one of all the many shards here", 2],
    ["failed: a name of forty characters xxxxx", 2],
    ["state is failed", 2],
    ["abcdefghijklmnopqrst abcdefghijkl failed", 2],
    ["abcdefghijklmnopqrst abcdefghijklm failed", 1],
    ["5 out of 7 done, one failed", 1],
    ["5 out of 7 done, none is down", 0],
    ["it timed out", 2],
    ["the job has timed out", 1],
    ["it is out of the trace", 0],
    ["timed in, then out, at last: the trace", 0],
    ["node is down, alert", 0],
    ["node is DOWN, alert", 1],
    ["NullPointerException", 1],
    ["nullException of it", 1],
    ["ExceptionList of it", 0],
    ["exceptionList of it", 0],
    ["XError2 of it", 0],
    ["XErrorA of it", 0],
    ["dataError/x", 0],
    ["Traceback of it", 2],
    ["a Traceback of it", 1],
    ["Traceback", 2],
    ["a/error", 0],
    ["a /error", 2],
    ["error.log", 0],
    ["error.length", 2],
    ["error.jsonl", 0],
    [".error", 2],
    ["a.error", 0],
    ["a.failed", 2],
    ["unable to abort", 2],
    ["unable or unable in the six long words of it", 1],
    ["unable in the six words", 1],
    ["unable in the six long words", 1],
    ["unable in the six very long words", 0],
  ])("of %j is %i", (value, level) => {
    expect(errorLevel(value)).toBe(level);
  });

  it.each([
    ["errors=0", 0],
    ["errors=9", 0],
    ["errors=x", 2],
    ["errors:0", 0],
    ["errors: 0", 0],
    ["errors:   0", 0],
    ["errors: 9", 2],
    ["errors/0", 0],
    ["errors; 0", 2],
    ['"errors": 0', 0],
    ["'errors': 0", 0],
    ["(errors): 0", 0],
    ['errors\\": 0', 0],
    ['errors ") : 0', 2],
    ["errors   : 0", 0],
    ["errors    : 0", 2],
    ["failed: none", 0],
    ["failed: null", 0],
    ["failed: False", 0],
    ["failed: nobody", 2],
    ["failed: nul", 2],
    ["failed: fals", 2],
    ["timeout: 9", 0],
    ["timeouts: 9", 0],
    ["timeout: x", 2],
    ["timeoutx: 9", 0],
    ["timed out: 9", 2],
  ])("tells a setting from a report: %j is %i", (value, level) => {
    expect(errorLevel(value)).toBe(level);
  });

  it("reads the first 160 characters of a text of more than 400", () => {
    const words = "word ".repeat(200);
    const at = (place: number, length: number): string =>
      `${words.slice(0, place)}failed ${words}`.slice(0, length);
    expect(errorLevel(at(350, 400))).toBe(1);
    expect(errorLevel(at(350, 401))).toBe(0);
    expect(errorLevel(`failed ${words}`)).toBe(2);
    expect(errorLevel(`it failed ${words}`)).toBe(0);
    expect(errorLevel(`Traceback ${words}`)).toBe(2);
    expect(errorLevel(`${"x".repeat(154)} failed ${words}`)).toBe(0);
    expect(errorLevel(`alert: ${words}`)).toBe(2);
  });

  it("leaves long prose alone that mentions an error somewhere", () => {
    expect(
      errorLevel(`${"This chapter explains the design. ".repeat(20)}An error may occur.`),
    ).toBe(0);
  });

  it("is total", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (value) => {
        expect([0, 1, 2]).toContain(errorLevel(value));
      }),
      { numRuns: 300 },
    );
  });
});
