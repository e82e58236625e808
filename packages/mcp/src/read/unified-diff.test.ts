import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unifiedDiff } from "./unified-diff.ts";

/** What a diff makes of a text. */
function applied(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const out: string[] = [];
  let at = 0;
  let last = "";
  for (const line of diff.split("\n").slice(0, -1)) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@$/.exec(line);
    if (hunk) {
      const start = Number(hunk[1]) - (hunk[2] === "0" ? 0 : 1);
      while (at < start) out.push(old[at++] ?? "");
    } else if (line.startsWith("\\")) {
      if (last !== "-") out.push((out.pop() ?? "").slice(0, -1));
    } else {
      last = line[0] ?? "";
      if (last !== "+") {
        expect(`${line.slice(1)}\n`.startsWith(old[at] ?? "nothing")).toBe(true);
        at++;
      }
      if (last !== "-") out.push(`${line.slice(1)}\n`);
    }
  }
  return [...out, ...old.slice(at)].join("");
}

const line = fc.constantFrom("a", "b", "", " c", "-d", "+e", "@@", "\\ No", "f\r", "ü");
const text = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.boolean())
  .map(([lines, ends]) => lines.join("\n") + (ends && lines.length > 0 ? "\n" : ""));

describe("unifiedDiff", () => {
  it("leads from one text to the other", () => {
    return fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applied(before, unifiedDiff(before, after))).toBe(after);
      }),
    );
  });

  it("is taken by patch", () => {
    const folder = mkdtempSync(join(tmpdir(), "diff-"));
    try {
      const before = Array.from({ length: 40 }, (_, at) => `line ${at}`);
      const after = before.with(3, "three").toSpliced(20, 2).toSpliced(30, 0, "new", "").join("\n");
      writeFileSync(join(folder, "file"), `${before.join("\n")}\n`);
      const diff = unifiedDiff(`${before.join("\n")}\n`, after);
      execFileSync("patch", ["--quiet", join(folder, "file")], { input: `--- a\n+++ b\n${diff}` });
      expect(readFileSync(join(folder, "file"), "utf8")).toBe(after);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("has two lines around a change, and nothing for texts that are the same", () => {
    expect(unifiedDiff("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nvier\n5\n6\n7\n")).toBe(
      "@@ -2,5 +2,5 @@\n 2\n 3\n-4\n+vier\n 5\n 6\n",
    );
    expect(unifiedDiff("a\n", "a\n")).toBe("");
  });
});
