import { describe, expect, it } from "vitest";
import { codeOf, levelOf, statusOf } from "./levels.ts";

describe("levels", () => {
  it.each([
    ["2024-05-01T10:00:00Z INFO started", "INFO"],
    ["2024-05-01 10:00:00,123 WARNING queue is full", "WARNING"],
    ["[ERROR] Failed to execute goal", "ERROR"],
    ["10:00:05 [main] DEBUG c.a.Http - served", "DEBUG"],
    ["ts=2024 level=warn msg=slow", "warn"],
    ['{"time":1,"level":"error","msg":"x"}', "error"],
    ['{"level":30,"msg":"x"}', "30"],
    ["2024/05/01 10:00:00 [crit] 7#7: no space", "crit"],
    ["src/a.c:3:7: warning: unused", "warning"],
    ["  12:5   warning  Unexpected any  no-any", "warning"],
    ["npm warn deprecated inflight", "warn"],
    ["gyp info ok", "info"],
    ["info: Microsoft.Hosting[0]", "info"],
  ])("%s: %s", (line, level) => expect(levelOf(line)).toBe(level));

  it.each([
    "--- End of inner exception stack trace ---",
    "see the error log for more",
    "INFORMATION schema",
    "a plain line",
    `${"x".repeat(130)} ERROR too far in`,
    "",
  ])("none: %s", (line) => expect(levelOf(line)).toBeUndefined());
});

describe("codes of diagnostics", () => {
  it.each([
    ["a.c:3:7: warning: unused variable 'x' [-Wunused-variable]", "-Wunused-variable"],
    ["error[E0308]: mismatched types", "E0308"],
    ["a.ts(3,4): error TS2322: Type 'x'", "TS2322"],
    ["Program.cs(3,4): warning CS0168: unused", "CS0168"],
    ["a.py:3:7: F401 'os' imported but unused", "F401"],
    ["a.py:3:0: C0114: Missing docstring", "C0114"],
    ['a.py:3: error: Name "x" is not defined  [name-defined]', "name-defined"],
    [
      "  3:7  error  'x' is unused  @typescript-eslint/no-unused-vars",
      "@typescript-eslint/no-unused-vars",
    ],
    ["  3:7  warning  Unexpected console  no-console", "no-console"],
  ])("%s: %s", (line, code) => expect(codeOf(line)).toBe(code));

  it.each(["INFO started [main]", "error: no code", "x".repeat(600)])("none: %s", (line) =>
    expect(codeOf(line)).toBeUndefined(),
  );
});

describe("status of requests", () => {
  it.each([
    ['10.0.0.1 - - [01/May/2024] "GET / HTTP/1.1" 503 12', "503"],
    ["GET /x HTTP/2 200 12", "200"],
    ['"GET / HTTP/1.1" 999', undefined],
    ["HTTP/1.1 200", undefined],
    ["nothing", undefined],
  ])("%s: %s", (line, status) => expect(statusOf(line)).toBe(status));
});
