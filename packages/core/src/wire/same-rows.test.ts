import { describe, expect, it } from "vitest";
import { areSameRows } from "./same-rows.ts";

const rows = [
  { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "long" }] },
  { role: "tool", tool_call_id: "b", content: "long", n: 1 },
  { role: "user", parts: [{ functionResponse: { name: "f", response: { x: "long" } } }] },
];
const [one, two, three] = rows;

describe("rows are the same", () => {
  it.each([
    [[...rows]],
    [[one, { ...two, content: "short" }, three]],
    [[one, { ...two, content: "short" }, { ...three, parts: [{ functionResponse: {} }] }]],
  ])("where only texts and results differ: %j", (after) => {
    expect(areSameRows(rows, after)).toBe(true);
  });

  it.each([
    ["one is missing", [one, two]],
    ["one is more", [...rows, one]],
    ["two changed places", [two, one, three]],
    ["one has another role", [one, { ...two, role: "user" }, three]],
    ["one answers another call", [one, { ...two, tool_call_id: "a" }, three]],
    ["one lost a member", [one, { role: "tool", tool_call_id: "b", content: "" }, three]],
    ["one lost its number", [one, { ...two, n: 2 }, three]],
    ["one lost a part", [{ ...one, content: [] }, two, three]],
    [
      "a part answers another call",
      [{ ...one, content: [{ type: "tool_result", tool_use_id: "b", content: "" }] }, two, three],
    ],
  ])("not where %s", (_, after) => {
    expect(areSameRows(rows, after)).toBe(false);
  });
});
