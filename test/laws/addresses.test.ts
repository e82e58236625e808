/** Law 3: what is left out is addressable. Line numbers in a shortened text are those of the original, whatever stands before. */
import { createHeadroom, memoryStore } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { outputOf } from "../../packages/conformance/test/outputs.ts";
import { estimate } from "./law.ts";

const noise = outputOf("text", 1, 500);
const log = Array.from({ length: 300 }, (_, index) =>
  index === 150 ? "ERROR disk full" : `INFO handled request ${index} in ${index % 50} ms`,
).join("\n");
const hits = Array.from(
  { length: 240 },
  (_, index) =>
    `src/${"abcdef"[Math.floor(index / 40)]}.ts:${index * 3 + 1}:  call(${index * 7919});`,
).join("\n");
const data = outputOf("json", 4, 60);

type Retell = (short: string) => string;

/** Every note of a view, asked for: what is served stood in the part, and the note's lines are not shown. */
async function addressesHold(
  text: string,
  part: string,
  pattern: RegExp,
  retell: Retell = (short) => short,
): Promise<void> {
  const headroom = createHeadroom({
    store: memoryStore(),
    tokenCounter: estimate,
    mode: "aggressive",
  });
  const { text: view, ref } = await headroom.compressText(text);
  const short = retell(view);
  const notes = short.split("\n").flatMap((line) => pattern.exec(line) ?? []);
  // A view without notes would show nothing here: each of these cases has some.
  expect(notes.length).toBeGreaterThanOrEqual(4);
  for (let at = 0; at + 3 < notes.length; at += 4) {
    const [count, from, to] = notes.slice(at + 1, at + 4).map(Number) as [number, number, number];
    const { slices } = await headroom.retrieve({ hash: ref ?? "", lines: `${from}-${to}` });
    const served = slices.map((slice) => slice.text).join("");
    expect(served.trimEnd().split("\n").length).toBeGreaterThanOrEqual(count);
    expect(part).toContain(served.trimEnd());
    // The lines around the gap are shown, those inside are not.
    expect(
      served.split("\n").filter((line) => line !== "" && short.includes(`\n${line}\n`)).length,
    ).toBeLessThan(count);
  }
}

/** Adds to the line numbers of every note. */
const renumbered =
  (by: number): Retell =>
  (short) =>
    short.replace(
      /(lines |\()(\d+)-(\d+)\)/g,
      (_, before: string, from: string, to: string) =>
        `${before}${Number(from) + by}-${Number(to) + by})`,
    );
const liars: readonly (readonly [string, Retell])[] = [
  ["says nothing", (short) => short.replaceAll(/^… .*$/gm, "")],
  ["counts lines from where the part begins", renumbered(-500)],
  ["counts far beyond the end", renumbered(5_000)],
];

describe.each([
  ["a log", log, /… (\d+) lines like.*\((\d+)-(\d+)\)/],
  ["search hits", hits, /… (\d+) more.*\(output lines (\d+)-(\d+)\)/],
])("line numbers of %s", (_, part, pattern) => {
  const mixed = `${noise}\n\n\`\`\`\n${part}\n\`\`\`\n\n\`\`\`json\n${data}\n\`\`\`\n`;
  it.each([
    ["alone", part],
    ["behind prose, in a fence", mixed],
    ["behind JSON", `${data}\n${part}\n`],
  ])("are those of the original: %s", (_, text) => addressesHold(text, part, pattern));

  it.each(liars)("are not those of a view that %s", async (_, retell) => {
    await expect(addressesHold(mixed, part, pattern, retell)).rejects.toThrow();
  });
});
