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
