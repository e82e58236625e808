import type { BlockReport } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { progressBar } from "../progress.ts";
import { formatTable } from "../table.ts";
import { tally } from "./tally.ts";

const block: BlockReport = {
  message: 0,
  block: "content",
  role: "tool",
  outcome: "compressed",
  reason: "json",
  kind: "json",
  lossless: true,
  tokensBefore: 100,
  tokensAfter: 40,
  milliseconds: 2,
};

describe("tally", () => {
  it("counts every block once in each sum", () => {
    const sums = tally();
    sums.add(block);
    sums.add({ ...block, lossless: false, toolName: "Bash", kind: "log" });
    const small = { ...block, outcome: "protected", tokensBefore: 84, tokensAfter: 84 } as const;
    sums.add({ ...small, reason: "under minTokens (84 < 200)" });
    sums.add({ ...small, reason: "under minTokens (85 < 200)", role: "user" });
    const { tokensBefore, tokensAfter, savedLossless, changed, blocks } = sums.total();
    expect({ tokensBefore, tokensAfter, savedLossless, changed, blocks }).toEqual({
      tokensBefore: 368,
      tokensAfter: 248,
      savedLossless: 60,
      changed: 2,
      blocks: 4,
    });
    expect(sums.byKind().map(({ name, blocks }) => [name, blocks])).toEqual([
      ["json", 2],
      ["log", 1],
      ["(user text)", 1],
    ]);
    expect(sums.byTool().map(({ name }) => name)).toEqual(["Bash"]);
    expect(sums.reasons()).toEqual([
      { reason: "protected: under minTokens", blocks: 2, tokens: 168 },
    ]);
  });
});

describe("formatTable", () => {
  it("lines figures up on the right and cuts long labels", () => {
    expect(
      formatTable(
        ["kind", "tokens"],
        [
          ["json", "1,234"],
          ["x".repeat(70), "5"],
        ],
        ["total", "1,239"],
      ),
    ).toBe(
      [
        `  kind${" ".repeat(58)}tokens`,
        `  ${"─".repeat(68)}`,
        `  json${" ".repeat(59)}1,234`,
        `  ${"x".repeat(59)}…       5`,
        `  ${"─".repeat(68)}`,
        `  total${" ".repeat(58)}1,239`,
        "",
      ].join("\n"),
    );
  });
});

describe("progressBar", () => {
  const drawn = (isTTY: boolean): string[] => {
    const lines: string[] = [];
    let time = 0;
    const bar = progressBar({ isTTY, columns: 40, write: (text) => lines.push(text) }, () => time);
    bar.update(0.1, "a");
    time = 500;
    bar.update(0.5, "some/long/path/that/does/not/fit.json");
    time = 510;
    bar.update(0.6, "b");
    bar.clear();
    return lines;
  };

  it("is drawn on a terminal only, after a moment, and taken away", () => {
    expect(drawn(true)).toEqual([
      "\r\u001B[K████████████░░░░░░░░░░░░  50 %  …t.json",
      "\r\u001B[K",
    ]);
    expect(drawn(false)).toEqual([]);
  });
});
