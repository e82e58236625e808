/** What `npm run unseen` says of a library that is right, and of one that lies or hides. */
import type { Compressor, View } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { library, type Subject } from "../subject.ts";
import { capture } from "./capture.ts";
import { COMMANDS } from "./commands.ts";
import { hiddenFacts } from "./facts.ts";
import { judge } from "./judge.ts";

const rows = Array.from({ length: 60 }, (_, at) => `${(at * 37) % 61}M\tdata/part-${at}.bin`);
const listing = `${rows.join("\n")}\n`;
const command = { half: "write", run: "list" } as const;

describe("facts that have to be visible", () => {
  it("are the row with the greatest size, and error lines", () => {
    const top = rows.find((row) => row.startsWith("60M")) ?? "";
    expect(hiddenFacts(listing, top)).toEqual([]);
    expect(hiddenFacts(listing, rows[0] ?? "")).toEqual([`top: ${top}`]);
    const log = `start\nERROR: disk full\n${"fine\n".repeat(30)}`;
    expect(hiddenFacts(log, "ERROR: disk full")).toEqual([]);
    expect(hiddenFacts(log, "start")).toEqual(["error: ERROR: disk full"]);
  });

  it("are no errors that a manual or source code speaks of", () => {
    const says = "       A hook that fails ends the run with exit code 1.";
    const manual = ["TIDY(1)", "NAME", "       tidy - tidies", "", "SYNOPSIS", "       tidy", says];
    expect(hiddenFacts(manual.join("\n"), "")).toEqual([]);
    const blame = (line: string, at: number): string =>
      `3f9c1a2b (Ada 2026-01-0${at} 10:00:00 +0100 ${at}) ${line}`;
    const source = ["run().catch((error: unknown) => {", "  throw error;", "});"].map(blame);
    expect(hiddenFacts(source.join("\n"), "")).toEqual([]);
    expect(hiddenFacts(["NAME", "tidy", says].join("\n"), "")).toHaveLength(1);
    expect(hiddenFacts(`${source[0]}\nfatal: no such path\nfatal: gone`, "")).not.toEqual([]);
  });

  it("are none in a text that is no list", () => {
    expect(hiddenFacts("some words\nand more\n".repeat(40), "")).toEqual([]);
  });
});

describe("the judge", () => {
  const text = `${"nothing to see in this line of the log\n".repeat(400)}`;
  const viewed = async (view: View): Promise<readonly string[]> => {
    const compressor: Compressor = {
      name: "made-up",
      kind: "made-up",
      detect: () => 1,
      encode: () => undefined,
      decode: () => undefined,
      shorten: () => view,
    };
    const subject: Subject = { ...library, compressors: () => [compressor] };
    return (await judge({ command, text }, subject)).untrue;
  };
  const omitted = [{ unit: "lines", count: 400, total: 400 }];

  it("finds a view that says what is not so, and one that states nothing", async () => {
    const said = (count: number): View => {
      const sentence = `… ${count} lines`;
      const statement = { text: sentence, of: "", about: [[0, 400]] as const, facts: [] };
      return { text: sentence, omitted, statements: [statement] };
    };
    expect(await viewed(said(400))).toEqual([]);
    expect(await viewed(said(399))).toEqual(["made-up: … 399 lines"]);
    expect(await viewed({ text: "… 400 lines", omitted })).toEqual(["made-up states nothing"]);
  });
});

describe("a capture", () => {
  it("is what a command prints on both streams, whole lines up to a cap", () => {
    const run = "for i in $(seq 1 50000); do echo line $i; done; echo late >&2";
    const captured = capture({ ...command, run });
    expect("text" in captured && captured.text.length).toBeLessThanOrEqual(200_000);
    expect("text" in captured && captured.text.endsWith("\n")).toBe(true);
    expect(capture({ ...command, run: "no-such-tool-here" })).toMatchObject({
      why: expect.stringContaining("not found"),
    });
  });

  it("has two halves with at least thirty commands each, and no command in both", () => {
    const of = (half: string): number => COMMANDS.filter((one) => one.half === half).length;
    expect(of("write")).toBeGreaterThanOrEqual(30);
    expect(of("judge")).toBeGreaterThanOrEqual(30);
    expect(new Set(COMMANDS.map(({ run }) => run)).size).toBe(COMMANDS.length);
  });
});
