/** The numbers that a view prints are those that `rows` takes: the row shown under `#201` is served as row 201. */
import { expect, it } from "vitest";
import { createHeadroom } from "../create.ts";
import { memoryStore } from "./memory-store.ts";

const rows = Array.from({ length: 900 }, (_, n) => ({
  code: `c${(n * 7_919) % 90_000}`,
  state: n % 211 === 87 ? "failed: no space left" : "done",
  took: (n * 31) % 977,
  node: `node-${n % 9}`,
}));
const json = JSON.stringify(rows);

it.each<[frame: string, text: string]>([
  ["alone", json],
  ["indented", JSON.stringify(rows, null, 2)],
  ["under a heading and above a log", `Jobs of today:\n${json}\n3 warnings`],
  ["in an object", JSON.stringify({ page: 1, kinds: ["a", "b"], jobs: rows })],
  ["in the text of an MCP result", JSON.stringify({ content: [{ type: "text", text: json }] })],
  ["one a line", rows.map((row) => JSON.stringify(row)).join("\n")],
])("rows of an array %s", async (_, text) => {
  const headroom = createHeadroom({ store: memoryStore(), mode: "aggressive" });
  const { text: view, ref = "" } = await headroom.compressText(text);
  const printed = view.split("\n").flatMap((line) => {
    const [, number] = /^#(\d+) /.exec(line.trim()) ?? [];
    return number === undefined ? [] : [{ number, line }];
  });
  expect(printed.length).toBeGreaterThan(2);
  for (const { number, line } of printed) {
    const { slices } = await headroom.retrieve({ hash: ref, rows: number });
    const row = JSON.parse(slices[0]?.text ?? "null") as (typeof rows)[number];
    expect(row).toEqual(rows[Number(number)]);
    expect(line).toContain(row.code);
  }
});
