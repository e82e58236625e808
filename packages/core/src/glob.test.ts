import { expect, it } from "vitest";
import { matchesGlob } from "./glob.ts";

it.each([
  ["*", "", true],
  ["mcp__*__read", "mcp__files__read", true],
  ["mcp__*__read", "mcp__files__write", false],
  ["get_?", "get_1", true],
  ["get_?", "get_", false],
  ["a*b*c", "aXbXbXc", true],
  ["Bash", "bash", false],
])("%s fits %s: %s", (pattern, name, fits) => {
  expect(matchesGlob(pattern, name)).toBe(fits);
});
