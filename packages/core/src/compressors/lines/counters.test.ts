import { describe, expect, it } from "vitest";
import { countsFailures } from "./counters.ts";
import { FAILURE, failureOf } from "./failures.ts";

describe("a counter of failures", () => {
  it.each([
    "mount_a:calls=9,rejected_mounts=0,failed_mounts=1",
    "mount_b:calls=0,rejected_mounts=2,failed_mounts=0",
    "Failed requests: 12",
    "rx_errors: 3",
    "eth7 rx=100 dropped=4 tx=90",
    "errors=3",
    "total_error_replies:17",
    "errorstat_NOAUTH:count=2",
    "jobs (done: 20, failed: 1)",
    "failedCalls=7 tookMs=3",
    "error_rate: 0.5%",
    "sum of rejections = 1,204",
  ])("above zero is a failure: %s", (line) => {
    expect(countsFailures(line)).toBe(true);
    expect(failureOf(line)).toBe(FAILURE);
  });

  it.each([
    "mount_a:calls=9,rejected_mounts=0,failed_mounts=0",
    "Failed requests: 0",
    "error_rate: 0.00%",
    "failover_state:3",
    "max_errors=10",
    "panic_on_oops = 1",
    "memory_failure_recovery = 1",
    "last_error_time_seconds: 1712000000",
    "failed=2026-02-03",
    "error_log=/var/log/x",
    "errors: 12:30",
    "failed_login_limit: 5",
    "calls=3",
    "",
  ])("is not: %s", (line) => {
    expect(countsFailures(line)).toBe(false);
  });
});
