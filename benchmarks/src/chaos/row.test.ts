import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bounded } from "./harness/bounded.ts";
import { flatness } from "./harness/flatness.ts";
import type { Measured } from "./measured.ts";
import { demand, findingsOf, isSeen, type Row, type RunContext } from "./row.ts";
import { rows } from "./rows/index.ts";

const context: RunContext = {
  scale: 1,
  withoutNextTurn: false,
  count: (full) => full,
  store: (spec) => spec,
};
const GREEN: Measured = {
  tried: 2_000,
  acknowledged: 1_900,
  markers: 1_900,
  lostAtFirstLook: 0,
  lostAfterNextTurn: 0,
  wrong: 0,
  hung: 0,
  slowestMs: 12,
  reads: { tried: 10, served: 10, refused: 0, missed: 0 },
  after: { waitedMs: 100, tried: 100, acknowledged: 100 },
  faults: { kills: 3 },
  demands: [demand("figure", 1, true)],
};

function rowOf(fields: Partial<Row>): Row {
  return {
    id: "X",
    title: "",
    promise: "keeps",
    sabotages: [],
    run: async () => GREEN,
    ...fields,
  };
}

const kinds = (row: Partial<Row>, measured: Partial<Measured>): readonly string[] =>
  findingsOf(rowOf(row), { ...GREEN, ...measured }, context).map(({ kind }) => kind);

describe("a row is red", () => {
  const cases: readonly [string, Partial<Row>, Partial<Measured>, string][] = [
    ["when too little ran", {}, { tried: 1_999 }, "load"],
    ["when no marker left", {}, { markers: 0 }, "load"],
    ["when no fault was counted", {}, { faults: {} }, "fault"],
    ["when one of its faults did not happen", {}, { faults: { kills: 3, resets: 0 } }, "fault"],
    ["when a fault could not be counted", {}, { faults: { kills: Number.NaN } }, "fault"],
    ["when a level that keeps lost something", {}, { lostAtFirstLook: 1 }, "lost"],
    [
      "when a level that heals did not",
      { promise: "heals" },
      { lostAfterNextTurn: 1 },
      "not healed",
    ],
    ["when a level that keeps lost something later", {}, { lostAfterNextTurn: 1 }, "not healed"],
    ["when nobody counted what was lost", {}, { lostAtFirstLook: Number.NaN }, "lost"],
    ["when nobody counted wrong bytes", {}, { wrong: Number.NaN }, "wrong"],
    ["when nobody counted hung calls", {}, { hung: Number.NaN }, "hung"],
    ["when nobody counted calls", {}, { tried: Number.NaN }, "load"],
    ["when wrong bytes were served", {}, { wrong: 1 }, "wrong"],
    ["when a call hung", {}, { hung: 1 }, "hung"],
    ["when a level that refuses accepted", { promise: "refuses" }, {}, "accepted"],
    [
      "when a read was refused that had to be served",
      { readsGoOn: true },
      { reads: { tried: 10, served: 9, refused: 1, missed: 0 } },
      "reads",
    ],
    [
      "when nothing was read",
      { readsGoOn: true },
      { reads: { tried: 0, served: 0, refused: 0, missed: 0 } },
      "reads",
    ],
    [
      "when no put was acknowledged after the fault",
      { recoversWithinMs: 1_000 },
      { after: { waitedMs: undefined, tried: 0, acknowledged: 0 } },
      "recovery",
    ],
    [
      "when puts stay refused after the fault",
      { recoversWithinMs: 1_000 },
      { after: { waitedMs: 10, tried: 100, acknowledged: 50 } },
      "recovery",
    ],
    ["when a figure is not reached", {}, { demands: [demand("figure", 1, false)] }, "demand"],
  ];
  it.each(cases)("%s", (_name, row, measured, kind) => {
    expect(kinds(row, measured)).toEqual([kind]);
  });

  it("when nobody looked after the next turn of a level that heals", () => {
    const { lostAfterNextTurn: _, ...unseen } = GREEN;
    const found = findingsOf(rowOf({ promise: "heals" }), unseen, context);
    expect(found.map(({ kind }) => kind)).toEqual(["not healed"]);
  });

  it("and green only when nothing of this is so", () => {
    expect(kinds({ readsGoOn: true, recoversWithinMs: 1_000 }, {})).toEqual([]);
    expect(kinds({ promise: "heals" }, { lostAtFirstLook: 50 })).toEqual([]);
  });
});

describe("a sabotage", () => {
  it("is seen by the finding it has to cause, not by another", () => {
    const sabotage = { does: "", turns: "demand", says: "put of 16 KB" } as const;
    expect(isSeen(sabotage, [{ kind: "load", text: "put of 16 KB" }])).toBe(false);
    expect(isSeen(sabotage, [{ kind: "demand", text: "get of 5 MB: 9 ms" }])).toBe(false);
    expect(isSeen(sabotage, [{ kind: "demand", text: "put of 16 KB: 9 ms" }])).toBe(true);
  });

  it("is named by every row, and rows have names of their own", () => {
    expect(rows.filter(({ sabotages }) => sabotages.length === 0)).toEqual([]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });
});

it("a call that never ends is hung", async () => {
  expect((await bounded(20, () => new Promise(() => {}))).hung).toBe(true);
  expect(await bounded(1_000, async () => 1)).toMatchObject({ value: 1, hung: false });
});

it("memory that grows in the last third is not flat", () => {
  const sample = (rss: number) => ({ rss, heap: 100, handles: 3 });
  const flat = Array.from({ length: 12 }, () => sample(200));
  const growing = Array.from({ length: 12 }, (_, at) => sample(200 + at * 20));
  expect(flatness(flat)).toEqual({ rss: 0, heap: 0, handles: 0 });
  expect(flatness(growing)?.rss).toBeGreaterThan(0.05);
  expect(flatness(flat.slice(0, 5))).toBeUndefined();
});

it("a row that does not exist is an error, and says which there are", () => {
  const index = fileURLToPath(new URL("index.ts", import.meta.url));
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@headroom/source", index, "--only", "NOSUCH"],
    { encoding: "utf8" },
  );
  expect(status).toBe(1);
  expect(stderr).toContain("No row NOSUCH. There are R1, R2");
});
