import { describe, expect, it } from "vitest";
import { levelNamed, levelOf } from "./level.ts";

describe("levelOf", () => {
  it.each([
    ["2026-11-28 10:00:00 ERROR db: gone", "error"],
    ["[WARN] slow", "warn"],
    ["[error] 12#0: open() failed", "error"],
    ["10:00 FATAL exit", "fatal"],
    ["CRITICAL:root:down", "fatal"],
    ['{"time":1,"level":"warn","msg":"error soon"}', "warn"],
    ['{"level":50,"msg":"x"}', "error"],
    ['{"level":30,"msg":"an error"}', "info"],
    ["level=debug msg=error", "debug"],
    ["severity: 3 kernel", "error"],
    ["INFO  no errors found, error rate 0", "info"],
    ["npm ERR! code E404", "error"],
    ["panic: runtime error: index out of range", "error"],
    ["src/a.c:3:1: warning: unused variable", "warn"],
    ["everything is fine", undefined],
    ["", undefined],
  ])("%j is %s", (line, level) => {
    expect(levelOf(line)).toBe(level);
  });
});

it.each([
  ["error", "error"],
  [" Errors ", "error"],
  ["ERR", "error"],
  ["warnings", "warn"],
  ["notice", "info"],
  ["critical", "fatal"],
  ["loud", undefined],
])("%j names %s", (name, level) => {
  expect(levelNamed(name)).toBe(level);
});
