import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { calmLines } from "./calm.ts";
import { severityOf } from "./severity.ts";
import { shortenLog } from "./shorten.ts";

const counter = { name: "letters", count: (text: string) => Math.ceil(text.length / 4) };

const environment = (size: number, name = "GO"): string[] =>
  Array.from(
    { length: size },
    (_, at) => `${name}${"ABCDEFGHKLMNPRSTUVWXYZ"[at % 22]}${at}='/opt/value/${at * 37}'`,
  );
const steps = (...between: string[]): string[] => [
  "##[group]Check out the repository",
  "[command]/usr/bin/git init /srv/build",
  "hint: Using 'master' as the name for the initial branch. Set init.defaultBranch",
  "hint: to suppress this warning in all new repositories",
  "Initialized empty Git repository in /srv/build/.git/",
  "##[endgroup]",
  "##[group]Print the environment",
  "[command]/usr/local/bin/go env",
  ...environment(40),
  "##[endgroup]",
  ...between,
  "##[group]Install",
  ...Array.from(
    { length: 30 },
    (_, at) => `Setting up lib${"qwertyuiop"[at % 10]}-dev${at} (${at}.2-1) ...`,
  ),
  "##[endgroup]",
  "##[group]Test",
  ...Array.from({ length: 20 }, (_, at) => `ok  	example.net/shop/part${at}	0.0${at}s`),
  "--- FAIL: TestOrder (0.00s)",
  "    order_test.go:41: total is 12, want 14",
  "FAIL",
];

const markedIn = (lines: readonly string[]): readonly string[] => {
  const severity = Uint8Array.from(lines, (line) => severityOf(line, line));
  const calm = finish(calmLines(lines, severity));
  return lines.filter((_, at) => calm[at] === 1);
};

describe("output of steps that went well", () => {
  it("is all of it but the name of the group, git's hints too", () => {
    const marked = markedIn(steps());
    expect(marked).toContain("GOC2='/opt/value/74'");
    expect(marked).toContain("[command]/usr/local/bin/go env");
    expect(marked).toContain("hint: to suppress this warning in all new repositories");
    expect(marked).not.toContain("##[group]Print the environment");
  });

  it("is left out at the end, but for the last line: it says that the log ends there", () => {
    const cleanUp = [
      "Post job cleanup.",
      ...Array.from({ length: 30 }, (_, at) => `[command]/usr/bin/git config --unset key${at}`),
      "Cleaning up orphan processes",
    ];
    const shown = finish(
      shortenLog([...steps(), ...cleanUp].join("\n"), { budgetTokens: 600, counter }),
    )?.text.split("\n");
    expect(shown).toContain("Cleaning up orphan processes");
    expect(shown).not.toContain("[command]/usr/bin/git config --unset key29");
  });

  it("is none where the step has a warning or a failure, or one is near", () => {
    const lines = steps(
      "##[group]Lint",
      "warning: unused import",
      ...environment(6, "LINT"),
      "##[endgroup]",
    );
    expect(markedIn(lines)).not.toContain("LINTA0='/opt/value/0'");
    const tested = markedIn(lines).filter((line) => line.startsWith("ok "));
    expect(tested).toEqual([]);
    expect(
      markedIn(["[command]make", "error: no rule", ...environment(4), "$ next", ...environment(9)]),
    ).toEqual([]);
  });

  it("is none where nothing failed: then that is what the log says", () => {
    expect(markedIn(steps().slice(0, -3))).toEqual([]);
  });

  it("is all groups of a step but its name, and what cleans up right behind a failure", () => {
    const nested = (name: string): string[] => [
      `##[group]${name}`,
      `[command]/usr/bin/git ${name.toLowerCase()} --quiet`,
      "##[endgroup]",
    ];
    const lines = [
      "##[group]Run actions/checkout@v9",
      "with:",
      "##[endgroup]",
      ...["Fetching", "Resetting", "Cleaning"].flatMap(nested),
      "##[group]Run make test",
      ...Array.from({ length: 30 }, (_, at) => `ok ${at} part`),
      ...environment(60, "MAKE"),
      "make: *** [test] Error 2",
      "Leaving directory",
      "Post job cleanup.",
      ...nested("Unset").slice(1),
      ...nested("Forget").slice(1),
      "Cleaning up orphan processes",
    ];
    const marked = markedIn(lines);
    expect(marked).toContain("##[group]Resetting");
    expect(marked).toContain("[command]/usr/bin/git forget --quiet");
    for (const line of [
      "##[group]Run actions/checkout@v9",
      "Leaving directory",
      "MAKER59='/opt/value/2183'",
    ])
      expect(marked).not.toContain(line);
    const view = finish(shortenLog(lines.join("\n"), { budgetTokens: 500, counter }));
    expect(view?.text).not.toContain("git resetting");
    expect(view?.text).not.toContain("git unset");
  });

  it("is left out of a view with room for it, while failures and warnings stay", () => {
    const lines = steps("##[warning]Node 16 is old, use 20 instead");
    const view = finish(shortenLog(lines.join("\n"), { budgetTokens: 1_500, counter }));
    expect(view?.text).not.toContain("GOC2=");
    expect(view?.text).toContain("##[group]Print the environment");
    expect(view?.text).toContain("##[warning]Node 16 is old, use 20 instead");
    expect(view?.text).toContain("order_test.go:41: total is 12, want 14");
  });
});
