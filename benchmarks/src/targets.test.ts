/** Targets and sabotages: what is a miss, and that every target has a sabotage that turns it red. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { CONCERN_NAMES } from "./concerns.ts";
import { unjudged } from "./report.ts";
import { SABOTAGES } from "./sabotage/list.ts";
import { isTurned } from "./sabotage/run.ts";
import { isWorse } from "./sabotage/worse.ts";
import { reaches, type Target, targetOf, targetsOf } from "./targets.ts";

const all: Target = { figure: "", issue: 1, share: 1 };
const least: Target = { figure: "", issue: 1, atLeast: 0.5, unit: "%" };
const most: Target = { figure: "", issue: 1, atMost: 2.5, unit: "×" };

describe("a target is missed", () => {
  it.each([
    ["when nothing was measured", all, undefined],
    ["when there was no case", all, { met: 0, of: 0 }],
    ["when one case does not hold", all, { met: 9, of: 10 }],
    ["by a number where cases are counted", all, 1],
    ["when nothing was measured, of a share", least, undefined],
    ["when the share is no number", least, Number.NaN],
    ["when the share is too low", least, 0.4989],
    ["when the factor is no number", most, Number.NaN],
    ["when the factor is without end", most, Number.POSITIVE_INFINITY],
    ["when the factor is too high", most, 2.51],
  ])("%s", (_, target, measured) => expect(reaches(target, measured)).toBe(false));

  it("and reached by what the issue asks for, to a tenth of a percent", () => {
    expect(reaches(all, { met: 3, of: 3 })).toBe(true);
    expect(reaches(least, 0.4996)).toBe(true);
    expect(reaches(most, 2.5)).toBe(true);
  });

  it("when a part of the benchmarks has not judged it", () => {
    const rows = unjudged("growth", []);
    expect(rows.map(({ name, reached }) => [name, reached])).toEqual([["growth", false]]);
  });
});

describe("a sabotage is seen", () => {
  it("by what was green and is red, or what was red and is clearly worse", () => {
    expect(isWorse(least, 0.6, 0.4)).toBe(true);
    expect(isWorse(least, 0.6, undefined)).toBe(true);
    expect(isWorse(least, 0.4, 0.1)).toBe(true);
    expect(isWorse(most, 2.7, 4)).toBe(true);
  });

  it("and not where nothing changed, got better, or could not be measured before", () => {
    expect(isWorse(least, 0.6, 0.55)).toBe(false);
    expect(isWorse(least, 0.4, 0.39)).toBe(false);
    expect(isWorse(most, 2.7, 2.8)).toBe(false);
    expect(isWorse(least, undefined, undefined)).toBe(false);
    expect(isWorse(least, Number.NaN, 0.1)).toBe(false);
  });

  it("of every target, by one in the list", () => {
    const targets = CONCERN_NAMES.flatMap((name) => targetsOf(name));
    expect(targets.filter((target) => !isTurned(target, SABOTAGES))).toEqual([]);
    for (const { turns } of SABOTAGES) for (const target of turns) targetOf(target);
    expect(new Set(SABOTAGES.map(({ name }) => name)).size).toBe(SABOTAGES.length);
  });
});

it("a part that does not exist is an error, and says which there are", () => {
  const index = fileURLToPath(new URL("index.ts", import.meta.url));
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--conditions=@headroom/source", index, "--only", "savings,NOSUCH"],
    { encoding: "utf8" },
  );
  expect(status).toBe(2);
  expect(stdout).toContain("Names: savings, ci-logs");
});
